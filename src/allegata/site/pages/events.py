"""The list of events, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allegata.schema.vocabularies import ParticipantRole
from allegata.site.claims import Counts
from allegata.site.figures import paths
from allegata.site.history import history
from allegata.site.matrix import Line, Matrix, matrix
from allegata.site.page import Page
from allegata.site.pages.sources import listed_of
from allegata.site.pages.subject import LISTED, Batch, Subject
from allegata.site.records import Row

_MOST_SPOKEN_OF = """
    SELECT events.id
    FROM events
    LEFT JOIN amounts
        ON amounts.section = 'events' AND amounts.part = 'home' AND amounts.id = events.id
    ORDER BY coalesce(amounts.claims, 0) DESC, events.id
    LIMIT {most}
"""
_ABOUT_NONE = """
    SELECT propositions.id
    FROM propositions
    LEFT JOIN amounts
        ON amounts.section = 'propositions' AND amounts.part = 'all'
        AND amounts.id = propositions.id
    WHERE propositions.event_id IS NULL
    ORDER BY coalesce(amounts.claims, 0) DESC, propositions.id
    LIMIT {most}
"""


@dataclass(frozen=True)
class Listed:
    """An event in a list."""

    event: Row
    head: Row | None
    counts: Counts


def listed(batch: Batch) -> list[Listed]:
    """The events of a batch as a list shows them."""
    return [
        Listed(
            event,
            batch.records.propositions.get(event["head_id"] or ""),
            batch.claims.counts("events", event["id"], "home"),
        )
        for event in batch.rows
    ]


def most_spoken_of(subject: Subject, most: int) -> list[str]:
    """The events that most claims are about."""
    return [row["id"] for row in subject.store.rows(_MOST_SPOKEN_OF.format(most=most))]


def pages(subject: Subject) -> Iterator[Page]:
    """The list of events."""
    loose = [row["id"] for row in subject.store.rows(_ABOUT_NONE.format(most=LISTED))]
    batch = subject.listed("events", most_spoken_of(subject, LISTED), loose)
    events = listed(batch)
    yield batch.page(
        "events.html",
        "events/",
        "Events",
        "Hooks by which to speak of happenings that are alleged or taken for granted.",
        is_index=True,
        events=events,
        left=subject.rows_in("events") - len(events),
        loose=[batch.records.propositions[name] for name in loose],
    )


def record_page(batch: Batch, event: Row) -> Page:
    """The page of an event."""
    records, claims = batch.records, batch.claims
    name = event["id"]
    propositions = records.propositions_of.get(name, [])
    participants = records.participants_of.get(name, [])
    statements = records.statements_in.get(name, [])
    statuses = records.statuses_of.get(name, [])
    found = matrix(propositions, claims, claims.counts("events", name, "home"))
    told = _most_told(found, event["head_id"])
    return batch.record_page(
        "event.html",
        event,
        event=event,
        place=records.places.get(event["place_id"] or ""),
        head=records.propositions.get(event["head_id"] or ""),
        participants=[
            (role, records.actors[row["actor_id"]])
            for role in ParticipantRole
            for row in participants
            if row["role"] == role
        ],
        more_participants=records.left("participants", "event_id", name, len(participants)),
        statements=statements,
        all_statements=len(statements)
        + records.left("statements", "occasion_id", name, len(statements)),
        now=next((row for row in statuses if row["is_head"] and row["valid_to"] is None), None),
        found=found,
        told=told.proposition if told else None,
        drawn=paths(told.claims, told.counts.claims) if told else None,
        more_propositions=records.left("propositions", "event_id", name, len(propositions)),
        days=history(records, statuses),
        sources=listed_of(batch, claims.on_any(propositions)),
        here=" here",
    )


def _most_told(found: Matrix, head: str | None) -> Line | None:
    """That the event took place, or else what most is said of, if anything is."""
    lines = [line for _, group in found.groups for line in group if line.claims]
    heads = [line for line in lines if line.proposition["id"] == head]
    return max(heads or lines, key=lambda line: line.counts.claims, default=None)
