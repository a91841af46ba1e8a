"""What a mapping may state. Its JSON Schema is generated from here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from allegata.schema.types import Day, Line, ShortName, Text

Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
"""A name of the mapping's own: of a value, a table of equivalents, a record."""


class _Part(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )


class Column(_Part):
    """What stands in a column; blanks at its ends are left out, and nothing is no value."""

    column: str
    """The name of the column."""


class Value(_Part):
    """One of the mapping's own `values`."""

    value: Name
    """Its name."""


class Item(_Part):
    """The part that the record is made for, where the record has `each`."""

    item: Literal[True]
    """Always true."""


class Joined(_Part):
    """Texts put together; no value if one of them has none."""

    join: Annotated[list[Expression], Field(min_length=1)]
    """The texts, in order."""


class First(_Part):
    """The first of several that has a value."""

    first: Annotated[list[Expression], Field(min_length=1)]
    """In order of preference."""


class LookedUp(_Part):
    """What a table of equivalents holds for a value; upper and lower case are alike."""

    lookup: Name
    """The table, one of `lookups`."""
    of: Expression
    """The value to look up."""
    take: str = "value"
    """The column of the table to take."""


class Dated(_Part):
    """A day or a minute, from a date as the table writes it."""

    date: Expression
    """The date as written."""
    formats: Annotated[list[str], Field(min_length=1)]
    """How it may be written, tried in order, in the codes of strptime: `%Y-%m-%d`, `%d.%m.%Y`."""
    precision: Literal["year", "month", "day", "minute"] = "day"
    """How much of it to keep; of a minute, the zone is UTC."""


class Span(_Part):
    """From the first day to the last, both given as days; one day if they are the same."""

    span: Annotated[list[Expression], Field(min_length=2, max_length=2)]
    """The first and the last."""


class Within(_Part):
    """At one time within two days; one day if they are the same, open where one has no value."""

    within: Annotated[list[Expression], Field(min_length=2, max_length=2)]
    """The earliest and the latest."""


class SplitPart(_Part):
    """One part of a text that is a list."""

    part: Annotated[int, Field(ge=1, le=1000)]
    """Which, from 1."""
    of: Expression
    """The text."""
    at: Annotated[str, Field(min_length=1)]
    """What stands between the parts."""


class Matched(_Part):
    """What a pattern (RE2) finds in a text; no value if it finds nothing."""

    match: str
    """The pattern; what its first group matches is taken, or all of it if it has none."""
    of: Expression
    """The text."""


class Replaced(_Part):
    """A text in which all that a pattern (RE2) finds is replaced."""

    replace: str
    """The pattern."""
    by: str
    r"""What stands there instead; `\1` is what the first group matched."""
    of: Expression
    """The text."""


class Number(_Part):
    """A number, from a text of digits with a decimal point."""

    number: Expression
    """The text."""


class Lower(_Part):
    """A text in lower case."""

    lower: Expression
    """The text."""


class Titled(_Part):
    """A text with a capital at the beginning of each word and the rest in lower case."""

    title: Expression
    """The text."""


class Choice(_Part):
    """One value if a condition holds, and another if not."""

    when: Condition
    """The condition."""
    then: Expression
    """The value if it holds."""
    otherwise: Expression | None = None
    """The value if it does not; none if left out."""


class Minted(_Part):
    """An id, always the same for the same parts: the prefix of the table, a slug and a hash."""

    mint: Annotated[list[Expression], Field(min_length=1)]
    """What makes the record the one it is; no id if one of them has no value."""
    slug: Expression | None = None
    """A text to make the id readable."""


class Ref(_Part):
    """The id of another record of the row; no value where that record is not made."""

    ref: Name
    """The name of the record."""


Expression = Annotated[
    str
    | int
    | float
    | bool
    | Column
    | Value
    | Item
    | Joined
    | First
    | LookedUp
    | Dated
    | Span
    | Within
    | SplitPart
    | Matched
    | Replaced
    | Number
    | Lower
    | Titled
    | Choice
    | Minted
    | Ref,
    Field(description="A value: a constant, or how to get it from the row."),
]


class Filled(_Part):
    """Holds where there is a value."""

    filled: Expression
    """The value."""


class Empty(_Part):
    """Holds where there is no value."""

    empty: Expression
    """The value."""


class Same(_Part):
    """Holds where both have the same value."""

    same: Annotated[list[Expression], Field(min_length=2, max_length=2)]
    """The two."""


class Less(_Part):
    """Holds where the first is smaller: numbers by size, days by time."""

    less: Annotated[list[Expression], Field(min_length=2, max_length=2)]
    """The two."""


class OneOf(_Part):
    """Holds where the value is one of a list."""

    one_of: Annotated[list[str], Field(min_length=1)]
    """The list."""
    of: Expression
    """The value."""


class Matches(_Part):
    """Holds where a pattern (RE2) is found in the value."""

    matches: str
    """The pattern."""
    of: Expression
    """The value."""


