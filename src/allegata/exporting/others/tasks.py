"""Claims as tasks to judge: what is shown to who codes, and the record that comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from allegata.exporting.rows import Export
from allegata.schema import MODELS
from allegata.showing.session import Row

_CLAIMS = """
SELECT c.*, f.speaker_name, f.proposition_text, f.chain AS chain_told, f.source_title,
    f.publisher_name, s.url AS source_url, h.hops, q.quotes
FROM claims c
JOIN claims_flat f ON f.claim_id = c.id
JOIN sources s ON s.id = c.source_id
LEFT JOIN (
    SELECT claim_id, list({'statement': statement_id, 'cue': cue} ORDER BY position) AS hops
    FROM hops GROUP BY claim_id
) h ON h.claim_id = c.id
LEFT JOIN (
    SELECT claim_id, list({'role': role, 'start': start, 'end': "end", 'sha256': sha256,
        'exact': exact, 'translation': translation} ORDER BY seq) AS quotes
    FROM quotes GROUP BY claim_id
) q ON q.claim_id = c.id
ORDER BY c.source_id, c.id
"""


class Task(NamedTuple):
    """A claim to judge."""

    source: str
    text: str
    """What is shown: plain text, which names the speaker and not the stance."""
    record: dict[str, Any]
    """The record of the claim as it is written in record files."""
    told: dict[str, str]
    """What goes with it."""


def tasks(export: Export) -> Iterator[Task]:
    """The claims of a release as tasks, those of a source together."""
    for row in export.rows("writing tasks", _CLAIMS):
        told = {
            "claim": row["id"],
            "source": row["source_title"] or row["source_id"],
            "publisher": row["publisher_name"],
            "url": row["source_url"] or "",
            "chain": row["chain_told"] or "",
        }
        yield Task(row["source_id"], _shown(row), _record(row), told)


def _shown(row: Row) -> str:
    quotes = [quote["exact"] for quote in row["quotes"] or [] if quote["exact"] is not None]
    lines = [f"Proposition: {row['proposition_text']}", f"Speaker: {row['speaker_name']}"]
    if row["chain_told"]:
        lines.append(f"By way of: {row['chain_told']}")
    lines += [f"Quote: {quote}" for quote in quotes]
    return "\n".join(lines)


def _record(row: Row) -> dict[str, Any]:
    fields = MODELS["claims"].columns()
    given = {name.removesuffix("_id"): _plain(row[name]) for name in fields}
    given["chain"] = [_given(hop) for hop in row["hops"] or []]
    given["quotes"] = [_given(quote) for quote in row["quotes"] or []]
    return {name: value for name, value in given.items() if value is not None and value != []}


def _given(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
