"""The shape of a table's lines as one pattern, by which faulty lines are told apart at once.

It only sorts out what would stop the parser: the pattern is a little wider than JSON where that
keeps it small, and narrower where no one will miss it. What matches it is still parsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_BLANK = "[ \t\r]*"
_HALF = "[dD][89abAB][0-9a-fA-F]{2}"
_OTHER_HALF = "[dD][c-fC-F][0-9a-fA-F]{2}"
_POINT = "(?:[0-9a-ce-fA-CE-F][0-9a-fA-F]|[dD][0-7])[0-9a-fA-F]{2}"
_ESCAPE = rf'\\(?:["\\/bfnrt]|u{_POINT}|u{_HALF}\\u{_OTHER_HALF})'
_STRING = rf'"(?:[^"\\\x00-\x1f]|{_ESCAPE})*"'
_INTEGER = "-?(?:0|[1-9][0-9]{0,17})"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?"

_SAMPLE = 20
_ROUNDS = 3
_USUAL = 0.9


def well_shaped(lines: pa.BinaryArray, schema: pa.Schema) -> pa.BooleanArray:
    """Which lines have the shape of a record of a schema.

    Where nearly all have their keys in one order, the others are taken for faulty: so keys that
    stand twice are found, which no pattern finds among keys in any order.
    """
    in_any_order = _pattern(schema, in_order=False)
    shaped = pa.repeat(pa.scalar(False), len(lines))
    samples: list[bytes] = []
    for _ in range(_ROUNDS):
        # Of the lines that are left, since keys that few lines have are not in the first ones.
        sample = lines.filter(pc.invert(shaped)).slice(0, 10 * _SAMPLE)
        right = sample.filter(pc.match_substring_regex(sample, in_any_order))
        if not len(right):
            break
        samples += right.slice(0, _SAMPLE).to_pylist()
        order = _in_usual_order(schema, _loaded(samples))
        shaped = _also(shaped, lines, _pattern(order, in_order=True))
    if pc.sum(shaped).as_py() >= _USUAL * len(lines):
        return shaped
    return pc.match_substring_regex(lines, in_any_order)


def _also(shaped: pa.BooleanArray, lines: pa.BinaryArray, pattern: str) -> pa.BooleanArray:
    """The mask, and of the lines at which it is false those that match a pattern."""
    left = pc.invert(shaped)
    found = pc.match_substring_regex(lines.filter(left), pattern)
    return pc.replace_with_mask(shaped, left, found)


def _loaded(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError):  # what has the shape may still not be JSON
            yield json.loads(line)


def _in_usual_order(fields: Iterable[pa.Field], objects: Iterable[dict[str, Any]]) -> pa.Schema:
    """The fields in the order in which some objects have them; those they lack come last."""
    known, seen = {field.name: field for field in fields}, list(objects)
    order: list[str] = []
    for found in seen:
        at = 0
        for key in found:
            if key not in order:
                order.insert(at, key)
            at = order.index(key) + 1
    return pa.schema([_inside(known[key], seen) for key in dict.fromkeys([*order, *known])])


def _inside(field: pa.Field, objects: list[dict[str, Any]]) -> pa.Field:
    if not pa.types.is_list(field.type):
        return field
    items = [item for found in objects for item in found.get(field.name) or []]
    return field.with_type(pa.list_(pa.struct(list(_in_usual_order(field.type.value_type, items)))))


@lru_cache(maxsize=256)
def _pattern(schema: pa.Schema, *, in_order: bool) -> str:
    return f"^{_object(schema, in_order)}$"


def _object(fields: pa.Schema | pa.StructType, in_order: bool) -> str:
    # "{" and "," are not told apart, so that the members need not be written out twice.
    if in_order:
        every = "".join(
            f"(?:[{{,]{_BLANK}{_member(field.name, _value(field.type, in_order))})?"
            for field in fields
        )
    else:
        keys: dict[str, list[str]] = {}
        for field in fields:
            keys.setdefault(_value(field.type, in_order), []).append(field.name)
        members = (_member(f"(?:{'|'.join(names)})", value) for value, names in keys.items())
        every = f"(?:[{{,]{_BLANK}(?:{'|'.join(members)}))+"
    return rf"(?:\{{{_BLANK}\}}|{every}\}})"


def _member(key: str, value: str) -> str:
    return f'"{key}"{_BLANK}:{_BLANK}(?:{value}|null){_BLANK}'


def _value(kind: pa.DataType, in_order: bool) -> str:
    if pa.types.is_list(kind):
        items = _object(kind.value_type, in_order)
        return rf"(?:\[{_BLANK}\]|(?:[\[,]{_BLANK}{items}{_BLANK})+\])"
    if pa.types.is_string(kind):
        return _STRING
    if pa.types.is_boolean(kind):
        return "(?:true|false)"
    return _INTEGER if pa.types.is_integer(kind) else _NUMBER
