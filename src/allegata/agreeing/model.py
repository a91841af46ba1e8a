"""What comparing two codings gives: models, of which the JSON is written and read."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Value = str | bool | int | float | None
Level = Literal["nominal", "ordinal", "interval"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Reason(_Part):
    """One thing by which a pair was held to be alike."""

    by: str
    """What was compared."""
    weight: float
    """How much it counts."""
    score: float
    """How alike it is, from 0 to 1."""


class Pair(_Part):
    """A record of the one coding, and that of the other which was taken for the same."""

    a: str
    """The id in the first coding."""
    b: str
    """The id in the second coding."""
    similarity: float
    """The weighted mean of the reasons' scores."""
    reasons: list[Reason]
    """Why."""


class Alignment(_Part):
    """How the records of one table were paired."""

    table: str
    """The table."""
    pairs: list[Pair]
    """The pairs, in the order of the first coding."""
    only_a: list[str]
    """What only the first coding has."""
    only_b: list[str]
    """What only the second coding has."""
    found_of_a: float | None
    """The share of the first coding's records that the second has: the second's recall when the
    first is taken as the reference, and the first's precision when the second is. Null where the
    first has none."""
    found_of_b: float | None
    """The share of the second coding's records that the first has."""
    f1: float | None
    """The harmonic mean of both; null where neither has records."""


class FieldAgreement(_Part):
    """How far the paired records agree in one field."""

    table: str
    """The table."""
    field: str
    """The field, as in the schema; or what is reckoned from fields."""
    level: Level
    """The level of measurement."""
    paired_by: bool
    """Whether pairs were found with its help, so that agreement in it is to be expected."""
    units: int
    """The pairs in which both have a value."""
    observed: float | None
    """The share of these in which the values are the same."""
    alpha: float | None
    """Krippendorff's alpha; null where it is not defined."""
    low: float | None
    """The lower end of its 95 % bootstrap interval."""
    high: float | None
    """The upper end of its 95 % bootstrap interval."""
    resamples: int
    """How many of the bootstrap's samples have an alpha."""


class Confusion(_Part):
    """How often the one coding has this value where the other has that one."""

    table: str
    """The table."""
    field: str
    """The field."""
    values: list[str]
    """The values that occur, in the order of the vocabulary."""
    counts: list[list[int]]
    """A row for each value of the first coding, a column for each of the second."""


class Difference(_Part):
    """One thing in which the codings differ."""

    table: str
    """The table."""
    a: str | None
    """The record in the first coding; null where it has none."""
    b: str | None
    """The record in the second coding; null where it has none."""
    field: str | None
    """The field; null where only one coding has the record."""
    a_value: Value
    """What the first coding says."""
    b_value: Value
    """What the second coding says."""


class Agreement(_Part):
    """How far two codings of the same sources agree."""

    format: Literal["allegata-agreement/1"] = "allegata-agreement/1"
    """What this is."""
    sources: list[str]
    """The sources compared, by their ids in the first coding."""
    coders: tuple[str, str]
    """The coders' pseudonyms; `a` and `b` where the claims do not tell them apart."""
    alignments: list[Alignment]
    """The pairs, by table."""
    fields: list[FieldAgreement]
    """Agreement by field."""
    span_overlap: float | None
    """The mean share of the quoted words that paired claims have in common (Jaccard)."""
    confusions: list[Confusion]
    """Tables of confusion."""
    differences: list[Difference]
    """All differences."""
    seed: int
    """The seed of the bootstrap."""
    samples: int
    """How many samples the bootstrap drew."""
    version: str
    """The version of Allegata."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def alignment(self, table: str) -> Alignment:
        """How the records of a table were paired."""
        return next(one for one in self.alignments if one.table == table)

    def field(self, table: str, field: str) -> FieldAgreement:
        """Agreement in a field."""
        return next(one for one in self.fields if (one.table, one.field) == (table, field))
