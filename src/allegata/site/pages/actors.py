"""The list of actors, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allegata.schema.vocabularies import ParticipantRole
from allegata.site.claims import Claim, Counts
from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.records import Row, coded

_Lists = list[tuple[str, str, Sequence[Claim], Counts]]


def pages(subject: Subject) -> Iterator[Page]:
    """The pages about actors."""
    said, passed = _claims_by_actor(subject)
    actors = sorted(subject.records.actors.values(), key=lambda row: (row["name"], row["id"]))
    yield subject.page(
        "actors.html",
        "actors/",
        "Actors",
        "Persons and bodies that speak, act or are spoken of.",
        is_index=True,
        actors=[(row, Counts.of(said.get(row["id"], []))) for row in actors],
    )
    for actor in actors:
        lists = _lists(said.get(actor["id"], []), passed.get(actor["id"], []))
        yield _page(subject, actor, lists)


def _claims_by_actor(subject: Subject) -> tuple[dict[str, list[Claim]], dict[str, list[Claim]]]:
    """The claims in which each actor takes the stance, and those that it passes on."""
    said: dict[str, list[Claim]] = {}
    passed: dict[str, list[Claim]] = {}
    for claim in subject.claims.all.values():
        said.setdefault(claim.speaker["id"], []).append(claim)
        for hop in claim.hops[:-1]:
            passed.setdefault(hop.speaker["id"], []).append(claim)
    return said, passed


def _lists(said: list[Claim], passed: list[Claim]) -> _Lists:
    found = (
        ("own-voice", "Says in its own voice", [c for c in said if c.own_voice]),
        ("says", "Says, as reported", [c for c in said if not (c.own_voice or c.relayed)]),
        ("said-to-say", "Is said by others to have said", [c for c in said if c.relayed]),
        ("passes-on", "Says that others said", passed),
    )
    return [(anchor, heading, claims, Counts.of(claims)) for anchor, heading, claims in found]


def _page(subject: Subject, actor: Row, lists: _Lists) -> Page:
    records = subject.records
    naming = records.propositions_naming.get(actor["id"], [])
    return subject.record_page(
        "actor.html",
        "actors",
        actor,
        actor=actor,
        aliases=records.aliases_of.get(actor["id"], []),
        parent=records.actors.get(actor["parent_id"] or ""),
        parts=records.parts_of.get(actor["id"], []),
        roles=[
            (role, records.actors.get(role["org_id"] or ""))
            for role in records.roles_of.get(actor["id"], [])
        ],
        holders=[
            (role, records.actors[role["actor_id"]])
            for role in records.roles_in.get(actor["id"], [])
        ],
        events=[
            (records.events[row["event_id"]], coded(ParticipantRole, row["role"]))
            for row in records.events_of.get(actor["id"], [])
        ],
        lists=lists,
        own=matrix([row for row in naming if not row["event_id"]], subject.claims),
        about=[row for row in naming if row["event_id"]],
    )
