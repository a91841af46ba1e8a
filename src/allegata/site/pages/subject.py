"""What all pages draw on: one release, its records and its claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allegata.deriving import derived_tables
from allegata.describing.dataset.schemaorg import schemaorg
from allegata.releasing import Release
from allegata.schema.vocabularies import Predicate
from allegata.site import words
from allegata.site.claims import Claims
from allegata.site.page import Page, relative
from allegata.site.records import Records, Row, coded
from allegata.site.rendering import render
from allegata.tables import base_tables

SEARCHABLE_PAGES = 1_000
"""Above so many pages of records, the search index would be too large to load."""


@dataclass(frozen=True)
class Tie:
    """A relation as seen from one of its ends."""

    words: str
    other: str
    row: Row


class Subject:
    """A release as the pages see it."""

    def __init__(self, release: Release) -> None:
        self.manifest = release.manifest
        self.dataset = release.dataset
        self.release = release
        self.records = Records(release)
        self.claims = Claims(self.records)
        amount = sum(
            len(one) for one in (self.records.events, self.records.actors, self.records.sources)
        )
        self._searchable = amount <= SEARCHABLE_PAGES

    def relations(self, record: str) -> list[Tie]:
        """How a record stands to others."""
        found = []
        for row in self.records.relations_of.get(record, []):
            is_subject = row["subject_id"] == record
            phrase = words.PREDICATES[coded(Predicate, row["predicate"])][0 if is_subject else 1]
            found.append(Tie(phrase, row["object_id" if is_subject else "subject_id"], row))
        return found

    def page(self, template: str, url: str, title: str, description: str, **given: object) -> Page:
        """A page that is not about one record."""
        return render(
            template,
            url,
            title,
            description,
            claims=self.claims,
            manifest=self.manifest,
            records=self.records,
            relations=self.relations,
            **given,  # type: ignore[arg-type]
        )

    def with_dataset(self, page: Page) -> Page:
        """The page, which says as JSON-LD too what the dataset is and where its files are."""
        specs = {**base_tables(), **derived_tables()}
        place = relative(page.url, f"releases/{self.manifest.version}/")
        return replace(page, linked_data=schemaorg(self.manifest, specs, place))

    def record_page(self, template: str, section: str, record: Row, **given: object) -> Page:
        """The page of one record, which is named by its ``label``, ``name`` or ``title``."""
        name = record.get("label") or record.get("name") or given.pop("title", record["id"])
        return self.page(
            template,
            f"{section}/{record['id']}/",
            str(name),
            f"{name}: {words.STANDING}",
            trail=[(section.capitalize(), f"{section}/")],
            code=record["id"],
            searchable=self._searchable,
            **given,
        )
