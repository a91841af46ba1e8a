"""Verifying anchors: whether quotes stand where they say, in the texts of sources at hand.

A source's text lies in a folder of texts under the source's id: ``src-….txt``. The folder is
never part of the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from allegata.reading.records import Records, Row
from allegata.rules import shortened
from allegata.schema import Quote, Source
from allegata.schema.text import canonical_text, sha256_of

_SEARCHED = 200_000
"""How long a text may be for the words of a lost anchor to be looked for elsewhere in it."""


@dataclass
class Anchors:
    """How many quotes could be held against the text of their source."""

    verified: int = 0
    """Quotes that stand where they say."""
    wrong: int = 0
    """Quotes that do not."""
    unverified: int = 0
    """Quotes whose text is not at hand, or is another than the one that was coded."""


def verify_anchors(records: Records, texts: Path | None) -> Anchors:
    """Hold every quote against the text of its source, and note what differs as problems.

    Args:
        records: The records; problems are added to them.
        texts: The folder of texts; None where there is none.
    """
    anchors = Anchors()
    source_of = {row.record.id: row.record.source_id for row in records.rows["claims"]}  # type: ignore[attr-defined]
    quotes: dict[str | None, list[Row]] = {}
    for row in records.rows["quotes"]:
        quotes.setdefault(source_of.get(row.record.claim_id), []).append(row)  # type: ignore[attr-defined]
    for row in records.rows["sources"]:
        of_source = quotes.pop(row.record.id, [])  # type: ignore[attr-defined]
        text = _text_of(records, row, texts) if texts else None
        if text is None:
            anchors.unverified += len(of_source)
            continue
        for quote in of_source:
            if _stands(records, quote, text):
                anchors.verified += 1
            else:
                anchors.wrong += 1
    anchors.unverified += sum(len(of_none) for of_none in quotes.values())
    return anchors


def _text_of(records: Records, row: Row, texts: Path) -> str | None:
    """The text of a source, if it is at hand and is the one that was coded."""
    source = row.record
    assert isinstance(source, Source)
    path = texts / f"{source.id}.txt"
    if not path.is_file():
        return None
    try:
        text = canonical_text(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        _report(records, "SOURCE_TEXT_MISMATCH", row, None, f"the text cannot be read: {error}")
        return None
    if source.text_sha256 not in (None, sha256_of(text)):
        message = f"the text in {shortened(path)} has another hash: {sha256_of(text)}"
        _report(records, "SOURCE_TEXT_MISMATCH", row, "text_sha256", message)
        return None
    if source.text_chars not in (None, len(text)):
        message = f"the text in {shortened(path)} has {len(text)} characters"
        _report(records, "SOURCE_TEXT_MISMATCH", row, "text_chars", message)
    return text


def _stands(records: Records, row: Row, text: str) -> bool:
    quote = row.record
    assert isinstance(quote, Quote)
    if quote.start >= quote.end:
        return False  # QUOTE_RANGE says so
    if quote.end > len(text):
        message = f"end is {quote.end}, and the text has {len(text)} characters"
        _report(records, "QUOTE_MISMATCH", row, "end", message)
        return False
    span = text[quote.start : quote.end]
    if sha256_of(span) != quote.sha256:
        found = _elsewhere(quote, text)
        _report(
            records,
            "QUOTE_MISMATCH",
            row,
            "sha256",
            "the text has other words at this position",
            fix=f"write start: {found}, end: {found + quote.end - quote.start}"
            if found is not None
            else f"if the position is right, write {sha256_of(span)}",
        )
        return False
    if quote.exact not in (None, span):
        message = "exact differs from the words at this position"
        _report(records, "QUOTE_MISMATCH", row, "exact", message, fix=f"write {shortened(span)}")
        return False
    return True


def _elsewhere(quote: Quote, text: str) -> int | None:
    """Where the words of the quote stand instead, if they do."""
    if quote.exact and sha256_of(quote.exact) == quote.sha256:
        found = text.find(quote.exact)
        return found if found >= 0 else None
    length = quote.end - quote.start
    if len(text) > _SEARCHED:
        return None
    starts = range(len(text) - length + 1)
    return next((at for at in starts if sha256_of(text[at : at + length]) == quote.sha256), None)


def _report(
    records: Records, code: str, row: Row, field: str | None, message: str, fix: str | None = None
) -> None:
    node = row.node.at([field]) if field else row.node
    named = getattr(row.record, type(row.record).key[0])
    records.report(
        row.file, code, message, node, table=row.record.table, record=named, field=field, fix=fix
    )
