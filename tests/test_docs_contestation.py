"""The worked case in the docs is the one that the tables hold, number by number."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from allegata.deriving import Status, derive, derived_tables
from allegata.deriving.models import MOST_PARTIES
from allegata.engines import Embedded
from allegata.reading import read

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "contestation.md").read_text(encoding="utf-8")
# The files of the report that the page works through; those of others lie beside them.
FIRST = [
    *(f"{name}.yaml" for name in ("actors", "dataset", "events", "places", "relations")),
    "statements.yaml",
    "sources/daily-beast-2025-12-29.yaml",
]
EVENT = "evt-alleged-attack-novgorod-residence"
HEAD = "prp-novgorod-residence-occurrence"

Row = dict[str, Any]


@cache
def _tables() -> dict[str, list[Row]]:
    """The tables of the one report, by itself."""
    with tempfile.TemporaryDirectory() as folder, Embedded() as session:
        for name in FIRST:
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / "data" / name, Path(folder) / name)
        tables = read([folder]).tables()
        for name, rows in tables.items():
            session.register(name, rows)
        return {name: rows.to_pylist() for name, rows in (tables | derive(session)).items()}


def _rows(table: str) -> list[Row]:
    return _tables()[table]


def _table(*heads: str) -> list[tuple[str, ...]]:
    """The cells of the table of the page with these heads."""
    _, _, after = PAGE.partition(f"| {' | '.join(heads)} |\n")
    lines = after.split("\n\n")[0].splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def _short(record: str) -> str:
    return f"`{re.sub('^(prp-novgorod-residence|clm-daily-beast-2025-12-29)-', '', record)}`"


def _names(parties: str | None) -> str:
    names = {row["id"]: row["name"] for row in _rows("actors")}
    return ", ".join(sorted(names[one] for one in (parties or "").split())) or "–"  # noqa: RUF001


def _now(table: str) -> list[Row]:
    return [row for row in _rows(table) if row["valid_to"] is None]


def test_what_is_said_of_the_occurrence() -> None:
    expected = [
        (_short(row["claim_id"]), row["speaker_name"], row["party_name"], row["stance"])
        for row in sorted(_rows("claims_flat"), key=lambda row: row["claim_id"])
        if row["proposition_id"] == HEAD
    ]
    assert _table("claim", "speaker", "for", "stance") == expected


def test_what_follows_for_the_occurrence() -> None:
    expected = sorted(
        (_names(row["actor_id"]), row["stance"], " > ".join(map(_short, row["via"].split())))
        for row in _now("stances")
        if row["proposition_id"] == HEAD and row["basis"] == "derived"
    )
    assert sorted(_table("who", "stance", "over")) == expected


def test_what_is_disputed_because_of_it() -> None:
    columns = ("derived_for", "derived_against", "derived_doubting")
    expected = {
        (
            *(_short(row["proposition_id"]), row["status_worded"], row["status_derived"]),
            *(_names(row[column]) for column in columns),
        )
        for row in _now("contestation")
        if row["event_id"] == EVENT
        and (row["status_worded"] != row["status_derived"] or row["status_worded"] == "contested")
    }
    heads = ("proposition", "in words", "with what follows", "for", "against", "doubting")
    found = _table(*heads)
    assert len(found) == len(expected)
    assert set(found) == expected


def test_the_numbers_in_the_text() -> None:
    (head,) = [row for row in _now("contestation") if row["proposition_id"] == HEAD]
    of_event = [row for row in _now("contestation") if row["event_id"] == EVENT]
    claims = sum(row["proposition_id"] == HEAD for row in _rows("claims_flat"))
    statements = Counter(
        (row["chain_ids"] or "").split()[-1]
        for row in _rows("claims_flat")
        if row["proposition_id"] == HEAD
    )
    worded, derived = (
        sum(row[f"status_{layer}"] == "contested" for row in of_event)
        for layer in ("worded", "derived")
    )
    text = " ".join(PAGE.split())
    for sentence in (
        "Claims `02`, `06` and `22` report one and the same sentence",
        f"So the {claims} claims are {head['n_statements']} statements, told of by "
        f"{head['n_sources']} source.",
        f"since {head['valid_from'].day} December 2025, when the report came out",
        f"Of the event's {len(of_event)} propositions, {worded} are contested in words and "
        f"{derived} with what follows",
        f"**Parties are named up to {MOST_PARTIES} on a side**",
    ):
        assert sentence in text, sentence
    assert statements["stm-putin-to-trump-call-second"] == 3
    assert len(statements) == head["n_statements"]


def test_no_two_positions_of_one_actor_differ() -> None:
    stances = {
        (row["actor_id"], row["stance"])
        for row in _rows("stances")
        if row["proposition_id"] == HEAD and row["basis"] == "worded"
    }
    assert len({actor for actor, _ in stances}) == len(stances)
    assert all(row["valid_to"] is None for row in _rows("stances") if row["proposition_id"] == HEAD)
    assert not any(
        row["actor_id"] == "act-sergei-lavrov" and row["basis"] == "worded"
        for row in _rows("stances")
        if row["proposition_id"] == HEAD
    )


@pytest.mark.parametrize("table", ["contestation", "stances"])
def test_the_columns_that_the_page_names_are_there(table: str) -> None:
    columns = {
        column.name
        for one in ("contestation", "stances", "claims_flat")
        for column in derived_tables()[one].columns
    }
    named = set(re.findall(r"`([a-z]+_[a-z_]+|via)`", PAGE)) - {"as_of"}
    assert named <= columns
    assert table in PAGE


def test_every_status_is_on_the_page_with_its_rule() -> None:
    told = dict(_table("status", "when"))
    assert set(told) == set(Status)
    rules = {code.value: code.rule.lower() for code in Status}
    for code, words in told.items():
        assert rules[code].startswith(words.lower().split(",")[0][:20])
