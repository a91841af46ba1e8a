"""A problem: one finding of validation, made for a person to act on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """What a problem means for a release."""

    ERROR = "error"
    WARNING = "warning"


class _Value(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True
    )


class Place(_Value):
    """Where in a file something stands; lines and columns count from 1, in characters."""

    file: str
    """The file's path, as given or as found below the folder given."""
    line: int = 1
    """The first line."""
    column: int = 1
    """The first column."""
    end_line: int = 1
    """The last line."""
    end_column: int = 1
    """The column behind the last character."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Related(_Value):
    """Another place that a problem has to do with, such as the first of two duplicates."""

    place: Place
    """Where it is."""
    message: str
    """What is there."""


class Problem(_Value):
    """One finding of validation."""

    code: str
    """The code of the rule that was broken."""
    severity: Severity
    """Whether it stops a release."""
    message: str
    """What is wrong, in a sentence."""
    place: Place
    """Where it is wrong."""
    table: str | None = None
    """The table of the record."""
    record: str | None = None
    """The record's id, or the id of the record that it belongs to."""
    field: str | None = None
    """The field, as it is called in a record file."""
    value: str | None = None
    """The value found there, shortened if long."""
    fix: str | None = None
    """What to write instead."""
    related: tuple[Related, ...] = ()
    """Other places that have to do with it."""


def shortened(value: object, length: int = 80) -> str:
    """The value as text that is fit for a message: one line, nothing invisible, not long."""
    text = value if isinstance(value, str) else str(value)
    clipped = text if len(text) <= length else text[: length - 1] + "…"
    return "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 65536 else "\ufffd"
        for char in clipped
    )
