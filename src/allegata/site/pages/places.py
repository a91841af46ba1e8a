"""The list of places, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.records import Row


def pages(subject: Subject) -> Iterator[Page]:
    """The pages about places."""
    places = sorted(subject.records.places.values(), key=lambda row: (row["name"], row["id"]))
    yield subject.page(
        "places.html",
        "places/",
        "Places",
        "Places that an event, a proposition or another place refers to.",
        is_index=True,
        places=[(row, subject.records.places.get(row["parent_id"] or "")) for row in places],
    )
    for place in places:
        yield _page(subject, place)


def _page(subject: Subject, place: Row) -> Page:
    records = subject.records
    naming = records.propositions_at.get(place["id"], [])
    home = f"places/{place['id']}/"
    return subject.record_page(
        "place.html",
        "places",
        place,
        place=place,
        parent=records.places.get(place["parent_id"] or ""),
        parts=[row for row in records.places.values() if row["parent_id"] == place["id"]],
        events=[row for row in records.events.values() if row["place_id"] == place["id"]],
        own=matrix([row for row in naming if subject.claims.place_of(row) == home], subject.claims),
        about=[row for row in naming if subject.claims.place_of(row) != home],
    )
