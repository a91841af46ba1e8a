"""The rows that were read, by table, each with where it came from.

Few rows are kept in memory; many are laid out in Parquet files of a temporary folder, where SQL
finds them. Beside the columns of its table a row has:

==========  ====================================================================================
``_row``    its number among the rows of its table, from 0
``_file``   its file's number among the files read, from 0
``_line``   the line of a bulk file that it stands in, from 1 (the row, in a Parquet file); 0 in
            other record files
``_index``  its number among the records of its table in that line, or in that file, from 0
==========  ====================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.schema import MODELS
from allegata.tables import base_tables, record_schema

ORIGIN = {"_file": pa.int32(), "_line": pa.int64(), "_index": pa.int32()}
ROW = "_row"

UNREAD_IDS = "unread_ids"
"""A table beside those of the schema: the ids of records that are left out for their problems."""

_MOST_IN_MEMORY = 32 << 20  # bytes of a table
_AT_ONCE = 16 << 20  # bytes that are laid out together
_LEAST_LAID_OUT = 1 << 20  # bytes of a table


class Origin(NamedTuple):
    """Where a record stands in what was read, as the columns of ``ORIGIN`` tell it."""

    file: int
    line: int
    ordinal: int


class Stock:
    """The rows read so far."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin with no rows.

        Args:
            folder: Where to lay rows out when they become many; without one all stay in memory.
        """
        self._folder = folder
        self._piles = {name: _Pile(name) for name in (*MODELS, UNREAD_IDS)}

    def add(self, name: str, rows: pa.Table) -> None:
        """Put rows (columns of the table, and those of ``ORIGIN``) behind those of their table."""
        if not rows.num_rows:
            return
        pile = self._piles[name]
        pile.add(rows)
        if self._folder and pile.bytes > (_AT_ONCE if pile.writer else _MOST_IN_MEMORY):
            pile.lay_out(self._folder / f"{name}.parquet")

    def add_unread(self, ids: Iterable[str]) -> None:
        """Note the ids of records that are left out for their problems."""
        self.add(UNREAD_IDS, pa.table({"id": pa.array(ids, pa.string())}))

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return self._piles[name].rows

    def total(self) -> int:
        """How many rows all tables of the schema have."""
        return sum(self.rows(name) for name in MODELS)

    def source(self, name: str) -> pa.Table | Path:
        """The rows of a table: as they are in memory, or the Parquet file that holds them.

        Where some table was laid out, all are but the smallest: there is use for the memory.
        """
        pile = self._piles[name]
        if self._folder and pile.bytes > _LEAST_LAID_OUT and self._is_much():
            pile.lay_out(self._folder / f"{name}.parquet")
        return pile.finish()

    def _is_much(self) -> bool:
        return any(pile.is_laid_out for pile in self._piles.values())


class _Pile:
    """The rows of one table."""

    def __init__(self, name: str) -> None:
        self.schema = _schema(name)
        columns = base_tables()[name].columns if name in MODELS else ()
        self._coded = [column.name for column in columns if column.vocabulary]
        self.rows = 0
        self.bytes = 0
        self.writer: pq.ParquetWriter | None = None
        self._path: Path | None = None
        self._waiting: list[pa.Table] = []

    @property
    def is_laid_out(self) -> bool:
        """Whether there is a file of its rows."""
        return self._path is not None

    def add(self, rows: pa.Table) -> None:
        numbers = pc.add(counting(rows.num_rows), self.rows)
        rows = rows.append_column(ROW, numbers).select(self.schema.names).cast(self.schema)
        self._waiting.append(rows)
        self.rows += rows.num_rows
        self.bytes += rows.nbytes

    def lay_out(self, path: Path) -> None:
        if self.writer is None:
            self._path = path
            # Written once, read a few times and thrown away: speed counts, size does not.
            self.writer = pq.ParquetWriter(
                path,
                self.schema,
                compression="none",
                use_dictionary=self._coded,
                write_statistics=[ROW],
            )
        self.writer.write_table(pa.concat_tables(self._waiting))
        self._waiting, self.bytes = [], 0

    def finish(self) -> pa.Table | Path:
        if self._path is None:
            return pa.concat_tables(self._waiting) if self._waiting else self.schema.empty_table()
        if self.writer is not None:
            if self._waiting:
                self.lay_out(self._path)
            self.writer.close()
            self.writer = None
        return self._path


def counting(number: int) -> pa.Array:
    """The numbers from 0 to below ``number`` (int64)."""
    return _counting(1 << number.bit_length()).slice(0, number)


@cache
def _counting(number: int) -> pa.Array:
    return pa.array(range(number), pa.int64())


def with_origins(rows: pa.Table, origins: Iterable[Origin]) -> pa.Table:
    """Rows of a table with the columns of ``ORIGIN``."""
    columns = list(zip(*origins, strict=True)) or [(), (), ()]
    for (name, kind), values in zip(ORIGIN.items(), columns, strict=True):
        rows = rows.append_column(name, pa.array(values, kind))
    return rows


def _schema(name: str) -> pa.Schema:
    if name == UNREAD_IDS:
        return pa.schema([("id", pa.string()), (ROW, pa.int64())])
    own = record_schema(name).remove_metadata()
    return pa.schema([*own, *ORIGIN.items(), (ROW, pa.int64())])
