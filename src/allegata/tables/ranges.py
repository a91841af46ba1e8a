"""Working range by range, where there are more rows than can be sorted or joined at once.

A range holds the rows whose values of some columns lie between two boundaries, in the order of
these columns: nothing comes before a value, as ``NULLS FIRST`` has it. Every row is in one range,
and ranges that follow each other hold rows that do. So what is in order in each is in order in all
of them together, wherever the boundaries are and however many there are.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from allegata.tables.session import OutOfMemory, Session

_SAMPLED = 4_000
"""So many rows tell how large rows are, and where to divide them evenly."""
_MOST_A_ROW = 4_096
"""Bytes. Where rows of this size would be one range, it is not looked at how large they are."""
_A_PLACE = 100
"""Bytes. A row takes so many more where it is sorted: its key once more, and where it lies."""
_LEAST_SAMPLED = 20
"""So many of the sampled rows a range has at least: of fewer, ranges would be of uneven size."""

Boundary: TypeAlias = tuple[Any, ...]
Span: TypeAlias = tuple[Boundary | None, Boundary | None]
"""From a boundary to below another, where there are such."""


def stream_in_order(
    session: Session, query: Callable[[str], str], rows: str, order: Sequence[str], size: int
) -> pa.RecordBatchReader:
    """The result of a query in order, sorted in as many ranges as it takes.

    Args:
        session: The session. It may be asked nothing else until all has been read.
        query: Gives the query of the rows of one range, which sorts them by ``order``, each column
            with ``NULLS FIRST``; it is given the condition that rows of its sources meet if they
            belong to the range.
        rows: A query of all that is to be sorted, which tells how much it is.
        order: The columns that it is sorted by.
        size: About so many rows a batch has.
    """
    bounds = boundaries(session, rows, order, _ranges(session, rows))
    waiting = [*reversed(_spans(bounds))]

    def opened() -> pa.RecordBatchReader:
        """The rows of the next range; of half of it, where they cannot be sorted at once."""
        while True:
            span = waiting.pop()
            try:
                return session.stream(query(_within(order, *span)), size)
            except OutOfMemory:
                middle = _middle(session, rows, order, *span)
                if middle is None:
                    raise
                waiting.extend([(middle, span[1]), (span[0], middle)])

    first = opened()

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first
        while waiting:
            yield from opened()

    return pa.RecordBatchReader.from_batches(first.schema, batches())


def _ranges(session: Session, rows: str) -> Callable[[int], int]:
    """What gives of the number of rows the number of ranges that they are best sorted in."""

    def number(count: int) -> int:
        if session.ranges(count * _MOST_A_ROW) == 1:
            return 1
        sample = session.sample(rows, _SAMPLED)
        return session.ranges(count * (_A_PLACE + sample.nbytes // max(1, sample.num_rows)))

    return number


def boundaries(
    session: Session, rows: str, order: Sequence[str], number: Callable[[int], int]
) -> list[Boundary]:
    """The values at which rows are divided into ranges of about the same size.

    Args:
        session: The session.
        rows: A query of the rows.
        order: Its columns by which they are divided: texts, whole numbers, days.
        number: Gives of the number of rows the number of ranges that are wanted.

    Returns:
        Values of ``order``, in order; none where all rows are to be in one range.
    """
    if not session.is_large():
        return []
    count = session.fetch(f"SELECT count(*) AS n FROM ({rows}) AS counted").column("n")[0].as_py()
    wanted = number(count)
    if wanted == 1:
        return []
    found = _sampled(session, rows, order, None, None)
    wanted = min(wanted, max(1, found.num_rows // _LEAST_SAMPLED))
    places = pa.array([found.num_rows * nth // wanted for nth in range(1, wanted)], pa.int64())
    return list(dict.fromkeys(tuple(row.values()) for row in found.take(places).to_pylist()))


def _sampled(
    session: Session, rows: str, order: Sequence[str], low: Boundary | None, high: Boundary | None
) -> pa.Table:
    """Some of the values of some columns in a range, in order."""
    columns = ", ".join(f'"{name}"' for name in order)
    within = _within(order, low, high)
    sample = session.sample(f"SELECT {columns} FROM ({rows}) AS every WHERE {within}", _SAMPLED)
    return sample.sort_by([(name, "ascending", "at_start") for name in order])


def _middle(
    session: Session, rows: str, order: Sequence[str], low: Boundary | None, high: Boundary | None
) -> Boundary | None:
    """A boundary that halves a range; None where all that was seen of its rows is the same."""
    found = _sampled(session, rows, order, low, high)
    values = [tuple(row.values()) for row in found.to_pylist()]
    return next((one for one in values[len(values) // 2 :] if one != values[0]), None)


def conditions_of(order: Sequence[str], bounds: Sequence[Boundary]) -> list[str]:
    """The condition that the rows of each range meet, in the order of the ranges.

    >>> conditions_of(["id"], [])
    ['true']
    """
    return [_within(order, low, high) for low, high in _spans(bounds)]


def _spans(bounds: Sequence[Boundary]) -> list[Span]:
    return [*zip([None, *bounds], [*bounds, None], strict=True)]


def _within(order: Sequence[str], low: Boundary | None, high: Boundary | None) -> str:
    """The condition of the rows from a boundary to below another, where there are such."""
    conditions = [_from(order, low)] if low else []
    if high:
        conditions.append(f"NOT {_from(order, high)}")
    if low and low[0] is not None:  # follows from the others, and lets what is in order be skipped
        conditions.append(f'"{order[0]}" >= {_literal(low[0])}')
        if high:
            conditions.append(f'"{order[0]}" <= {_literal(high[0])}')
    return " AND ".join(conditions) or "true"


def _from(order: Sequence[str], boundary: Boundary) -> str:
    """The condition of the rows that do not come before a boundary."""
    condition = "true"
    for name, value in reversed([*zip(order, boundary, strict=True)]):
        same, after = f'"{name}" IS NULL', f'"{name}" IS NOT NULL'
        if value is not None:
            same, after = (
                f'coalesce("{name}" {sign} {_literal(value)}, false)' for sign in ("=", ">")
            )
        condition = f"({after} OR ({same} AND {condition}))"
    return condition


def _literal(value: object) -> str:
    """A value as SQL writes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"rows are not divided by values of the type {type(value).__name__}")
