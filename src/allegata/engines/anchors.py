"""Verifying anchors: whether quotes stand where they say, in the texts of sources at hand.

A source's text lies in a folder of texts under the source's id: ``src-….txt``. The folder is
never part of the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegata.engines.placing import Finding
from allegata.rules import shortened
from allegata.schema.text import canonical_text, sha256_of
from allegata.tables.session import Session

_SEARCHED = 200_000
"""How long a text may be for the words of a lost anchor to be looked for elsewhere in it."""

_SOURCES_AT_ONCE = 500


@dataclass
class Anchors:
    """How many quotes could be held against the text of their source."""

    verified: int = 0
    """Quotes that stand where they say."""
    wrong: int = 0
    """Quotes that do not."""
    unverified: int = 0
    """Quotes whose text is not at hand, or is another than the one that was coded."""


def verify_anchors(
    session: Session, texts: Path | None, quotes: int
) -> tuple[Anchors, list[Finding]]:
    """Hold every quote against the text of its source.

    Args:
        session: A session that has the rows.
        texts: The folder of texts; None where there is none.
        quotes: How many quotes there are.

    Returns:
        How many quotes stand, and what differs.
    """
    anchors = Anchors()
    findings: list[Finding] = []
    at_hand = sorted(path.stem for path in texts.glob("src-*.txt")) if texts else []
    for start in range(0, len(at_hand), _SOURCES_AT_ONCE):
        listed = ", ".join(
            f"'{_quoted(name)}'" for name in at_hand[start : start + _SOURCES_AT_ONCE]
        )
        for source in session.fetch(_SOURCES.format(listed=listed)).to_pylist():
            assert texts is not None
            text = _text_of(source, texts, findings)
            if text is not None:
                sql = _QUOTES.format(source=_quoted(source["id"]))
                for quote in session.fetch(sql).to_pylist():
                    if _stands(quote, text, findings):
                        anchors.verified += 1
                    else:
                        anchors.wrong += 1
    anchors.unverified = quotes - anchors.verified - anchors.wrong
    return anchors, findings


_SOURCES = (
    "SELECT _row, id, text_sha256, text_chars FROM sources WHERE id IN ({listed}) ORDER BY _row"
)
_QUOTES = (
    'SELECT q._row, q.start, q."end", q.sha256, q.exact FROM quotes q '
    "JOIN claims c ON c.id = q.claim_id WHERE c.source_id = '{source}' ORDER BY q._row"
)


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _text_of(source: dict[str, Any], texts: Path, findings: list[Finding]) -> str | None:
    """The text of a source, if it can be read and is the one that was coded."""
    path, row = texts / f"{source['id']}.txt", source["_row"]

    def report(column: str | None, message: str) -> None:
        findings.append(Finding("SOURCE_TEXT_MISMATCH", message, "sources", row, column))

    try:
        text = canonical_text(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        report(None, f"the text cannot be read: {error}")
        return None
    if source["text_sha256"] not in (None, sha256_of(text)):
        report("text_sha256", f"the text in {shortened(path)} has another hash: {sha256_of(text)}")
        return None
    if source["text_chars"] not in (None, len(text)):
        report("text_chars", f"the text in {shortened(path)} has {len(text)} characters")
    return text


def _stands(quote: dict[str, Any], text: str, findings: list[Finding]) -> bool:
    start, end, exact = quote["start"], quote["end"], quote["exact"]

    def report(column: str, message: str, fix: str | None = None) -> bool:
        findings.append(
            Finding("QUOTE_MISMATCH", message, "quotes", quote["_row"], column, fix=fix)
        )
        return False

    if start >= end:
        return False  # QUOTE_RANGE says so
    if end > len(text):
        return report("end", f"end is {end}, and the text has {len(text)} characters")
    span = text[start:end]
    if sha256_of(span) != quote["sha256"]:
        found = _elsewhere(quote, text)
        fix = f"if the position is right, write {sha256_of(span)}"
        if found is not None:
            fix = f"write start: {found}, end: {found + end - start}"
        return report("sha256", "the text has other words at this position", fix)
    if exact not in (None, span):
        message = "exact differs from the words at this position"
        return report("exact", message, f"write {shortened(span)}")
    return True


def _elsewhere(quote: dict[str, Any], text: str) -> int | None:
    """Where the words of the quote stand instead, if they do."""
    exact, sha256 = quote["exact"], quote["sha256"]
    if exact and sha256_of(exact) == sha256:
        found = text.find(exact)
        return found if found >= 0 else None
    length = quote["end"] - quote["start"]
    if len(text) > _SEARCHED:
        return None
    starts = range(len(text) - length + 1)
    return next((at for at in starts if sha256_of(text[at : at + length]) == sha256), None)
