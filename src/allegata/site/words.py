"""How the site puts values into words."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum
from unicodedata import bidirectional

from allegata.schema.vocabularies import Predicate, Stance

STANDING = (
    "This site records who said what, through whom and when. It takes no position on whether "
    "what was said is so."
)
"""What stands on every page."""

STANCES = {
    Stance.ASSERTS: "says so",
    Stance.SUGGESTS: "says it is likely or possible",
    Stance.NONCOMMITTAL: "takes no side",
    Stance.DOUBTS: "doubts it",
    Stance.DENIES: "denies it",
    Stance.ASKS: "asks about it",
    Stance.DECLINES: "declines to speak to it",
    Stance.NO_RESPONSE: "had not answered",
    Stance.RETRACTS: "takes back what was said before",
}
"""What the one who takes a stance does, for a sentence with a speaker before it."""

PREDICATES = {
    Predicate.ENTAILS: ("Whoever says so commits to", "Follows from"),
    Predicate.CONTRADICTS: ("Cannot hold together with", "Cannot hold together with"),
    Predicate.REPLIES_TO: ("Answers", "Answered by"),
    Predicate.BEFORE: ("Ended before", "Began after"),
    Predicate.PART_OF: ("Part of", "Includes"),
    Predicate.ALTERNATIVE_TO: ("Rival account of", "Rival account of"),
    Predicate.REPUBLISHES: ("Same text as", "Printed also as"),
    Predicate.REWRITES: ("Reworks", "Reworked in"),
    Predicate.TRANSLATES: ("Translates", "Translated in"),
    Predicate.CORRECTS: ("Corrects", "Corrected in"),
}
"""A relation as seen from its subject, and from its object."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SENTENCE = re.compile(r".+?(?:[.!?]['\")\u2019\u201d»]*\s+(?=[^\sa-z])|\n\s*\n)", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<clock>\d\d:\d\d)(?P<zone>.+))?)?)?"
)


def time_in_words(text: str) -> str:
    """A time of the profile as an English phrase; a text outside the profile as it is.

    >>> time_in_words("2025-12-29"), time_in_words("2025-12~")
    ('29 December 2025', 'about December 2025')
    >>> time_in_words("2025-12-28/2025-12-30")
    'from 28 to 30 December 2025'
    >>> time_in_words("[..2025-12-29]"), time_in_words("[2025..2026]")
    ('at some time up to 29 December 2025', 'at some time between 2025 and 2026')
    >>> time_in_words("../2024"), time_in_words("2025-12-29T14:05Z?")
    ('up to 2024', '29 December 2025, 14:05 UTC (uncertain)')
    """
    within, interval = text.startswith("["), "/" in text
    if not (within or interval):
        return _moment(text)
    first, last = [part.strip(".") for part in _ends(text)]
    if not (first and last):
        open_end = f"up to {_moment(last)}" if last else f"from {_moment(first)} on"
        return f"at some time {open_end}" if within else open_end
    start, end = _moment(first), _moment(last)
    if _DAY.fullmatch(first) and _DAY.fullmatch(last) and first[:7] == last[:7]:
        start = start.split()[0]  # the month and the year are said once
    return f"at some time between {start} and {end}" if within else f"from {start} to {end}"


def _ends(text: str) -> tuple[str, str]:
    if text.startswith("["):
        first, _, last = text.strip("[]").partition("..")
    else:
        first, _, last = text.partition("/")
    return first, last


def _moment(text: str) -> str:
    found = _MOMENT.fullmatch(text.rstrip("~?%"))
    if not found or not 1 <= int(found["month"] or 1) <= 12:
        return text
    phrase = found["year"]
    if found["month"]:
        phrase = f"{_MONTHS[int(found['month']) - 1]} {phrase}"
    if found["day"]:
        phrase = f"{int(found['day'])} {phrase}"
    if found["clock"]:
        zone = "UTC" if found["zone"] == "Z" else f"(UTC{found['zone']})"
        phrase += f", {found['clock']} {zone}"
    mark = text[-1]
    if mark in "~%":
        phrase = f"about {phrase}"
    return f"{phrase} (uncertain)" if mark in "?%" else phrase


def day_in_words(day: date) -> str:
    """A day of the calendar.

    >>> day_in_words(date(2026, 11, 5))
    '5 November 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_in_words(first: date, last: date) -> str:
    """The days from the first to the last.

    >>> days_in_words(date(2026, 11, 5), date(2026, 11, 5))
    '5 November 2026'
    >>> days_in_words(date(2026, 11, 5), date(2026, 12, 1))
    '5 November 2026 to 1 December 2026'
    """
    if first == last:
        return day_in_words(first)
    return f"{day_in_words(first)} to {day_in_words(last)}"


def instant_in_words(seconds: int) -> str:
    """A number of seconds since 1970, as a day and a time.

    >>> instant_in_words(1767016800)
    '29 December 2025, 14:00 UTC'
    """
    instant = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    return f"{day_in_words(instant.date())}, {instant:%H:%M} UTC"


def plain(code: str | Enum) -> str:
    """A code as words.

    >>> plain("press_exchange")
    'press exchange'
    """
    return str(code.value if isinstance(code, Enum) else code).replace("_", " ")


def number(value: float) -> str:
    """A number with its thousands apart; no decimals that say nothing.

    >>> number(12345), number(90.0), number(2.5)
    ('12,345', '90', '2.5')
    """
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def counted(value: int, one: str, many: str = "") -> str:
    """A number and what it counts.

    >>> counted(1, "party", "parties"), counted(3, "claim")
    ('1 party', '3 claims')
    """
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def size(count: int) -> str:
    """A number of bytes.

    >>> size(820), size(12_340), size(5_600_000)
    ('820 bytes', '12.3 kB', '5.6 MB')
    """
    if count < 1000:
        return counted(count, "byte")
    power = 1
    while count / 1000**power >= 999.95:
        power += 1
    return f"{count / 1000**power:.1f} {'_kMGTP'[power]}B"


def joined(names: list[str]) -> str:
    """Names as a list in a sentence.

    >>> joined(["A", "B", "C"])
    'A, B and C'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def parted(text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest.

    >>> parted("Who said what, e.g. on a fire. It holds claims.")
    ('Who said what, e.g. on a fire.', 'It holds claims.')
    >>> parted("One only")
    ('One only', '')
    """
    found = _SENTENCE.match(text.strip())
    return (found[0].rstrip(), text.strip()[found.end() :]) if found else (text.strip(), "")


def shortened(text: str, limit: int = 160) -> str:
    """The beginning of a text, in one line.

    >>> shortened("one two three", 10)
    'one two…'
    """
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + "…"


def apart(name: str) -> str:
    r"""A name in a sentence of ours, set apart from it where it is read from right to left.

    For texts that also stand in attributes and titles, where no element can do it. The characters
    are those of the Unicode Bidirectional Algorithm (UAX 9): first strong isolate and its end.
    Other names stay as they are.

    >>> apart("Maren Osk")
    'Maren Osk'
    >>> print(ascii(apart("\u05de\u05e8\u05df (2)")))
    '\u2068\u05de\u05e8\u05df (2)\u2069'
    """
    if name.isascii() or not any(bidirectional(one) in ("R", "AL") for one in name):
        return name
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
