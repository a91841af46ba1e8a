"""Cells as a reader gives them, held against those that were published."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from acceptance.readers.cells import cell

Row = list["str | None"]

_EPOCH = datetime(1970, 1, 1)
_DAY = 86_400_000_000  # microseconds
# What a signed number of 64 bits holds as nanoseconds since 1970.
_NANOSECONDS = (date(1677, 9, 22), date(2262, 4, 11))
_SHOWN = 5

ANY = "any value"
"""Stands for a cell of which nothing is expected."""


@dataclass(frozen=True)
class Dump:
    """The cells of a table."""

    columns: list[tuple[str, str | None]]
    """Name and type of each; None where the reader has no type of its own."""
    rows: list[Row]


@dataclass(frozen=True)
class Habit:
    """How a reader is known to change values; all else that differs is a fault."""

    says: str
    """What is told of it on the page."""
    gives: Callable[[str, bool], str]
    """The cell that the reader gives, from that of ours and whether its column has nulls."""


def published(path: Path) -> Dump:
    """The cells of a published Parquet file, as pyarrow reads them."""
    table = pq.read_table(path)
    columns = [[cell(value) for value in column.to_pylist()] for column in table.columns]
    types = [(field.name, str(field.type)) for field in table.schema]
    return Dump(types, [list(row) for row in zip(*columns, strict=True)])


def read_dump(path: Path) -> Dump:
    """The cells that a reader wrote."""
    with path.open(encoding="utf-8") as file:
        head, *rows = (json.loads(line) for line in file)
    return Dump([(name, kind) for name, kind in head], rows)


def differences(release: Path, dumps: Path, habits: Sequence[Habit], *, empty: bool) -> list[str]:
    """What a reader gave otherwise than it was published, as sentences.

    Args:
        release: The folder of the release.
        dumps: The folder with the dump of each table.
        habits: What the reader is known to change.
        empty: Whether the reader reads tables that have no rows.
    """
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    tables = [t for t in manifest["tables"] if empty or t["rows"]]
    names = {t["name"] for t in tables}
    found = {path.stem for path in dumps.glob("*.jsonl")}
    told = [f"{name}: not read" for name in sorted(names - found)]
    told += [f"{name}: is no table" for name in sorted(found - names)]
    for table in tables:
        if table["name"] in found:
            theirs = read_dump(dumps / f"{table['name']}.jsonl")
            ours = published(release / table["path"])
            told += [f"{table['name']}: {one}" for one in compare(ours, theirs, habits)]
    return told


def compare(ours: Dump, theirs: Dump, habits: Sequence[Habit] = ()) -> list[str]:
    """What differs between two dumps of a table, cell by cell; a few cells are named."""
    names = [name for name, _ in ours.columns]
    if names != [name for name, _ in theirs.columns]:
        return [f"columns are {[name for name, _ in theirs.columns]}, not {names}"]
    told = [
        f"{name} is of type {kind}, not {expected}"
        for (name, expected), (_, kind) in zip(ours.columns, theirs.columns, strict=True)
        if kind not in (expected, None)
    ]
    if len(ours.rows) != len(theirs.rows):
        return [*told, f"{len(theirs.rows)} rows, not {len(ours.rows)}"]
    cells = list(_cells(ours, theirs, habits))
    more = [f"and {len(cells) - _SHOWN} more cells"] if len(cells) > _SHOWN else []
    return told + cells[:_SHOWN] + more


def _cells(ours: Dump, theirs: Dump, habits: Sequence[Habit]) -> Iterator[str]:
    for at, (name, _) in enumerate(ours.columns):
        has_nulls = any(row[at] is None for row in ours.rows)
        for number, (mine, other) in enumerate(zip(ours.rows, theirs.rows, strict=True), 1):
            expected = _expected(mine[at], has_nulls, habits)
            if expected not in (other[at], ANY):
                yield f"row {number}, {name}: {other[at]!a}, not {expected!a}"


def _expected(value: str | None, has_nulls: bool, habits: Sequence[Habit]) -> str | None:
    for habit in habits:
        if value is not None:
            value = habit.gives(value, has_nulls)
    return value


def _floats(value: str, has_nulls: bool) -> str:
    if has_nulls and value.startswith("i:"):
        return f"f:{struct.pack('>d', int(value[2:])).hex()}"
    return value


def _times(value: str, has_nulls: bool) -> str:
    return f"n:{value[2:]}" if value.startswith("t:") else value


def _days(value: str, has_nulls: bool) -> str:
    if not value.startswith("d:"):
        return value
    day = date.fromisoformat(value[2:])
    return f"n:{(day - _EPOCH.date()) // timedelta(days=1) * _DAY}"


def _nanoseconds(value: str, has_nulls: bool) -> str:
    if not value.startswith("d:"):
        return value
    day = date.fromisoformat(value[2:])
    return _days(value, has_nulls) if _NANOSECONDS[0] <= day <= _NANOSECONDS[1] else ANY


def _texts(value: str, has_nulls: bool) -> str:
    if not value.startswith("t:"):
        return value
    told = (_EPOCH + int(value[2:]) * timedelta(microseconds=1)).isoformat(timespec="microseconds")
    return f"s:{told.rstrip('0').rstrip('.')}Z"


def _truths(value: str, has_nulls: bool) -> str:
    if has_nulls and value.startswith("b:"):
        return f"f:{struct.pack('>d', value == 'b:true').hex()}"
    return value


FLOATS = Habit("whole numbers with gaps arrive as floats, which hold all of them", _floats)
TRUTHS = Habit("truth values with gaps arrive as 1.0 and 0.0", _truths)
NO_ZONE = Habit("times arrive without their zone, UTC", _times)
TIMES_AS_TEXT = Habit("times are left as text, as R has no type for all microseconds", _texts)
DAYS_AS_TIMES = Habit("days arrive as times, at midnight", _days)
NANOSECONDS = Habit(
    "days arrive as times in nanoseconds, and so those before 1677 or after 2262 as wrong ones",
    _nanoseconds,
)
