"""What is no longer there: earlier releases at their addresses, and records that were withdrawn.

Addresses are permanent. Whoever comes to one of a record that was retracted or merged, or of a
release that is not the latest, is told what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from allegata.releasing import CatalogEntry, Tombstone, catalog_around, read_tombstone
from allegata.schema.types import PREFIXES
from allegata.schema.vocabularies import Change
from allegata.site.page import Page
from allegata.site.pages.releases import since_before
from allegata.site.pages.subject import Subject
from allegata.site.records import Row

_GONE = f"""
    SELECT record_id, release, change, merged_into, reason
    FROM revisions
    WHERE change IN ('{Change.RETRACTED.value}', '{Change.MERGED.value}')
    ORDER BY record_id, release
"""


def pages(subject: Subject) -> Iterator[Page]:
    """The pages of what is no longer there."""
    catalog = catalog_around(subject.release.path)
    others = [
        entry
        for entry in (catalog.releases if catalog else [])
        if entry.version != subject.manifest.version
    ]
    for entry in others:
        yield _release(subject, entry)
    yield from _records(subject, others)


def _release(subject: Subject, entry: CatalogEntry) -> Page:
    return subject.page(
        "earlier_release.html",
        f"releases/{entry.version}/",
        f"Release {entry.version}",
        f"What became of release {entry.version}.",
        trail=[("Releases", "releases/")],
        code=entry.version,
        searchable=False,
        gone=not entry.stands,
        entry=entry,
        has_site=entry.version in subject.editions,
        since=since_before(subject, entry.version),
        newest=f"releases/{subject.manifest.version}/",
    )


def _records(subject: Subject, others: list[CatalogEntry]) -> Iterator[Page]:
    sections = subject.addresses.sections
    gone = {row["record_id"]: row for row in _retired(subject)}
    for tombstone in _tombstones(subject, others):
        for name in (*tombstone.retired, *tombstone.records):
            taken = {"record_id": name, "release": tombstone.version, "change": None}
            gone.setdefault(name, taken | {"merged_into": None, "reason": tombstone.reason})
    of_sections = {
        name: row for name, row in sorted(gone.items()) if PREFIXES.get(name[:3]) in sections
    }
    living = {
        row["id"] for section in sections for row in subject.store.of(section, "id", of_sections)
    }
    for name, row in of_sections.items():
        if name not in living:
            yield _record(subject, PREFIXES[name[:3]], row, _survivor(gone, row))


def _retired(subject: Subject) -> list[Row]:
    return subject.store.rows(_GONE) if subject.store.has("revisions") else []


def _tombstones(subject: Subject, others: list[CatalogEntry]) -> Iterator[Tombstone]:
    folder = subject.release.path.parent
    for entry in others:
        if entry.tombstone and (found := read_tombstone(folder / entry.version)):
            yield found


def _survivor(gone: dict[str, Row], row: Row) -> str | None:
    """The record that a record went into, over any number of steps."""
    seen = {row["record_id"]}
    name = row["merged_into"]
    while name in gone and gone[name]["merged_into"] and name not in seen:
        seen.add(name)
        name = gone[name]["merged_into"]
    return str(name) if name else None


def _record(subject: Subject, section: str, row: Row, survivor: str | None) -> Page:
    name = row["record_id"]
    return subject.page(
        "gone.html",
        f"{section}/{name}/",
        "A record that is no longer there",
        f"What became of {name}.",
        trail=[(section.capitalize(), f"{section}/")],
        code=name,
        searchable=False,
        gone=True,
        row=row,
        survivor=survivor,
        section=PREFIXES.get(survivor[:3], "") if survivor else "",
    )
