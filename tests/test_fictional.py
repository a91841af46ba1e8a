"""The fictional dataset: its anchors hold, and it keeps showing every part of the schema."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from allegata.engines import check
from allegata.reading import Reading, read
from allegata.schema import MODELS, Quote
from allegata.schema.text import canonical_text, sha256_of
from allegata.schema.vocabularies import (
    ActorKind,
    Channel,
    Clarity,
    Evidence,
    PlaceKind,
    Predicate,
    QuoteRole,
    SourceKind,
    Stance,
)

FICTIONAL = Path(__file__).parent / "fictional"
TEXTS = {path.stem: canonical_text(path.read_bytes()) for path in FICTIONAL.glob("texts/*.txt")}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read([FICTIONAL])


def _quotes(reading: Reading) -> list[tuple[str, Quote]]:
    """The quotes, each with the text of its source."""
    source_of = {row["id"]: row["source_id"] for row in reading.table("claims").to_pylist()}
    quotes = [
        Quote.model_validate(row, by_name=True) for row in reading.table("quotes").to_pylist()
    ]
    return [(TEXTS[source_of[quote.claim_id]], quote) for quote in quotes]


def _values(reading: Reading, table: str, column: str) -> set[object]:
    return set(reading.table(table).column(column).to_pylist())


def test_it_satisfies_every_rule() -> None:
    assert check([FICTIONAL]).problems == []


def test_each_source_has_its_text(reading: Reading) -> None:
    sources = reading.table("sources").to_pylist()
    assert {one["id"]: (one["text_sha256"], one["text_chars"]) for one in sources} == {
        name: (sha256_of(text), len(text)) for name, text in TEXTS.items()
    }


def test_each_quote_is_where_it_says(reading: Reading) -> None:
    for text, quote in _quotes(reading):
        span = text[quote.start : quote.end]
        assert 0 <= quote.start < quote.end <= len(text), quote
        assert sha256_of(span) == quote.sha256, quote
        assert quote.exact == (span if quote.role is QuoteRole.SPEECH else None), quote


def test_quoted_speech_stands_in_quotation_marks(reading: Reading) -> None:
    around = {
        text[quote.start - 1] + text[quote.end : quote.end + 2].lstrip(",.")[:1]
        for text, quote in _quotes(reading)
        if quote.role is QuoteRole.SPEECH
    }
    assert around == {"“”", '""', "«»"}


def test_quoted_speech_keeps_to_the_budget(reading: Reading) -> None:
    published: Counter[str] = Counter()
    for text, quote in _quotes(reading):
        if quote.exact:
            assert len(quote.exact.split()) <= 25, quote
            published[text] += len(quote.exact)
    assert all(chars <= len(text) * 0.2 for text, chars in published.items())


def test_positions_count_code_points(reading: Reading) -> None:
    """Some quotes stand behind characters that other ways of counting take for two or more."""
    behind_emoji = [
        q for text, q in _quotes(reading) if max(text[: q.start], default="") > "\uffff"
    ]
    assert len(behind_emoji) > 10


def test_it_shows_every_stance_evidence_and_channel(reading: Reading) -> None:
    assert _values(reading, "claims", "stance") == set(Stance)
    assert _values(reading, "claims", "evidence") == set(Evidence)
    assert _values(reading, "claims", "clarity") == set(Clarity)
    assert _values(reading, "statements", "channel") == set(Channel)
    assert _values(reading, "quotes", "role") == set(QuoteRole)
    assert _values(reading, "actors", "kind") == set(ActorKind)
    assert _values(reading, "places", "kind") == {PlaceKind.SITE, PlaceKind.CITY, PlaceKind.REGION}
    assert _values(reading, "sources", "lang") == {"en", "es"}
    assert _values(reading, "sources", "kind") == {
        SourceKind.NEWS_REPORT,
        SourceKind.OFFICIAL_RELEASE,
        SourceKind.WIRE_REPORT,
    }
    assert _values(reading, "relations", "predicate") == {
        Predicate.ALTERNATIVE_TO,
        Predicate.BEFORE,
        Predicate.CONTRADICTS,
        Predicate.ENTAILS,
        Predicate.REPLIES_TO,
        Predicate.REPUBLISHES,
        Predicate.REWRITES,
    }


def test_it_shows_chains_of_every_depth(reading: Reading) -> None:
    claims = reading.table("claims").column("id").to_pylist()
    depths = Counter(reading.table("hops").column("claim_id").to_pylist())
    assert Counter(depths[claim] for claim in claims) == {0: 10, 1: 36, 2: 5}


def test_it_fills_every_table_but_revisions(reading: Reading) -> None:
    """Whoever publishes it adds the revisions of its releases."""
    assert {name for name in MODELS if reading.table(name).num_rows} == MODELS.keys() - {
        "revisions"
    }


def test_it_names_nothing_real(reading: Reading) -> None:
    identified = {
        column: _values(reading, table, column)
        for table in ("actors", "places")
        for column in ("country", "wikidata")
    }
    assert identified == {"country": {None}, "wikidata": {None}}
    assert _values(reading, "places", "geonames") == {None}
    assert all(".example/" in str(url) for url in _values(reading, "sources", "url"))
