"""The rows of a release that exports walk through, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from allegata.exporting.errors import ExportRefused
from allegata.reading import Step
from allegata.releasing import Release
from allegata.showing import ReleaseSession
from allegata.showing.session import Row

_AT_ONCE = 5_000

CLAIMS = """
SELECT f.*, s.url, s.archive_url, s.lang AS source_language, c.coder, c.reviewer, c.coded,
    a.kind AS speaker_kind, a.wikidata AS speaker_wikidata, p.kind AS publisher_kind, h.hops
FROM claims_flat f
JOIN claims c ON c.id = f.claim_id
JOIN sources s ON s.id = f.source_id
JOIN actors a ON a.id = f.speaker_id
JOIN actors p ON p.id = f.publisher_id
LEFT JOIN (
    SELECT h.claim_id, list({
        'position': h.position, 'statement_id': h.statement_id, 'cue': h.cue,
        'speaker_id': t.speaker_id, 'channel': t.channel, 'said': t.said,
        'source_id': t.source_id, 'on_behalf_of': t.on_behalf_of
    } ORDER BY h.position) AS hops
    FROM hops h JOIN statements t ON t.id = h.statement_id GROUP BY h.claim_id
) h ON h.claim_id = f.claim_id
ORDER BY f.claim_id
"""
"""A row a claim, with its source, its speaker and its chain, outermost first."""


@dataclass
class Export:
    """What an export works with: the rows of a release, and what is told of the work."""

    release: Release
    session: ReleaseSession
    progress: Callable[[Step], None]
    contested: bool = False
    """Whether events that are contested or denied are wanted too, where a format asserts events."""
    written: int = 0
    """How many items have been written."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why -> how many items were not written for it."""

    def leave_out(self, why: str) -> None:
        """Count an item that the format cannot hold."""
        self.left_out[why] = self.left_out.get(why, 0) + 1

    def rows(self, what: str, sql: str) -> Iterator[Row]:
        """The rows of a query as values of Python, some thousands at a time.

        No other query may be asked for until they have been read to their end.

        Args:
            what: What is being written, for the progress.
            sql: The query, which says the order.
        """
        for batch in self.batches(what, sql):
            yield from batch.to_pylist()

    def batches(self, what: str, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches; for the rest as `rows`.

        Raises:
            ExportRefused: the release lacks a table or a column that the query reads.
        """
        told = 0
        try:
            reader = self.session.connection.sql(sql).to_arrow_reader(_AT_ONCE)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            lacks = str(error).splitlines()[0]
            raise ExportRefused(
                f"release {self.release.version} does not hold all that is exported: {lacks}"
            ) from None
        for batch in reader:
            yield batch
            told += batch.num_rows
            self.progress(Step(what, 0, 0, told))

    def iri(self, record: str, part: str = "") -> str:
        """The IRI of a record: below the dataset's homepage, or a URN where it has none.

        It stays the same from release to release.
        """
        dataset = self.release.dataset
        ending = f".{part}" if part else ""
        if dataset.homepage:
            return f"{dataset.homepage.split('#')[0]}#{record}{ending}"
        return f"urn:allegata:{dataset.name}:{record}{ending}"

    @property
    def licence(self) -> str:
        """The address of the terms."""
        return self.release.dataset.licence.url


def says(claim: Row) -> str:
    """A claim as a sentence that cannot be read as its proposition.

    >>> says({"speaker_name": "Ann", "stance": "no_response", "proposition_text": "It rains."})
    'Ann, no response: “It rains.”'
    """
    stance = str(claim["stance"])
    comma = "," if stance == "no_response" else ""
    words = stance.replace("_", " ")
    return f"{claim['speaker_name']}{comma} {words}: “{claim['proposition_text']}”"
