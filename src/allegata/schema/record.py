"""The base of every record: what the models say of themselves, read from them.

A field is named as its column. A reference to another record is a column ``…_id``; in a record
file its key is written without that ending (``publisher: act-…`` fills ``publisher_id``).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.fields import FieldInfo

from allegata.schema.types import Nested, Revised, Unit

RECORD_CONFIG = ConfigDict(
    strict=True,
    extra="forbid",
    frozen=True,
    allow_inf_nan=False,
    use_attribute_docstrings=True,
    alias_generator=lambda name: name.removesuffix("_id"),
    serialize_by_alias=True,
    defer_build=True,  # a run that meets no record of a table need not wait for its model
)
"""Values as they are written, no other fields, and references keyed without ``_id``."""


class Record(BaseModel):
    """One entry of one table. Subclasses are the schema."""

    model_config = RECORD_CONFIG

    table: ClassVar[str]
    """The table that the record is an entry of."""
    key: ClassVar[tuple[str, ...]] = ("id",)
    """The columns that no two records of the table share."""
    revised: ClassVar[int] = 1
    """The number of the definition of what one record is, to be raised when it means otherwise."""

    @classmethod
    def definition(cls) -> str:
        """What one record is: the first paragraph of the class docstring."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0].split())

    @classmethod
    def children(cls) -> dict[str, tuple[type[Record], Nested]]:
        """The fields that list records of other tables: field -> (their model, their keys)."""
        return _children(cls)

    @classmethod
    def columns(cls) -> dict[str, FieldInfo]:
        """The fields that are the record's own, in order: all but the nested lists."""
        return {
            name: field
            for name, field in cls.__pydantic_fields__.items()
            if name not in cls.children()
        }

    def own_and_nested(self) -> Iterator[Record]:
        """The record, then its nested records at all depths, in the order written."""
        yield self
        for name in self.children():
            for child in getattr(self, name):
                yield from child.own_and_nested()


class Misplaced(NamedTuple):
    """A key that a nested record gives itself against its parent; no field takes it."""

    given: object
    expected: object


def handed_down(child: dict[str, Any], given: dict[str, object]) -> dict[str, Any]:
    """A nested record with the keys that its parent gives it.

    A key that the record gives itself otherwise is marked, so that its field refuses it.
    """
    other = {
        name: Misplaced(child[name], expected)
        for name, expected in given.items()
        if name in child and expected is not None and not _same(child[name], expected)
    }
    return given | child | other


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other  # True and 1.0 would pass for 1


def given_to_children(nested: Nested, key: object, index: int) -> dict[str, object]:
    """What the record at ``index`` (from 0) of a nested list takes from its parent."""
    given = {nested.key.removesuffix("_id"): key}
    if nested.position:
        given[nested.position] = index + 1
    return given


class Parent(Record):
    """A record that may hold others, which take its key."""

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "id" not in value:
            return value
        handed = dict(value)
        for name, (_, nested) in cls.children().items():
            if isinstance(children := handed.get(name), list):
                handed[name] = [
                    handed_down(child, given_to_children(nested, value["id"], index))
                    if isinstance(child, dict)
                    else child
                    for index, child in enumerate(children)
                ]
        return handed


@cache
def _children(model: type[Record]) -> dict[str, tuple[type[Record], Nested]]:
    found = {}
    for name, field in model.__pydantic_fields__.items():
        for mark in field.metadata:
            if isinstance(mark, Nested):
                found[name] = (get_args(plain_type(field))[0], mark)
    return found


def plain_type(field: FieldInfo) -> Any:
    """The type of a field's value when there is one: ``str`` for ``str | None``."""
    annotation = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not NoneType)
    while get_args(annotation) and hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation


def marks(field: FieldInfo) -> tuple[Any, ...]:
    """What the field's named type carries, also where the value may be missing."""
    found = list(field.metadata)
    for part in (field.annotation, *get_args(field.annotation)):
        found += getattr(part, "__metadata__", ())
    return tuple(found)


def description(field: FieldInfo) -> str:
    """What the field says, as one paragraph."""
    return " ".join((field.description or "").split())


def unit(field: FieldInfo) -> str | None:
    """What the field's number counts or measures; None where nothing is said of it."""
    return next((mark.name for mark in marks(field) if isinstance(mark, Unit)), None)


def revision(field: FieldInfo) -> int:
    """The number of the field's definition: 1, until it came to mean something else."""
    return next((mark.definition for mark in marks(field) if isinstance(mark, Revised)), 1)
