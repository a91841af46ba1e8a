"""Rules over graphs and times, beside slow references in plain Python, on random records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.deriving import create_voices
from allegata.engines import Embedded
from allegata.rules import CLOSURES, RULES
from allegata.schema import Actor, Claim, Event, Hop, Record, Relation, Role, Source, Statement
from allegata.schema.timeprofile import bounds
from allegata.tables import build_tables
from allegata.tables.closure import create_closure


def findings(code: str, records: Iterable[Record], *more: str) -> list[dict[str, Any]]:
    """What a rule finds; then, under their own columns, the results of any more queries."""
    queries = [*(one.sql for one in RULES[code].checks), *more]
    with Embedded() as session:
        for name, table in build_tables(records).items():
            row = pa.array(range(table.num_rows), pa.int64())
            session.register(name, table.append_column("_row", row))
        for name, steps in CLOSURES.items():
            if any(name in sql for sql in queries):
                create_closure(session, name, steps)
        if RULES[code].needs_parties:
            create_voices(session)
        return [row for sql in queries for row in session.fetch(sql).to_pylist()]


# --- order ---

EVENTS = [f"evt-{n}" for n in range(5)]
TIMES = [None, "2025", "2025-01", "2025-02", "2025-02-01", "2025-02/..", "../2025-02-01"]


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Event], list[Relation]]:
    """Events with their times, and what is said to come before what."""
    happened = [
        Event(id=name, label="L", type="call", time=draw(st.sampled_from(TIMES))) for name in EVENTS
    ]
    ends = st.tuples(st.sampled_from(EVENTS), st.sampled_from(EVENTS))
    steps = draw(st.lists(ends, max_size=7, unique=True))
    return happened, [Relation(subject=a, predicate="before", object=b) for a, b in steps]


def reached(start: str, steps: Sequence[tuple[str, str]]) -> set[str]:
    """All that can be reached from a point over one or more steps."""
    found: set[str] = set()
    ahead = [b for a, b in steps if a == start]
    while ahead:
        if (here := ahead.pop()) not in found:
            found.add(here)
            ahead += [b for a, b in steps if a == here]
    return found


@given(orders())
@settings(max_examples=60)
def test_steps_of_circles_are_those_from_whose_end_their_start_is_reached(
    drawn: tuple[list[Event], list[Relation]],
) -> None:
    happened, relations = drawn
    steps = [(r.subject_id, r.object_id) for r in relations]
    expected = {n for n, (a, b) in enumerate(steps) if a != b and a in reached(b, steps)}
    found = findings("BEFORE_CYCLE", [*happened, *relations])
    assert sorted(row["_row"] for row in found) == sorted(expected)
    for row in found:
        following = row["other_row"]
        assert following in expected
        assert steps[following][0] == steps[row["_row"]][1]


@given(orders())
@settings(max_examples=100)
def test_dates_conflict_where_no_days_that_they_can_mean_keep_the_order(
    drawn: tuple[list[Event], list[Relation]],
) -> None:
    happened, relations = drawn
    steps = [(r.subject_id, r.object_id) for r in relations]
    after = {name: reached(name, steps) for name in EVENTS}
    spans = {e.id: bounds(e.time) if e.time else (None, None) for e in happened}

    def conflict(a: str, b: str) -> bool:
        first, last = spans[a][0], spans[b][1]
        in_order = first is None or last is None or first <= last
        return b in after[a] and not in_order and a not in after[a] and b not in after[b]

    def is_told_nearer(a: str, b: str) -> bool:
        between = [m for m in after[a] if b in after[m]]
        return any(conflict(a, m) or conflict(m, b) for m in between)

    expected = {
        (a, b) for a in EVENTS for b in EVENTS if conflict(a, b) and not is_told_nearer(a, b)
    }
    found = findings("BEFORE_TIME_CONFLICT", [*happened, *relations])
    assert sorted((row["value"], row["later"]) for row in found) == sorted(expected)
    for row in found:
        a, b = row["value"], row["later"]
        onward = [n for n, (x, y) in enumerate(steps) if x == a and b in {y, *after[y]}]
        assert (row["_row"], EVENTS[row["other_row"]]) == (min(onward), b)
    # Some pair is told of wherever there is any conflict.
    assert bool(expected) == any(conflict(a, b) for a in EVENTS for b in EVENTS)


# --- parents ---

BODIES = [f"act-b{n}" for n in range(5)]


@given(st.lists(st.sampled_from([None, *BODIES]), min_size=5, max_size=5))
@settings(max_examples=60)
def test_parents_in_a_circle_are_those_that_climb_to_themselves(parents: list[str | None]) -> None:
    above = dict(zip(BODIES, parents, strict=True))

    def climbs_to_itself(body: str) -> bool:
        here = above[body]
        for _ in BODIES:
            if here is None or here == body:
                break
            here = above[here]
        return here == body

    bodies = [Actor(id=name, kind="organisation", name=name, parent=above[name]) for name in BODIES]
    found = findings("PARENT_CYCLE", bodies)
    assert {row["child"] for row in found} == {name for name in BODIES if climbs_to_itself(name)}
    assert len({row["_row"] for row in found}) == len(found)


# --- offices ---

FIRST = date(2025, 1, 1)
DAYS = [FIRST + timedelta(n) for n in range(6)]
BOUNDS = [
    None,
    "2025-01-02",
    "2025-01-03",
    "2025-01-05",
    "[2025-01-02..2025-01-04]",
    "[2025-01-03..]",
    "[..2025-01-04]",
]


def possible(time: str | None, when_missing: date) -> list[date]:
    """The days that a beginning or an end can be; days outside DAYS stand for all beyond them."""
    if time is None:
        return [when_missing]
    earliest, latest = bounds(time)
    return [
        day
        for day in (date.min, *DAYS, date.max)
        if (earliest or date.min) <= day <= (latest or date.max)
    ]


def terms(role: Role) -> list[tuple[date, date]]:
    """All that the office's beginning and end can be together."""
    ends = product(possible(role.start, date.min), possible(role.end, date.max))
    return [(begin, end) for begin, end in ends if begin <= end]


