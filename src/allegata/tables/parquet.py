"""The one place where Parquet is written.

The same rows give the same bytes, in whatever order and chunks they come: they are written in the
table's order, and each row group as one chunk of a fixed number of rows.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.tables.columns import Table
from allegata.tables.conforming import TableError, conformed, in_order
from allegata.tables.content_hash import ContentHash

__all__ = ["ROWS_IN_A_GROUP", "TableError", "WrittenFile", "conformed", "write_parquet"]

ROWS_IN_A_GROUP = 50_000
_ROWS_A_VALUE = 10  # a dictionary pays where each value occurs this often on average
_FALSE_HITS = 0.01  # the share of row groups that a Bloom filter lets through in vain


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
    rows: pa.Table | pa.RecordBatchReader, spec: Table, path: Path, metadata: Mapping[str, str]
) -> WrittenFile:
    """Write a table to a new Parquet file, and see that it reaches the disk.

    Args:
        rows: A table in any order; or a reader whose rows come in the table's order already
            (``spec.order``), of which no more than about two row groups are held at a time. Where
            that order is not the key, the caller has seen that each key occurs once in a reader;
            for a table it is looked at.
        spec: What the table is to be: columns, types, key, order, descriptions.
        path: The file to make.
        metadata: What else the file says of itself, such as ``version`` and ``licence``. The
            table's name is added to it, and all of it once more as pandas reads it.

    Raises:
        TableError: the columns are not those of the specification, a value is missing that may
            not be or is not a number, two rows share a key, or a reader's are not in order. No
            file is made of a table; what there is of a reader is left to the caller to remove.
        FileExistsError: there is a file at the path.
        OSError: it cannot be written; what there is of it is left to the caller to remove.
    """
    groups = in_order(rows, spec, ROWS_IN_A_GROUP)
    first = next(groups, spec.schema.empty_table())
    encodings = _encodings(first, spec)
    # Neither the name nor the list may hold the first group until the last one is written.
    groups = chain(iter([first] if first.num_rows else []), groups)
    del first
    schema = spec.schema.with_metadata(_file_metadata(spec, metadata))
    facts = _Facts()
    with (
        ContentHash(schema) as content,
        _HashedFile(path) as file,
        pq.ParquetWriter(
            file,
            schema,
            version="2.6",
            compression="zstd",
            compression_level=3,
            write_statistics=True,
            write_page_index=True,
            sorting_columns=_sorting(schema, spec),
            **encodings,
        ) as writer,
    ):
        _write(groups, writer, content, facts)
        writer.close()
        file.flush()
        os.fsync(file.fileno())
        return WrittenFile(
            rows=facts.rows,
            bytes=file.tell(),
            sha256=file.digest.hexdigest(),
            content_hash=content.hexdigest(),
            null_counts={name: facts.nulls[name] for name in schema.names},
            first_day=min(facts.days, default=None),
            last_day=max(facts.days, default=None),
        )


def _write(
    groups: Iterator[pa.Table], writer: pq.ParquetWriter, content: ContentHash, facts: _Facts
) -> None:
    """Write and hash each group in threads of their own, while the next one is being made."""
    with ThreadPoolExecutor(2) as threads:
        under_way: list[Future[None]] = []
        for group in groups:
            for work in under_way:
                work.result()
            # Copied into one chunk only now, and under the same name: two groups are held at
            # most, be they the one under way and the next one's chunks, or those and their copy.
            group = group.combine_chunks()
            under_way = [
                threads.submit(writer.write_table, group, ROWS_IN_A_GROUP),
                threads.submit(content.update, group),
            ]
            facts.add(group)
        for work in under_way:
            work.result()


class _HashedFile(io.BufferedWriter):
    """A new file, and the SHA-256 of what is written to it, one piece after another."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path, "xb"))
        self.digest = hashlib.sha256()

    def write(self, content: Any) -> int:
        self.digest.update(content)
        return super().write(content)


@dataclass
class _Facts:
    """What is told of the rows of a file, from its groups."""

    rows: int = 0
    nulls: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)
    """The first and the last day of each column of days in each group."""

    def add(self, group: pa.Table) -> None:
        self.rows += group.num_rows
        for name, column in zip(group.column_names, group.columns, strict=True):
            self.nulls[name] += column.null_count
            if pa.types.is_date32(column.type):
                found = pc.min_max(column).as_py()
                self.days |= {day for day in found.values() if day is not None}


def _encodings(first: pa.Table, spec: Table) -> dict[str, Any]:
    """How columns are encoded, as far as the first row group shows.

    Texts that repeat get a dictionary. Ids get a Bloom filter, by which a reader who looks for
    one skips the row groups without it: it takes 1.3 bytes a distinct value, and saves reading
    millions of rows to find one. It is left out where the order of the rows does the same.
    """
    values = {
        name: pc.count_distinct(column).as_py()
        for name, column in zip(first.column_names, first.columns, strict=True)
        if pa.types.is_string(column.type)
    }
    ids = {column.name for column in spec.columns if column.is_reference} | {*spec.key}
    sought = sorted(ids & values.keys() - {spec.order[0]})
    several = first.num_rows == ROWS_IN_A_GROUP
    return {
        "use_dictionary": [
            name for name, count in values.items() if count * _ROWS_A_VALUE <= first.num_rows
        ],
        # Later groups may have more values than the first one, but not more than rows.
        "bloom_filter_options": {
            name: {"ndv": min(2 * values[name] + 1, ROWS_IN_A_GROUP), "fpp": _FALSE_HITS}
            for name in sought
            if several
        },
    }


def _sorting(schema: pa.Schema, spec: Table) -> list[pq.SortingColumn]:
    return [pq.SortingColumn(schema.get_field_index(name), nulls_first=True) for name in spec.order]


def _file_metadata(spec: Table, metadata: Mapping[str, str]) -> dict[str, str]:
    own = {**metadata, "table": spec.name}
    columns = {column.name: column.description for column in spec.columns}
    attrs = json.dumps({**own, "columns": columns}, ensure_ascii=False)
    return {**own, "PANDAS_ATTRS": attrs}
