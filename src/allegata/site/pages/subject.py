"""What pages draw on: one release, and of its records those that the pages at hand show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from allegata.deriving import derived_tables
from allegata.describing.citation import apa, bibtex, csl_json, item
from allegata.describing.dataset.schemaorg import schemaorg
from allegata.releasing import Release
from allegata.schema.vocabularies import Predicate
from allegata.site import words
from allegata.site.addresses import SECTIONS, Addresses
from allegata.site.claims import Claims
from allegata.site.loading import load
from allegata.site.page import Page, relative
from allegata.site.records import Records, Row, coded
from allegata.site.rendering import render
from allegata.site.store import MOST_ROOM, Store
from allegata.tables import base_tables

if TYPE_CHECKING:
    from allegata.site.editions import Edition

MOST_PAGES = 5_000
"""So many records have a page of their own, unless the site says otherwise."""
SEARCHABLE_PAGES = 1_000
"""Above so many pages of records, the search index would be too large to load."""
LISTED = 500
"""So many records stand in a list of all; of more, the first."""
_CLAIMS = 100_000
"""So many claims, about, all pages together show in full: the more pages, the fewer each."""
_LEAST_ROOM = 24
AT_ONCE = 200
"""The pages of so many records are made from one reading."""


@dataclass(frozen=True)
class Tie:
    """A relation as seen from one of its ends."""

    words: str
    other: str
    row: Row


@dataclass(frozen=True)
class Cited:
    """How a page is cited."""

    apa: str
    bibtex: str
    csl: str


class Subject:
    """A release as its pages see it.

    What a page says of the whole it asks of ``store``; the pages of records come in batches, each
    with the records and claims that they show.

    Args:
        release: The release.
        most: How many records may have a page of their own.
        sections: The tables whose records have pages.
        editions: The earlier releases that the site shows as well, below ``r/``.
        edition: Where the site stands among those of other releases; it stands alone without it.
        method: Where the site tells how the data are made, from its root; the codebook tells how to
            read them where no page does.
    """

    def __init__(
        self,
        release: Release,
        most: int = MOST_PAGES,
        sections: Iterable[str] = SECTIONS,
        editions: Collection[str] = (),
        edition: Edition | None = None,
        method: str | None = None,
    ) -> None:
        self.editions, self.edition, self.method = editions, edition, method
        self.release, self.manifest, self.dataset = release, release.manifest, release.dataset
        amounts = {table.name: table.rows for table in release.manifest.tables}
        pages = min(most, sum(amounts.get(section, 0) for section in sections))
        room = max(_LEAST_ROOM, min(MOST_ROOM, _CLAIMS // max(pages, 1)))
        self.store = Store(release, room)
        try:
            self.addresses = Addresses.of(self.store, most, sections)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the tables."""
        self.store.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_searchable(self) -> bool:
        """Whether the site's search looks into the pages of records: not where they are many."""
        return self.addresses.total <= SEARCHABLE_PAGES

    def batches(self, section: str) -> Iterator[Batch]:
        """The records of a section that have a page of their own, some at a time."""
        ids = self.addresses.ids(section)
        for start in range(0, len(ids), AT_ONCE):
            yield self.batch(section, ids[start : start + AT_ONCE])

    def batch(self, section: str, ids: Iterable[str]) -> Batch:
        """Some records of a section, with all that their pages show."""
        return Batch(self, section, ids)

    def listed(self, section: str, ids: Iterable[str], propositions: Iterable[str] = ()) -> Batch:
        """Some records of a section, with what a list shows of each: no claims one by one.

        Args:
            section: The table of the records.
            ids: The records.
            propositions: Propositions that are listed besides, with who takes a stance on them.
        """
        return Batch(self, section, ids, in_full=False, propositions=propositions)

    def rows_in(self, table: str) -> int:
        """How many rows a table of the release has; none if it has no such table."""
        entry = self.manifest.table(table)
        return entry.rows if entry else 0

    def link(self, origin: str, section: str, record: str) -> str:
        """The address of what shows a record, as seen from a page."""
        addresses = self.addresses
        return relative(origin, addresses.page(section, record), addresses.anchor(section, record))

    def page(self, template: str, url: str, title: str, description: str, **given: object) -> Page:
        """A page that is about no record; it shows none, unless a batch is among what is given.

        Args:
            template: The name of the template.
            url: Where the page is, from the site's root.
            title: Its title, as plain text.
            description: What it holds, as plain text.
            **given: What else the template names.
        """
        return render(
            template,
            url,
            title,
            description,
            manifest=self.manifest,
            method=self.method,
            link=partial(self.link, url),
            **given,  # type: ignore[arg-type]
        )

    def cited(self, title: str | None = None, url: str = "") -> Cited:
        """How the release, or the page of a part of it, is cited.

        Args:
            title: The title of the page; of the whole without one.
            url: Where the page is, from the site's root.
        """
        cited = item(self.manifest, title, url)
        return Cited(apa(cited), bibtex(cited), csl_json(cited))

    def with_dataset(self, page: Page) -> Page:
        """The page, which says as JSON-LD too what the dataset is and where its files are."""
        specs = {**base_tables(), **derived_tables()}
        place = relative(page.url, f"releases/{self.manifest.version}/")
        return replace(page, linked_data=schemaorg(self.manifest, specs, place))


