"""PROV-O (https://www.w3.org/TR/prov-o/) as Turtle: how each claim came to the dataset.

A claim is an entity, attributed to its last speaker. Each hop of its chain is an activity of that
claim alone, since that the outer speaker was told by the inner one is what this source says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from allegata.describing.dataset.turtle import Properties, iri, text, turtle, typed
from allegata.describing.tables.vocabularies import address
from allegata.exporting.rows import CLAIMS, Export, says
from allegata.showing.session import Row

FIELD = "urn:allegata:field"
"""The prefix of properties that PROV-O lacks: a table's field."""
_AGENTS = {"person": "prov:Person", "unnamed": "prov:Agent"}
_REVISIONS = {
    "corrects": "prov:wasRevisionOf",
    "republishes": "prov:wasDerivedFrom",
    "rewrites": "prov:wasDerivedFrom",
    "translates": "prov:wasDerivedFrom",
}


def field(table: str, name: str) -> str:
    """The property that a field of a table is.

    >>> field("claims", "stance")
    '<urn:allegata:field:claims:stance>'
    """
    return iri(f"{FIELD}:{table}:{name}")


def write_prov(export: Export, out: Path) -> None:
    """Write the provenance of a release's claims to a file."""
    with out.open("wb") as file:
        head = True
        for subject, properties in _nodes(export):
            written = turtle([(subject, properties)])
            file.write(written if head else written.partition(b"\n\n")[2])
            head = False
            export.written += 1


def _nodes(export: Export) -> Iterator[tuple[str, Properties]]:
    yield iri(export.iri("release", export.release.version)), _release(export)
    for row in export.rows("writing actors", "SELECT id, kind, name FROM actors ORDER BY id"):
        kind = _AGENTS.get(row["kind"], "prov:Organization")
        yield iri(export.iri(row["id"])), {"a": kind, "rdfs:label": text(row["name"])}
    for row in export.rows("writing sources", _SOURCES):
        yield iri(export.iri(row["id"])), _source(export, row)
    for row in export.rows("writing claims", CLAIMS):
        yield iri(export.iri(row["claim_id"])), _claim(export, row)
        yield from _hops(export, row)


def _release(export: Export) -> Properties:
    manifest = export.release.manifest
    return {
        "a": ["prov:Entity", "dcat:Dataset"],
        "dct:title": text(manifest.dataset.title, manifest.dataset.lang),
        "dcat:version": text(manifest.version),
        "dct:issued": typed(manifest.date, "date"),
        "dct:license": iri(export.licence),
    }


_SOURCES = """
SELECT s.*, r.links FROM sources s LEFT JOIN (
    SELECT subject_id, list({'predicate': predicate, 'object': object_id}
        ORDER BY predicate, object_id) AS links
    FROM relations WHERE predicate IN ('republishes', 'rewrites', 'translates', 'corrects')
    GROUP BY subject_id
) r ON r.subject_id = s.id ORDER BY s.id
"""


def _source(export: Export, row: Row) -> Properties:
    links: dict[str, list[str]] = {}
    for link in row["links"] or []:
        links.setdefault(_REVISIONS[link["predicate"]], []).append(iri(export.iri(link["object"])))
    return {
        "a": "prov:Entity",
        "rdfs:label": [text(row["title"], row["lang"])] if row["title"] else [],
        "prov:wasAttributedTo": iri(export.iri(row["publisher_id"])),
        "prov:atLocation": [iri(url) for url in (row["url"], row["archive_url"]) if url],
        "dct:issued": text(row["published"]),
        **links,
    }


def _claim(export: Export, row: Row) -> Properties:
    claim = row["claim_id"]
    return {
        "a": "prov:Entity",
        "rdfs:label": text(says(row), export.release.dataset.lang),
        "prov:wasAttributedTo": iri(export.iri(row["speaker_id"])),
        "prov:wasQuotedFrom": iri(export.iri(row["source_id"])),
        "prov:wasGeneratedBy": [iri(export.iri(claim, f"hop-{len(row['hops'])}"))]
        if row["hops"]
        else [],
        "dct:isPartOf": iri(export.iri("release", export.release.version)),
        field("claims", "stance"): iri(address("Stance", row["stance"])),
        field("claims", "evidence"): iri(address("Evidence", row["evidence"])),
        field("claims", "clarity"): iri(address("Clarity", row["clarity"])),
        field("claims", "method"): iri(address("Method", row["method"])),
        field("claims", "proposition_id"): iri(export.iri(row["proposition_id"])),
    }


def _hops(export: Export, row: Row) -> Iterator[tuple[str, Properties]]:
    hops = row["hops"] or []
    for hop in hops:
        inner = hop["position"] + 1
        yield (
            iri(export.iri(row["claim_id"], f"hop-{hop['position']}")),
            {
                "a": "prov:Activity",
                "prov:wasAssociatedWith": iri(export.iri(hop["speaker_id"])),
                "prov:wasInformedBy": [iri(export.iri(row["claim_id"], f"hop-{inner}"))]
                if inner <= len(hops)
                else [],
                "prov:used": [iri(export.iri(hop["source_id"]))] if hop["source_id"] else [],
                field("hops", "statement_id"): iri(export.iri(hop["statement_id"])),
                field("hops", "cue"): [text(hop["cue"])] if hop["cue"] else [],
                field("statements", "channel"): iri(address("Channel", hop["channel"])),
                field("statements", "said"): [text(hop["said"])] if hop["said"] else [],
                field("statements", "on_behalf_of"): [iri(export.iri(hop["on_behalf_of"]))]
                if hop["on_behalf_of"]
                else [],
            },
        )
