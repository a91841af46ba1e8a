"""The pages of a release, one module a kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

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


def subject_of(release: Release, most: int = MOST_PAGES, editions: Collection[str] = ()) -> Subject:
    """The release as its pages see it; to be closed, or used in a ``with``.

    Args:
        release: The release.
        most: How many records may have a page of their own.
        editions: The earlier releases that the site shows as well.
    """
    return Subject(release, most, OF_RECORDS, editions)


def general_pages(subject: Subject) -> Iterator[Page]:
    """The pages about no one record: the home page, lists, the codebook, and so on."""
    for kind in KINDS:
        yield from kind.pages(subject)


def record_pages(subject: Subject) -> Iterator[Page]:
    """The pages of records, section by section, each in the order of ids."""
    for section, make in OF_RECORDS.items():
        for batch in subject.batches(section):
            for row in batch.rows:
                yield replace(make(batch, row), document=document(batch, row))
