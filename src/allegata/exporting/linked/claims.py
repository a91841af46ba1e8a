"""schema.org Claim (https://schema.org/Claim) as JSON-LD: one object in a graph for each claim.

``text`` is the claim as a sentence that names the speaker and the stance, for ``author`` and the
bare proposition would say that the author asserts what it may deny. No ClaimReview is written: it
holds a rating.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegata.describing.tables.vocabularies import address
from allegata.exporting.rows import CLAIMS, Export, says
from allegata.showing.session import Row

_KINDS = {"person": "Person", "unnamed": "Person"}
_SOURCES = {
    "news_report": "NewsArticle",
    "wire_report": "NewsArticle",
    "social_post": "SocialMediaPosting",
    "investigation": "Report",
}


def write_claims(export: Export, out: Path) -> None:
    """Write the claims of a release to a file."""
    dataset = export.release.dataset
    head = {"@context": "https://schema.org"}
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head)[:-1] + ', "@graph": [')
        for nth, item in enumerate(_items(export, dataset.lang)):
            file.write((",\n" if nth else "\n") + json.dumps(item, ensure_ascii=False))
            export.written += 1
        file.write("\n]}\n")


def _items(export: Export, lang: str) -> Iterator[dict[str, Any]]:
    for row in export.rows("writing claims", CLAIMS):
        yield _claim(export, row, lang)


def _claim(export: Export, row: Row, lang: str) -> dict[str, Any]:
    about = [{"@type": "Thing", "@id": export.iri(row["proposition_id"])}]
    if row["event_id"]:
        event = {"@type": "Thing", "@id": export.iri(row["event_id"]), "name": row["event_label"]}
        about.append(event)
    return {
        "@type": "Claim",
        "@id": export.iri(row["claim_id"]),
        "identifier": row["claim_id"],
        "text": says(row),
        "inLanguage": lang,
        "additionalType": address("Stance", row["stance"]),
        "disambiguatingDescription": f"The stance of the speaker is: {row['stance']}.",
        "author": _agent(export, row, "speaker"),
        "appearance": _appearance(export, row),
        "about": about,
        **({"description": row["chain"]} if row["chain"] else {}),
        **({"citation": row["quote"]} if row["quote"] else {}),
        "license": export.licence,
    }


def _agent(export: Export, row: Row, role: str) -> dict[str, Any]:
    kind = _KINDS.get(row[f"{role}_kind"], "Organization")
    agent = {"@type": kind, "@id": export.iri(row[f"{role}_id"]), "name": row[f"{role}_name"]}
    wikidata = row.get(f"{role}_wikidata")
    more = {"sameAs": f"https://www.wikidata.org/entity/{wikidata}"} if wikidata else {}
    return agent | more


def _appearance(export: Export, row: Row) -> dict[str, Any]:
    published = row["published"]
    told = {
        "@type": _SOURCES.get(row["source_kind"], "CreativeWork"),
        "@id": export.iri(row["source_id"]),
        "name": row["source_title"],
        "url": row["url"],
        "archivedAt": row["archive_url"],
        # schema.org takes days and times; other times of the profile stay in the release.
        "datePublished": published if _is_plain(row) else None,
        "inLanguage": row["source_language"],
        "publisher": _agent(export, row, "publisher"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _is_plain(row: Row) -> bool:
    return (
        row["published"][:10] == str(row["published_earliest"])
        and (row["published_earliest"] == row["published_latest"])
        and "/" not in row["published"]
        and row["published"][-1] not in "~?%"
    )
