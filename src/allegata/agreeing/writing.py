"""Rows as a record file writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from allegata.agreeing.coding import Row
from allegata.schema import MODELS
from allegata.schema.record import marks
from allegata.schema.types import PerFile, Ref

Written = dict[str, Any]


def written(table: str, row: Row, renamed: Callable[[str], str] = str) -> Written:
    """A row as a record file writes it, without what a file states once and without defaults.

    Args:
        table: Its table.
        row: The row, with its nested lists.
        renamed: What an id is called instead.
    """
    model, found = MODELS[table], Written()
    children = model.children()
    for name, field in model.__pydantic_fields__.items():
        kinds = marks(field)
        value = row.get(name)
        if any(isinstance(mark, PerFile) for mark in kinds) or value is None:
            continue
        if name in children:
            child, nested = children[name]
            given = {nested.key, nested.position}
            value = [
                written(child.table, {k: v for k, v in one.items() if k not in given}, renamed)
                for one in value
            ]
        elif name == "id" or any(isinstance(mark, Ref) for mark in kinds):
            value = renamed(value)
        if value not in ([], field.default):
            found[name.removesuffix("_id")] = plain(value)
    return found


def plain(value: Any) -> Any:
    """A value as YAML and JSON write it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def different(ones: Written, others: Written) -> list[str]:
    """The fields in which two records differ: all but their ids, parents and notes."""
    names = [*ones, *(name for name in others if name not in ones)]
    return [
        name
        for name in names
        if name not in ("id", "source", "note") and ones.get(name) != others.get(name)
    ]
