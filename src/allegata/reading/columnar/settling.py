"""From the values of one field as parsed to its columns, and the values that it refuses."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from allegata.reading.columnar.plan import Leaf
from allegata.reading.columnar.values import Test, all_true, any_true
from allegata.schema.timeprofile import bounds

_MINUTE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]Z$"
_LENGTH_OF_DAY = 10


class Settled(NamedTuple):
    """The columns of a field: one, or three where it is a time."""

    columns: list[pa.Array]
    refused: pa.BooleanArray | None
    """Where a value is refused; null is not, and None means nowhere."""


def settled(leaf: Leaf, values: pa.Array) -> Settled:
    """The columns of a field; what stands there for refused values means nothing."""
    if leaf.is_time:
        return _time(leaf, values)
    if leaf.kind in (date, datetime):
        return _made(leaf, values)
    refused = _refused(leaf, values)
    if leaf.kind is int:
        values = values.cast(pa.int32(), safe=False)
    if leaf.default is not None and values.null_count:
        values = pc.fill_null(values, leaf.default)
    return Settled([values], refused)


def _refused(leaf: Leaf, values: pa.Array) -> pa.BooleanArray | None:
    if leaf.word is None:
        surely = _surely(leaf.tests or (), values)
        return None if surely is None else pc.invert(surely)
    given = values.drop_null() if values.null_count else values
    if leaf.tests is not None:
        surely = _surely(leaf.tests, given)
        if surely is None:
            return None
        given = given.filter(pc.invert(surely))
    doubtful = given.unique()
    denied = pa.array([made is None for made in leaf.word.on(doubtful)], pa.bool_())
    if not any_true(denied):
        return None
    return pc.is_in(values, value_set=doubtful.filter(denied))


def _surely(tests: tuple[Test, ...], values: pa.Array) -> pa.BooleanArray | None:
    """Where all tests pass; None where they pass everywhere."""
    found = None
    for test in tests:
        passed = test.passes(values)
        if not all_true(passed):
            found = passed if found is None else pc.and_(found, passed)
    return found


def _made(leaf: Leaf, values: pa.Array) -> Settled:
    """The values that the field makes of texts."""
    assert leaf.word is not None
    encoded = values.dictionary_encode()
    made = pa.array(leaf.word.on(encoded.dictionary), leaf.type).take(encoded.indices)
    return Settled([made], _lost(values, made))


def _time(leaf: Leaf, values: pa.Array) -> Settled:
    """The times as written, with the first and the last day that each can mean."""
    assert leaf.word is not None
    whole = values.cast(pa.binary())
    # Of a minute in UTC the day tells all, and there are fewer days than minutes.
    is_minute = pc.match_substring_regex(values, _MINUTE)
    if any_true(is_minute):
        whole = pc.if_else(is_minute, pc.binary_slice(whole, 0, _LENGTH_OF_DAY), whole)
    encoded = whole.dictionary_encode()
    taken = [bounds(text) if text else None for text in leaf.word.on(encoded.dictionary)]
    known = pa.array([True if span else None for span in taken], pa.bool_())
    spans = [
        pa.array([getattr(span, end) if span else None for span in taken], pa.date32())
        for end in ("earliest", "latest")
    ]
    columns = [values, *(span.take(encoded.indices) for span in spans)]
    return Settled(columns, _lost(values, known.take(encoded.indices)))


def _lost(values: pa.Array, made: pa.Array) -> pa.BooleanArray | None:
    if made.null_count == values.null_count:
        return None
    return pc.and_(values.is_valid(), made.is_null())