def certainly_overlap(one: Role, other: Role) -> bool:
    """Whether they share more than the day on which one follows the other, on any reading."""
    return all(
        max(begin, other_begin) < min(end, other_end)
        for begin, end in terms(one)
        for other_begin, other_end in terms(other)
    )


@st.composite
def offices(draw: st.DrawFn) -> list[Role]:
    found = []
    for number in range(draw(st.integers(3, 4))):
        role = Role(
            id=f"rol-{number}",
            actor=draw(st.sampled_from(["act-a"] * 4 + ["act-b"])),
            title=draw(st.sampled_from(["Clerk", "clerk", "Clerk", "Chair"])),
            org=draw(st.sampled_from([None, None, None, "act-c"])),
            start=draw(st.sampled_from(BOUNDS)),
            end=draw(st.sampled_from(BOUNDS)),
        )
        found += [role] if terms(role) else []  # TIME_REVERSED tells of the others
    return found


@given(offices())
@settings(max_examples=150)
def test_offices_overlap_where_no_reading_of_their_dates_sets_them_apart(roles: list[Role]) -> None:
    def office(role: Role) -> tuple[str, str, str | None]:
        return role.actor_id, role.title.lower(), role.org_id

    def twice(one: Role, other: Role) -> bool:
        alike = (one.start, one.end) == (other.start, other.end)
        return office(one) == office(other) and (alike or certainly_overlap(one, other))

    expected = {}
    for row, role in enumerate(roles):
        others = [n for n in range(row) if twice(roles[n], role)]
        if others:
            expected[row] = others[0]
    found = findings("ROLE_OVERLAP", roles)
    assert [(row["_row"], row["other_row"]) for row in sorted(found, key=lambda r: r["_row"])] == [
        *expected.items()
    ]


