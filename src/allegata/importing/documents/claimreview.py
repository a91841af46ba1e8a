"""ClaimReview of schema.org (https://schema.org/ClaimReview): reviews of claims, with a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allegata.importing.documents.collecting import (
    Collector,
    Entry,
    day,
    language,
    line,
    names_a_speaker,
)
from allegata.importing.documents.jsonvalues import values
from allegata.importing.mapping.loading import packaged
from allegata.importing.mapping.model import Table
from allegata.importing.report import Aside, Report
from allegata.importing.running.equivalents import entries_of

RATINGS = ("ratings", "1")
_GENERIC = re.compile(
    "^(various|several|multiple|many|some|unknown|anonymous|social media|viral|internet|web|users?|"
    "posts?|facebook|twitter|x|instagram|tiktok|whatsapp|youtube|telegram|redes sociales|varios|"
    "desconocido|usuarios|internautes?|réseaux sociaux|soziale medien|nutzer|unbekannt)\\b",
    re.I,
)
_PARTY = re.compile(
    "\\b(party|partido|partei|parti|partito|psoe|pp|vox|erc|podemos|ciudadanos|psc|cdu|csu|spd|"
    "government|gobierno|regierung|ministry|ministerio|coalition|union|congress|bjp|afd|gop)\\b",
    re.I,
)
_LICENCES = {
    "by": "CC-BY",
    "by-nc": "CC-BY-NC",
    "by-sa": "CC-BY-SA",
    "by-nd": "CC-BY-ND",
    "by-nc-sa": "CC-BY-NC-SA",
    "by-nc-nd": "CC-BY-NC-ND",
}


def read_claimreview(
    files: list[Path], known: frozenset[str]
) -> tuple[Report, list[Aside], dict[str, list[Entry]]]:
    """Reviews of claims as records.

    A review is a source of kind fact_check with a claim in its own voice.

    The rating as printed becomes the verdict, and the stance by a table of words in several
    languages. Claimants are speakers of a statement that the review reports; without a
    claimant, or with one such as "social media posts", there is only the review's own claim.
    What is claimed is a proposition of aspect attribute, about its claimant or the publisher.
    Set aside are reviews without claim, publisher, day or rating, with a rating that is not in
    the table or takes no stance, and whose claim names a speaker within its words. JSON-LD as
    pages (HTML too), feeds, arrays and graphs, lists of APIs and the old CreativeWork form are
    read. The licence is that of sdLicense, where stated.
    """
    collector = Collector("claimreview", RATINGS, known)
    words = entries_of(Table(version=RATINGS[1], file="ratings.csv"), packaged())["stance"]
    for path in files:
        collector.begin_file(path)
        found, faults = False, len(collector.report.faults)
        for value in values(path, collector.fault):
            for review in _reviews(value):
                found = True
                _review(collector, review, words)
        if not found and len(collector.report.faults) == faults:
            collector.fault("holds no ClaimReview")
    return collector.finish()


def _reviews(value: Any, lang: str | None = None) -> Iterator[Entry]:
    """The reviews in a JSON value, however deep; an API's are put into the same form."""
    pending = [(value, lang)]
    while pending:
        value, lang = pending.pop()
        if isinstance(value, list):
            pending += [(one, lang) for one in reversed(value)]
        elif isinstance(value, dict):
            lang = value.get("inLanguage") or lang
            if "ClaimReview" in _types(value) or (
                "claimReviewed" in value and "reviewRating" in value
            ):
                yield {"inLanguage": lang, **value} if lang else value
            elif isinstance(value.get("claimReview"), list):
                yield from _of_api(value)
            else:
                pending += [(one, lang) for one in reversed(list(value.values()))]


def _types(value: Entry) -> set[str]:
    given = value.get("@type")
    types = given if isinstance(given, list) else [given]
    return {str(one).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for one in types}


def _of_api(claim: Entry) -> Iterator[Entry]:
    """The form of the Fact Check Tools API: a claim with the reviews of it."""
    for one in claim["claimReview"]:
        if isinstance(one, dict):
            claimant = claim.get("claimant")
            yield {
                "claimReviewed": claim.get("text"),
                "itemReviewed": {
                    "author": {"name": claimant} if claimant else None,
                    "datePublished": claim.get("claimDate"),
                },
                "author": one.get("publisher"),
                "url": one.get("url"),
                "name": one.get("title"),
                "datePublished": one.get("reviewDate"),
                "reviewRating": {"alternateName": one.get("textualRating")},
                "inLanguage": one.get("languageCode"),
            }


def _review(c: Collector, review: Entry, words: dict[str, str]) -> None:
    ident = next((review[k] for k in ("@id", "id", "url") if isinstance(review.get(k), str)), None)
    c.begin(review, ident, _licence(review))
    text, publisher = line(_text(review.get("claimReviewed"))), _publisher(review)
    published = day(_text(review.get("datePublished"))) or day(_text(review.get("dateCreated")))
    verdict = line(_rating(review))
    if not text:
        return c.set_aside("no-claim")
    if not publisher:
        return c.set_aside("no-publisher")
    if not published:
        return c.set_aside("no-day-of-review", str(review.get("datePublished"))[:100])
    if not verdict:
        return c.set_aside("no-rating-in-words")
    stance = words.get(verdict.lower().strip(" .!¡\"'«»“”"))
    if stance is None:
        return c.set_aside("rating-not-known", verdict)
    if stance == "aside":
        return c.set_aside("rating-takes-no-stance", verdict)
    if names_a_speaker(text):
        return c.set_aside("claim-names-a-speaker", text)
    return _records(c, review, text, publisher, published, verdict, stance)


