"""What the page asks for of each record, read from the models."""

from __future__ import annotations

from enum import Enum
from typing import Any

from allegata.schema import MODELS
from allegata.schema.record import description, marks, plain_type
from allegata.schema.types import PerFile, Ref

ADDED = ("propositions", "statements", "actors", "events")
"""The tables whose records can be made on the way."""

Field = dict[str, Any]


def form(table: str) -> list[Field]:
    """The fields of a record, in order: what each is called, holds and means.

    The kind of a field is ``text``, ``number``, ``yes``, ``choice`` (with its values and their
    rules), ``ref`` (the id of a record of a table), or ``refs`` (several).
    """
    model, fields = MODELS[table], list[Field]()
    for name, field in model.columns().items():
        if name in ("id", "source_id" if table == "claims" else "") or _is_once(field):
            continue
        told = {
            "name": name.removesuffix("_id"),
            "about": description(field),
            "required": field.is_required(),
            "default": _default(field.default) if not field.is_required() else None,
        }
        fields.append(told | _kind(field))
    for name, (child, nested) in model.children().items():
        others = [(column, one) for column, one in child.columns().items() if column != nested.key]
        if len(others) == 1 and (table_of := _table_of(others[0][1])):
            key = others[0][0].removesuffix("_id")
            about = description(model.__pydantic_fields__[name])
            told = {"name": name, "about": about, "required": False, "default": None}
            fields.append(told | {"kind": "refs", "table": table_of, "key": key})
    return fields


def choices(kind: type[Enum]) -> list[dict[str, str]]:
    """The codes of a vocabulary with their rules."""
    return [{"code": str(one.value), "rule": getattr(one, "rule", "")} for one in kind]


def _kind(field: Any) -> Field:
    kind = plain_type(field)
    if table := _table_of(field):
        return {"kind": "ref", "table": table}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"kind": "choice", "values": choices(kind)}
    if kind is bool:
        return {"kind": "yes"}
    return {"kind": "number" if kind in (int, float) else "text"}


def _table_of(field: Any) -> str | None:
    return next((mark.table for mark in marks(field) if isinstance(mark, Ref)), None)


def _is_once(field: Any) -> bool:
    return any(isinstance(mark, PerFile) for mark in marks(field))


def _default(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
