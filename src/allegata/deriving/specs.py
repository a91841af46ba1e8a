"""From the models of derived rows to the tables that are published."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pydantic.fields import FieldInfo

from allegata.deriving.models import DERIVED, Derived, Row, Same
from allegata.schema.record import description, marks
from allegata.tables import Column, Table, base_tables
from allegata.tables.columns import columns_of


@cache
def derived_tables() -> dict[str, Table]:
    """The derived tables as they are published: name -> table.

    >>> derived_tables()["claims_flat"].column("stance").vocabulary.DENIES.rule
    'Says that it is not so, or calls an assertion of it false or invented.'
    """
    return {name: _table(name, derived) for name, derived in DERIVED.items()}


def same(model: type[Row]) -> dict[str, Same]:
    """The columns of a derived table that repeat one of a base table: name -> that column."""
    return {
        name: mark
        for name, field in model.__pydantic_fields__.items()
        for mark in marks(field)
        if isinstance(mark, Same)
    }


def _table(name: str, derived: Derived) -> Table:
    repeated = same(derived.model)
    columns: list[Column] = []
    for column, field in derived.model.__pydantic_fields__.items():
        if column in repeated:
            columns += _repeated(column, field, repeated[column])
        else:
            columns += [replace(made, field=None) for made in columns_of(column, field)]
    definition = _definition(derived.model)
    return Table(name, definition, derived.key, tuple(columns), order=derived.order)


def _definition(model: type[Row]) -> str:
    return " ".join(inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].split())


def _repeated(name: str, field: FieldInfo, original: Same) -> Iterator[Column]:
    table = base_tables()[original.table]
    columns = {column.name: column for column in table.columns}
    for ending in ("", "_earliest", "_latest"):  # only a time has the latter two
        if column := columns.get(original.column + ending):
            is_id = column.name == "id"
            yield replace(
                column,
                name=name + ending,
                nullable=column.nullable or not field.is_required(),
                description=f"{description(field)} {column.description}".strip(),
                is_reference=column.is_reference or is_id,
                refers_to=table.name if is_id else column.refers_to,
                field=None,
            )
