"""From a model to the columns of its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import pyarrow as pa
from pydantic.fields import FieldInfo

from allegata.schema import MODELS, Record, Vocabulary
from allegata.schema.record import description, marks, plain_type, revision, unit
from allegata.schema.types import Edtf, Ref

_ARROW: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int32(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class Column:
    """One column of a published table."""

    name: str
    type: pa.DataType
    nullable: bool
    description: str
    is_reference: bool = False
    """Whether the column holds ids of other records."""
    refers_to: str | None = None
    """The table whose ids the column holds; None where they may be of any table."""
    vocabulary: type[Vocabulary] | None = None
    """The closed list that the column's codes come from."""
    field: str | None = None
    """The field of the record that the column is made from; None where it is derived."""
    unit: str | None = None
    """What its numbers count or measure, such as ``degrees``."""
    revision: int = 1
    """The number of its definition, raised when its values came to mean something else."""

    @property
    def arrow(self) -> pa.Field:
        """The Arrow field, with the description where readers look for it."""
        return pa.field(self.name, self.type, self.nullable, {"description": self.description})


@dataclass(frozen=True)
class Table:
    """What is published under one name: columns, key, and what a row is."""

    name: str
    definition: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    model: type[Record] | None = None
    """The model of its records; None for a table derived from others."""
    order: tuple[str, ...] = ()
    """The columns that the rows are sorted by, ascending; the key where none are given.

    The columns of the key are among them, so that no two rows are equal in the order. Texts are
    compared by their bytes in UTF-8. Where a column of the order is missing, the row comes first:
    in SQL, ``ORDER BY column NULLS FIRST``.
    """
    revision: int = 1
    """The number of its definition, raised when a row came to mean something else."""

    def __post_init__(self) -> None:
        if not self.order:
            object.__setattr__(self, "order", self.key)
        if missing := set(self.key) - set(self.order):
            raise ValueError(f"{self.name} is not sorted by {sorted(missing)} of its key")

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, columns in published order."""
        return pa.schema([column.arrow for column in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: the table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


LEDGER = (
    Column("first_release", pa.string(), False, "The release in which the record first came out."),
    Column(
        "last_changed",
        pa.string(),
        False,
        "The latest release in which a value of the record changed.",
    ),
)
"""What publishing adds to every table whose records have an id."""


def columns_of(name: str, field: FieldInfo) -> Iterator[Column]:
    """The columns made from one field: one, or three where it is a time."""
    kind, carried = plain_type(field), marks(field)
    coded = isinstance(kind, type) and issubclass(kind, Vocabulary)
    optional = not field.is_required() and field.default is None
    text = description(field)
    reference = next((mark for mark in carried if isinstance(mark, Ref) and name != "id"), None)
    yield Column(
        name,
        _ARROW[str if coded else kind],
        optional,
        text,
        is_reference=reference is not None,
        refers_to=reference.table if reference else None,
        vocabulary=kind if coded else None,
        field=name,
        unit=unit(field),
        revision=revision(field),
    )
    if any(isinstance(mark, Edtf) for mark in carried):
        for bound, word in (("earliest", "first"), ("latest", "last")):
            yield Column(
                f"{name}_{bound}",
                pa.date32(),
                True,
                f"The {word} day (UTC) that {name} can mean; empty where it is open or not given.",
                revision=revision(field),
            )


def columns_of_model(model: type[Any], fields: dict[str, FieldInfo]) -> tuple[Column, ...]:
    """The columns of a model's own fields, in order."""
    return tuple(column for name, field in fields.items() for column in columns_of(name, field))


@cache
def base_tables() -> dict[str, Table]:
    """The tables made from records, as they are published: name -> table."""
    found = {}
    for name, model in MODELS.items():
        columns = columns_of_model(model, model.columns())
        if model.key == ("id",):
            columns += LEDGER
        found[name] = Table(
            name, model.definition(), model.key, columns, model, revision=model.revised
        )
    return found
