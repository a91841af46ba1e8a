"""From the rows of a Parquet file to records as they are parsed from JSON.

A column is named as it is published (``source_id``) or as its key in record files (``source``).
What publishing derives (``published_earliest``, ``first_release``) is passed over: it is derived
anew. Types are taken as they are; only such as hold the same values in another form are
converted, and never a number to a text or a text to a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from allegata.reading.columnar.plan import Branch, Leaf, Level
from allegata.tables import LEDGER, base_tables

_INT64_MAX, _INT64_MIN = 2**63 - 1, -(2**63)
_EXACT = 2**53
_RECORDS = "list<struct>"


@dataclass(frozen=True)
class Unreadable:
    """A column of a Parquet file that cannot be read."""

    column: str
    """Its name; a part of nested records is named with the list before it: ``chain.cue``."""
    found: str | None
    """What is found there: its type, or what is wrong; None where the column is missing."""
    expected: str | None
    """What is expected there; None where no such column is known."""


def unreadable(level: Level, fields: pa.Schema | pa.StructType, of: str = "") -> list[Unreadable]:
    """What of the columns cannot be read; none if each row can be held against the model."""
    return list(_unreadable(level, fields, of))


def conformed(
    level: Level, names: list[str], arrays: list[pa.Array], rows: int
) -> dict[str, pa.Array]:
    """The values under the keys of the level, in the types that JSON is parsed into."""
    given = dict(zip(names, arrays, strict=True))
    found = {}
    for leaf in level.leaves:
        array = given.get(leaf.name, given.get(leaf.key))
        is_left_out = array is None or pa.types.is_null(array.type)
        found[leaf.key] = pa.nulls(rows, leaf.parsed) if is_left_out else _converted(leaf, array)
    for branch in level.branches:
        array = given.get(branch.key)
        kind = level.parsed.field(branch.key).type
        is_left_out = array is None or pa.types.is_null(array.type)
        found[branch.key] = pa.nulls(rows, kind) if is_left_out else _lists(branch, array)
    return found


def _unreadable(level: Level, fields: pa.Schema | pa.StructType, of: str) -> Iterator[Unreadable]:
    wanted: dict[str, Leaf | Branch] = {branch.key: branch for branch in level.branches}
    for leaf in level.leaves:
        wanted |= {leaf.name: leaf, leaf.key: leaf}
    derived = {column.name for column in (*base_tables()[level.table].columns, *LEDGER)}
    seen: set[str] = set()
    for field in fields:
        if part := wanted.get(field.name):
            yield from _unreadable_part(part, field, of + field.name, part.key in seen)
            seen.add(part.key)
        elif field.name not in derived:
            yield Unreadable(of + field.name, str(field.type), None)
    for leaf in level.leaves:
        if leaf.required and leaf.name not in level.handed and leaf.key not in seen:
            yield Unreadable(of + leaf.name, None, str(leaf.type))
    for branch in level.branches:
        if branch.required and branch.key not in seen:
            yield Unreadable(of + branch.key, None, _RECORDS)


def _unreadable_part(
    part: Leaf | Branch, field: pa.Field, column: str, is_second: bool
) -> Iterator[Unreadable]:
    if is_second:
        yield Unreadable(column, "a second column of that meaning", "one")
    elif isinstance(part, Branch):
        yield from _unreadable_list(part, field, column)
    elif not _is_fit(part, field.type):
        yield Unreadable(column, str(field.type), str(part.type))


def _unreadable_list(branch: Branch, field: pa.Field, column: str) -> Iterator[Unreadable]:
    if pa.types.is_null(field.type):
        return
    is_list = pa.types.is_list(field.type) or pa.types.is_large_list(field.type)
    if is_list and pa.types.is_struct(field.type.value_type):
        yield from _unreadable(branch.level, field.type.value_type, f"{column}.")
    else:
        yield Unreadable(column, str(field.type), _RECORDS)


def _is_fit(leaf: Leaf, kind: pa.DataType) -> bool:
    """Whether values of a type can be held against the field without changing them."""
    is_text = _is_text(kind) or (pa.types.is_dictionary(kind) and _is_text(kind.value_type))
    if pa.types.is_null(kind):
        return not leaf.required
    if leaf.kind is str:
        return is_text
    if leaf.kind is bool:
        return bool(pa.types.is_boolean(kind))
    if leaf.kind is int:
        return bool(pa.types.is_integer(kind))
    if leaf.kind is float:
        return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
    if leaf.kind is date:
        return is_text or bool(pa.types.is_date32(kind))
    zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    return is_text or (leaf.kind is datetime and zoned)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _converted(leaf: Leaf, values: pa.Array) -> pa.Array:
    """The values as they would be parsed; one that has no equal becomes one that is refused."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        return _instant(values.cast(pa.timestamp(kind.unit, "UTC")))
    if pa.types.is_integer(kind):
        return _number(leaf, values)
    return values.cast(leaf.parsed)


def _instant(times: pa.Array) -> pa.Array:
    """The texts of times; parts of a microsecond stay in the text, and are refused there."""
    whole = times
    if times.type.unit == "ns":
        rounded = times.cast(pa.timestamp("us", "UTC"), safe=False)
        whole = pc.if_else(pc.equal(rounded.cast(times.type), times), rounded, None)
    text = pc.coalesce(whole.cast(pa.string()), times.cast(pa.string()))
    return pc.replace_substring(text, " ", "T")


def _number(leaf: Leaf, values: pa.Array) -> pa.Array:
    if pa.types.is_uint64(values.type):
        too_large = pc.greater(values, pa.scalar(_INT64_MAX, pa.uint64()))
        values = pc.if_else(too_large, _INT64_MIN, values.cast(pa.int64(), safe=False))
    whole = values.cast(pa.int64())
    if leaf.kind is int:
        return whole
    number = whole.cast(pa.float64(), safe=False)
    is_exact = pc.and_(pc.greater_equal(whole, -_EXACT), pc.less_equal(whole, _EXACT))
    return pc.if_else(is_exact, number, float("nan"))


def _lists(branch: Branch, lists: pa.Array) -> pa.Array:
    items = lists.values
    names = [items.type.field(at).name for at in range(items.type.num_fields)]
    found = conformed(branch.level, names, items.flatten(), len(items))
    structs = pa.StructArray.from_arrays(
        list(found.values()), list(found), mask=items.is_null() if items.null_count else None
    )
    missing = lists.is_null() if lists.null_count else None
    # Arrow wants offsets of their own beside a mask, not a part of others.
    offsets = pc.add(lists.offsets.cast(pa.int32()), pa.scalar(0, pa.int32()))
    return pa.ListArray.from_arrays(offsets, structs, mask=missing)
