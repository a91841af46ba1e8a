"""Finding words in a source's text: as they stand, or nearly so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›＂＇\u2032\u2033"  # noqa: RUF001 - what is taken for one another
_DASHES = "-‐‑‒–—―−﹘－\u2043"  # noqa: RUF001
_GONE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ELLIPSIS = re.compile(r"\s*(?:\[\s*)?(?:…|\.\s?\.\s?\.)(?:\s*\])?\s*")
_NEAR = 75
_MOST = 200_000
"""How long a text may be for words that do not stand in it to be looked for nearly."""
_GAP = 400
_MOST_PLACES = 5


@dataclass(frozen=True)
class Span:
    """A part of a text: positions as in the table of quotes."""

    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """Where words stand in a text."""

    spans: tuple[Span, ...] = ()
    """Every place where they stand as they were written."""
    near: tuple[Span, ...] = ()
    """Where not: places where the text has nearly these words."""
    differs: tuple[str, ...] = field(default=())
    """In what the first of these places differs; none where in letters."""


def find(text: str, words: str) -> Found:
    r"""Look for words in a text.

    Args:
        text: A canonical text.
        words: Some words of it, as a person typed or copied them.

    Returns:
        All places where they stand exactly. If there is none, those where the text differs only
        in quotation marks, dashes, blanks or ellipses; else the one that is most alike, if one is.

    >>> find("He said: \u201cNo \u2013 never.\u201d", '"No - never."').differs
    ('quotation marks', 'dashes')
    """
    wanted = unicodedata.normalize("NFC", words).strip()
    if not wanted:
        return Found()
    if spans := _occurrences(text, wanted):
        return Found(tuple(spans))
    folded, places = _folded(text)
    like = _folded(wanted)[0].strip()
    near = [
        Span(places[one.start], places[one.end - 1] + 1)
        for one in (_occurrences(folded, like) if like else ())
    ]
    if not near and (bare := like.strip('"')) and bare != like:
        near = [
            Span(places[one.start], places[one.end - 1] + 1) for one in _occurrences(folded, bare)
        ]
    if near:
        first = text[near[0].start : near[0].end]
        return Found(near=tuple(near[:_MOST_PLACES]), differs=_difference(wanted, first))
    if gap := _with_gaps(folded, wanted):
        span = Span(places[gap.start], places[gap.end - 1] + 1)
        return Found(near=(span,), differs=("words left out",))
    alike = _alike(folded, like)
    return Found(near=(Span(places[alike.start], places[alike.end - 1] + 1),)) if alike else Found()


def is_within_quotation_marks(text: str, span: Span) -> bool:
    """Whether a span of a text is what stands between quotation marks, or a part of it.

    Marks are followed from the beginning of the paragraph; single ones may be apostrophes, and
    are not counted.
    """
    begin = text.rfind("\n\n", 0, span.start) + 1
    closing = {"“": "”", "„": "“”", "«": "»", '"': '"'}
    open_marks: list[str] = []
    for char in text[begin : span.start + 1]:
        if open_marks and char in closing[open_marks[-1]]:
            open_marks.pop()
        elif char in closing:
            open_marks.append(char)
    return bool(open_marks)


def line_of(text: str, at: int) -> int:
    """The number of the line that a position lies in, from 1."""
    return text.count("\n", 0, at) + 1


def _occurrences(text: str, words: str) -> list[Span]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(Span(at, at + len(words)))
        at = text.find(words, at + 1)
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with alike characters made one, and the position of each in the text."""
    chars: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        char = text[at]
        if text.startswith(("...", ". . ."), at):
            length = 3 if text.startswith("...", at) else 5
            chars.append("…")
            places.append(at)
            at += length
            continue
        if char in _QUOTES:
            char = '"'
        elif char in _DASHES:
            char = "-"
        elif char.isspace():
            char = " "
        if char in _GONE or (char == " " and chars and chars[-1] == " "):
            at += 1
            continue
        chars.append(char)
        places.append(at)
        at += 1
    return "".join(chars), places


def _difference(written: str, standing: str) -> tuple[str, ...]:
    """In what two texts differ that are alike when folded."""
    kinds = {
        "quotation marks": f"[{re.escape(_QUOTES)}]",
        "dashes": f"[{re.escape(_DASHES)}]",
        "ellipses": r"\.\.\.|\. \. \.|…",
        "blanks": r"\s+",
        "unseen characters": f"[{_GONE}]",
    }
    return tuple(
        name
        for name, pattern in kinds.items()
        if re.findall(pattern, written) != re.findall(pattern, standing)
    )


def _with_gaps(folded: str, wanted: str) -> Span | None:
    """Where the parts of words stand between which an ellipsis leaves something out."""
    parts = [_folded(part)[0].strip() for part in _ELLIPSIS.split(wanted)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return None
    for first in _occurrences(folded, parts[0]):
        spans = [first]
        for part in parts[1:]:
            at = folded.find(part, spans[-1].end, spans[-1].end + _GAP + len(part))
            if at < 0:
                break
            spans.append(Span(at, at + len(part)))
        if len(spans) == len(parts) and all(one.end <= two.start for one, two in pairwise(spans)):
            return Span(first.start, spans[-1].end)
    return None


def _alike(folded: str, like: str) -> Span | None:
    """The part of a text that is most like some words, if one is near."""
    if len(folded) > _MOST or len(like) < 4 or len(like) > len(folded):
        return None
    found = fuzz.partial_ratio_alignment(like.lower(), folded.lower(), score_cutoff=_NEAR)
    if found is None or len(folded.lower()) != len(folded) or found.dest_start == found.dest_end:
        return None
    begin, end = found.dest_start, found.dest_end
    while begin > 0 and folded[begin - 1].isalnum() and folded[begin].isalnum():
        begin -= 1
    while end < len(folded) and folded[end].isalnum() and folded[end - 1].isalnum():
        end += 1
    while begin < end and folded[begin] == " ":
        begin += 1
    while end > begin and folded[end - 1] == " ":
        end -= 1
    return Span(begin, end) if begin < end else None
