"""Which values a field accepts: quick tests of whole arrays, and the field's own word.

A quick test may only pass what the field surely accepts. What it does not pass is asked of the
field's own validator, once for each distinct value, so that acceptance is the model's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter, ValidationError

from allegata.reading.columnar.characters import canonical_patterns

_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 256  # bytes; a long text will hardly come again


class Test(Protocol):
    """A quick test of values."""

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each value is surely accepted; null where there is none."""


@dataclass(frozen=True)
class Matches:
    """A text in which a pattern is found. It is UTF-8 if only such bytes can match."""

    pattern: str

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether the pattern is found in each text."""
        return pc.match_substring_regex(values, self.pattern)


@dataclass(frozen=True)
class IsCanonical:
    """A text of characters that may stand beside any others, with no stray blanks."""

    verbatim: bool
    single_line: bool

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each text is canonical for certain."""
        common, wide = canonical_patterns(verbatim=self.verbatim, single_line=self.single_line)
        passed = pc.match_substring_regex(values, common)
        return passed if all_true(passed) else pc.match_substring_regex(values, wide)


@dataclass(frozen=True)
class AtMost:
    """A text of at most so many code points."""

    length: int

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each text is short enough."""
        short = pc.less_equal(pc.binary_length(values), pa.scalar(self.length, pa.int32()))
        return short if all_true(short) else pc.less_equal(pc.utf8_length(values), self.length)


@dataclass(frozen=True)
class AtLeast:
    """A text of at least so many code points."""

    length: int

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each text is long enough."""
        return pc.greater_equal(pc.utf8_length(values), self.length)


@dataclass(frozen=True)
class OneOf:
    """One of the codes of a vocabulary."""

    codes: tuple[str, ...]

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each text is a code."""
        return pc.is_in(values, value_set=pa.array(self.codes, values.type), skip_nulls=False)


@dataclass(frozen=True)
class NotBelow:
    """A number that is not below a limit."""

    limit: float

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each number is large enough."""
        return pc.greater_equal(values, self.limit)


@dataclass(frozen=True)
class NotAbove:
    """A number that is not above a limit."""

    limit: float

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each number is small enough."""
        return pc.less_equal(values, self.limit)


@dataclass(frozen=True)
class IsFinite:
    """A number that is neither infinite nor NaN."""

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each number is finite."""
        return pc.is_finite(values)


@dataclass(frozen=True)
class HasPlainZero:
    """A number that is not -0.0: written ``-0`` it is 0.0 for the model, and -0.0 for Arrow."""

    def passes(self, values: pa.Array) -> pa.BooleanArray:
        """Whether each number is any other than -0.0."""
        return pc.not_equal(values.view(pa.int64()), -(2**63))


class Word:
    """The last word on texts: the field's own validator, asked once for each distinct text."""

    def __init__(self, validator: TypeAdapter[Any], *, keeps: bool) -> None:
        self._validator = validator
        self._keeps = keeps  # whether a value that is made into another counts as refused
        self._remembered: dict[bytes, Any] = {}

    def on(self, texts: pa.Array) -> list[Any]:
        """What the field makes of each text; None where it refuses it."""
        return [self._on(text) for text in texts.cast(pa.binary()).to_pylist()]

    def _on(self, text: bytes | None) -> Any:
        if text is None:
            return None
        found = self._remembered.get(text, self)
        if found is self:
            found = self._ask(text)
            if len(text) > _LONGEST_REMEMBERED:
                return found
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = found
        return found

    def _ask(self, text: bytes) -> Any:
        try:
            given = text.decode("utf-8")
            made = self._validator.validate_python(given)
        except (ValidationError, UnicodeDecodeError):
            return None
        return None if self._keeps and made != given else made


def describes_whole_ascii(pattern: str) -> bool:
    """Whether a pattern is found only in texts of ASCII that it describes from end to end.

    >>> [describes_whole_ascii(p) for p in ("^a[b-d](e|f)*$", "^a|b$", "^[^a]$", "^a.$")]
    [True, False, False, False]
    >>> describes_whole_ascii("^a(?=b)$")  # nor must it be unknown to RE2
    False
    """
    if not pattern.isascii() or re.search(r"\\[A-Za-z]|\[\^", pattern):
        return False
    inside = re.sub(r"\\.|\[\]?(?:\\.|[^\]\\])*\]", "a", pattern)
    if "." in inside:
        return False
    while (flat := re.sub(r"\([^()]*\)", "a", inside)) != inside:
        inside = flat
    if not re.fullmatch(r"\^[^|^$()]*\$", inside):
        return False
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid:  # RE2 does not know it
        return False
    return True


def any_true(mask: pa.BooleanArray) -> bool:
    """Whether a value is true."""
    return bool(mask.true_count)


def all_true(mask: pa.BooleanArray) -> bool:
    """Whether no value is false."""
    return bool(mask.true_count == len(mask) - mask.null_count)
