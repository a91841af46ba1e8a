"""The time profile: what it takes, what it refuses, and which days a time spans."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import StringConstraints, TypeAdapter, ValidationError

from allegata.schema.timeprofile import PATTERN, Bounds, TimeError, TimeReversedError, bounds

RUST = TypeAdapter(Annotated[str, StringConstraints(pattern=PATTERN)])

# A reference that shares nothing with the parser: a time is a set of days, found by looking at
# every day of the years at stake.
YEARS = range(2023, 2027)
CALENDAR = [date(2023, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]


def days_of(year: int, month: int | None, day: int | None) -> Bounds:
    meant = [
        d for d in CALENDAR if d.year == year and month in (None, d.month) and day in (None, d.day)
    ]
    return Bounds(min(meant), max(meant))


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, Bounds]:
    """A time without an interval, as text and as days."""
    year = draw(st.sampled_from(YEARS))
    month = draw(st.none() | st.integers(1, 12))
    day = draw(st.none() | st.integers(1, calendar.monthrange(year, month)[1])) if month else None
    text = f"{year}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    found = days_of(year, month, day)
    if month and day and draw(st.booleans()):
        hour, minute = draw(st.integers(0, 23)), draw(st.integers(0, 59))
        sign, ahead = draw(st.sampled_from("+-")), draw(st.integers(0, 23 * 60 + 59))
        zulu = draw(st.booleans())
        zone = "Z" if zulu else f"{sign}{ahead // 60:02}:{ahead % 60:02}"
        shift = timedelta() if zulu else timedelta(minutes=ahead) * (1 if sign == "+" else -1)
        utc = (datetime(year, month, day, hour, minute, tzinfo=UTC) - shift).date()
        text, found = f"{text}T{hour:02}:{minute:02}{zone}", Bounds(utc, utc)
    return text + draw(st.sampled_from(["", "~", "?", "%"])), found


@st.composite
def times(draw: st.DrawFn) -> tuple[str, Bounds]:
    """A time of any shape of the profile, as text and as days; intervals may be reversed."""
    (a, first), (b, last) = draw(moments()), draw(moments())
    return draw(
        st.sampled_from(
            [
                (a, first),
                (f"{a}/{b}", Bounds(first.earliest, last.latest)),
                (f"{a}/..", Bounds(first.earliest, None)),
                (f"../{b}", Bounds(None, last.latest)),
                (f"[{a}..{b}]", Bounds(first.earliest, last.latest)),
                (f"[{a}..]", Bounds(first.earliest, None)),
                (f"[..{b}]", Bounds(None, last.latest)),
            ]
        )
    )


@given(times())
def test_bounds_are_the_days_a_calendar_gives(time: tuple[str, Bounds]) -> None:
    text, expected = time
    if expected.earliest and expected.latest and expected.earliest > expected.latest:
        with pytest.raises(TimeReversedError):
            bounds(text)
    else:
        assert bounds(text) == expected


@given(times(), st.characters(max_codepoint=0x2100), st.integers(0, 60))
def test_three_engines_read_the_pattern_alike(time: tuple[str, Bounds], char: str, at: int) -> None:
    text, _ = time
    for candidate in (text, text[:at] + char + text[at:], text[:at] + text[at + 1 :], text + "\n"):
        assert in_python(candidate) == in_rust(candidate) == in_re2(candidate), candidate


def in_python(text: str) -> bool:
    return re.fullmatch(PATTERN[1:-1], text) is not None


def in_rust(text: str) -> bool:
    try:
        RUST.validate_python(text)
    except ValidationError:
        return False
    return True


def in_re2(text: str) -> bool:
    return bool(pc.match_substring_regex(pa.array([text]), PATTERN)[0].as_py())


@given(st.from_regex(PATTERN[1:-1], fullmatch=True))
@example("0000")
@example("0001-01-01T00:00+23:59")
@example("9999-12-31T23:59-23:59")
@example("2025-02-30/..")
def test_what_has_the_shape_is_read_or_refused(text: str) -> None:
    try:
        earliest, latest = bounds(text)
    except TimeError:
        return
    assert earliest or latest
    assert not (earliest and latest) or earliest <= latest


@given(st.text() | st.text("0123456789-/T:Z+.~?%[]", max_size=40))
def test_other_text_is_refused_as_a_time_error(text: str) -> None:
    assume(not in_python(text))
    with pytest.raises(TimeError):
        bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-1",
        "2025-13",
        "2025-00",
        "2025-02-29",
        "2025-04-31",
        "2025-12-29T14:05",
        "2025-12-29T24:00Z",
        "2025-12-29T14:05:00Z",
        "2025-12-29T14Z",
        "2025-12-29T14:05+3",
        "2025-12-29T14:05z",
        "2025-12-29 14:05Z",
        "2025-12~-29",
        "2025??",
        "2025-12-28/",
        "/2025",
        "../..",
        "[..]",
        "[2025]",
        "[2025..2026",
        "2025..2026",
        "2025/2026/2027",
        "[2025/2026]",
        "-2025",
        "2025XX",
        "\uff12\uff10\uff12\uff15",
        " 2025",
        "2025\n",
    ],
)
def test_outside_the_profile(text: str) -> None:
    with pytest.raises(TimeError):
        bounds(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12-29T14:05Z", date(2025, 12, 29), date(2025, 12, 29)),
        ("2025-12-29T23:30-05:00", date(2025, 12, 30), date(2025, 12, 30)),
        ("2025-12-29T00:30+03:00", date(2025, 12, 28), date(2025, 12, 28)),
        ("2025~", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-11/2025-12-03%", date(2025, 11, 1), date(2025, 12, 3)),
        ("../2025", None, date(2025, 12, 31)),
        ("[2025-12-30?..]", date(2025, 12, 30), None),
        ("2025/2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-12/2025", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_bounds_worked_by_hand(text: str, first: date | None, last: date | None) -> None:
    assert bounds(text) == (first, last)


def test_a_mark_of_doubt_leaves_the_bounds_as_written() -> None:
    assert {bounds(f"2025-12-29{mark}") for mark in ("", "~", "?", "%")} == {
        (date(2025, 12, 29), date(2025, 12, 29))
    }
