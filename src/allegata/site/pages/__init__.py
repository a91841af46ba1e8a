"""The pages of a release, one module a kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from allegata.releasing import Release
from allegata.site.machine.records import document
from allegata.site.page import Page
from allegata.site.pages import (
    actors,
    codebook,
    data,
    earlier,
    eventlist,
    events,
    home,
    places,
    propositions,
    query,
    releases,
    reliability,
    rules,
    sources,
    viewer,
)
from allegata.site.pages.subject import MOST_PAGES, Batch, Subject
from allegata.site.records import Row

if TYPE_CHECKING:
    from allegata.site.editions import Edition

KINDS = (
    home,
    eventlist,
    actors,
    places,
    sources,
    codebook,
    rules,
    reliability,
    data,
    releases,
    query,
    viewer,
    earlier,
)
"""The modules that make pages about no one record."""
OF_RECORDS: Mapping[str, Callable[[Batch, Row], Page]] = {
    "events": events.record_page,
    "actors": actors.record_page,
    "places": places.record_page,
    "sources": sources.record_page,
    "propositions": propositions.record_page,
}
"""What makes the page of a record, by the table of the record."""


def pages_of(release: Release, most: int = MOST_PAGES) -> Iterator[Page]:
    """All pages made from a release.

    Args:
        release: The release.
        most: How many records may have a page of their own; the others are shown by the viewer.

    Raises:
        ReleaseError: a table of the release is missing or damaged.
        SiteError: a record's id cannot be part of an address.
    """
    with subject_of(release, most) as subject:
        yield from general_pages(subject)
        yield from record_pages(subject)


def subject_of(
    release: Release,
    most: int = MOST_PAGES,
    editions: Collection[str] = (),
    edition: Edition | None = None,
    method: str | None = None,
) -> Subject:
    """The release as its pages see it; to be closed, or used in a ``with``.

    Args:
        release: The release.
        most: How many records may have a page of their own.
        editions: The earlier releases that the site shows as well.
        edition: Where the site stands among those of other releases; it stands alone without it.
        method: The page that tells how the data are made, from the site's root, if there is one.
    """
    return Subject(release, most, OF_RECORDS, editions, edition, method)


def general_pages(subject: Subject) -> Iterator[Page]:
    """The pages about no one record: the home page, lists, the codebook, and so on."""
    for kind in KINDS:
        yield from kind.pages(subject)


def record_pages(subject: Subject) -> Iterator[Page]:
    """The pages of records, section by section, each in the order of ids."""
    for rows, make in record_batches(subject):
        for row in rows:
            yield make(row)


def record_batches(
    subject: Subject,
) -> Iterator[tuple[Sequence[Row], Callable[[Row], Page]]]:
    """The records that have pages, some at a time, with what makes the page of each of these."""
    for section, make in OF_RECORDS.items():
        for batch in subject.batches(section):
            yield batch.rows, partial(_record_page, make, batch)


def _record_page(make: Callable[[Batch, Row], Page], batch: Batch, row: Row) -> Page:
    return replace(make(batch, row), document=document(batch, row))
