"""Bulk files: one table's records as JSON Lines or Parquet, in any number of files.

Blocks of lines go through the columnar reader on all cores. What it does not vouch for is read
once more as single records are, and gives a row or the exact problems.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from allegata.reading.files import parse_line
from allegata.reading.findings import nearest
from allegata.reading.lines import LONGEST, Block, blocks
from allegata.reading.parsing.nodes import Node
from allegata.reading.records import DocumentReader, Findings
from allegata.reading.stock import Origin, with_origins
from allegata.schema import MODELS, Record
from allegata.tables import base_tables, build_table

if TYPE_CHECKING:
    from allegata.reading.columnar import Columnar, Unreadable

_ROWS_AT_ONCE = 16_384


_Parse = Callable[[DocumentReader], Node | Record | None]
_Single = Iterable[tuple[int, _Parse]]
"""Lines by their numbers, each with what parses it."""


class Piece(NamedTuple):
    """What one block gave."""

    tables: dict[str, pa.Table]
    """Rows with their origins."""
    found: Findings
    """What reading single records gave: problems, ids of records left out."""
    rejected: list[int]
    """The lines that gave a problem."""
    read: int
    """How many bytes of the file have been read so far."""


@dataclass(frozen=True)
class BulkFile:
    """A file of one table's records."""

    number: int
    """Its number among the files read."""
    path: Path
    shown: str
    """Its path as it is shown."""
    table: str

    def pieces(self) -> Iterator[Piece]:
        """What its blocks give, in order."""
        read = self._parquet if self.path.suffix.lower() == ".parquet" else self._lines
        with ThreadPoolExecutor(_workers()) as pool:
            try:
                yield from _in_order(pool, read())
            except (OSError, pa.ArrowException) as error:
                yield self._unreadable(error)

    def _lines(self) -> Iterator[Callable[[], Piece]]:
        columnar = _columnar(self.table)
        for block in blocks(self.path):
            yield partial(self._of_lines, columnar, block)

    def _of_lines(self, columnar: Columnar, block: Block) -> Piece:
        if block.data is None:
            return self._judged({}, [(block.first, partial(_too_long, block.first))], block.read)
        part = columnar.read_lines(block.data, block.first)
        lines = block.data.split(b"\n") if part.refused else []
        single = [
            (n, partial(_json_node, self.table, lines[n - block.first], n)) for n in part.refused
        ]
        return self._judged(part.tables, single, block.read)

    def _parquet(self) -> Iterator[Callable[[], Piece]]:
        columnar = _columnar(self.table)
        file = pq.ParquetFile(self.path, pre_buffer=False)
        if wrong := columnar.unreadable(file.schema_arrow):
            yield partial(self._misfit, wrong, file.metadata.num_rows)
            return
        first, size = 1, self.path.stat().st_size
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            read = size * (first - 1) // max(1, file.metadata.num_rows)
            yield partial(self._of_batch, columnar, batch, first, read)
            first += batch.num_rows

    def _of_batch(self, columnar: Columnar, batch: pa.RecordBatch, first: int, read: int) -> Piece:
        part = columnar.read_batch(batch, first)
        single = [
            (n, partial(_plain_node, self.table, batch.slice(n - first, 1), n))
            for n in part.refused
        ]
        return self._judged(part.tables, single, read)

    def _judged(self, tables: dict[str, pa.Table], single: _Single, read: int) -> Piece:
        """The rows of a block, with those of the lines that are judged one by one."""
        parts = {name: [_with_file(rows, self.number)] for name, rows in tables.items()}
        found = Findings(self.shown)
        found.met.update({name: rows.num_rows for name, rows in tables.items()})
        records: dict[str, tuple[list[Record], list[Origin]]] = {}
        rejected = [line for line, parse in single if not self._takes(line, parse, records, found)]
        for name, (of_table, origins) in records.items():
            parts.setdefault(name, []).append(with_origins(build_table(name, of_table), origins))
        joined = {
            name: pa.concat_tables([rows.select(of_name[0].column_names) for rows in of_name])
            for name, of_name in parts.items()
        }
        return Piece(joined, found, rejected, read)

    def _takes(
        self,
        line: int,
        parse: _Parse,
        records: dict[str, tuple[list[Record], list[Origin]]],
        found: Findings,
    ) -> bool:
        """Read one line as a record of its own; whether it becomes rows, which go to records."""
        reader = DocumentReader(self.shown)
        node = parse(reader)
        if isinstance(node, Record):
            reader.take_record(node)
        elif node is None:
            reader.found.met[self.table] += 1
        else:
            reader.read_record(self.table, node)
        found.add(reader.found)
        if reader.found.problems:
            found.unread_ids += _ids(reader.found)
            return False
        for name, rows in reader.found.rows.items():
            of_table, origins = records.setdefault(name, ([], []))
            of_table += [row.record for row in rows]
            origins += [Origin(self.number, line, row.ordinal) for row in rows]
        return True

    def _misfit(self, wrong: Iterable[Unreadable], rows: int) -> Piece:
        """A Parquet file whose columns cannot be read; none of its rows is."""
        found = Findings(self.shown)
        for one in wrong:
            code, message, fix = _told(self.table, one)
            node = Node(None, 1, 1, 1, 1)
            found.report(code, message, node, table=self.table, field=one.column, fix=fix)
        found.met[self.table] = rows
        return Piece({}, found, [0], self.path.stat().st_size)

    def _unreadable(self, error: Exception) -> Piece:
        found = Findings(self.shown)
        told = str(getattr(error, "strerror", None) or error).splitlines()[0]
        found.report("FILE_UNREADABLE", f"cannot be read: {told}", Node(None, 1, 1, 1, 1))
        return Piece({}, found, [0], 0)


