"""What each change of the schema means, for those who write records and those who read tables.

These are the rules of compatibility, stated once: ``compare`` goes by them, and the page of the
docs is made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Bump(IntEnum):
    """Which part of the version a change raises."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The name of the part, in lower case."""
        return self.name.lower()


class Effect(StrEnum):
    """What a change does to what is there."""

    NONE = "-"
    SAFE = "safe"
    MIGRATED = "migrated"
    MAY_BREAK = "may break"
    BREAKS = "breaks"
    SILENT = "breaks silently"


class Level(StrEnum):
    """For whom differences are judged."""

    RECORDS = "records"
    TABLES = "tables"
    BOTH = "both"


@dataclass(frozen=True)
class Class:
    """One kind of change."""

    kind: str
    """Its name."""
    what: str
    """What has changed, in a line."""
    records: Effect
    """What it does to record files, and so to curators."""
    tables: Effect
    """What it does to whoever reads the tables, or what else is given out."""
    bump: Bump
    """The part of the version that it raises."""

    def at(self, level: Level) -> Bump:
        """The part that it raises for those on one side alone."""
        effects = {Level.RECORDS: (self.records,), Level.TABLES: (self.tables,)}.get(
            level, (self.records, self.tables)
        )
        if all(effect is Effect.NONE for effect in effects):
            return Bump.NONE
        if self.bump is Bump.MAJOR and not any(effect in _BREAKING for effect in effects):
            return Bump.MINOR
        return self.bump

    @property
    def level(self) -> Level:
        """Whom it breaks; where it breaks nothing, whom it concerns."""
        sides = [
            side
            for side, effect in ((Level.RECORDS, self.records), (Level.TABLES, self.tables))
            if (effect in _BREAKING if self.bump is Bump.MAJOR else effect is not Effect.NONE)
        ]
        return sides[0] if len(sides) == 1 else Level.BOTH


_BREAKING = (Effect.BREAKS, Effect.SILENT, Effect.MAY_BREAK)
_NO, _SAFE, _MOVED = Effect.NONE, Effect.SAFE, Effect.MIGRATED
_MAY, _BREAKS, _SILENT = Effect.MAY_BREAK, Effect.BREAKS, Effect.SILENT
_PATCH, _MINOR, _MAJOR = Bump.PATCH, Bump.MINOR, Bump.MAJOR