_ASKED = {
    "events": "SELECT * FROM claims_flat WHERE event_id = '{id}' ORDER BY published_earliest",
    "propositions": "SELECT * FROM claims_flat WHERE proposition_id = '{id}'",
    "actors": "SELECT * FROM claims_flat WHERE speaker_id = '{id}' OR party_id = '{id}'",
    "sources": "SELECT * FROM claims_flat WHERE source_id = '{id}'",
    "places": "SELECT * FROM events WHERE place_id = '{id}'",
}


def asked_in_sql(section: str, record: str) -> str:
    """The fragment by which the page of SQL opens with a question about a record.

    >>> asked_in_sql("places", "plc-a")
    'q=SELECT%20%2A%20FROM%20events%20WHERE%20place_id%20%3D%20%27plc-a%27'
    """
    return "q=" + quote(_ASKED[section].format(id=record.replace("'", "''")), safe="")


class Batch:
    """Some records of one section, and what their pages show."""

    def __init__(
        self,
        subject: Subject,
        section: str,
        ids: Iterable[str],
        *,
        in_full: bool = True,
        propositions: Iterable[str] = (),
    ) -> None:
        self.subject, self.section, self.ids = subject, section, list(ids)
        loaded = load(subject.store, section, self.ids, in_full=in_full, propositions=propositions)
        self.records: Records = loaded.records
        self.claims = Claims(loaded, subject.addresses)

    @property
    def rows(self) -> Sequence[Row]:
        """The records, in the order in which their ids were given."""
        found = {row["id"]: row for row in self.records.rows(self.section)}
        return [found[name] for name in self.ids]

    def relations(self, record: str) -> list[Tie]:
        """How a record stands to others."""
        found = []
        for row in self.records.relations_of.get(record, []):
            is_subject = row["subject_id"] == record
            phrase = words.PREDICATES[coded(Predicate, row["predicate"])][0 if is_subject else 1]
            found.append(Tie(phrase, row["object_id" if is_subject else "subject_id"], row))
        return found

    def page(self, template: str, url: str, title: str, description: str, **given: object) -> Page:
        """A page that shows records of the batch."""
        return self.subject.page(
            template,
            url,
            title,
            description,
            claims=self.claims,
            records=self.records,
            relations=self.relations,
            **given,
        )

    def record_page(self, template: str, record: Row, **given: object) -> Page:
        """The page of one record, which is named by its ``label``, ``name`` or ``title``."""
        name = record.get("label") or record.get("name") or given.pop("title", record["id"])
        url = f"{self.section}/{record['id']}/"
        trail = given.pop("trail", None) or [(self.section.capitalize(), f"{self.section}/")]
        return self.page(
            template,
            url,
            str(name),
            f"{name}: {words.STANDING}",
            cited=self.subject.cited(str(name), url),
            revisions=self.records.revisions_of.get(record["id"], []),
            origins=self.records.origins_of.get(record["id"], []),
            ask=partial(asked_in_sql, self.section, record["id"]),
            trail=trail,
            code=record["id"],
            searchable=self.subject.is_searchable,
            **given,
        )