class All(_Part):
    """Holds where all of them hold."""

    all: Annotated[list[Condition], Field(min_length=1)]
    """The conditions."""


class Any(_Part):
    """Holds where one of them holds."""

    any: Annotated[list[Condition], Field(min_length=1)]
    """The conditions."""


class Not(_Part):
    """Holds where the other does not."""

    unless: Condition
    """The condition."""


Condition = Annotated[
    Filled | Empty | Same | Less | OneOf | Matches | All | Any | Not,
    Field(description="What is true or not of a row."),
]


class Reads(_Part):
    """How the files are written."""

    format: Literal["csv", "jsonl", "parquet"] = "csv"
    """Text with separated columns, one JSON object a line, or Parquet."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | Literal["any"] = ","
    """What separates the columns of a text: a comma, a tab, a semicolon; `any` is that of these
    three which the first line has most of."""
    header: bool | Literal["maybe"] = True
    """Whether the first line names the columns; of `maybe`, it does if its names are those of
    `columns`."""
    columns: list[str] = []
    """The names of the columns, in order, where no header does; of JSON, those to read."""
    optional: list[str] = []
    """Columns that some editions lack, and then have no value."""
    encoding: Literal["utf-8", "latin-1", "cp1252"] = "utf-8"
    """How characters are written."""
    quotes: bool = True
    """Whether a cell in double quotes may hold delimiters and line breaks."""


class Table(_Part):
    """A table of equivalents."""

    version: Line
    """Its version, kept with each record that was made by it."""
    file: Annotated[str, Field(pattern="^[A-Za-z0-9_-]+[.]csv$")] | None = None
    """A CSV file beside the mapping: the first column is looked up, the others can be taken."""
    builtin: Literal["countries", "countries-alpha-3", "languages"] | None = None
    """One that comes with Allegata: English names of countries, their codes of three letters, or
    codes of languages of three letters, each to what the schema asks for."""
    entries: dict[str, str] = {}
    """The equivalents themselves, where they are few."""


class Flag(_Part):
    """A reason, and when it applies."""

    reason: ShortName
    """The reason in a word or a few, with hyphens; rows are counted by it."""
    when: Condition
    """When it applies."""


class RecordOf(_Part):
    """A record that a row becomes, or part of."""

    name: Name
    """By what others of the row refer to it."""
    table: Literal[
        "sources", "actors", "roles", "places", "events", "propositions", "statements", "claims"
    ]
    """The table that it is an entry of."""
    when: Condition | None = None
    """When a row has it; always if left out. Of rows that have the same one, the first makes it."""
    each: SplitEach | None = None
    """Makes one for each part of a text that is a list."""
    fields: dict[str, Expression | list[dict[str, Expression]]]
    """Its fields, named as in record files. Nested records are listed with theirs; those that lack
    a value they need are left out."""
    raw: Literal["all", "none"] = "none"
    """Whether the record keeps the whole row, as it stands in the file, with its origin."""


class SplitEach(_Part):
    """The parts of a text that is a list."""

    of: Expression
    """The text."""
    at: Annotated[str, Field(min_length=1)]
    """What stands between the parts."""


class Mapping(_Part):
    """How the rows of a table become records."""

    name: ShortName
    """The name of the mapping; ids that it makes hold it."""
    namespace: Annotated[ShortName, Field(max_length=40)] | None = None
    """What ids hold instead, where several mappings make ids of the same things."""
    version: Line
    """Its version, kept with each record."""
    dated: Day
    """The day from which this version was so: claims are coded on it."""
    title: Line
    """What it reads, for a list."""
    description: Text
    """What becomes what, and what is set aside."""
    licence: Line | None = None
    """The licence of the data that it reads, kept with each record."""
    reads: Reads = Reads()
    """How the files are written."""
    lookups: dict[Name, Table] = {}
    """Tables of equivalents."""
    values: dict[Name, Expression] = {}
    """Values that are used more than once; each may use those before it."""
    key: list[Expression] = []
    """What no two rows share: of rows with the same key, all but the first are set aside."""
    set_aside: list[Flag] = []
    """Rows that become nothing, by the first reason that applies."""
    warn: list[Flag] = []
    """What is worth knowing of rows that become records all the same."""
    records: Annotated[list[RecordOf], Field(min_length=1)]
    """What a row becomes. A row that leaves a needed field of a record empty is set aside whole."""


for _model in (
    Joined,
    First,
    LookedUp,
    Dated,
    Span,
    Within,
    SplitPart,
    Matched,
    Replaced,
    Number,
    Lower,
    Titled,
    Choice,
    Minted,
    Filled,
    Empty,
    Same,
    Less,
    OneOf,
    Matches,
    All,
    Any,
    Not,
    Flag,
    SplitEach,
    RecordOf,
    Mapping,
):
    _model.model_rebuild()
