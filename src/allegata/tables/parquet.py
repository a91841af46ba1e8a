"""The one place where Parquet is written.

The same rows give the same bytes, in whatever order and chunks they come: they are sorted by the
table's key, and each row group is written as one chunk of a fixed number of rows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.tables.columns import Table
from allegata.tables.content_hash import ContentHash

ROWS_IN_A_GROUP = 100_000
_ROWS_A_VALUE = 10  # a dictionary pays where each value occurs this often on average


class TableError(ValueError):
    """A table is not what its specification says, and is not written."""


@dataclass(frozen=True)
class WrittenFile:
    """What was written."""

    rows: int
    bytes: int
    sha256: str
    """The SHA-256 of the file."""
    content_hash: str
    """The content hash of its rows, which other files of the same rows share."""
    null_counts: dict[str, int]
    """How many values each column is missing."""
    first_day: date | None
    """The first day in any column of days; None where there is none."""
    last_day: date | None
    """The last day in any column of days; None where there is none."""


def write_parquet(
    table: pa.Table, spec: Table, path: Path, metadata: Mapping[str, str]
) -> WrittenFile:
    """Write a table to a new Parquet file, and see that it reaches the disk.

    Args:
        table: The rows, in any order.
        spec: What the table is to be: columns, types, key, descriptions.
        path: The file to make.
        metadata: What else the file says of itself, such as ``version`` and ``licence``. The
            table's name is added to it, and all of it once more as pandas reads it.

    Raises:
        TableError: the columns are not those of the specification, a value is missing that may
            not be, or two rows share a key.
        FileExistsError: there is a file at the path.
        OSError: it cannot be written; what there is of it is left to the caller to remove.
    """
    rows = in_order(conformed(table, spec), spec)
    schema = rows.schema.with_metadata(_file_metadata(spec, metadata))
    with path.open("xb") as file, ContentHash(schema) as content:
        with pq.ParquetWriter(
            file,
            schema,
            version="2.6",
            compression="zstd",
            compression_level=3,
            use_dictionary=_repetitive(rows),
            write_statistics=True,
            write_page_index=True,
            sorting_columns=pq.SortingColumn.from_ordering(schema, _ordering(spec)),
        ) as writer:
            for start in range(0, rows.num_rows, ROWS_IN_A_GROUP):
                group = rows.slice(start, ROWS_IN_A_GROUP).combine_chunks()
                writer.write_table(group, row_group_size=ROWS_IN_A_GROUP)
                content.update(group)
        file.flush()
        os.fsync(file.fileno())
        content_hash = content.hexdigest()
    with path.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    first_day, last_day = _days(rows)
    return WrittenFile(
        rows=rows.num_rows,
        bytes=path.stat().st_size,
        sha256=sha256,
        content_hash=content_hash,
        null_counts={name: rows.column(name).null_count for name in rows.column_names},
        first_day=first_day,
        last_day=last_day,
    )


def conformed(table: pa.Table, spec: Table) -> pa.Table:
    """The table with the columns of its specification, in their order, types and descriptions.

    Raises:
        TableError: it has other columns, a value that does not fit, or misses one it may not.
    """
    expected = [column.name for column in spec.columns]
    if sorted(table.column_names) != sorted(expected):
        missing = [name for name in expected if name not in table.column_names]
        unknown = [name for name in table.column_names if name not in expected]
        raise TableError(
            f"{spec.name} does not have the columns of its schema: "
            f"missing {missing or 'none'}, unknown {unknown or 'none'}"
        )
    for column in spec.columns:
        if not column.nullable and (nulls := table.column(column.name).null_count):
            raise TableError(
                f"{spec.name}.{column.name} is missing in {nulls} rows, and may not be"
            )
    try:
        return table.select(expected).cast(spec.schema)
    except pa.ArrowInvalid as error:
        raise TableError(f"{spec.name} does not fit the types of its schema: {error}") from None


def in_order(rows: pa.Table, spec: Table) -> pa.Table:
    """The rows sorted by key.

    Raises:
        TableError: two rows share a key, or a part of a key is missing.
    """
    if _first_out_of_order(rows, spec) is None:
        return rows
    rows = rows.take(pc.sort_indices(rows, sort_keys=_ordering(spec)))
    at = _first_out_of_order(rows, spec)
    if at is not None:
        key = ", ".join(f"{name}={rows.column(name)[at].as_py()!r}" for name in spec.key)
        raise TableError(f"{spec.name} has two rows with the key {key}")
    return rows


def _ordering(spec: Table) -> list[tuple[str, str]]:
    return [(name, "ascending") for name in spec.key]


def _first_out_of_order(rows: pa.Table, spec: Table) -> int | None:
    """The first row whose key is not above that of the row before it."""
    for name in spec.key:
        if nulls := rows.column(name).null_count:
            raise TableError(f"{spec.name}.{name} is part of the key and missing in {nulls} rows")
    if rows.num_rows < 2:
        return None
    above: pa.ChunkedArray | pa.Scalar = pa.scalar(False)
    for name in reversed(spec.key):
        before, after = rows.column(name).slice(0, rows.num_rows - 1), rows.column(name).slice(1)
        above = pc.or_(pc.less(before, after), pc.and_(pc.equal(before, after), above))
    at = pc.index(above, False).as_py()
    return None if at < 0 else at + 1


def _repetitive(rows: pa.Table) -> list[str]:
    """The text columns in which values repeat, as far as the first row group shows."""
    first = rows.slice(0, ROWS_IN_A_GROUP)
    return [
        name
        for name, column in zip(first.column_names, first.columns, strict=True)
        if pa.types.is_string(column.type)
        and pc.count_distinct(column, mode="all").as_py() * _ROWS_A_VALUE <= first.num_rows
    ]


def _file_metadata(spec: Table, metadata: Mapping[str, str]) -> dict[str, str]:
    own = {**metadata, "table": spec.name}
    columns = {column.name: column.description for column in spec.columns}
    attrs = json.dumps({**own, "columns": columns}, ensure_ascii=False)
    return {**own, "PANDAS_ATTRS": attrs}


def _days(rows: pa.Table) -> tuple[date | None, date | None]:
    spans = [pc.min_max(column) for column in rows.columns if pa.types.is_date32(column.type)]
    first = [span["min"].as_py() for span in spans if span["min"].is_valid]
    last = [span["max"].as_py() for span in spans if span["max"].is_valid]
    return min(first, default=None), max(last, default=None)
