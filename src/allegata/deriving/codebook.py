"""The table ``codebook``: the tables, their fields and their codes, explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from allegata.deriving.models import FlatClaim
from allegata.deriving.specs import derived_tables, same
from allegata.deriving.texts import sql
from allegata.tables import Column, Table, base_tables
from allegata.tables.content_hash import type_name
from allegata.tables.session import Session

_Examples = Mapping[tuple[str, str], Mapping[str, str]]  # (table, field) -> code -> claim


def codebook(session: Session) -> pa.Table:
    """The codebook of all tables, with examples from a session that has ``claims_flat``."""
    examples = _examples(session)
    entries: list[dict[str, Any]] = []
    for table in (base_tables() | derived_tables()).values():
        entries += _entries(table, examples)
    for number, entry in enumerate(entries, start=1):
        entry["seq"] = number
        parts = (entry["table"], entry.get("field"), entry.get("value"))
        entry["entry"] = ".".join(part for part in parts if part)
    schema = derived_tables()["codebook"].schema
    columns = [pa.array([entry.get(f.name) for entry in entries], f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _entries(table: Table, examples: _Examples) -> Iterator[dict[str, Any]]:
    yield {"table": table.name, "definition": table.definition}
    for column in table.columns:
        of = {"table": table.name, "field": column.name}
        yield of | _described(column) | {"key": column.name in table.key}
        shown = examples.get((table.name, column.name), {})
        for code in column.vocabulary or ():
            yield of | {
                "value": code.value,
                "coding_rule": code.rule,
                "example_claim_id": shown.get(code.value),
            }


def _described(column: Column) -> dict[str, Any]:
    return {
        "type": type_name(column.type),
        "nullable": column.nullable,
        "refers_to": column.refers_to,
        "definition": column.description,
        "coding_rule": column.vocabulary.definition() if column.vocabulary else None,
    }


def _examples(session: Session) -> _Examples:
    """A claim for each code that claims_flat shows, for the base tables' columns likewise."""
    flat, repeated = derived_tables()["claims_flat"], same(FlatClaim)
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for column in flat.columns:
        if column.vocabulary:
            rows = session.fetch(sql("codebook_examples").format(field=column.name)).to_pylist()
            found[flat.name, column.name] = {row["code"]: row["claim_id"] for row in rows}
            if original := repeated.get(column.name):
                found[original.table, original.column] = found[flat.name, column.name]
    return found
