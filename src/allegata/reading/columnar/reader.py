"""The reader in columns: blocks of lines and batches of rows to tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from allegata.reading.columnar.batches import Unreadable, conformed, unreadable
from allegata.reading.columnar.levels import LINE, Faults, Rows, in_one, read, table_schema
from allegata.reading.columnar.lines import MOST_BYTES, TEXT_GUARDS, Lines, parsed
from allegata.reading.columnar.plan import Level, compiled


@dataclass(frozen=True)
class Part:
    """What became of some lines."""

    tables: dict[str, pa.Table]
    """Table -> its rows, for the model's table and every one nested in it.

    The columns are those of `record_schema`, then ``_line`` (int64) and ``_index`` (int32): the
    line that the record stands on, and its place from 0 among the line's records of that table.
    """
    refused: list[int]
    """The numbers of the lines that are not vouched for, rising; no row comes from them."""


class Columnar:
    """Reads the records of one table, with what is nested in them, in columns.

    It may be used by several threads at once.
    """

    def __init__(self, level: Level) -> None:
        self._level = level

    @classmethod
    @cache
    def of(cls, table: str) -> Columnar:
        """The reader of a table.

        Raises:
            NotCompilable: a model uses something that has no equal in columns.
        """
        return cls(compiled(table))

    def read_lines(self, block: bytes, first_line: int) -> Part:
        """Read whole lines of JSON, the last of which may lack its end.

        Args:
            block: The lines.
            first_line: The number of the first of them.
        """
        if len(block) > MOST_BYTES:
            count = block.count(b"\n") + (not block.endswith(b"\n"))
            return self._part({}, Faults(), pa.array([], pa.int64()), count, first_line)
        lines = Lines.of(block)
        table, taken = parsed(lines, self._level)
        faults = Faults()
        tables: dict[str, pa.Table] = {}
        if table is not None:
            for guard in TEXT_GUARDS:
                faults.add(pa.arange(0, len(taken)), guard(self._level, taken))
            read(Rows.outermost(self._level, in_one(table), table.num_rows), faults, tables)
        return self._part(tables, faults, taken.numbers, len(lines), first_line)

    def read_batch(self, batch: pa.RecordBatch, first_line: int) -> Part:
        """Read rows of a Parquet file; a null stands for what is left out.

        Args:
            batch: The rows.
            first_line: The number of the first of them.

        Raises:
            ValueError: the columns are not such as can be read; `unreadable` says why.
        """
        if found := self.unreadable(batch.schema):
            raise ValueError(f"{self._level.table} cannot be read: {found}")
        rows = batch.num_rows
        columns = conformed(self._level, batch.schema.names, batch.columns, rows)
        faults = Faults()
        tables: dict[str, pa.Table] = {}
        read(Rows.outermost(self._level, columns, rows), faults, tables)
        return self._part(tables, faults, pa.arange(0, rows), rows, first_line)

    def unreadable(self, schema: pa.Schema) -> list[Unreadable]:
        """What of a Parquet file's columns cannot be read: unknown, missing or of a wrong type."""
        return unreadable(self._level, schema)

    def _part(
        self,
        tables: dict[str, pa.Table],
        faults: Faults,
        numbers: pa.Int64Array,
        lines: int,
        first_line: int,
    ) -> Part:
        """The rows of the lines without faults; ``numbers`` are those of the lines parsed."""
        if not tables:
            tables = {level.table: table_schema(level).empty_table() for level in self._level.all()}
        good = faults.without(len(numbers))
        if len(good) < len(numbers):
            chosen = pc.is_in(pa.arange(0, len(numbers)), value_set=good)
            tables = {
                name: table.filter(chosen.take(table.column(LINE).combine_chunks()))
                for name, table in tables.items()
            }
        named = pc.add(numbers, first_line)
        return Part(
            {name: _renumbered(table, named) for name, table in tables.items()},
            _others(numbers.take(good), lines, first_line),
        )


def _renumbered(table: pa.Table, numbers: pa.Int64Array) -> pa.Table:
    """The rows with the numbers of their lines in the input."""
    at = table.schema.get_field_index(LINE)
    line = table.column(at).combine_chunks()
    return table.set_column(at, table.schema.field(at), numbers.take(line))


def _others(numbers: pa.Int64Array, lines: int, first_line: int) -> list[int]:
    """The numbers of the lines that are not among those read."""
    if len(numbers) == lines:
        return []
    everything = pa.arange(0, lines)
    others = everything.filter(pc.invert(pc.is_in(everything, value_set=numbers)))
    return [int(number) + first_line for number in others.to_pylist()]
