"""What the values of a column can be, as the models have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import StringConstraints, WithJsonSchema
from pydantic.fields import FieldInfo

from allegata.releasing import Manifest
from allegata.schema import Vocabulary
from allegata.schema.record import marks
from allegata.tables import Column, Table


def limits(column: Column) -> dict[str, Any]:
    """The bounds of its values, in the words of JSON Schema: ``pattern``, ``maximum``.

    >>> from allegata.tables import base_tables
    >>> limits(base_tables()["places"].column("lat"))
    {'minimum': -90, 'maximum': 90}
    """
    if column.info is None or column.vocabulary:
        return {}
    found: dict[str, Any] = {}
    for mark in _flat(marks(column.info)):
        match mark:
            case Ge():
                found["minimum"] = mark.ge
            case Le():
                found["maximum"] = mark.le
            case MinLen():
                found["minLength"] = mark.min_length
            case MaxLen():
                found["maxLength"] = mark.max_length
            case StringConstraints():
                found["pattern"] = mark.pattern
                found["minLength"] = mark.min_length
                found["maxLength"] = mark.max_length
            case WithJsonSchema():
                found["pattern"] = (mark.json_schema or {}).get("pattern")
    return {name: value for name, value in found.items() if value is not None}


def _flat(found: tuple[Any, ...]) -> Iterator[Any]:
    for mark in found:
        if isinstance(mark, FieldInfo):
            yield from _flat(tuple(mark.metadata))
        else:
            yield mark
            if hasattr(mark, "pattern") and not isinstance(mark, StringConstraints):
                yield StringConstraints(pattern=mark.pattern)  # as pydantic keeps it on a field


def codes(column: Column) -> list[str]:
    """The codes that it may hold; none where it is not coded."""
    return [code.value for code in column.vocabulary or ()]


def meaning(column: Column) -> str:
    """Its description, with its unit and the rule of each of its codes.

    For formats that have a place for one text only.
    """
    text = column.description
    if column.unit:
        text += f" In {column.unit}."
    if column.vocabulary:
        rules = "".join(f"\n- {code.value}: {code.rule}" for code in column.vocabulary)
        text += f"\n{column.vocabulary.definition()}{rules}"
    return text.strip()


def foreign_keys(spec: Table, specs: Mapping[str, Table]) -> dict[str, str]:
    """The columns whose ids are those of one of the tables given: column -> table."""
    return {
        column.name: column.refers_to
        for column in spec.columns
        if column.refers_to and column.refers_to in specs
    }


def vocabularies(specs: Mapping[str, Table]) -> dict[str, type[Vocabulary]]:
    """Every list of codes that a column holds: its name -> the list."""
    return {
        column.vocabulary.__name__: column.vocabulary
        for spec in specs.values()
        for column in spec.columns
        if column.vocabulary
    }


def published(manifest: Manifest, specs: Mapping[str, Table]) -> dict[str, Table]:
    """The specifications of the tables that the release has, in its order."""
    return {entry.name: specs[entry.name] for entry in manifest.tables if entry.name in specs}
