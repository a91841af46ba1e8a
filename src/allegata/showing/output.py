"""The answer to a query as a table for people, or as CSV, JSON or Parquet for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from math import isfinite
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from rich import box
from rich.table import Table
from rich.text import Text

from allegata.rules import shortened
from allegata.showing.querying import QueryError, batches

MOST_ROWS = 100
"""So many rows are shown to a person."""
_MOST_CHARS = 1_000


def write_answer(answer: pa.RecordBatchReader, output: str, file: BinaryIO) -> int:
    """Write an answer for a program, as ``csv``, ``json`` or ``parquet``; gives the rows' number.

    CSV has the columns' names in its first line, JSON is one list of objects.

    Raises:
        QueryError: CSV cannot hold a column, such as a list; or a value turns out, while it is
            computed, not to be possible.
        OSError: the file cannot be written.
    """
    if output == "parquet":
        return _write(answer, pq.ParquetWriter(file, answer.schema, compression="zstd"))
    if output == "json":
        return _write_json(answer, file)
    for column in answer.schema:
        if pa.types.is_nested(column.type):
            raise QueryError(
                f"CSV cannot hold the column {column.name}, a {column.type}; make it a text, for "
                "example by array_to_string, or ask for JSON"
            )
    return _write(answer, pc.CSVWriter(file, answer.schema))


def _write(answer: pa.RecordBatchReader, writer: Any) -> int:
    rows = 0
    with writer:
        for batch in batches(answer):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_json(answer: pa.RecordBatchReader, file: BinaryIO) -> int:
    rows = 0
    file.write(b"[")
    for rows, row in enumerate(_rows(answer), start=1):
        file.write(b"\n" if rows == 1 else b",\n")
        file.write(json.dumps(_plain(row), ensure_ascii=False, allow_nan=False).encode())
    file.write(b"\n]\n")
    return rows


def _rows(answer: pa.RecordBatchReader) -> Iterator[dict[str, Any]]:
    for batch in batches(answer):
        yield from batch.to_pylist()


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, and null for what is no number."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def table_of(answer: pa.RecordBatchReader) -> tuple[Table, int]:
    """An answer as a table for the terminal, and how many of its rows are not in it.

    Raises:
        QueryError: a value turns out, while it is computed, not to be possible.
    """
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in answer.schema:
        number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        table.add_column(
            Text(shortened(column.name)), justify="right" if number else "left", overflow="fold"
        )
    left = 0
    for batch in batches(answer):
        shown = batch.slice(0, MOST_ROWS - table.row_count)
        left += batch.num_rows - shown.num_rows
        for row in zip(*(column.to_pylist() for column in shown.columns), strict=True):
            table.add_row(*(_cell(value) for value in row))
    return table, left


def _cell(value: Any) -> Text:
    if value is None:
        return Text("–", "dim")  # noqa: RUF001
    lines = str(value)[: _MOST_CHARS + 1].split("\n")
    return Text("\n".join(shortened(line, _MOST_CHARS) for line in lines))
