"""The page of an event."""

from __future__ import annotations

from allegata.schema.vocabularies import ParticipantRole
from allegata.site.figures import paths
from allegata.site.history import history, named_following
from allegata.site.matrix import Line, Matrix, matrix
from allegata.site.page import Page
from allegata.site.pages.sources import listed_of
from allegata.site.pages.subject import Batch
from allegata.site.records import Row


def record_page(batch: Batch, event: Row) -> Page:
    """The page of an event."""
    records, claims = batch.records, batch.claims
    name = event["id"]
    propositions = records.propositions_of.get(name, [])
    participants = records.participants_of.get(name, [])
    statements = records.statements_in.get(name, [])
    statuses = records.statuses_of.get(name, [])
    found = matrix(propositions, claims, claims.counts("events", name, "home"))
    now = next((row for row in statuses if row["is_head"] and row["valid_to"] is None), None)
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
        now=now,
        follows=named_following(records, now),
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
