"""The rows of files as Arrow batches: cells are text, and each row has its number."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from allegata.importing.mapping.model import Reads
from allegata.importing.running.files import LONGEST, TextStream, Unreadable, blocks

Fault = Callable[[str], None]
BadRow = Callable[[int, str, str], None]
"""Told of a row that is none: its number, the reason, what is wrong."""


def layout_of(path: Path, reads: Reads, used: Iterable[str] = ()) -> tuple[list[str], Reads]:
    """The names of the file's columns, in order, and how this file is written.

    Args:
        path: The file.
        reads: How files of the kind are written.
        used: Names of columns; one that the file writes in other letter case is the same.

    Raises:
        Unreadable: it has none, or some of them twice.
        OSError: it cannot be read.
    """
    if reads.format == "parquet":
        try:
            return list(pq.read_schema(path).names), reads
        except pa.ArrowException as error:
            raise Unreadable(f"is not Parquet, or cut off: {_first_line(error)}") from None
    if reads.format == "jsonl":
        return list(reads.columns), reads
    if reads.header is False and reads.delimiter != "any" and not reads.optional:
        return list(reads.columns), reads
    faults: list[str] = []
    first = next((line for line in _lines(path, reads, faults.append) if line.strip()), "")
    if faults and not first:
        raise Unreadable(faults[0])
    if reads.delimiter == "any":
        most = max("\t,;", key=first.count)
        reads = reads.model_copy(update={"delimiter": most})
    return _named(_cells(first, reads), reads, used)


def _named(first: list[str], reads: Reads, used: Iterable[str]) -> tuple[list[str], Reads]:
    """The names of columns, by the cells of the first line."""
    known = {name.lower(): name for name in (*reads.columns, *used)}
    names = [known.get(name.lower(), name) for name in first]
    if reads.header == "maybe" and len(set(names) & set(known.values())) * 2 <= len(names):
        reads = reads.model_copy(update={"header": False})
    if reads.header is False:
        lacking = [name for name in reads.columns if name not in reads.optional]
        return (lacking if len(first) == len(lacking) else list(reads.columns)), reads
    if not names:
        raise Unreadable("is empty; its first line should name the columns")
    if len(set(names)) < len(names):
        raise Unreadable("names a column twice in its first line")
    return names, reads.model_copy(update={"header": True})


def _cells(line: str, reads: Reads) -> list[str]:
    if len(line) >= 1 << 20:
        return []
    if not reads.quotes:
        return [cell.strip() for cell in line.split(reads.delimiter)]
    try:
        cells = next(csv.reader([line], delimiter=reads.delimiter), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells]


def _lines(path: Path, reads: Reads, fault: Fault) -> Iterator[str]:
    for block in blocks(path, reads.encoding, fault):
        yield from block.split("\n")


def batches(
    path: Path, reads: Reads, names: list[str], fault: Fault, bad: BadRow
) -> Iterator[pa.RecordBatch]:
    """The rows of a file, each with ``_row``, its number from 1; cells are text or null.

    Args:
        path: The file.
        reads: How it is written.
        names: The columns, in the order of the file.
        fault: Told where the file cannot be read on.
        bad: Told of each line that is not a row.
    """
    reader = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}[reads.format]
    try:
        yield from reader(path, reads, names, fault, bad)
    except pa.ArrowException as error:
        fault(f"cannot be read on: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]


def _csv(
    path: Path, reads: Reads, names: list[str], fault: Fault, bad: BadRow
) -> Iterator[pa.RecordBatch]:
    wrong: list[int] = []

    def on_bad(row: pacsv.InvalidRow) -> str:
        number = (row.number or 1) - (1 if reads.header else 0)
        wrong.append(number)
        bad(number, "columns", f"{row.actual_columns} columns, not {row.expected_columns}")
        return "skip"

    text = blocks(path, reads.encoding, fault)
    first = next(text, "")
    if not first.strip():
        fault("is empty")
        return
    reader = pacsv.open_csv(
        pa.PythonFile(TextStream(chain([first], text)), mode="r"),
        read_options=pacsv.ReadOptions(
            use_threads=False,
            block_size=2 * LONGEST,
            column_names=names,
            skip_rows=1 if reads.header else 0,
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=reads.delimiter,
            quote_char='"' if reads.quotes else False,
            newlines_in_values=reads.quotes,
            invalid_row_handler=on_bad,
            ignore_empty_lines=True,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    last = 0
    for batch in reader:
        rows = _numbered(last, batch.num_rows, wrong)
        last = rows[-1] if rows else last
        yield batch.append_column("_row", pa.array(rows, pa.int32()))


def _numbered(last: int, count: int, wrong: list[int]) -> list[int] | range:
    """The numbers of the next rows after ``last``, which pass over those of lines that are none."""
    after = [number for number in wrong if last < number]
    if not after:
        return range(last + 1, last + 1 + count)
    found: list[int] = []
    skipped, number = set(after), last
    while len(found) < count:
        number += 1
        if number not in skipped:
            found.append(number)
    return found


def _jsonl(
    path: Path, reads: Reads, names: list[str], fault: Fault, bad: BadRow
) -> Iterator[pa.RecordBatch]:
    number = 0
    for block in blocks(path, reads.encoding, fault):
        cells: list[list[str | None]] = [[] for _ in names]
        rows = []
        for line in block.removesuffix("\n").split("\n"):
            number += 1
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                bad(number, "not-json", str(error)[:200])
                continue
            if not isinstance(value, dict):
                bad(number, "not-an-object", "the line is JSON, but no object")
                continue
            rows.append(number)
            for column, name in zip(cells, names, strict=True):
                column.append(_cell(value.get(name)))
        yield pa.record_batch(
            [*(pa.array(column, pa.string()) for column in cells), pa.array(rows, pa.int32())],
            names=[*names, "_row"],
        )


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None else value.encode("utf-8", "replace").decode()
    return json.dumps(value, ensure_ascii=False)


def _parquet(
    path: Path, reads: Reads, names: list[str], fault: Fault, bad: BadRow
) -> Iterator[pa.RecordBatch]:
    last = 0
    for batch in pq.ParquetFile(path).iter_batches(65_536, columns=names):
        rows = pa.array(range(last + 1, last + 1 + batch.num_rows), pa.int32())
        last += batch.num_rows
        cells = [_as_text(batch.column(name)) for name in names]
        yield pa.record_batch([*cells, rows], names=[*names, "_row"])


def _as_text(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except pa.ArrowException:  # lists, structs, bytes that are no text
        return pa.array([None if value is None else str(value) for value in column.to_pylist()])
