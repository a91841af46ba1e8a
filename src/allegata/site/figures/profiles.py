"""What stands in the columns of a release's tables: how much, between what, and how often.

All of it is counted by SQL over the Parquet files, with one question a column (a table, if it is
small) and one more for each column that has a picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from allegata.site import words
from allegata.site.store import Store

MOST_FREQUENT = 8
"""So many values of a column are named."""
BARS = 12
"""So many bars has a histogram at most."""
_EXACT = 50_000
"""Up to so many rows it is counted exactly how many values differ, and which is in the middle."""


@dataclass(frozen=True)
class Bar:
    """How many rows have a value, or one in a span of values."""

    label: str
    rows: int
    share: float
    """Of the longest bar, from 0 to 100."""
    value: str | None = None
    """The value itself, where the bar is of one."""


@dataclass(frozen=True)
class Profile:
    """What stands in one column."""

    rows: int
    empty: int
    different: int
    exact: bool
    """Whether it is counted and not estimated how many values differ."""
    span: tuple[str, str] | None
    """The least and the greatest, of numbers, days and lengths."""
    middle: str | None
    """The median of numbers."""
    kind: str
    """What the bars are of: ``values``, ``spans``, ``lengths``; empty without any."""
    bars: tuple[Bar, ...]

    @property
    def empty_share(self) -> str:
        """The share of rows in which it is empty, in words."""
        if not self.rows or not self.empty:
            return "never empty here"
        if self.empty == self.rows:
            return "always empty here"
        share = 100 * self.empty / self.rows
        return (
            f"empty in {words.number(self.empty)} of {words.number(self.rows)} rows ({share:.2g} %)"
        )


def profiles(store: Store, table: str) -> dict[str, Profile]:
    """The profile of each column of a table.

    Args:
        store: The tables of the release.
        table: One of them.

    Returns:
        Column -> what stands in it.
    """
    key = (table, store.digest(table))
    if key not in _KNOWN:
        while len(_KNOWN) >= _MOST_KNOWN:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[key] = _counted_anew(store, table)
    return _KNOWN[key]


_KNOWN: dict[tuple[str, str], dict[str, Profile]] = {}
"""The profiles of the tables that were asked for last, by their names and the digests of their
files: a site that is brought up to date again and again counts what has changed and no more."""
_MOST_KNOWN = 64


def _counted_anew(store: Store, table: str) -> dict[str, Profile]:
    fields = list(store.schema(table))
    if not fields:
        return {}
    rows = _rows(store, table)
    told: dict[str, Any] = {"rows": rows}
    # Of large tables one column after another: all at once would take much memory.
    step = len(fields) if rows <= _EXACT else 1
    for start in range(0, len(fields), step):
        asked = ", ".join(
            measure
            for at, field in enumerate(fields[start : start + step], start)
            for measure in _measures(at, field, rows)
        )
        told |= store.rows(f"SELECT {asked} FROM {_quoted(table)}")[0]
    return {field.name: _profile(store, table, at, field, told) for at, field in enumerate(fields)}


def _rows(store: Store, table: str) -> int:
    entry = store.release.manifest.table(table)
    return entry.rows if entry else 0


def _measures(at: int, field: pa.Field, rows: int) -> Iterator[str]:
    name = _quoted(field.name)
    count = f"count(DISTINCT {name})" if rows <= _EXACT else f"approx_count_distinct({name})"
    yield f"count({name}) AS given_{at}"
    yield f"{count} AS different_{at}"
    if _is_text(field):
        yield f"min(length({name})) AS least_{at}, max(length({name})) AS most_{at}"
        yield f"coalesce(bool_or(contains({name}, ' ')), false) AS prose_{at}"
    else:
        yield f"min({name}) AS least_{at}, max({name}) AS most_{at}"
    if _is_number(field):
        middle = f"median({name})" if rows <= _EXACT else f"approx_quantile({name}, 0.5)"
        yield f"{middle} AS middle_{at}"


def _profile(store: Store, table: str, at: int, field: pa.Field, told: dict[str, Any]) -> Profile:
    given, different = told[f"given_{at}"], told[f"different_{at}"]
    least, most = told[f"least_{at}"], told[f"most_{at}"]
    prose = told.get(f"prose_{at}", False)
    kind, bars = _bars(store, table, field, given, different, least, most, prose)
    middle = told.get(f"middle_{at}")
    spans = least is not None and not pa.types.is_boolean(field.type)
    return Profile(
        rows=told["rows"],
        empty=told["rows"] - given,
        different=different,
        exact=told["rows"] <= _EXACT,
        span=(_shown(least), _shown(most)) if spans else None,
        middle=words.number(round(middle, 2)) if middle is not None else None,
        kind=kind,
        bars=tuple(bars),
    )


def _bars(
    store: Store,
    table: str,
    field: pa.Field,
    given: int,
    different: int,
    least: Any,
    most: Any,
    prose: bool,
) -> tuple[str, list[Bar]]:
    if not given:
        return "", []
    spread = _is_number(field) or pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)
    if spread and different > BARS:
        return "spans", _spans(store, table, field, least, most)
    recurs = different <= given // 2 or different <= MOST_FREQUENT
    if not _is_text(field) or (recurs and not prose):
        return "values", _values(store, table, field)
    # Texts that hardly ever recur tell nothing one by one; and what is said stands nowhere without
    # who says it. How long they are tells something.
    return ("lengths", _lengths(store, table, field, least, most)) if most > least else ("", [])


def _values(store: Store, table: str, field: pa.Field) -> list[Bar]:
    name = _quoted(field.name)
    rows = store.rows(
        f"SELECT CAST({name} AS VARCHAR) AS value, count(*) AS n FROM {_quoted(table)} "
        f"WHERE {name} IS NOT NULL GROUP BY ALL ORDER BY n DESC, value LIMIT {MOST_FREQUENT}"
    )
    return _as_bars([(row["value"], row["n"], row["value"]) for row in rows])


def _spans(store: Store, table: str, field: pa.Field, least: Any, most: Any) -> list[Bar]:
    """Rows by spans of equal width, the empty ones between included."""
    is_day = not _is_number(field)
    value = f"CAST({_quoted(field.name)} AS DATE)" if is_day else _quoted(field.name)
    first = f"(SELECT min({value}) FROM {_quoted(table)})"
    if is_day:
        low, high = _day(least), _day(most)
        width: float = max(1, -(-((high - low).days + 1) // BARS))
        labels = [
            words.days_in_words(
                date.fromordinal(low.toordinal() + int(at * width)),
                min(high, date.fromordinal(low.toordinal() + int((at + 1) * width) - 1)),
            )
            for at in range(BARS)
        ]
    else:
        width = (most - least) / BARS or 1
        if pa.types.is_integer(field.type):
            width = max(1, -(-(most - least + 1) // BARS))
        labels = [_between(least + at * width, width, field) for at in range(BARS)]
    bin_of = f"least({BARS - 1}, CAST(floor(({value} - {first}) / {width}) AS INTEGER))"
    return _counted(store, table, field, bin_of, labels)


def _lengths(store: Store, table: str, field: pa.Field, least: int, most: int) -> list[Bar]:
    width = max(1, -(-(most - least + 1) // BARS))
    bin_of = f"CAST(floor((length({_quoted(field.name)}) - {least}) / {width}) AS INTEGER)"
    labels = [
        words.number(low)
        if width == 1
        else f"{words.number(low)} to {words.number(low + width - 1)}"
        for low in range(least, least + BARS * width, width)
    ]
    return _counted(store, table, field, bin_of, labels)


def _counted(
    store: Store, table: str, field: pa.Field, bin_of: str, labels: list[str]
) -> list[Bar]:
    rows = store.rows(
        f"SELECT {bin_of} AS bin, count(*) AS n FROM {_quoted(table)} "
        f"WHERE {_quoted(field.name)} IS NOT NULL GROUP BY ALL"
    )
    found = {row["bin"]: row["n"] for row in rows}
    last = max(found)
    return _as_bars([(labels[at], found.get(at, 0), None) for at in range(last + 1)])


def _as_bars(rows: list[tuple[str, int, str | None]]) -> list[Bar]:
    most = max((count for _, count, _ in rows), default=1)
    return [Bar(label, count, round(100 * count / most, 1), value) for label, count, value in rows]


def _between(low: float, width: float, field: pa.Field) -> str:
    if pa.types.is_integer(field.type):
        return _whole(low, low + width - 1)
    return f"{low:,.6g} to under {low + width:,.6g}"


def _whole(low: float, high: float) -> str:
    return words.number(low) if high <= low else f"{words.number(low)} to {words.number(high)}"


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _shown(value: Any) -> str:
    if isinstance(value, (int, float)):
        return words.number(value)
    return words.day_in_words(_day(value))


def _is_text(field: pa.Field) -> bool:
    return bool(pa.types.is_string(field.type) or pa.types.is_large_string(field.type))


def _is_number(field: pa.Field) -> bool:
    return bool(pa.types.is_integer(field.type) or pa.types.is_floating(field.type))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
