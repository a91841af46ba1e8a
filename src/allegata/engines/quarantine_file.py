"""The quarantine file: what was held back, with its problems and as it was written."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from allegata.engines.quarantining import held_rows
from allegata.reading import ReadFile, Reading
from allegata.reading.files import DATASET_FILE, content_of, parse, parse_line
from allegata.reading.lines import lines_of
from allegata.reading.records import DocumentReader
from allegata.rules import Problem
from allegata.tables.session import Session


def write_quarantine(
    session: Session, reading: Reading, problems: list[Problem], path: Path
) -> None:
    """Write a JSON object for each line of a bulk file, or row of another, that is held back.

    Each tells the file, the line, how many records of which tables are held back with it, the
    codes of the rules that are broken, why it is held back if for no rule's sake, the problems as
    far as they are known in full, and the line as it was written.

    Args:
        session: A session from which rows are held back.
        reading: Where they were read.
        problems: Problems that rules found.
        path: The file to make.
    """
    known: dict[tuple[str, int], list[Problem]] = {}
    for one in problems:
        known.setdefault((one.place.file, one.place.line), []).append(one)
    with path.open("x", encoding="utf-8") as file:
        for number, read in enumerate(reading.files):
            rejected = {one.line for one in reading.rejected if one.file == number}
            for entry in _entries(session, number, read, rejected, known):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")


_Known = dict[tuple[str, int], list[Problem]]


def _entries(
    session: Session, number: int, read: ReadFile, rejected: set[int], known: _Known
) -> Iterator[dict[str, Any]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for batch in held_rows(session, number):
        for line, group in groupby(batch.to_pylist(), key=lambda row: row["_line"]):
            rows.setdefault(line, []).extend(group)
    if read.table is None:
        yield from _unread(read)
        yield from _of_document(read, rows.get(0, []), known)
        return
    lines = dict.fromkeys(sorted(rejected | rows.keys()))
    raw = dict(lines_of(read.path, lines)) if read.path.suffix != ".parquet" else lines
    for line in lines:
        yield _of_line(read, line, raw.get(line), rows.get(line, []), known)


def _of_line(
    read: ReadFile, line: int, raw: bytes | None, rows: list[dict[str, Any]], known: _Known
) -> dict[str, Any]:
    reader = DocumentReader(read.shown)
    assert read.table
    if raw is not None:
        node = parse_line(raw, line, reader.found.report)
        if node is not None:
            reader.read_record(read.table, node)
    found = reader.found.problems
    counted = Counter(row["in_table"] for row in _distinct(rows))
    return _entry(
        read,
        line,
        dict(reader.found.met or {read.table: 1}) if found else dict(counted),
        rows,
        [*found, *known.get((read.shown, line), [])],
        raw,
    )


def _unread(read: ReadFile) -> Iterator[dict[str, Any]]:
    """The records of a record file that could not be read, as one entry."""
    reader = DocumentReader(read.shown)
    content = content_of(read.path, reader.found.report)
    node = parse(read.path, content, reader.found.report) if content is not None else None
    if node is not None and read.path.name != DATASET_FILE:
        reader.read_file(node)
    found = reader.found
    if found.rejected:
        entry = _entry(read, None, dict(found.rejected), [], found.problems, None)
        yield entry | {"ids": sorted(found.unread_ids)}


def _of_document(
    read: ReadFile, rows: list[dict[str, Any]], known: _Known
) -> Iterator[dict[str, Any]]:
    """A record file is at hand for its curator; what is told is which of its records are out."""
    problems = [one for (file, _), found in known.items() if file == read.shown for one in found]
    for key, group in groupby(rows, key=lambda row: (row["in_table"], row["_index"])):
        of_record = list(group)
        record = of_record[0]["record"]
        own = [one for one in problems if (one.table, one.record) == (key[0], record)]
        yield _entry(read, None, {key[0]: 1}, of_record, own, None)


def _entry(
    read: ReadFile,
    line: int | None,
    counted: dict[str, int],
    rows: list[dict[str, Any]],
    problems: list[Problem],
    raw: bytes | None,
) -> dict[str, Any]:
    codes = {row["code"] for row in rows if row["code"]} | {one.code for one in problems}
    entry: dict[str, Any] = {
        "file": read.shown,
        "line": line,
        "records": counted,
        "ids": sorted({row["record"] for row in rows}),
        "codes": sorted(codes),
        "because": sorted({row["because"] for row in rows if row["because"]}),
        "problems": [one.model_dump(mode="json") for one in problems],
    }
    if raw is not None:
        try:
            entry["text"] = raw.decode("utf-8")
        except UnicodeDecodeError:
            entry["base64"] = base64.b64encode(raw).decode("ascii")
    return entry


def _distinct(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen = set()
    for row in rows:
        key = (row["in_table"], row["_index"])
        if key not in seen:
            seen.add(key)
            yield row