def _records(
    c: Collector,
    review: Entry,
    text: str,
    publisher: str,
    published: str,
    verdict: str,
    stance: str,
) -> None:
    url = _url(review.get("url"))
    outlet = c.add(
        "actors",
        c.mint("actors", ["outlet", publisher.casefold()], publisher),
        kind="outlet",
        name=publisher,
    )
    source = c.add(
        "sources",
        c.mint("sources", [url or text, publisher, published], publisher),
        raw=True,
        kind="fact_check",
        publisher=outlet,
        title=line(review.get("name")) or line(review.get("title")) or line(review.get("headline")),
        licence=c.licence,
        url=url,
        published=published,
        lang=language(review.get("inLanguage")) or "und",
    )
    prop = c.mint("propositions", [_folded(text)])
    if not c.new((source, prop)):
        c.set_aside("repeated")
        return
    item = review.get("itemReviewed")
    item = (
        next((one for one in item if isinstance(one, dict)), {}) if isinstance(item, list) else item
    )
    item = item if isinstance(item, dict) else {}
    speakers = _speakers(c, item)
    c.add(
        "propositions",
        prop,
        text=text,
        aspect="attribute",
        actor=speakers[0] if len(speakers) == 1 else outlet,
        note="Worded as in the review: what was claimed, or a paraphrase of it.",
    )
    c.add(
        "claims",
        c.mint("claims", [source, prop, "review"]),
        raw=True,
        source=source,
        proposition=prop,
        stance=stance,
        verdict=verdict,
    )
    said = day(_text(item.get("datePublished"))) or day(_text(item.get("dateCreated")))
    if said and said[:10] > published:
        c.warn("said-after-the-review")
        said = None
    if not said:
        c.warn("claim-not-dated")
    for speaker in speakers:
        statement = c.add(
            "statements",
            c.mint("statements", [source, speaker, prop]),
            speaker=speaker,
            channel="unspecified",
            said=said,
            note=_venue(item),
        )
        c.add(
            "claims",
            c.mint("claims", [source, prop, speaker]),
            source=source,
            proposition=prop,
            stance="asserts",
            chain=[{"statement": statement}],
        )
    c.keep()


def _speakers(c: Collector, item: Entry) -> list[str]:
    """The actors who made the claim; none where the review names nobody in particular."""
    given = item.get("author") or item.get("creator")
    authors = given if isinstance(given, list) else [given]
    found: dict[str, None] = {}
    for author in authors:
        name = line(author.get("name") if isinstance(author, dict) else author)
        if not name:
            continue
        if _GENERIC.search(name):
            c.warn("claimant-is-generic")
            continue
        types = _types(author) if isinstance(author, dict) else set()
        job = author.get("jobTitle") if isinstance(author, dict) else None
        own = _affiliation(author) if isinstance(author, dict) else None
        party = "Person" in types and not line(job) and (own == name or bool(_PARTY.search(name)))
        if party:
            c.warn("party-typed-as-person")
        kind = "person" if "Person" in types and not party else "organisation"
        if not types:
            c.warn("claimant-without-type")
        actor = c.add(
            "actors",
            c.mint("actors", ["claimant", name.casefold(), kind], name),
            kind=kind,
            name=name,
        )
        found[actor] = None
        if kind == "person" and (title := line(job)):
            c.add(
                "roles",
                c.mint("roles", [actor, title]),
                actor=actor,
                title=title,
                note="As stated with the claim, without its time.",
            )
    if not found:
        c.warn("no-claimant")
    return list(found)


def _affiliation(author: Entry) -> str | None:
    given = author.get("affiliation")
    return line(given.get("name") if isinstance(given, dict) else given)


def _venue(item: Entry) -> str | None:
    venue = line(item.get("name"))
    return (
        f"Place or occasion as the review has it: {venue}" if venue and len(venue) < 200 else None
    )


def _text(value: Any) -> Any:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    return value.get("@value") if isinstance(value, dict) else value


def _rating(review: Entry) -> Any:
    rating = review.get("reviewRating")
    rating = next(iter(rating), None) if isinstance(rating, list) else rating
    if isinstance(rating, str):
        return rating
    if not isinstance(rating, dict):
        return None
    return _text(rating.get("alternateName")) or _text(rating.get("name"))


def _publisher(review: Entry) -> str | None:
    for key in ("author", "publisher"):
        given = review.get(key)
        for one in given if isinstance(given, list) else [given]:
            name = line(one.get("name") if isinstance(one, dict) else one)
            if name and "Person" not in (_types(one) if isinstance(one, dict) else set()):
                return name
            site = one.get("url") or one.get("site") if isinstance(one, dict) else None
            if isinstance(site, str) and (host := _host(site)):
                return host
    url = review.get("url")
    return _host(url) if isinstance(url, str) else None


def _host(address: str) -> str | None:
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    return line(host.removeprefix("www."))


def _url(value: Any) -> str | None:
    value = _text(value)
    return value if isinstance(value, str) and re.fullmatch(_ADDRESS, value) else None


_ADDRESS = r"https?://[A-Za-z0-9_.-]+(:[0-9]{1,5})?([/?#][!#-;=?-Z_a-z~\[\]]{0,1900})?"


def _licence(review: Entry) -> str | None:
    given = _text(review.get("sdLicense")) or _text(review.get("license"))
    if not isinstance(given, str):
        return None
    found = re.search(r"creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)", given)
    return f"{_LICENCES[found[1]]}-{found[2]}" if found and found[1] in _LICENCES else given


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())
