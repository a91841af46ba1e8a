"""The list of events: by status, newest first, with what it can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from allegata.deriving.models import Status
from allegata.schema.vocabularies import EventType
from allegata.site import words
from allegata.site.claims import Counts
from allegata.site.history import following
from allegata.site.page import Page
from allegata.site.pages.subject import LISTED, Batch, Subject
from allegata.site.records import Row

GRANTED = "granted"
"""Stands for the status of an event whose taking place is not at issue."""
STATUSES = (
    Status.CONTESTED,
    Status.DOUBTED,
    Status.DENIED,
    Status.ASSERTED,
    Status.OPEN,
    GRANTED,
    Status.UNADDRESSED,
)
"""The order in which a list has them."""
_MOST_PARTIES = 200
_NAMED = 6

_EVENTS = """
    SELECT events.id, events.label, events.type, events.time,
        CAST(events.time_earliest AS VARCHAR) AS earliest,
        CAST(events.time_latest AS VARCHAR) AS latest,
        coalesce(heads.status, 'granted') AS status,
        coalesce(amounts.claims, 0) AS claims, coalesce(amounts.sources, 0) AS sources,
        coalesce(amounts.statements, 0) AS statements, coalesce(amounts.parties, 0) AS parties
    FROM events
    JOIN ranked ON ranked.id = events.id
    LEFT JOIN amounts
        ON amounts.section = 'events' AND amounts.part = 'home' AND amounts.id = events.id
    LEFT JOIN ({heads}) AS heads ON heads.event_id = events.id
    ORDER BY ranked.turn
"""
_HEADS = """
    SELECT event_id, status_derived AS status FROM contestation
    WHERE is_head AND valid_to IS NULL
"""
_STANDING = """
    SELECT * FROM contestation
    WHERE is_head AND valid_to IS NULL AND status_worded <> status_derived
        AND event_id IN (SELECT id FROM wanted)
"""
_NO_HEADS = "SELECT CAST(NULL AS VARCHAR) AS event_id, CAST(NULL AS VARCHAR) AS status LIMIT 0"
_PARTIES = """
    SELECT home, holder_id, holder_name FROM facts
    WHERE section = 'events' AND NOT as_publisher
    GROUP BY ALL ORDER BY home, holder_name, holder_id
"""
_SIDES = """
    SELECT events.id, taken.stance, taken.holder_name
    FROM events JOIN taken ON taken.proposition_id = events.head_id
    ORDER BY events.id, taken.as_publisher, taken.holder_name, taken.holder_id
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
    status: str = ""
    parties: tuple[str, ...] = ()
    """The ids of the parties that speak about it."""
    follows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Who stands on which side of its taking place by what follows from other words."""


def pages(subject: Subject) -> Iterator[Page]:
    """The list of events, and beside it the same as JSON."""
    rows = event_rows(subject)
    parties: dict[str, list[Row]] = {}
    for row in subject.store.rows(_PARTIES):
        parties.setdefault(row["home"], []).append(row)
    shown = rows[:LISTED]
    loose = [row["id"] for row in subject.store.rows(_ABOUT_NONE.format(most=LISTED))]
    batch = subject.listed("events", [row["id"] for row in shown], loose)
    found = {one.event["id"]: one for one in listed(batch)}
    groups = [
        (
            str(status),
            [
                replace(
                    found[row["id"]],
                    status=row["status"],
                    parties=tuple(one["holder_id"] for one in parties.get(row["id"], ())),
                )
                for row in shown
                if row["status"] == status
            ],
            sum(row["status"] == status for row in rows),
        )
        for status in map(str, STATUSES)
    ]
    page = batch.page(
        "events.html",
        "events/",
        "Events",
        "Hooks by which to speak of happenings that are alleged or taken for granted.",
        is_index=True,
        groups=[group for group in groups if group[2]],
        rules={status.value: status.rule for status in Status},
        types=[one for one in EventType if any(row["type"] == one for row in rows)],
        parties=_most_speaking(parties),
        all_events=len(rows),
        shown=len(shown),
        left=len(rows) - len(shown),
        loose=[batch.records.propositions[name] for name in loose],
    )
    yield replace(page, document=_document(subject, rows, parties))


def event_rows(subject: Subject) -> list[Row]:
    """All events with their status, the newest and the most disputed first."""
    heads = _HEADS if subject.store.has("contestation") else _NO_HEADS
    return subject.store.rows(_EVENTS.format(heads=heads))


def listed(batch: Batch) -> list[Listed]:
    """The events of a batch as a list shows them."""
    follows = _follows(batch)
    return [
        Listed(
            event,
            batch.records.propositions.get(event["head_id"] or ""),
            batch.claims.counts("events", event["id"], "home"),
            follows=follows.get(event["id"], ()),
        )
        for event in batch.rows
    ]


def _follows(batch: Batch) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Event -> who stands where on its taking place by what follows, where that changes it."""
    store = batch.subject.store
    if not store.has("contestation"):
        return {}
    store.give("wanted", batch.ids)
    rows = store.rows(_STANDING)
    ids = {one for row in rows for _, parties in following(row) for one in parties}
    names = {row["id"]: row["name"] for row in store.of("actors", "id", ids)}
    return {
        row["event_id"]: tuple(
            (side, tuple(names[one] for one in parties)) for side, parties in following(row)
        )
        for row in rows
    }


def _most_speaking(parties: dict[str, list[Row]]) -> list[tuple[str, str]]:
    """The parties by which the list can be narrowed, those that speak of most events, by name."""
    names: dict[str, str] = {}
    amounts: dict[str, int] = {}
    for rows in parties.values():
        for row in rows:
            names[row["holder_id"]] = row["holder_name"]
            amounts[row["holder_id"]] = amounts.get(row["holder_id"], 0) + 1
    most = sorted(amounts, key=lambda one: (-amounts[one], one))[:_MOST_PARTIES]
    return sorted(((one, names[one]) for one in most), key=lambda one: (one[1], one[0]))


def _document(subject: Subject, rows: list[Row], parties: dict[str, list[Row]]) -> dict[str, Any]:
    """What the script shows where there are more events than the page lists."""
    sides: dict[str, dict[str, list[str]]] = {}
    for row in subject.store.rows(_SIDES):
        sides.setdefault(row["id"], {}).setdefault(row["stance"], []).append(row["holder_name"])
    return {
        "release": subject.manifest.version,
        "words": {stance.value: phrase for stance, phrase in words.STANCES.items()},
        "events": [
            {
                "id": row["id"],
                "url": subject.link("events/", "events", row["id"]),
                "label": row["label"],
                "type": row["type"],
                "time": words.time_in_words(row["time"]) if row["time"] else None,
                "earliest": row["earliest"],
                "latest": row["latest"],
                "status": row["status"],
                "claims": row["claims"],
                "sources": row["sources"],
                "statements": row["statements"],
                "amount": row["parties"],
                "parties": [one["holder_id"] for one in parties.get(row["id"], ())],
                "sides": {
                    stance: [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]
                    for stance, names in sides.get(row["id"], {}).items()
                },
            }
            for row in rows
        ],
    }
