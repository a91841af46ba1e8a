"""From validated records to Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from allegata.schema import MODELS, Record
from allegata.schema.timeprofile import bounds
from allegata.tables.columns import LEDGER, base_tables


def record_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table as records fill it: without what publishing adds."""
    added = {column.name for column in LEDGER}
    return pa.schema(
        [column.arrow for column in base_tables()[table].columns if column.name not in added]
    )


def build_table(table: str, records: Iterable[Record]) -> pa.Table:
    """The Arrow table (one row a record, in the order given; columns of ``record_schema``)."""
    rows = list(records)
    columns: list[pa.Array] = []
    for column in base_tables()[table].columns:
        if column.field:
            values: list[Any] = [getattr(row, column.field) for row in rows]
            columns.append(pa.array(values, column.type))
        elif column not in LEDGER:
            field, _, bound = column.name.rpartition("_")
            times: list[str | None] = [getattr(row, field) for row in rows]
            columns.append(
                pa.array([getattr(bounds(t), bound) if t else None for t in times], column.type)
            )
    return pa.Table.from_arrays(columns, schema=record_schema(table))


def build_tables(records: Iterable[Record]) -> dict[str, pa.Table]:
    """Every base table, made from records of any tables and what is nested in them."""
    sorted_out: dict[str, list[Record]] = {table: [] for table in MODELS}
    for record in records:
        for row in record.own_and_nested():
            sorted_out[row.table].append(row)
    return {table: build_table(table, rows) for table, rows in sorted_out.items()}
