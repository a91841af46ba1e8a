"""The time profile: dates as precise as the source, and no more.

A subset of the Extended Date/Time Format (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/):

========================  ==========================================================
``2025``                  some time in that year
``2025-12``               some time in that month
``2025-12-29``            that day
``2025-12-29T14:05Z``     that minute; a zone is required (``Z`` or ``+03:00``)
``2025-12-29~``           about then; ``?`` uncertain, ``%`` both
``2025-12-28/2025-12-30`` from the first to the last; ``..`` for an open end
``[2025-12..2026-01]``    at one time within; ``[..2026]`` and ``[2025..]`` are open
========================  ==========================================================

The bounds are calendar days in UTC. A mark of doubt (``~ ? %``) leaves them as written: how far
"about" reaches is the reader's to decide.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

EXPECTED = (
    "2025, 2025-12, 2025-12-29 or 2025-12-29T14:05Z, with ~ ? or % behind it if uncertain; "
    "a/b for an interval, [a..b] for one time within, .. for an open end"
)

# ASCII classes only: RE2 and Rust's regex must read the pattern as Python's `re` does.
_YEAR, _MONTH, _DAY = "[0-9]{4}", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_MOMENT = f"{_YEAR}(-{_MONTH}(-{_DAY}(T{_CLOCK})?)?)?[~?%]?"
PATTERN = (
    rf"^({_MOMENT}|{_MOMENT}/({_MOMENT}|\.\.)|\.\./{_MOMENT}"
    rf"|\[{_MOMENT}\.\.({_MOMENT})?\]|\[\.\.{_MOMENT}\])$"
)
"""The shape of every time in the profile. Some texts of it name no day (2025-02-30)."""

_SHAPE = re.compile(PATTERN[1:-1])


class Bounds(NamedTuple):
    """The first and the last day a time can mean; None where it is open."""

    earliest: date | None
    latest: date | None


class TimeError(ValueError):
    """A text outside the time profile."""


class TimeReversedError(TimeError):
    """An interval whose end lies before its beginning."""


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The days that ``text`` spans, both included.

    >>> bounds("2025-12")
    Bounds(earliest=datetime.date(2025, 12, 1), latest=datetime.date(2025, 12, 31))
    >>> bounds("2025-12-29T23:30-05:00").earliest
    datetime.date(2025, 12, 30)
    >>> bounds("../2025-12-29~")
    Bounds(earliest=None, latest=datetime.date(2025, 12, 29))

    Raises:
        TimeError: the text is outside the profile or names a day that no calendar has.
        TimeReversedError: the interval ends before it begins.
    """
    if not _SHAPE.fullmatch(text):
        raise TimeError(f"is not a time of the profile; expected {EXPECTED}")
    separator = "/" if "/" in text else ".." if text.startswith("[") else None
    if separator is None:
        return _moment(text)
    first, last = text.strip("[]").split(separator, 1)
    found = Bounds(
        None if first in ("", "..") else _moment(first).earliest,
        None if last in ("", "..") else _moment(last).latest,
    )
    if found.earliest and found.latest and found.earliest > found.latest:
        raise TimeReversedError(f"ends ({last}) before it begins ({first})")
    return found


def _moment(text: str) -> Bounds:
    text = text.rstrip("~?%")
    try:
        if "T" in text:
            day = datetime.fromisoformat(text).astimezone(UTC).date()
            return Bounds(day, day)
        year, month, day_of_month = [int(part) for part in text.split("-")] + [0] * (
            2 - text.count("-")
        )
        return Bounds(
            date(year, month or 1, day_of_month or 1),
            date(year, month or 12, day_of_month or monthrange(year, month or 12)[1]),
        )
    except (ValueError, OverflowError) as error:
        raise TimeError(f"names a day or time that does not exist: {text} ({error})") from None
