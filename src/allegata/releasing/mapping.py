"""Releases of an earlier schema, as the schema now has them: what can be told, and what cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from allegata.deriving import derived_tables
from allegata.migrations import Recode, Rename, described, numbers, steps
from allegata.releasing.manifest import Manifest
from allegata.schema import SCHEMA_VERSION
from allegata.tables import Column, Table, base_tables
from allegata.tables.content_hash import type_name

_ENDINGS = ("", "_id", "_earliest", "_latest")


def is_earlier(schema_version: str) -> bool:
    """Whether a schema is one before that which this allegata has."""
    return numbers(schema_version) < numbers(SCHEMA_VERSION)


def manifest_now(written: bytes, schema_version: str) -> bytes:
    """A manifest of an earlier schema, with what the dataset says of itself as it is worded now."""
    manifest = json.loads(written)
    manifest["dataset"] = described(manifest["dataset"], schema_version, SCHEMA_VERSION)
    return json.dumps(manifest).encode()


def old_names(table: str, schema_version: str) -> dict[str, str]:
    """The columns of a table that had other names in an earlier schema: name now -> name then."""
    names: dict[str, str] = {}
    for one in steps(schema_version, SCHEMA_VERSION):
        for edit in one.edits:
            if isinstance(edit, Rename) and edit.of == table:
                for ending in _ENDINGS:
                    then = edit.old + ending
                    names[edit.new + ending] = names.pop(then, then)
    return names


def old_codes(table: str, column: str, schema_version: str) -> dict[str, str]:
    """The codes of a column that are others now: code then -> code now."""
    codes: dict[str, str] = {}
    for one in steps(schema_version, SCHEMA_VERSION):
        for edit in one.edits:
            if isinstance(edit, Recode) and (edit.of, edit.key) == (table, column):
                codes = {a: edit.new if b == edit.old else b for a, b in codes.items()}
                codes.setdefault(edit.old, edit.new)
    return codes


def table_now(name: str, rows: pa.Table, schema_version: str) -> pa.Table:
    """The rows of a table of an earlier schema, with the columns that it has now.

    Columns and codes have the names that they have now, and a column that there was not is empty.
    A column that there is no more comes last, as it was.
    """
    spec = _tables().get(name)
    if spec is None:
        return rows
    renamed = {then: now for now, then in old_names(name, schema_version).items()}
    taken = set(rows.column_names)
    rows = rows.rename_columns(
        [
            renamed[one] if one in renamed and renamed[one] not in taken else one
            for one in rows.column_names
        ]
    )
    columns: dict[pa.Field, Any] = {}
    for column in spec.columns:
        if column.name in rows.column_names:
            values = _recoded(rows.column(column.name), name, column, schema_version)
            columns[rows.schema.field(column.name)] = values
        else:
            columns[column.arrow.with_nullable(True)] = pa.nulls(rows.num_rows, column.type)
    known = {column.name for column in spec.columns}
    columns |= {field: rows.column(field.name) for field in rows.schema if field.name not in known}
    schema = pa.schema(list(columns), rows.schema.metadata)
    return pa.Table.from_arrays(list(columns.values()), schema=schema)


def unmapped(manifest: Manifest) -> Iterator[str]:
    """What a release of an earlier schema does not have as the schema has it now, in sentences."""
    version = manifest.schema_version
    for name, spec in _tables().items():
        entry = manifest.table(name)
        if entry is None:
            yield f"{name}: schema {version} had no such table"
            continue
        then = old_names(name, version)
        lacking = dict(entry.columns)
        for column in spec.columns:
            kind = lacking.pop(column.name, lacking.pop(then.get(column.name, ""), None))
            where, now = f"{name}.{column.name}", type_name(column.type)
            if kind is None:
                yield f"{where}: schema {version} had no such column; it is empty"
            elif kind != now:
                yield f"{where}: it is {kind}, as it was, and would be {now} today"
        for gone in lacking:
            yield f"{name}.{gone}: there is no such column any more; it comes last, as it was"


def _recoded(
    values: pa.ChunkedArray, table: str, column: Column, schema_version: str
) -> pa.ChunkedArray:
    codes = old_codes(table, column.name, schema_version)
    if not codes:
        return values
    at = pc.index_in(values, value_set=pa.array(codes))
    return pc.coalesce(pa.array(codes.values(), pa.string()).take(at), values)


@cache
def _tables() -> dict[str, Table]:
    return {**base_tables(), **derived_tables()}
