"""The list of sources, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allegata.site.claims import Claim, Counts
from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.records import Row
from allegata.site.words import time_in_words


def listed_of(subject: Subject, claims: Iterable[Claim]) -> list[tuple[Row, Row, Counts]]:
    """The sources of some claims with their publishers, the newest first."""
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        by_source.setdefault(claim.source["id"], []).append(claim)
    return _listed(subject, (subject.records.sources[name] for name in by_source), by_source)


def pages(subject: Subject) -> Iterator[Page]:
    """The pages about sources."""
    by_source: dict[str, list[Claim]] = {}
    for claim in subject.claims.all.values():
        by_source.setdefault(claim.source["id"], []).append(claim)
    yield subject.page(
        "sources.html",
        "sources/",
        "Sources",
        "Documents that make or relay the claims.",
        is_index=True,
        coverage=subject.dataset.coverage,
        sources=_listed(subject, subject.records.sources.values(), by_source),
    )
    for source in subject.records.sources.values():
        yield _page(subject, source, by_source.get(source["id"], []))


def _listed(
    subject: Subject, sources: Iterable[Row], by_source: dict[str, list[Claim]]
) -> list[tuple[Row, Row, Counts]]:
    # Two passes of a stable sort: the newest first, and those of a day by id.
    rows = sorted(sources, key=lambda row: str(row["id"]))
    rows.sort(key=lambda row: str(row["published_latest"] or ""), reverse=True)
    return [
        (
            row,
            subject.records.actors[row["publisher_id"]],
            Counts.of(by_source.get(row["id"], [])),
        )
        for row in rows
    ]


def _page(subject: Subject, source: Row, claims: list[Claim]) -> Page:
    publisher = subject.records.actors[source["publisher_id"]]
    claims = sorted(claims, key=_where)
    here = f"sources/{source['id']}/"
    lists = (
        ("own-voice", "Says in its own voice", [c for c in claims if c.own_voice]),
        ("relays", "Reports as said or asked", [c for c in claims if not c.own_voice]),
    )
    homeless = [c for c in claims if c.url == here]
    return subject.record_page(
        "source.html",
        "sources",
        source,
        title=source["title"] or f"{publisher['name']}, {time_in_words(source['published'])}",
        source=source,
        publisher=publisher,
        lists=[(anchor, heading, found, Counts.of(found)) for anchor, heading, found in lists],
        own=matrix({c.proposition["id"]: c.proposition for c in homeless}.values(), subject.claims),
    )


def _where(claim: Claim) -> tuple[int, str]:
    """Where a claim begins in its source."""
    return min((quote.row["start"] for quote in claim.quotes), default=0), claim.id
