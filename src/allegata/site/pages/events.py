"""The list of events, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allegata.schema.vocabularies import ParticipantRole
from allegata.site.claims import Counts
from allegata.site.history import history
from allegata.site.matrix import Matrix, matrix
from allegata.site.page import Page
from allegata.site.pages.sources import listed_of
from allegata.site.pages.subject import Subject
from allegata.site.records import Row


@dataclass(frozen=True)
class Listed:
    """An event in a list."""

    event: Row
    head: Row | None
    counts: Counts


def listed(subject: Subject) -> list[Listed]:
    """All events, the most spoken of first."""
    records = subject.records
    found = [
        Listed(
            event,
            records.propositions.get(event["head_id"] or ""),
            Counts.of(subject.claims.on_any(records.propositions_of.get(event["id"], []))),
        )
        for event in records.events.values()
    ]
    return sorted(found, key=lambda one: (-one.counts.claims, one.event["id"]))


def pages(subject: Subject) -> Iterator[Page]:
    """The pages about events."""
    yield subject.page(
        "events.html",
        "events/",
        "Events",
        "Hooks by which to speak of happenings that are alleged or taken for granted.",
        is_index=True,
        events=listed(subject),
        loose=_about_none(subject),
    )
    for event in subject.records.events.values():
        yield _page(subject, event)


def _about_none(subject: Subject) -> Matrix:
    return matrix(subject.records.propositions_of.get("", []), subject.claims)


def _page(subject: Subject, event: Row) -> Page:
    records = subject.records
    propositions = records.propositions_of.get(event["id"], [])
    return subject.record_page(
        "event.html",
        "events",
        event,
        event=event,
        place=records.places.get(event["place_id"] or ""),
        head=records.propositions.get(event["head_id"] or ""),
        participants=[
            (role, records.actors[row["actor_id"]])
            for role in ParticipantRole
            for row in records.participants_of.get(event["id"], [])
            if row["role"] == role
        ],
        statements=records.statements_in.get(event["id"], []),
        found=matrix(propositions, subject.claims),
        days=history(records, event["id"]),
        sources=listed_of(subject, subject.claims.on_any(propositions)),
        here=" here",
    )
