"""From the bytes of a block to parsed records, one for each line that can be vouched for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from allegata.reading.columnar.plan import Level
from allegata.reading.columnar.shape import well_shaped
from allegata.reading.columnar.values import all_true

MOST_BYTES = 2**30
"""What a block may hold to be read in columns."""

_NULL = ":[ \t\r]*null"
_ROW = re.compile("in row ([0-9]+)$")


@dataclass(frozen=True)
class Lines:
    """Some lines of a block, without their ends."""

    texts: pa.BinaryArray
    numbers: pa.Int64Array
    """The place of each among the lines of the block, from 0."""

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def of(cls, block: bytes) -> Lines:
        """The lines of a block, the last of which may lack its end."""
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        if not block:
            return cls(pa.array([], pa.binary()), pa.array([], pa.int64()))
        whole = _one_value(block, len(block) - block.endswith(b"\n"))
        texts = pc.split_pattern(whole, "\n").flatten()
        lines = cls(texts, pa.arange(0, len(texts)))
        lines.__dict__["whole"] = whole  # as it need not be joined again
        return lines

    @cached_property
    def whole(self) -> pa.BinaryArray:
        """The lines, joined by line ends, as one value."""
        offsets = pa.array([0, len(self)], pa.int32())
        return pc.binary_join(pa.ListArray.from_arrays(offsets, self.texts), b"\n")

    def where(self, mask: pa.BooleanArray) -> Lines:
        """The lines at which the mask is true."""
        if all_true(mask):
            return self
        return Lines(self.texts.filter(mask), self.numbers.filter(mask))

    def slice(self, start: int, length: int | None = None) -> Lines:
        """Some lines in a row."""
        return Lines(self.texts.slice(start, length), self.numbers.slice(start, length))


def _one_value(block: bytes, length: int) -> pa.BinaryArray:
    """The first bytes of a block as an array of one value, without copying them."""
    offsets = pa.py_buffer(bytes(4) + length.to_bytes(4, "little"))
    return pa.Array.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(block)])


LineGuard = Callable[[Lines], pa.BooleanArray]


def begins_an_object(lines: Lines) -> pa.BooleanArray:
    """No blank line, no null, no byte order mark, no continued value: pyarrow would take them."""
    return pc.starts_with(lines.texts, "{")


def ends_an_object(lines: Lines) -> pa.BooleanArray:
    """No value that goes on in the next line, which pyarrow would take for part of this one."""
    return pc.ends_with(lines.texts, "}")


UNKNOWN_FIELDS = "error"
"""How pyarrow is told to take a field that is not of the model."""

LINE_GUARDS: tuple[LineGuard, ...] = (begins_an_object, ends_an_object)
"""What a line must satisfy before it is parsed.

As no line that is parsed together with others can hold the end of one object and the beginning
of the next across its border, each gives at least one record; if there are as many records as
lines, each gives one.
"""


def may_write_a_null(level: Level, lines: Lines) -> pa.BooleanArray | None:
    """A null may be written for what can only be left out; pyarrow takes one for the other.

    A key can hide behind escapes, so that a line with any that could spell one is in doubt too.
    """
    keys = "|".join(sorted(set(level.keys_never_null())))
    if not keys or not pc.match_substring_regex(lines.whole, _NULL)[0].as_py():
        return None
    with_null = lines.where(pc.match_substring_regex(lines.texts, _NULL))
    pattern = rf'"(?:{keys})"[ \t\r]*{_NULL}|\\u00[2-7]'
    found = with_null.where(pc.match_substring_regex(with_null.texts, pattern))
    return pc.is_in(lines.numbers, value_set=found.numbers)


TEXT_GUARDS = (may_write_a_null,)
"""What parsed lines are held against, given the plan for their records and their text."""


class Unparsed(Exception):  # noqa: N818 - it is the input's fault
    """Lines do not parse together; ``row`` is the one at which it was noticed, if known."""

    def __init__(self, row: int | None) -> None:
        super().__init__(row)
        self.row = row


def parsed(lines: Lines, level: Level) -> tuple[pa.Table | None, Lines]:
    """The records of the lines that parse, and these lines; the others are left out."""
    for guard in LINE_GUARDS:
        lines = lines.where(guard(lines))
    if not len(lines):
        return None, lines
    try:
        return _parse(lines, level), lines
    except Unparsed:
        return _parse_what_can_be(lines, level)


def _parse(lines: Lines, level: Level) -> pa.Table:
    buffer = lines.whole[0].as_buffer()
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(buffer),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=buffer.size + 1),
            parse_options=pyarrow.json.ParseOptions(
                explicit_schema=level.parsed, unexpected_field_behavior=UNKNOWN_FIELDS
            ),
        )
    except pa.ArrowException as error:
        found = _ROW.search(str(error))
        raise Unparsed(int(found[1]) if found else None) from None
    if not one_record_a_line(table, lines):
        raise Unparsed(None)
    return table


def one_record_a_line(table: pa.Table, lines: Lines) -> bool:
    """Pyarrow takes two values on one line, and any number of lines for one value."""
    return bool(table.num_rows == len(lines))


def _parse_what_can_be(lines: Lines, level: Level) -> tuple[pa.Table | None, Lines]:
    """Leave out the lines that have not the shape of a record, then those at which parsing ends."""
    lines = lines.where(well_shaped(lines.texts, level.parsed))
    pieces: list[tuple[pa.Table, Lines]] = []
    while len(lines):
        try:
            pieces.append((_parse(lines, level), lines))
            break
        except Unparsed as end:
            if end.row is None or end.row >= len(lines):
                break
            before, lines = lines.slice(0, end.row), lines.slice(end.row + 1)
        try:
            if len(before):
                pieces.append((_parse(before, level), before))
        except Unparsed:
            break
    if not pieces:
        return None, lines.slice(0, 0)
    table = pa.concat_tables([table for table, _ in pieces])
    texts = pa.chunked_array([some.texts for _, some in pieces]).combine_chunks()
    numbers = pa.chunked_array([some.numbers for _, some in pieces]).combine_chunks()
    return table, Lines(texts, numbers)