CLASSES: dict[str, Class] = {
    one.kind: one
    for one in (
        Class("table-added", "a table is new", _SAFE, _SAFE, _MINOR),
        Class("table-removed", "a table is gone", _BREAKS, _BREAKS, _MAJOR),
        Class("key-changed", "the key of a table is another", _BREAKS, _BREAKS, _MAJOR),
        Class("order-changed", "a table is sorted otherwise", _NO, _SAFE, _PATCH),
        Class("field-added", "a field that may be left out is new", _SAFE, _NO, _MINOR),
        Class("field-demanded", "a field is new and required", _BREAKS, _NO, _MAJOR),
        Class(
            "field-supplied",
            "a field is new and required, and a migration writes it",
            _MOVED,
            _NO,
            _MINOR,
        ),
        Class("field-renamed", "a field has another name, as declared", _MOVED, _NO, _MINOR),
        Class("field-dropped", "a field is gone, as declared", _MOVED, _NO, _MINOR),
        Class("field-removed", "a field is gone", _BREAKS, _NO, _MAJOR),
        Class("field-required", "a field may not be left out any more", _BREAKS, _NO, _MAJOR),
        Class("field-optional", "a field may be left out from now on", _SAFE, _NO, _MINOR),
        Class(
            "field-default", "a field that is left out means another value", _SILENT, _NO, _MAJOR
        ),
        Class("type-changed", "a field takes values of another type", _BREAKS, _NO, _MAJOR),
        Class(
            "constraint-tightened",
            "a limit is narrower or new, or an empty value is refused",
            _BREAKS,
            _SAFE,
            _MAJOR,
        ),
        Class(
            "constraint-loosened",
            "a limit is wider or gone, or an empty value is allowed",
            _SAFE,
            _MAY,
            _MINOR,
        ),
        Class(
            "pattern-changed",
            "the form of a text is another; whether wider or narrower cannot be told",
            _BREAKS,
            _MAY,
            _MAJOR,
        ),
        Class("column-added", "a column is new", _NO, _SAFE, _MINOR),
        Class("column-removed", "a column is gone", _NO, _BREAKS, _MAJOR),
        Class("column-renamed", "a column has another name, as declared", _NO, _BREAKS, _MAJOR),
        Class("column-type", "a column has values of another type", _NO, _BREAKS, _MAJOR),
        Class("column-nullable", "a column may be empty from now on", _NO, _BREAKS, _MAJOR),
        Class("column-filled", "a column is never empty from now on", _NO, _SAFE, _MINOR),
        Class("column-unit", "a column counts or measures otherwise", _NO, _SILENT, _MAJOR),
        Class(
            "reference-changed", "a column refers to records of another table", _NO, _BREAKS, _MAJOR
        ),
        Class("codes-changed", "a column has codes of another list", _NO, _BREAKS, _MAJOR),
        Class(
            "code-added",
            "a code is new, in a list that is open to readers",
            _SAFE,
            _SAFE,
            _MINOR,
        ),
        Class(
            "code-added-to-closed",
            "a code is new, in a list that is not open to readers",
            _SAFE,
            _MAY,
            _MAJOR,
        ),
        Class("code-removed", "a code is gone", _BREAKS, _BREAKS, _MAJOR),
        Class("code-renamed", "a code is called otherwise, as declared", _MOVED, _BREAKS, _MAJOR),
        Class("list-opened", "a list of codes is open to readers from now on", _NO, _MAY, _MINOR),
        Class("list-closed", "a list of codes is not open to readers any more", _NO, _SAFE, _MINOR),
        Class(
            "definition-revised",
            "the same word means something else (the revision of its definition is raised)",
            _SILENT,
            _SILENT,
            _MAJOR,
        ),
        Class("description-worded", "a description is worded otherwise", _SAFE, _SAFE, _PATCH),
        Class(
            "rule-added", "an error is new, of what could be written before", _BREAKS, _SAFE, _MAJOR
        ),
        Class(
            "rule-added-to-new", "an error is new, of tables that are new too", _SAFE, _SAFE, _MINOR
        ),
        Class("warning-added", "a warning is new", _SAFE, _SAFE, _MINOR),
        Class("rule-removed", "a rule is gone", _SAFE, _MAY, _MINOR),
        Class("rule-raised", "what was a warning is an error", _BREAKS, _SAFE, _MAJOR),
        Class("rule-lowered", "what was an error is a warning", _SAFE, _MAY, _MINOR),
        Class(
            "rule-unwaivable", "no record can be let off a rule any more", _BREAKS, _SAFE, _MAJOR
        ),
        Class("rule-waivable", "a record can be let off a rule from now on", _SAFE, _MAY, _MINOR),
        Class(
            "rule-revised",
            "a rule asks for something else (its revision is raised)",
            _BREAKS,
            _MAY,
            _MAJOR,
        ),
        Class("output-added", "what a problem tells has a new part", _NO, _SAFE, _MINOR),
        Class("output-removed", "what a problem tells lacks a part", _NO, _BREAKS, _MAJOR),
        Class(
            "output-changed",
            "a part of what a problem tells is of another kind",
            _NO,
            _BREAKS,
            _MAJOR,
        ),
    )
}
"""Name -> the kind of change, in the order in which they are shown."""


def as_markdown() -> str:
    """The rules of compatibility as a table, for the docs."""
    lines = ["| change | record files | tables | raises |", "|---|---|---|---|"]
    lines += [
        f"| {one.what} (`{one.kind}`) | {one.records} | {one.tables} | {one.bump.word} |"
        for one in CLASSES.values()
    ]
    return "\n".join(lines) + "\n"
