"""The shape of a table's lines as one pattern, by which faulty lines are told apart at once.

It only sorts out what would stop the parser: the pattern is a little wider than JSON where that
keeps it small, and narrower where no one will miss it. What matches it is still parsed.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from allegata.reading.columnar.plan import Level

_BLANK = "[ \t\r]*"
_HALF = "[dD][89abAB][0-9a-fA-F]{2}"
_OTHER_HALF = "[dD][c-fC-F][0-9a-fA-F]{2}"
_POINT = "(?:[0-9a-ce-fA-CE-F][0-9a-fA-F]|[dD][0-7])[0-9a-fA-F]{2}"
_ESCAPE = rf'\\(?:["\\/bfnrt]|u{_POINT}|u{_HALF}\\u{_OTHER_HALF})'
_STRING = rf'"(?:[^"\\\x00-\x1f]|{_ESCAPE})*"'
_INTEGER = "-?(?:0|[1-9][0-9]{0,17})"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?"


@cache
def shape_pattern(level: Level) -> str:
    """The pattern of the lines that hold a record of the level, whatever its values."""
    return f"^{_object(level.parsed)}$"


def _object(fields: pa.Schema | pa.StructType) -> str:
    keys: dict[str, list[str]] = {}
    for field in fields:
        keys.setdefault(_value(field.type), []).append(field.name)
    members = "|".join(
        f'"(?:{"|".join(names)})"{_BLANK}:{_BLANK}(?:{value}|null)' for value, names in keys.items()
    )
    # "{" and "," are not told apart, so that the members need not be written out twice.
    return rf"(?:\{{{_BLANK}\}}|(?:[{{,]{_BLANK}(?:{members}){_BLANK})+\}})"


def _value(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return rf"(?:\[{_BLANK}\]|(?:[\[,]{_BLANK}{_object(kind.value_type)}{_BLANK})+\])"
    if pa.types.is_string(kind):
        return _STRING
    if pa.types.is_boolean(kind):
        return "(?:true|false)"
    return _INTEGER if pa.types.is_integer(kind) else _NUMBER
