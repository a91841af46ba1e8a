"""Which texts are canonical for certain, as patterns of RE2 derived from Python's own tables.

What a text may hold is decided by `what_is_not_canonical`, which knows each code point and the
Unicode data of this Python. Here the code points are collected that may stand beside any others:
a text of nothing else is canonical. All other texts have to be asked about one by one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from allegata.schema.text import what_is_not_canonical

# Beyond these lie rare scripts and what is seldom text; they are asked about one by one. Above
# U+3000 only long runs count, since a pattern is compiled anew for each array.
_SEARCHED = range(0x20, 0xD7A4)
_EVERY_RUN_BELOW = 0x3000
_LONG_RUN = 64
_BLOCKS_OF_HANGUL = "\u1100", "\uac00"


@cache
def canonical_pattern(*, verbatim: bool, single_line: bool) -> str:
    """The pattern of texts that are canonical for certain; RE2 must find it in the text.

    Args:
        verbatim: Whether the text was copied from a source, whose blanks are its own.
        single_line: Whether the text must have no line break.
    """
    visible, blank = _visible(), _class(_blanks(verbatim=verbatim))
    breaks = "" if single_line else "\n"
    if verbatim:
        return f"^[{visible}{blank}{breaks}]+$"
    between = f"[{blank}]" if single_line else f"(?:[{blank}]|\n\n?)"
    return f"^[{visible}]+(?:{between}[{visible}]+)*$"


@cache
def _visible() -> str:
    runs = [
        (first, last)
        for first, last in _runs(point for point in _SEARCHED if _stands_anywhere(point))
        if first < _EVERY_RUN_BELOW or last - first >= _LONG_RUN
    ]
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in runs)


def _blanks(*, verbatim: bool) -> list[int]:
    """The blanks that may stand alone between two visible characters."""
    return [
        point
        for point in _SEARCHED_BLANKS
        if chr(point).isspace()
        and _is_inert(chr(point))
        and what_is_not_canonical(f"a{chr(point)}a", verbatim=verbatim) is None
    ]


_SEARCHED_BLANKS = [*range(0x0A), *range(0x0B, 0x3001)]  # all but the line feed


def _stands_anywhere(point: int) -> bool:
    character = chr(point)
    return (
        not character.isspace()
        and _is_inert(character)
        and what_is_not_canonical(character) is None
    )


def _is_inert(character: str) -> bool:
    """Whether a text in normal form C stays so wherever the character is put into it."""
    return (
        not unicodedata.combining(character)
        and unicodedata.normalize("NFC", character) == character
        and character not in _joining()
    )


@cache
def _joining() -> frozenset[str]:
    """The characters that a character before them may merge with."""
    found = set()
    for point in range(0x110000):
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    for before in _BLOCKS_OF_HANGUL:
        for after in map(chr, range(0x1100, 0x1200)):
            if unicodedata.normalize("NFC", before + after) != before + after:
                found.add(after)
    return frozenset(found)


def _class(points: Iterable[int]) -> str:
    return "".join(f"\\x{{{point:X}}}" for point in points)


def _runs(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for point in points:
        if point != last + 1:
            if first >= 0:
                yield first, last
            first = point
        last = point
    if first >= 0:
        yield first, last
