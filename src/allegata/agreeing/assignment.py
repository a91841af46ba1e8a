"""The best one-to-one assignment, exactly.

The method is the Hungarian one with potentials (Kuhn 1955; Munkres 1957), in whole numbers so
that equal sums are equal. What cannot be paired falls into parts that are solved apart, which
keeps each small.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)


def best_pairs(weights: Mapping[tuple[A, B], int]) -> list[tuple[A, B]]:
    """The pairs, no member twice, whose weights have the largest sum.

    Args:
        weights: The pairs that are possible, each with a positive weight.

    >>> best_pairs({("x", 1): 5, ("x", 2): 6, ("y", 2): 5})
    [('x', 1), ('y', 2)]
    """
    found: list[tuple[A, B]] = []
    for rows, columns in _parts(weights):
        if len(rows) <= len(columns):
            table = [[weights.get((a, b), 0) for b in columns] for a in rows]
            chosen = [(rows[i], columns[j]) for i, j in _assigned(table)]
        else:
            table = [[weights.get((a, b), 0) for a in rows] for b in columns]
            chosen = [(rows[j], columns[i]) for i, j in _assigned(table)]
        found += [pair for pair in chosen if pair in weights]
    return found


def _parts(weights: Mapping[tuple[A, B], int]) -> list[tuple[list[A], list[B]]]:
    """The members that hang together by possible pairs."""
    of_a: dict[A, list[B]] = {}
    of_b: dict[B, list[A]] = {}
    for a, b in weights:
        of_a.setdefault(a, []).append(b)
        of_b.setdefault(b, []).append(a)
    parts, seen = [], set[A]()
    for first in of_a:
        if first in seen:
            continue
        rows, columns, waiting = dict.fromkeys([first]), dict[B, None](), [first]
        while waiting:
            for b in of_a[waiting.pop()]:
                if b not in columns:
                    columns[b] = None
                    waiting += [a for a in of_b[b] if a not in rows]
                    rows |= dict.fromkeys(of_b[b])
        seen |= rows.keys()
        parts.append((list(rows), list(columns)))
    return parts


def _assigned(gain: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Every row's column, for the largest sum; there are at least as many columns as rows."""
    rows, columns = len(gain), len(gain[0])
    of_row, of_column = [0] * (rows + 1), [0] * (columns + 1)  # potentials; 0 stands for "none"
    row_at = [0] * (columns + 1)
    for row in range(1, rows + 1):
        _take_in(row, gain, row_at, of_row, of_column)
    return [(row - 1, column - 1) for column, row in enumerate(row_at) if column and row]


def _take_in(
    row: int,
    gain: Sequence[Sequence[int]],
    row_at: list[int],
    of_row: list[int],
    of_column: list[int],
) -> None:
    """Give one more row a column, by the path that costs least."""
    columns = len(gain[0])
    came_from = [0] * (columns + 1)
    slack: list[int | None] = [None] * (columns + 1)
    used = [False] * (columns + 1)
    row_at[0], at = row, 0
    while row_at[at]:
        used[at] = True
        least, nearest = None, 0
        for column in range(1, columns + 1):
            if used[column]:
                continue
            cost = -gain[row_at[at] - 1][column - 1] - of_row[row_at[at]] - of_column[column]
            known = slack[column]
            if known is None or cost < known:
                slack[column], came_from[column], known = cost, at, cost
            if least is None or known < least:
                least, nearest = known, column
        assert least is not None
        for column in range(columns + 1):
            if used[column]:
                of_row[row_at[column]] += least
                of_column[column] -= least
            elif (known := slack[column]) is not None:
                slack[column] = known - least
        at = nearest
    while at:
        row_at[at], at = row_at[came_from[at]], came_from[at]
