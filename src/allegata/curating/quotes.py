"""Anchoring quotes: from words to positions, hashes and the words that may be published.

A quote that is to be anchored is written as words: a text in the list of quotes, or a part with
``role`` and ``exact`` and without ``sha256``. Whatever is anchored points at words that stand in
the text as they were written, in one place; all else is told and left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allegata.curating.document import Document
from allegata.curating.tree import Entry, Leaf, Mapping, Sequence
from allegata.curating.words import Found, Span, find, is_within_quotation_marks, line_of
from allegata.rules import shortened
from allegata.rules.definitions.quotes import MOST_OF_SOURCE, MOST_WORDS
from allegata.schema.text import sha256_of, what_is_not_canonical
from allegata.schema.vocabularies import QuoteRole

_SEARCHED = 200_000
_SHOWN = 90


@dataclass(frozen=True)
class Outcome:
    """What became of one quote."""

    kind: str
    """anchored, moved, kept, ambiguous, missing or lost."""
    claim: str
    """The id of its claim."""
    seq: int
    """Its number within the claim, from 1."""
    words: str = ""
    """Its words, as far as they are known."""
    span: Span | None = None
    """Where it points now."""
    was: Span | None = None
    """Where it pointed before."""
    notes: tuple[str, ...] = ()
    """What is to be said of it: places, near matches, words that are not published."""

    @property
    def is_settled(self) -> bool:
        """Whether it points at its words."""
        return self.kind in ("anchored", "moved", "kept")


@dataclass
class Anchored:
    """What anchoring the quotes of one source did."""

    source: str
    """The source's id."""
    text_changed: bool = False
    """Whether the text is another than the one that was anchored before."""
    outcomes: list[Outcome] = field(default_factory=list)
    """What became of each quote, in the order of the file."""

    def of_kind(self, *kinds: str) -> list[Outcome]:
        """The quotes that met one of these ends."""
        return [one for one in self.outcomes if one.kind in kinds]


def anchor(document: Document, source: str, text: str, *, near: bool = False) -> Anchored:
    """Anchor the quotes of one source in a document, which is changed.

    Args:
        document: The record file.
        source: The source's id.
        text: Its canonical text.
        near: Whether to take the text's words where they differ from those written in quotation
            marks, dashes, blanks or ellipses only, and stand in one place.

    Returns:
        What became of each quote.
    """
    done = Anchored(source)
    record = next(
        (one for one in document.root.records("sources") if one.text("id") == source), None
    )
    quotes = list(_quotes(document, source))
    before = record.text("text_sha256") if record else None
    chars = _number(record, "text_chars")
    done.text_changed = before not in (None, sha256_of(text))
    held = [one for one in quotes if one.span and one.digest]
    moves = _Moves(text, held, chars if done.text_changed else None)
    budget = _Budget(text, (one for one in quotes if one.digest))
    for quote in quotes:
        if quote.digest:
            done.outcomes.append(_held(quote, moves))
        else:
            done.outcomes.append(_placed(quote, text, budget, near=near))
    if record:
        if before != sha256_of(text):
            record.set("text_sha256", sha256_of(text))
        if chars != len(text):
            record.set("text_chars", len(text))
    return done


def sources_of(document: Document) -> list[str]:
    """The ids of the sources that a document has quotes of, or that it holds."""
    found = {one.text("id") or "": None for table, one in document.records() if table == "sources"}
    for one in document.root.records("claims"):
        found.setdefault(one.text("source") or "", None)
    return [source for source in found if source]


def has_quotes(document: Document, source: str) -> bool:
    """Whether a document has quotes of a source."""
    return any(True for _ in _quotes(document, source))


