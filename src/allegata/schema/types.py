"""The named types that fields are made of.

A type carries its constraint, and the code of the rule that a value outside it breaks. Values
are taken as they are written: no number for a text, no text for a number. Patterns mean the same
in Python, in Rust's regex and in RE2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from allegata.schema import timeprofile
from allegata.schema.text import what_is_not_canonical

INT32_MAX = 2**31 - 1
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PORT = "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"


@dataclass(frozen=True)
class Breaks:
    """The code of the rule that a value outside the type's constraint breaks."""

    code: str
    form: str = "does not have the right form"
    """What is said of a text that does not match the type's pattern."""


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
class Unit:
    """What the numbers of a field count or measure, in the plural: ``degrees``."""

    name: str


@dataclass(frozen=True)
class Revised:
    """How often a field has come to mean something else, to be raised by hand when it does.

    No machine sees a change of meaning: the field's values look as they did. A field without this
    mark means what it meant when it was added, which is its first definition.
    """

    definition: int

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "x-revision": self.definition}


@dataclass(frozen=True)
class PerFile:
    """A field that a record file may state once, under `defaults`, for all its records."""


def broken(code: str, message: str, **context: Any) -> PydanticCustomError:
    """The error by which a constraint names the rule that it stands for."""
    return PydanticCustomError(code, "{message}", {"message": message, **context})


@dataclass(frozen=True)
class Canonical:
    """The constraint that a text is as `what_is_not_canonical` asks for."""

    verbatim: bool = False
    """Whether the text was copied from a source, whose blanks are its own."""

    def __call__(self, text: str) -> str:
        """The text itself, if it is canonical."""
        if found := what_is_not_canonical(text, verbatim=self.verbatim):
            raise broken("TEXT_NOT_CANONICAL", found)
        return text


def single_line(text: str) -> str:
    """The constraint that a text has no line break."""
    if "\n" in text:
        raise broken("TEXT_NOT_CANONICAL", "has a line break, and the field is one line")
    return text


def time_of_profile(text: str) -> str:
    """The constraint that a text is a time of the profile."""
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


def _not_before_start(end: date, others: ValidationInfo) -> date:
    start = others.data.get("start")
    if start and end < start:
        raise broken("TIME_REVERSED", f"is before the start, {start}")
    return end


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


LANGUAGES: set[str] = set()
"""Tags that ``is_language`` has found to be languages, or that an earlier run has."""


def is_language(tag: str) -> bool:
    """Whether ``tag`` is a valid BCP 47 tag in its usual case (``pt-BR``, not ``pt-br``)."""
    if tag in LANGUAGES:
        return True
    import langcodes  # takes longer to import than all else that a second run does

    if langcodes.tag_is_valid(tag) and langcodes.standardize_tag(tag) == tag:
        LANGUAGES.add(tag)
        return True
    return False


_NO_COUNTRY = "is not a country of ISO 3166-1; expected two capitals"
_NO_SUBDIVISION = "is not a subdivision of ISO 3166-2, such as RU-NGR"


def _country(code: str) -> str:
    if code not in countries():
        raise broken("COUNTRY_UNKNOWN", _NO_COUNTRY)
    return code


def _subdivision(code: str) -> str:
    if code not in subdivisions():
        raise broken("AUTHORITY_FORMAT", _NO_SUBDIVISION)
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
    AfterValidator(Canonical()),
    AfterValidator(single_line),
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(Canonical())
]
Verbatim = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2_000),
    AfterValidator(Canonical(verbatim=True)),
]

Time = Annotated[
    str,
    StringConstraints(max_length=120),
    AfterValidator(time_of_profile),
    Edtf(),
    WithJsonSchema({"type": "string", "pattern": timeprofile.PATTERN}),
]
Day = Annotated[date, BeforeValidator(_day)]
LastDay = Annotated[Day, AfterValidator(_not_before_start)]
Instant = Annotated[datetime, BeforeValidator(_instant)]

Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(_language)]
Country = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{2}$"),
    Breaks("COUNTRY_UNKNOWN", _NO_COUNTRY),
    AfterValidator(_country),
]
Subdivision = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$"),
    Breaks("AUTHORITY_FORMAT", _NO_SUBDIVISION),
    AfterValidator(_subdivision),
]
WikidataId = Annotated[
    str,
    StringConstraints(pattern="^Q[1-9][0-9]{0,11}$"),
    Breaks("AUTHORITY_FORMAT", "is not an identifier of Wikidata, such as Q571"),
]
GeoNamesId = Annotated[
    str,
    StringConstraints(pattern="^[1-9][0-9]{0,11}$"),
    Breaks("AUTHORITY_FORMAT", "is not a number of GeoNames, such as 519336"),
]
Orcid = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"),
    Breaks("AUTHORITY_FORMAT", "is not an ORCID iD, such as 0000-0002-1825-0097"),
]
Url = Annotated[
    str,
    StringConstraints(
        pattern=f"^https?://{_LABEL}([.]{_LABEL})*[.]?(:{_PORT})?([/?#][!#-;=?-Z_a-z~\\[\\]]*)?$",
        max_length=2_000,
    ),
    Breaks("SOURCE_URL_INVALID", "is not a whole http or https address"),
]
Sha256 = Annotated[
    str,
    StringConstraints(pattern="^[0-9a-f]{64}$"),
    Breaks("SOURCE_HASH_FORMAT", "is not 64 lower-case hexadecimal digits"),
]
Version = Annotated[
    str,
    StringConstraints(pattern="^[1-9][0-9]{3}[.]([1-9]|1[0-2])[.](0|[1-9][0-9]{0,3})$"),
    Breaks("FIELD_RANGE", "is not a release such as 2026.11.0"),
]
SchemaVersion = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{1,4}[.][0-9]{1,4}[.][0-9]{1,4}$"),
    Breaks("SCHEMA_VERSION", "is not a version such as 1.0.0"),
]
Pseudonym = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=40), _ID]
ShortName = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=60), _ID]

_CHARACTER = (
    r'([ !#-Z\[\]^-~]|\\["/bfnrt]|\\\\|\\[u]([0-9a-ce-f][0-9a-f]{3}|d[0-7][0-9a-f]{2}'
    r"|d[89ab][0-9a-f]{2}\\[u]d[c-f][0-9a-f]{2}))"
)
_VALUE = f'("{_CHARACTER}*"|-?(0|[1-9][0-9]*)([.][0-9]+)?(e[+-]?[0-9]+)?|true|false|null)'
_PAIR = f'"{_CHARACTER}*":{_VALUE}'
RawValues = Annotated[
    str,
    StringConstraints(pattern=f"^[{{]{_PAIR}(,{_PAIR})*[}}]$", max_length=20_000),
    Breaks("ORIGIN_RAW", "is not a JSON object of one level in ASCII, without blanks"),
]
"""A JSON object of texts, numbers, true, false and null, as Python's ``json.dumps`` writes it
with ``separators=(",", ":")``. All beyond ASCII is escaped, so that whatever a file holds is kept
to the letter, and nothing in it can act on who reads it."""

RuleCode = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]+(_[A-Z]+)*$", max_length=60),
    Breaks("WAIVER_WRONG", "is not the code of a rule, such as TIME_WINDOW"),
]

Count = Annotated[int, Field(ge=0, le=INT32_MAX)]
CodePoints = Annotated[Count, Unit("code points")]
Ordinal = Annotated[int, Field(ge=1, le=INT32_MAX)]
Latitude = Annotated[float, Field(ge=-90, le=90), Unit("degrees")]
Longitude = Annotated[float, Field(ge=-180, le=180), Unit("degrees")]
