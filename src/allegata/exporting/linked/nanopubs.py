"""Nanopublications (https://nanopub.net/guidelines/working_draft/) as TriG: one for each claim.

The assertion is that a speaker takes a stance on a proposition, as a source has it; the proposition
itself is only named. They are unsigned: who publishes them signs them, which gives trusty URIs.
"""

from __future__ import annotations

from pathlib import Path

from allegata.describing.dataset.turtle import Properties, iri, text, turtle, typed
from allegata.describing.tables.vocabularies import address
from allegata.exporting.linked.prov import field
from allegata.exporting.rows import CLAIMS, Export, says
from allegata.showing.session import Row

_NP = "http://www.nanopub.org/nschema#"


def write_nanopubs(export: Export, out: Path) -> None:
    """Write a nanopublication of each claim of a release to a file."""
    with out.open("wb") as file:
        file.write(turtle([]).partition(b"\n\n")[0] + b"\n")
        for row in export.rows("writing nanopublications", CLAIMS):
            file.write(_nanopub(export, row))
            export.written += 1


def _nanopub(export: Export, row: Row) -> bytes:
    def name(part: str) -> str:
        return iri(export.iri(row["claim_id"], part))

    head: Properties = {
        "a": iri(f"{_NP}Nanopublication"),
        iri(f"{_NP}hasAssertion"): name("assertion"),
        iri(f"{_NP}hasProvenance"): name("provenance"),
        iri(f"{_NP}hasPublicationInfo"): name("pubinfo"),
    }
    graphs = {
        "head": (name("nanopub"), head),
        "assertion": (iri(export.iri(row["claim_id"])), _assertion(export, row)),
        "provenance": (name("assertion"), _provenance(export, row)),
        "pubinfo": (name("nanopub"), _pubinfo(export)),
    }
    parts = []
    for part, node in graphs.items():
        body = turtle([node]).partition(b"\n\n")[2]
        parts.append(f"\n{name(part)} {{\n".encode() + body + b"}\n")
    return b"".join(parts)


def _assertion(export: Export, row: Row) -> Properties:
    return {
        "rdfs:label": text(says(row), export.release.dataset.lang),
        field("claims_flat", "speaker_id"): iri(export.iri(row["speaker_id"])),
        field("claims", "stance"): iri(address("Stance", row["stance"])),
        field("claims", "proposition_id"): iri(export.iri(row["proposition_id"])),
        field("claims", "source_id"): iri(export.iri(row["source_id"])),
    }


def _provenance(export: Export, row: Row) -> Properties:
    hops = [hop["statement_id"] for hop in row["hops"] or []]
    return {
        "prov:wasDerivedFrom": iri(export.iri(row["source_id"])),
        "prov:wasQuotedFrom": [iri(row["url"])] if row["url"] else [],
        "rdfs:comment": [text(row["chain"])] if row["chain"] else [],
        field("hops", "statement_id"): [iri(export.iri(hop)) for hop in dict.fromkeys(hops)],
        field("claims", "method"): iri(address("Method", row["method"])),
        field("claims", "clarity"): iri(address("Clarity", row["clarity"])),
        field("claims", "evidence"): iri(address("Evidence", row["evidence"])),
        field("claims", "coded"): typed(row["coded"], "date"),
    }


def _pubinfo(export: Export) -> Properties:
    manifest = export.release.manifest
    return {
        "dct:created": typed(f"{manifest.date}T00:00:00Z", "dateTime"),
        "dct:creator": [text(creator.name) for creator in manifest.dataset.creators],
        "dct:license": iri(export.licence),
        "prov:wasDerivedFrom": iri(export.iri("release", manifest.version)),
        "dcat:version": text(manifest.version),
    }
