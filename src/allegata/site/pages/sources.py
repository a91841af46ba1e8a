"""The list of sources, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allegata.site.claims import Claim, Counts
from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import LISTED, Batch, Subject
from allegata.site.records import Row
from allegata.site.words import time_in_words

_LISTS = (("own-voice", "Says in its own voice"), ("relays", "Reports as said or asked"))
_NEWEST = f"SELECT id FROM sources ORDER BY published_latest DESC NULLS LAST, id LIMIT {LISTED}"


def listed_of(batch: Batch, claims: Iterable[Claim]) -> list[tuple[Row, Row, Counts]]:
    """The sources of some claims with their publishers, the newest first."""
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        by_source.setdefault(claim.source["id"], []).append(claim)
    # Two passes of a stable sort: the newest first, and those of a day by id.
    rows = [batch.records.sources[name] for name in sorted(by_source)]
    rows.sort(key=lambda row: str(row["published_latest"] or ""), reverse=True)
    return [(*_with_publisher(batch, row), Counts.of(by_source[row["id"]])) for row in rows]


def pages(subject: Subject) -> Iterator[Page]:
    """The list of sources."""
    batch = subject.listed("sources", [row["id"] for row in subject.store.rows(_NEWEST)])
    yield batch.page(
        "sources.html",
        "sources/",
        "Sources",
        "Documents that make or relay the claims.",
        is_index=True,
        coverage=subject.dataset.coverage,
        sources=[
            (*_with_publisher(batch, row), batch.claims.counts("sources", row["id"], "all"))
            for row in batch.rows
        ],
        left=subject.rows_in("sources") - len(batch.ids),
    )


def _with_publisher(batch: Batch, source: Row) -> tuple[Row, Row]:
    return source, batch.records.actors[source["publisher_id"]]


def record_page(batch: Batch, source: Row) -> Page:
    """The page of a source."""
    claims = batch.claims
    name = source["id"]
    _, publisher = _with_publisher(batch, source)
    homeless = claims.listed("sources", name, "home")
    return batch.record_page(
        "source.html",
        source,
        title=source["title"] or f"{publisher['name']}, {time_in_words(source['published'])}",
        source=source,
        publisher=publisher,
        lists=[(part, heading, claims.listed("sources", name, part)) for part, heading in _LISTS],
        own=matrix(
            {one.proposition["id"]: one.proposition for one in homeless.claims}.values(),
            claims,
            homeless.counts,
        ),
    )