@dataclass
class _Quote:
    """One quote as it is written."""

    claim: str
    seq: int
    entry: Entry
    holder: Sequence
    source: str

    @property
    def part(self) -> Mapping | None:
        return self.entry.value if isinstance(self.entry.value, Mapping) else None

    @property
    def words(self) -> str:
        if self.part is not None:
            return self.part.text("exact") or ""
        assert isinstance(self.entry.value, Leaf)
        return self.entry.value.value if isinstance(self.entry.value.value, str) else ""

    @property
    def digest(self) -> str | None:
        return self.part.text("sha256") if self.part else None

    @property
    def span(self) -> Span | None:
        start, end = _number(self.part, "start"), _number(self.part, "end")
        return None if start is None or end is None else Span(start, end)

    def write(self, values: dict[str, Any], *, drop: Iterable[str] = ()) -> None:
        if self.part is None:
            self.entry.value, self.entry.lines = (
                Mapping(model=self.holder.model, changed=True),
                None,
            )
            self.holder.changed = True
        part = self.part
        assert part is not None
        for key, value in values.items():
            part.set(key, value)
        for key in drop:
            part.remove(key)


def _held(quote: _Quote, moves: _Moves) -> Outcome:
    """A quote that was anchored before, held against the text."""
    span, of = quote.span, (quote.claim, quote.seq, quote.words)
    if span is None:
        return Outcome("lost", *of, notes=("has a hash and no start and end; write its words",))
    new = moves.place(quote)
    if isinstance(new, Span):
        if new != span:
            quote.write({"start": new.start, "end": new.end})
        return Outcome("kept" if new == span else "moved", *of, span=new, was=span)
    notes = _notes(moves.text, find(moves.text, quote.words)) if quote.words and not new else ()
    if new:
        notes = tuple(_at(moves.text, one) for one in new)
    hint = "write its words anew, without sha256, and run anchor again"
    return Outcome("lost", *of, was=span, notes=(*notes, hint))


def _placed(quote: _Quote, text: str, budget: _Budget, *, near: bool) -> Outcome:
    """A quote that is written as words, put where they stand."""
    words, of = quote.words, (quote.claim, quote.seq, quote.words)
    if not words.strip():
        return Outcome(
            "missing", *of, notes=("has neither words nor a hash; write exact: its words",)
        )
    found = find(text, words)
    spans = found.spans
    if near and not spans and found.differs and len(found.near) == 1:
        spans = found.near if found.differs != ("words left out",) else ()
    start = _number(quote.part, "start")
    if start is not None:
        spans = tuple(one for one in spans if one.start == start)
    if len(spans) > 1:
        notes = [f"start: {one.start}   {_at(text, one)}" for one in spans]
        hint = "write more of the words, or the start of the one that is meant"
        return Outcome("ambiguous", *of, notes=(*notes, hint))
    if not spans:
        return Outcome("missing", *of, notes=_notes(text, found))
    return _written(quote, text, spans[0], budget)


def _written(quote: _Quote, text: str, span: Span, budget: _Budget) -> Outcome:
    part, words = quote.part, text[span.start : span.end]
    role = part.text("role") if part else None
    if role is None:
        is_speech = is_within_quotation_marks(text, span)
        role = str(QuoteRole.SPEECH if is_speech else QuoteRole.CONTENT)
    notes = [] if part and part.text("role") else [f"role: {role}"]
    values: dict[str, Any] = {
        "role": role, "start": span.start, "end": span.end, "sha256": sha256_of(words)
    }  # fmt: skip
    withheld = budget.withholds(role, span, words)
    if withheld is None:
        values["exact"] = words
    elif role == QuoteRole.SPEECH:
        notes.append(f"its words are not published: {withheld}")
    quote.write(values, drop=["exact"] if withheld else [])
    outcome = ("anchored", quote.claim, quote.seq, words)
    return Outcome(*outcome, span=span, notes=tuple(notes))


class _Budget:
    """How much of a source's words is published already."""

    def __init__(self, text: str, quotes: Iterable[_Quote]) -> None:
        self._chars = len(text)
        self._published = {(one.span, one.words) for one in quotes if one.words}

    def withholds(self, role: str, span: Span, words: str) -> str | None:
        """Why some words may not be published, or None; what may counts from now on."""
        if role != QuoteRole.SPEECH:
            return "only quoted speech is"
        if len(words.split()) > MOST_WORDS:
            return f"they are more than {MOST_WORDS}"
        if found := what_is_not_canonical(words, verbatim=True):
            return f"the text {found}"
        with_these = self._published | {(span, words)}
        if sum(len(one) for _, one in with_these) * MOST_OF_SOURCE > self._chars:
            return f"more than {100 // MOST_OF_SOURCE} % of the text would be"
        self._published = with_these
        return None


