"""The named types that fields are made of.

A type carries its constraint, and the code of the rule that a value outside it breaks. Values
are taken as they are written: no number for a text, no text for a number. Patterns mean the same
in Python, in Rust's regex and in RE2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from allegata.schema import timeprofile
from allegata.schema.text import what_is_not_canonical

INT32_MAX = 2**31 - 1
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Breaks:
    """The code of the rule that a value outside the type's constraint breaks."""

    code: str


@dataclass(frozen=True)
class Ref:
    """A field that holds the id of a record of that table (None: of any table)."""

    table: str | None


@dataclass(frozen=True)
class Edtf:
    """A field in the time profile; its table has the first and last day it spans as well."""


@dataclass(frozen=True)
class Nested:
    """A field that lists records of another table, which take the parent's key from here.

    ``key`` is the child's column for the parent's key. ``position`` is the child's column for
    its place in the list, counted from 1; None where the order means nothing.
    """

    key: str
    position: str | None = None


@dataclass(frozen=True)
class PerFile:
    """A field that a record file may state once, under `defaults`, for all its records."""


def broken(code: str, message: str, **context: Any) -> PydanticCustomError:
    """The error by which a constraint names the rule that it stands for."""
    return PydanticCustomError(code, "{message}", {"message": message, **context})


def _canonical(*, verbatim: bool = False) -> Callable[[str], str]:
    def check(text: str) -> str:
        if found := what_is_not_canonical(text, verbatim=verbatim):
            raise broken("TEXT_NOT_CANONICAL", found)
        return text

    return check


def _single_line(text: str) -> str:
    if "\n" in text:
        raise broken("TEXT_NOT_CANONICAL", "has a line break, and the field is one line")
    return text


def _time(text: str) -> str:
    try:
        timeprofile.bounds(text)
    except timeprofile.TimeReversedError as error:
        raise broken("TIME_REVERSED", str(error)) from None
    except timeprofile.TimeError as error:
        raise broken("TIME_INVALID", str(error)) from None
    return text


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise broken("TIME_INVALID", "is not a day of the calendar; expected a text such as 2025-12-29")


_INSTANT = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, str) and re.fullmatch(_INSTANT, value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise broken(
        "TIME_INVALID", "is not a time with its zone; expected a text such as 2025-12-29T14:05:00Z"
    )


@cache
def countries() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes in use."""
    import pycountry  # reads its tables on import of a name; most commands need none

    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def subdivisions() -> frozenset[str]:
    """The ISO 3166-2 codes in use."""
    import pycountry

    return frozenset(subdivision.code for subdivision in pycountry.subdivisions)


@cache
def is_language(tag: str) -> bool:
    """Whether ``tag`` is a valid BCP 47 tag in its usual case (``pt-BR``, not ``pt-br``)."""
    import langcodes

    return langcodes.tag_is_valid(tag) and langcodes.standardize_tag(tag) == tag


def _country(code: str) -> str:
    if code not in countries():
        raise broken("COUNTRY_UNKNOWN", "is not a country of ISO 3166-1; expected two capitals")
    return code


def _subdivision(code: str) -> str:
    if code not in subdivisions():
        raise broken("AUTHORITY_FORMAT", "is not a subdivision of ISO 3166-2, such as RU-NGR")
    return code


def _language(tag: str) -> str:
    if not is_language(tag):
        raise broken("LANG_INVALID", "is not a language tag of BCP 47, such as en or pt-BR")
    return tag


PREFIXES = {
    "src": "sources",
    "act": "actors",
    "rol": "roles",
    "plc": "places",
    "evt": "events",
    "prp": "propositions",
    "stm": "statements",
    "clm": "claims",
}
"""The prefix of an id -> the table whose records bear it."""


def _id(prefix: str) -> StringConstraints:
    return StringConstraints(pattern=f"^{prefix}-{SLUG}$", max_length=120)


_ID = Breaks("ID_FORMAT")
SourceId = Annotated[str, _id("src"), _ID, Ref("sources")]
ActorId = Annotated[str, _id("act"), _ID, Ref("actors")]
RoleId = Annotated[str, _id("rol"), _ID, Ref("roles")]
PlaceId = Annotated[str, _id("plc"), _ID, Ref("places")]
EventId = Annotated[str, _id("evt"), _ID, Ref("events")]
PropositionId = Annotated[str, _id("prp"), _ID, Ref("propositions")]
StatementId = Annotated[str, _id("stm"), _ID, Ref("statements")]
ClaimId = Annotated[str, _id("clm"), _ID, Ref("claims")]
AnyId = Annotated[str, _id(f"({'|'.join(PREFIXES)})"), _ID, Ref(None)]

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500),
    AfterValidator(_canonical()),
    AfterValidator(_single_line),
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_canonical())
]
Verbatim = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2_000),
    AfterValidator(_canonical(verbatim=True)),
]

Time = Annotated[
    str,
    StringConstraints(max_length=120),
    AfterValidator(_time),
    Edtf(),
    WithJsonSchema({"type": "string", "pattern": timeprofile.PATTERN}),
]
Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[datetime, BeforeValidator(_instant)]

Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(_language)]
Country = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{2}$"),
    Breaks("COUNTRY_UNKNOWN"),
    AfterValidator(_country),
]
Subdivision = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$"),
    Breaks("AUTHORITY_FORMAT"),
    AfterValidator(_subdivision),
]
WikidataId = Annotated[
    str, StringConstraints(pattern="^Q[1-9][0-9]{0,11}$"), Breaks("AUTHORITY_FORMAT")
]
GeoNamesId = Annotated[
    str, StringConstraints(pattern="^[1-9][0-9]{0,11}$"), Breaks("AUTHORITY_FORMAT")
]
Url = Annotated[
    str,
    StringConstraints(
        pattern="^https?://[A-Za-z0-9._~%-]+(:[0-9]{1,5})?([/?#][!#-;=?-Z_a-z~\\[\\]]*)?$",
        max_length=2_000,
    ),
    Breaks("SOURCE_URL_INVALID"),
]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$"), Breaks("SOURCE_HASH_FORMAT")]
Version = Annotated[
    str,
    StringConstraints(pattern="^[1-9][0-9]{3}[.]([1-9]|1[0-2])[.](0|[1-9][0-9]{0,3})$"),
    Breaks("FIELD_RANGE"),
]
Pseudonym = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=40), _ID]

RuleCode = Annotated[
    str, StringConstraints(pattern="^[A-Z]+(_[A-Z]+)*$", max_length=60), Breaks("WAIVER_WRONG")
]

Count = Annotated[int, Field(ge=0, le=INT32_MAX)]
Ordinal = Annotated[int, Field(ge=1, le=INT32_MAX)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
