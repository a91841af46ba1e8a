"""What a field of a record takes, as SQL: a value that it would refuse becomes no value."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import AfterValidator, StringConstraints
from pydantic.fields import FieldInfo

from allegata.importing.mapping.loading import MappingError
from allegata.schema import Record, Vocabulary
from allegata.schema.record import marks, plain_type
from allegata.schema.timeprofile import PATTERN
from allegata.schema.types import Canonical, Edtf, Ref, countries, single_line, subdivisions

_HERE = "\x01"  # where the value stands


def _fields(record: type[Record]) -> dict[str, FieldInfo]:
    return {name.removesuffix("_id"): field for name, field in record.columns().items()}


def is_needed(record: type[Record], field: str) -> bool:
    """Whether no record of the table is without the field."""
    found = _fields(record).get(field)
    return found is not None and found.is_required()


def needed(record: type[Record]) -> set[str]:
    """The fields that every record of the table has."""
    return {name for name, field in _fields(record).items() if field.is_required()}


def refers_to(record: type[Record], field: str) -> str | None:
    """The table whose ids the field holds; None if it holds none, or those of any table."""
    found = _fields(record).get(field)
    return (
        next((one.table for one in marks(found) if isinstance(one, Ref)), None) if found else None
    )


def fitted(record: type[Record], field: str, sql: str) -> str:
    """The SQL of a value as the field takes it.

    Text is brought into the canonical form and, if it is too long, cut with an ellipsis: the whole
    stays with the origin. A value that the field would refuse is none.

    Raises:
        MappingError: the table has no such field.
    """
    fields = _fields(record)
    if field not in fields:
        raise MappingError(f"{record.table} has no field {field!r}, but {', '.join(fields)}f")
    return _fitted(record, field).replace(_HERE, sql)


@cache
def _fitted(record: type[Record], name: str) -> str:
    field = _fields(record)[name]
    plain = plain_type(field)
    if isinstance(plain, type) and issubclass(plain, Vocabulary):
        codes = ", ".join(f"'{code.value}'" for code in plain)
        return f"CASE WHEN CAST({_HERE} AS VARCHAR) IN ({codes}) THEN CAST({_HERE} AS VARCHAR) END"
    if plain is bool:
        return f"CAST({_HERE} AS BOOLEAN)"
    if plain in (int, float):
        return _ranged(field)
    return _text(field)


def _ranged(field: FieldInfo) -> str:
    bounds = [
        f"CAST({_HERE} AS DOUBLE) {operator} {float(value)}"
        for mark in marks(field)
        for attribute, operator in (("ge", ">="), ("le", "<="))
        for value in _limits(mark, attribute)
    ]
    return f"CASE WHEN {' AND '.join(bounds) or 'TRUE'} THEN CAST({_HERE} AS DOUBLE) END"


def _limits(mark: Any, attribute: str) -> list[float]:
    own = [mark, *getattr(mark, "metadata", ())]
    return [getattr(one, attribute) for one in own if getattr(one, attribute, None) is not None]


def _text(field: FieldInfo) -> str:
    found, sql = marks(field), f"CAST({_HERE} AS VARCHAR)"
    functions = [mark.func for mark in found if isinstance(mark, AfterValidator)]
    names = {getattr(function, "__name__", "") for function in functions}
    limits = [mark for mark in found if isinstance(mark, StringConstraints)]
    if any(isinstance(mark, Edtf) for mark in found):
        return f"time_of({sql}, '{PATTERN}')"
    if any(isinstance(function, Canonical) for function in functions):
        longest = next((one.max_length for one in limits if one.max_length), 500)
        plain = "line_of" if single_line in functions else "text_of"
        return f"cut({plain}({sql}), {longest})"
    if "_country" in names:
        return f"CASE WHEN {sql} IN ({_codes(countries())}) THEN {sql} END"
    if "_subdivision" in names:
        return f"CASE WHEN {sql} IN ({_codes(subdivisions())}) THEN {sql} END"
    if "_language" in names:
        return f"CASE WHEN list_contains(getvariable('languages'), {sql}) THEN {sql} END"
    for one in limits:
        if one.pattern:
            quoted = str(one.pattern).replace("'", "''")
            length = f" AND length({sql}) <= {one.max_length}" if one.max_length else ""
            return f"CASE WHEN regexp_full_match({sql}, '{quoted}'){length} THEN {sql} END"
    return sql


def _codes(codes: frozenset[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))
