"""Random small datasets of claims, and what is derived from many of them at once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from allegata.deriving import create_derived
from allegata.engines import Embedded
from allegata.schema.timeprofile import bounds
from allegata.tables import base_tables, record_schema

Rows = dict[str, list[dict[str, Any]]]

FIRST, LAST = date(2025, 1, 1), date(2025, 1, 10)
"""The days in which all happens: on the day before the first nothing is known."""

_PUBLISHED = [f"2025-01-0{n}" for n in range(2, 9)] + ["[2025-01-03..2025-01-05]", "[2025-01-04..]"]
_SAID = [None, None, "[..2025-01-05]", "[2025-01-03..]", "[2025-01-02..2025-01-06]"]
_SAID += [f"2025-01-0{n}" for n in range(1, 8)]
_OUTLETS, _BODIES, _PERSONS = ["act-o0", "act-o1"], ["act-b0", "act-b1", "act-b2"], ["act-p0"]
_SPEAKERS = [*_PERSONS, "act-b0", "act-b1", "act-b2"]
_STANCES = ["asserts", "asserts", "denies", "denies", "suggests", "doubts", "noncommittal"]
_STANCES += ["retracts", "retracts", "asks", "declines", "no_response"]
_COPIES = ["republishes", "translates", "rewrites", "corrects"]


def timed(row: dict[str, Any], field: str) -> dict[str, Any]:
    """The row with the days of one of its times."""
    span = bounds(row[field]) if row.get(field) else (None, None)
    return row | {f"{field}_earliest": span[0], f"{field}_latest": span[1]}


@st.composite
def datasets(draw: st.DrawFn) -> Rows:
    """A dataset of a few claims, most of them on the same few propositions and by the same few.

    In a crowded one they are nearly all of one speaker on one proposition, or of those tied to it.
    """
    crowded = draw(st.booleans())
    speakers = ["act-p0", "act-p0", "act-b0"] if crowded else _SPEAKERS
    spoken_of = ["prp-0"] * (9 if crowded else 2) + ["prp-1", "prp-2", "prp-3"]
    max_claims, max_statements = (9, 6) if crowded else (7, 4)

    def one(values: list[Any]) -> Any:
        return draw(st.sampled_from(values))

    def some(values: list[Any], most: int, least: int = 0) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=least, max_size=most))

    actors = [{"id": name, "kind": "outlet", "parent_id": None} for name in _OUTLETS]
    actors += [{"id": name, "kind": "person", "parent_id": None} for name in _PERSONS]
    actors += [{"id": _BODIES[0], "kind": "state", "parent_id": None}]
    actors += [
        {"id": name, "kind": "organisation", "parent_id": one([None, _BODIES[0]])}
        for name in _BODIES[1:]
    ]
    offices = some(["2025-01-01", "2025-01-03", "2025-01-05", None], 2)
    roles = [
        timed(
            timed(
                {"id": f"rol-{n}", "actor_id": "act-p0", "org_id": one(_BODIES)}
                | {"start": start, "end": one([None, "2025-01-04", "2025-01-06"])},
                "start",
            ),
            "end",
        )
        for n, start in enumerate(offices)
    ]
    sources = [
        timed(
            {"id": f"src-{n}", "published": published, "publisher_id": publisher}
            | {"kind": "official_release" if publisher in _BODIES else "news_report"},
            "published",
        )
        for n, published in enumerate(some(_PUBLISHED, 4, 1))
        for publisher in [one([*_OUTLETS, "act-b0"])]
    ]
    names = [row["id"] for row in sources]
    propositions = [{"id": f"prp-{n}", "text": f"{n}"} for n in range(4)]
    statements = [
        timed(
            {"id": f"stm-{n}", "said": said, "speaker_id": one(speakers)}
            | {"on_behalf_of": one([None, None, "act-b1"])},
            "said",
        )
        for n, said in enumerate(some(_SAID, max_statements))
    ]
    claims: list[dict[str, Any]] = []
    hops: list[dict[str, Any]] = []
    for n, stance in enumerate(some(_STANCES, max_claims, 1)):
        claims.append(
            {"id": f"clm-{n}", "source_id": one(names), "stance": stance}
            | {"proposition_id": one(spoken_of)}
            | {"evidence": one(["not_addressed", "promised", "offered"])}
        )
        through = some([row["id"] for row in statements], 2) if statements else []
        hops += [
            {"claim_id": f"clm-{n}", "position": at, "statement_id": statement}
            for at, statement in enumerate(dict.fromkeys(through), start=1)
        ]
    copies = some([(a, one(_COPIES), b) for a in names for b in names if a != b] or [()], 2)
    # A proposition entails later ones only, so that there are no circles.
    steps = [(f"prp-{a}", f"prp-{b}") for a in range(4) for b in range(a + 1, 4)]
    logic = some([(a, word, b) for a, b in steps for word in ("entails", "contradicts")], 4)
    ties = dict.fromkeys(tie for tie in [*copies, *logic] if tie)
    return {
        "actors": actors,
        "roles": roles,
        "sources": sources,
        "propositions": propositions,
        "statements": statements,
        "claims": claims,
        "hops": hops,
        "relations": [{"subject_id": a, "predicate": p, "object_id": b} for a, p, b in ties],
    }


def renamed(rows: Rows, new: dict[str, str]) -> Rows:
    """The rows with ids written otherwise, wherever they stand."""
    return {
        table: [{column: new.get(value, value) for column, value in row.items()} for row in found]
        for table, found in rows.items()
    }


def ids_of(rows: Rows) -> list[str]:
    """Every id that a record has."""
    return [row["id"] for found in rows.values() for row in found if "id" in row]


def derived(batch: list[Rows]) -> list[dict[str, list[dict[str, Any]]]]:
    """For each dataset its rows of stances and contestation, all derived by one run."""
    numbered = [
        renamed(rows, {one: f"{one[:4]}n{n}-{one[4:]}" for one in ids_of(rows)})
        for n, rows in enumerate(batch)
    ]
    session = _session()
    for name in base_tables():
        schema = record_schema(name)
        together = [row for rows in numbered for row in rows.get(name, [])]
        columns = [pa.array([row.get(f.name) for row in together], f.type) for f in schema]
        session.register(name, pa.table(columns, names=schema.names))
    create_derived(session, ["stances", "contestation"])
    found: list[dict[str, list[dict[str, Any]]]] = [
        {"stances": [], "contestation": []} for _ in batch
    ]
    for table in ("stances", "contestation"):
        for row in session.fetch(f"SELECT * FROM {table} ORDER BY ALL").to_pylist():
            number = row["proposition_id"].removeprefix("prp-n").partition("-")[0]
            plain = {
                column: value.replace(f"-n{number}-", "-") if isinstance(value, str) else value
                for column, value in row.items()
            }
            found[int(number)][table].append(plain)
    return found


@cache
def _session() -> Embedded:
    return Embedded()


def on(rows: list[dict[str, Any]], day: date, end: str = "valid_to") -> list[dict[str, Any]]:
    """The rows that hold on a day."""
    return [
        row
        for row in rows
        if (row["valid_from"] is None or row["valid_from"] <= day)
        and (row[end] is None or day < row[end])
    ]
