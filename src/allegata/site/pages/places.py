"""The list of places, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import LISTED, Batch, Subject
from allegata.site.records import Row

_BY_NAME = f"SELECT id FROM places ORDER BY name, id LIMIT {LISTED}"


def pages(subject: Subject) -> Iterator[Page]:
    """The list of places."""
    batch = subject.listed("places", [row["id"] for row in subject.store.rows(_BY_NAME)])
    records = batch.records
    yield batch.page(
        "places.html",
        "places/",
        "Places",
        "Places that an event, a proposition or another place refers to.",
        is_index=True,
        places=[(row, records.places.get(row["parent_id"] or "")) for row in batch.rows],
        left=subject.rows_in("places") - len(batch.ids),
    )


def record_page(batch: Batch, place: Row) -> Page:
    """The page of a place."""
    records, claims = batch.records, batch.claims
    name = place["id"]
    naming = records.propositions_at.get(name, [])
    own = [row for row in naming if not (row["event_id"] or row["actor_id"])]
    parts = [row for row in records.places.values() if row["parent_id"] == name]
    events = [row for row in records.events.values() if row["place_id"] == name]
    return batch.record_page(
        "place.html",
        place,
        place=place,
        parent=records.places.get(place["parent_id"] or ""),
        parts=parts,
        more_parts=records.left("places", "parent_id", name, len(parts)),
        events=events,
        more_events=records.left("events", "place_id", name, len(events)),
        own=matrix(own, claims, claims.counts("places", name, "home")),
        about=[row for row in naming if row["event_id"] or row["actor_id"]],
        more_about=records.left("propositions", "place_id", name, len(naming)),
    )