def _told(table: str, one: Unreadable) -> tuple[str, str, str | None]:
    """The code, the message and the fix for a column that cannot be read."""
    if one.expected is None:
        meant = nearest(one.column, [column.name for column in base_tables()[table].columns])
        fix = f"name it {meant}" if meant else "take it out"
        return "FIELD_UNKNOWN", f"{table} records have no column {one.column}", fix
    if one.found is None:
        return "FIELD_REQUIRED", f"the column {one.column} is missing and required", None
    message = f"the column {one.column} is {one.found} and must be {one.expected}"
    return "FIELD_TYPE", message, None


def _columnar(table: str) -> Columnar:
    from allegata.reading.columnar import Columnar  # commands without bulk files do without

    return Columnar.of(table)


def _ids(found: Findings) -> list[str]:
    """The ids of the sound records of a line that has problems: they do not become rows either."""
    rows = [row for of_table in found.rows.values() for row in of_table]
    return [row.record.id for row in rows if hasattr(row.record, "id")]


def _with_file(rows: pa.Table, number: int) -> pa.Table:
    return rows.append_column("_file", pa.repeat(pa.scalar(number, pa.int32()), rows.num_rows))


def _json_node(
    table: str, line: bytes, number: int, reader: DocumentReader
) -> Node | Record | None:
    """The record of a line; where the model does not take it as it is, its value with places."""
    # Of JSON, of the model, of a key that stands twice; or it nests too deeply.
    with suppress(ValueError, RecursionError):
        json.loads(line, object_pairs_hook=_once)
        return MODELS[table].model_validate_json(line)
    return parse_line(line, number, reader.found.report)


def _once(pairs: list[tuple[str, Any]]) -> None:
    """See that no key of an object stands twice.

    Raises:
        ValueError: one does.
    """
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")


def _too_long(number: int, reader: DocumentReader) -> None:
    message = f"the line has more than {LONGEST >> 20} million bytes"
    reader.found.report("FILE_SYNTAX", message, Node(None, number, 1, number, 1))


def _plain_node(table: str, row: pa.RecordBatch, number: int, reader: DocumentReader) -> Node:
    """A row of a Parquet file as a record file would hold it: missing values left out."""
    (values,) = row.to_pylist()
    return _node(_keyed(table, values), number)


def _keyed(table: str, values: dict[str, Any]) -> dict[str, Any]:
    model = MODELS[table]
    children = model.children()
    keyed: dict[str, Any] = {}
    for name, value in values.items():
        key = name.removesuffix("_id")
        if value is None or not (name in children or _is_field(model, name)):
            continue
        if name in children:
            child = children[name][0].table
            value = [_keyed(child, one) if isinstance(one, dict) else one for one in value]
        keyed[key] = value
    return keyed


def _is_field(model: Any, name: str) -> bool:
    fields = model.__pydantic_fields__
    return name in fields or any(field.alias == name for field in fields.values())


def _node(value: Any, line: int) -> Node:
    if isinstance(value, dict):
        value = {key: _node(one, line) for key, one in value.items()}
    elif isinstance(value, list):
        value = [_node(one, line) for one in value]
    return Node(value, line, 1, line, 1)


def _in_order(pool: ThreadPoolExecutor, tasks: Iterator[Callable[[], Piece]]) -> Iterator[Piece]:
    """The results of the tasks in their order; only a few are under way at once."""
    running: deque[Future[Piece]] = deque()
    try:
        for task in tasks:
            running.append(pool.submit(task))
            if len(running) > _workers():
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        for future in running:
            future.cancel()


def _workers() -> int:
    return min(8, os.cpu_count() or 1)