class _Moves:
    """Where quotes that were anchored in an earlier text stand in a later one."""

    def __init__(self, text: str, quotes: list[_Quote], chars: int | None) -> None:
        """Find them.

        Args:
            text: The text.
            quotes: The quotes that have positions and hashes.
            chars: How long the earlier text was; None where that is the same or not known.
        """
        self.text = text
        self._is_new = chars is not None
        self._by_length: dict[int, dict[str, list[int]]] = {}
        self._places = {id(one.entry): self._starts(one) for one in quotes}
        sure = [
            (one.span, self._places[id(one.entry)][0] - one.span.start)
            for one in quotes
            if one.span and len(self._places[id(one.entry)]) == 1
        ]
        self._shifts = sorted(sure, key=lambda pair: pair[0].start)
        self._end = None if chars is None else (chars, len(text) - chars)

    def place(self, quote: _Quote) -> Span | list[Span]:
        """Where a quote stands now; or every place where its words stand, if not one alone.

        Of several places the one counts that what stands before and behind it has moved to.
        """
        span, starts = quote.span, self._places[id(quote.entry)]
        assert span is not None
        length = span.end - span.start
        if len(starts) == 1:
            return Span(starts[0], starts[0] + length)
        shift = self._common_shift(span)
        if shift is not None and span.start + shift in starts:
            return Span(span.start + shift, span.end + shift)
        return [Span(at, at + length) for at in starts]

    def _common_shift(self, span: Span) -> int | None:
        before = [shift for one, shift in self._shifts if one.end <= span.start]
        behind = [shift for one, shift in self._shifts if one.start >= span.end]
        first = before[-1] if before else 0
        last = behind[0] if behind else self._end[1] if self._end else None
        return first if first == last else None

    def _starts(self, quote: _Quote) -> list[int]:
        span, digest = quote.span, quote.digest
        if span is None or span.start >= span.end:
            return []
        stands = sha256_of(self.text[span.start : span.end]) == digest
        if stands and not self._is_new:
            return [span.start]
        if quote.words and sha256_of(quote.words) == digest:
            return [one.start for one in find(self.text, quote.words).spans]
        if len(self.text) > _SEARCHED:
            return [span.start] if stands else []
        return self._with_hash(span.end - span.start, digest or "")

    def _with_hash(self, length: int, digest: str) -> list[int]:
        """Where a part of that length and hash stands."""
        if length not in self._by_length:
            known: dict[str, list[int]] = {}
            for at in range(len(self.text) - length + 1):
                known.setdefault(sha256_of(self.text[at : at + length]), []).append(at)
            self._by_length = {length: known}
        return self._by_length[length].get(digest, [])


def _notes(text: str, found: Found) -> tuple[str, ...]:
    if not found.near:
        return ("the text has nothing like these words",)
    if found.differs == ("words left out",):
        span = found.near[0]
        return (
            f"the text has more where the ellipsis stands: {_at(text, span)}",
            "quote both parts, or the whole",
        )
    what = f"the text differs in {' and '.join(found.differs)}" if found.differs else "nearest"
    return tuple(f"{what}: {_at(text, one)}" for one in found.near)


def _at(text: str, span: Span) -> str:
    words = shortened(text[span.start : span.end], _SHOWN)
    return f"line {line_of(text, span.start)}, {span.start}-{span.end}: {words}"


def _quotes(document: Document, source: str) -> Iterator[_Quote]:
    for record in document.root.records("sources"):
        if record.text("id") == source:
            for claim in record.records("claims"):
                yield from _of_claim(claim, source)
    for claim in document.root.records("claims"):
        if claim.text("source") == source:
            yield from _of_claim(claim, source)


def _of_claim(claim: Mapping, source: str) -> Iterator[_Quote]:
    entry = claim.get("quotes")
    if entry and isinstance(entry.value, Sequence):
        for number, item in enumerate(entry.value.entries, 1):
            yield _Quote(claim.text("id") or "", number, item, entry.value, source)


def _number(record: Mapping | None, key: str) -> int | None:
    entry = record.get(key) if record else None
    value = entry.value.value if entry and isinstance(entry.value, Leaf) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
