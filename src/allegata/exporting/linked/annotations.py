"""Web Annotation (https://www.w3.org/TR/annotation-model/) as JSON-LD: one for each place.

The target is the source's text by position, with the words where the release publishes them; the
body says who takes which stance on what. Positions count code points of the canonical text, as the
release tells, not of the page at the source's address.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allegata.exporting.rows import Export, says
from allegata.showing.session import Row

_QUOTES = """
SELECT q.claim_id, q.seq, q.role, q.start, q."end", q.sha256, q.exact, f.speaker_name, f.stance,
    f.proposition_text, f.source_id, f.source_lang, s.url
FROM quotes q JOIN claims_flat f ON f.claim_id = q.claim_id JOIN sources s ON s.id = f.source_id
ORDER BY q.claim_id, q.seq
"""


def write_annotations(export: Export, out: Path) -> None:
    """Write the places of a release's claims in their sources to a file."""
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": export.iri("annotations", export.release.version),
        "type": "AnnotationPage",
    }
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(page)[:-1] + ', "items": [')
        for row in export.rows("writing annotations", _QUOTES):
            item = json.dumps(_annotation(export, row), ensure_ascii=False)
            file.write((",\n" if export.written else "\n") + item)
            export.written += 1
        file.write("\n]}\n")


def _annotation(export: Export, row: Row) -> dict[str, Any]:
    position = {"type": "TextPositionSelector", "start": row["start"], "end": row["end"]}
    quote = {"type": "TextQuoteSelector", "exact": row["exact"]}
    sentence = {
        "type": "TextualBody",
        "purpose": "describing",
        "format": "text/plain",
        "language": export.release.dataset.lang,
        "value": says(row),
    }
    link = {"type": "SpecificResource", "purpose": "linking", "source": export.iri(row["claim_id"])}
    role = {"type": "TextualBody", "purpose": "classifying", "value": row["role"]}
    return {
        "id": export.iri(row["claim_id"], f"quote-{row['seq']}"),
        "type": "Annotation",
        "body": [sentence, link, role],
        "target": {
            "type": "SpecificResource",
            "source": row["url"] or export.iri(row["source_id"]),
            "scope": export.iri(row["source_id"]),
            "selector": [position, quote] if row["exact"] is not None else [position],
        },
        "rights": export.licence,
    }
