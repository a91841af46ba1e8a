"""Numbers of one unit side by side, as those who name them do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allegata.schema.vocabularies import Aspect
from allegata.site.records import Row

WIDTH = 200
"""How wide the bars are drawn at most, in units of the picture."""
_LEAST = 4


@dataclass(frozen=True)
class Range:
    """The number that a proposition names."""

    proposition: Row
    x: float
    """Where its bar begins."""
    width: float
    open_below: bool
    open_above: bool


def compared(proposition: Row, others: Iterable[Row]) -> tuple[Range, ...]:
    """A number beside those of the same unit about the same event, the smallest first.

    Args:
        proposition: The proposition; where it names no number, there is nothing to compare.
        others: Propositions about the same event; itself may be among them.
    """
    found = [
        row
        for row in {row["id"]: row for row in (*others, proposition)}.values()
        if row["aspect"] == Aspect.QUANTITY and row["unit"] == proposition["unit"] and _ends(row)
    ]
    if not (_ends(proposition) and len(found) > 1):
        return ()
    found.sort(key=lambda row: (min(_ends(row)), max(_ends(row)), row["id"]))
    values = [value for row in found for value in _ends(row)]
    first, last = min(0.0, *values), max(values)
    scale = WIDTH / ((last - first) * 1.15 or 1)
    return tuple(_range(row, first, scale) for row in found)


def _ends(row: Row) -> Sequence[float]:
    return [row[end] for end in ("low", "high") if row[end] is not None]


def _range(row: Row, first: float, scale: float) -> Range:
    low, high = row["low"], row["high"]
    x = 0.0 if low is None else (low - first) * scale
    end = float(WIDTH) if high is None else (high - first) * scale
    width = max(_LEAST, end - x)
    return Range(row, round(min(x, WIDTH - width), 1), round(width, 1), low is None, high is None)
