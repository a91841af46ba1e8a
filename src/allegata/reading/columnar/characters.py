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
# U+3000 only long runs count: a pattern is compiled anew for each array.
_SEARCHED = range(0x20, 0xD7A4)
_EVERY_RUN_BELOW = 0x3000
_LONG_RUN = 64
_COMMON = (range(0x20, 0x600), range(0x2000, 0x2100))  # Latin to Hebrew, and punctuation
_LINE_FEED = 0x0A
_BLOCKS_OF_HANGUL = "\u1100", "\uac00"


@cache
def canonical_patterns(*, verbatim: bool, single_line: bool) -> tuple[str, str]:
    """Patterns that RE2 finds only in texts that are canonical for certain.

    The first is for common scripts, and soon compiled; the second is for many more.

    Args:
        verbatim: Whether the text was copied from a source, whose blanks are its own.
        single_line: Whether the text must have no line break.
    """
    every = list(_runs(point for point in _SEARCHED if _stands_anywhere(chr(point))))
    common = _class(run for run in every if any(run[0] in part for part in _COMMON))
    many = _class(run for run in every if run[0] < _EVERY_RUN_BELOW or run[1] - run[0] >= _LONG_RUN)
    marks = _class(_runs(point for point in _SEARCHED if _stands_behind(chr(point))))
    blanks = _class((point, point) for point in _blanks(verbatim=verbatim))
    breaks = "" if single_line else "\n"
    between = f"[{blanks}]" if single_line else f"(?:[{blanks}]|\n\n?)"
    words = f"[{common}]+", f"(?:[{many}][{marks}]?)+"
    if verbatim:
        return f"^[{common}{blanks}{breaks}]+$", f"^(?:{words[1]}|[{blanks}{breaks}])+$"
    in_common, in_many = (f"^{word}(?:{between}{word})*$" for word in words)
    return in_common, in_many


def _blanks(*, verbatim: bool) -> list[int]:
    """The blanks, but for line feeds, that may stand alone between two visible characters."""
    return [
        point
        for point in range(0x3001)
        if chr(point).isspace()
        and point != _LINE_FEED
        and _is_inert(chr(point))
        and what_is_not_canonical(f"a{chr(point)}a", verbatim=verbatim) is None
    ]


@cache
def _stands_anywhere(character: str) -> bool:
    """Whether a canonical text stays so wherever the character is put into it."""
    return (
        not character.isspace()
        and _is_inert(character)
        and what_is_not_canonical(character) is None
    )


def _stands_behind(character: str) -> bool:
    """Whether it is a mark that may follow any character that may stand anywhere.

    It stays with that character, and two of them have an order, so that only one may follow.
    """
    return (
        unicodedata.combining(character) > 0
        and unicodedata.normalize("NFC", character) == character
        and character not in _joining()
        and what_is_not_canonical(f"a{character}") is None
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


def _class(runs: Iterable[tuple[int, int]]) -> str:
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in runs)


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