@st.composite
def speakers(draw: st.DrawFn) -> list[Record]:
    """Bodies, two persons with offices, and what they said as two sources report it."""
    parents = [draw(st.sampled_from([None, *BODIES[:n]])) for n in range(len(BODIES))]
    records: list[Record] = [
        Actor(id=body, kind="organisation", name=body, parent=parent)
        for body, parent in zip(BODIES, parents, strict=True)
    ]
    persons = ["act-p0", "act-p1"]
    records += [Actor(id=person, kind="person", name=person) for person in persons]
    records += [
        Role(
            id=f"rol-{n}",
            actor=draw(st.sampled_from(persons)),
            title="T",
            org=draw(st.sampled_from([None, *BODIES])),
            start=draw(st.sampled_from(BOUNDS)),
            end=draw(st.sampled_from(BOUNDS)),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    statements = [
        Statement(
            id=f"stm-{n}",
            speaker=draw(st.sampled_from([*persons, BODIES[4]])),
            channel="speech",
            on_behalf_of=draw(st.sampled_from([None, None, BODIES[0]])),
            said=draw(st.sampled_from(BOUNDS)),
        )
        for n in range(3)
    ]
    for number, day in enumerate(("2025-01-03", "[2025-01-05..]")):
        claims = [
            Claim(
                id=f"clm-{number}-{n}",
                source=f"src-{number}",
                proposition="prp-a",
                stance="asserts",
                method="human",
                coder="c1",
                coded="2025-02-01",
                chain=[
                    Hop(
                        claim=f"clm-{number}-{n}", position=1, statement=draw(st.sampled_from(told))
                    )
                ],
            )
            for n, told in enumerate([[s.id for s in statements]] * draw(st.integers(0, 3)))
        ]
        records.append(
            Source(
                id=f"src-{number}",
                kind="other",
                publisher=BODIES[0],
                published=day,
                lang="en",
                claims=claims,
            )
        )
    return [*records, *statements]


def parties_when_made(statement: Statement, records: list[Record]) -> set[str]:
    """The parties that the speaker's offices lead to on the last day it can have been made."""
    sources = [
        source
        for source in records
        if isinstance(source, Source)
        and any(hop.statement_id == statement.id for claim in source.claims for hop in claim.chain)
    ]
    if not sources:
        return set()
    reported = [bounds(source.published) for source in sources]
    own = bounds(statement.said) if statement.said else (None, None)
    lasts = [day for day in (own[1], *(one.latest for one in reported)) if day]
    day = min(lasts) if lasts else own[0] or min(one.earliest for one in reported if one.earliest)
    parents = {actor.id: actor.parent_id for actor in records if isinstance(actor, Actor)}

    def top(body: str) -> str:
        above = parents[body]
        return top(above) if above else body

    return {
        top(role.org_id)
        for role in records
        if isinstance(role, Role)
        and role.org_id
        and role.actor_id == statement.speaker_id
        and possible(role.start, date.min)[0] <= day <= possible(role.end, date.max)[-1]
    }


WITHOUT_PARTY = (
    "SELECT h.statement_id FROM claim_voices v "
    "JOIN hops h ON h.claim_id = v.claim_id AND h.position = v.position WHERE v.party_id IS NULL"
)


@given(speakers())
@settings(max_examples=100)
def test_a_party_is_ambiguous_where_offices_lead_to_two_on_the_day(records: list[Record]) -> None:
    statements = [record for record in records if isinstance(record, Statement)]
    expected = {}
    for row, statement in enumerate(statements):
        parties = parties_when_made(statement, records)
        if len(parties) > 1 and not statement.on_behalf_of:
            expected[row] = (min(parties), max(parties))
    rows = findings("ROLE_PARTY_AMBIGUOUS", records, WITHOUT_PARTY)
    found = [row for row in rows if "_row" in row]
    assert {row["_row"]: (row["party"], row["other_party"]) for row in found} == expected
    assert len(found) == len(expected)
    # The derived tables know no party for just these.
    without = {row["statement_id"] for row in rows if "statement_id" in row}
    assert without == {statements[row].id for row in expected}


# --- copies ---

SOURCES = [f"src-{n}" for n in range(5)]


@given(
    st.lists(st.sampled_from([None, "a", "b"]), min_size=5, max_size=5),
    st.lists(st.sampled_from([None, *SOURCES]), min_size=5, max_size=5),
)
@settings(max_examples=150)
def test_one_text_in_sources_that_nothing_ties_is_found_once_for_each_group_but_the_first(
    texts: list[str | None], originals: list[str | None]
) -> None:
    sources = [
        Source(
            id=name,
            kind="other",
            publisher="act-a",
            published="2025",
            lang="en",
            text_sha256=text and text * 64,
        )
        for name, text in zip(SOURCES, texts, strict=True)
    ]
    group = {name: name for name in SOURCES}
    for name, original in zip(SOURCES, originals, strict=True):
        if original:
            joined = group[name], group[original]
            group = {one: joined[0] if own in joined else own for one, own in group.items()}
    expected = {}
    for text in ("a", "b"):
        rows = [row for row in range(5) if texts[row] == text]
        groups = {group[SOURCES[row]]: row for row in reversed(rows)}
        expected |= {row: rows[0] for row in groups.values() if row != rows[0]}
    relations = [
        Relation(subject=name, predicate="republishes", object=original)
        for name, original in zip(SOURCES, originals, strict=True)
        if original
    ]
    found = findings("SOURCE_DUPLICATE_TEXT", [*sources, *relations])
    assert {row["_row"]: row["other_row"] for row in found} == expected
    assert len(found) == len(expected)
