"""The list of actors, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.schema.vocabularies import ParticipantRole
from allegata.site.matrix import matrix
from allegata.site.page import Page
from allegata.site.pages.subject import LISTED, Batch, Subject
from allegata.site.records import Row, coded

LISTS = (
    ("own-voice", "Says in its own voice"),
    ("says", "Says, as reported"),
    ("said-to-say", "Is said by others to have said"),
    ("on-its-behalf", "Is said on its behalf"),
    ("passes-on", "Relays what others said"),
)
"""The lists of claims on the page of an actor: their names in ``sql/entries.sql``, and headings."""

_MOST_SPEAKING = f"""
    SELECT id FROM (
        SELECT actors.id, actors.name
        FROM actors
        LEFT JOIN amounts
            ON amounts.section = 'actors' AND amounts.part = 'all' AND amounts.id = actors.id
        ORDER BY coalesce(amounts.claims, 0) DESC, actors.id
        LIMIT {LISTED}
    ) AS chosen
    ORDER BY name, id
"""


def pages(subject: Subject) -> Iterator[Page]:
    """The list of actors."""
    batch = subject.listed("actors", [row["id"] for row in subject.store.rows(_MOST_SPEAKING)])
    yield batch.page(
        "actors.html",
        "actors/",
        "Actors",
        "Persons and bodies that speak, act or are spoken of.",
        is_index=True,
        actors=[(row, batch.claims.counts("actors", row["id"], "all")) for row in batch.rows],
        left=subject.rows_in("actors") - len(batch.ids),
    )


def record_page(batch: Batch, actor: Row) -> Page:
    """The page of an actor."""
    records, claims = batch.records, batch.claims
    name = actor["id"]
    naming = records.propositions_naming.get(name, [])
    parts, holders = records.parts_of.get(name, []), records.roles_in.get(name, [])
    events = records.events_of.get(name, [])
    return batch.record_page(
        "actor.html",
        actor,
        actor=actor,
        aliases=records.aliases_of.get(name, []),
        parent=records.actors.get(actor["parent_id"] or ""),
        parts=parts,
        more_parts=records.left("actors", "parent_id", name, len(parts)),
        roles=[
            (role, records.actors.get(role["org_id"] or ""))
            for role in records.roles_of.get(name, [])
        ],
        holders=[(role, records.actors[role["actor_id"]]) for role in holders],
        more_holders=records.left("roles", "org_id", name, len(holders)),
        events=[
            (records.events[row["event_id"]], coded(ParticipantRole, row["role"])) for row in events
        ],
        more_events=records.left("participants", "actor_id", name, len(events)),
        lists=[(part, heading, claims.listed("actors", name, part)) for part, heading in LISTS],
        own=matrix(
            [row for row in naming if not row["event_id"]],
            claims,
            claims.counts("actors", name, "home"),
        ),
        about=[row for row in naming if row["event_id"]],
        more_about=records.left("propositions", "actor_id", name, len(naming)),
    )
