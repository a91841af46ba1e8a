"""Stances and contestation: beside a slow reference, and in what must not change them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from contestation_reference import Reference, day_range
from hypothesis import given, settings
from hypothesis import strategies as st
from random_claims import FIRST, LAST, Rows, datasets, derived, on

DAYS = day_range(FIRST, LAST)
AT_ONCE = 25

batches = st.lists(datasets(), min_size=AT_ONCE, max_size=AT_ONCE)


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = ("proposition_id", "actor_id", "party_id", "stance", "basis")
    columns += ("from_proposition_id", "via", "taken_earliest", "taken_latest")
    return tuple(row[column] for column in columns)


def _first_known(rows: Rows, reference: Reference) -> dict[tuple[Any, ...], tuple[Any, str]]:
    """Since when each stance is known, and by which claim."""
    worded = reference.taken(LAST)
    first: dict[tuple[Any, ...], tuple[Any, str]] = {}
    for act in [*worded, *reference.followed(worded)]:
        first[act.told] = min(first.get(act.told, (act.known, act.claim)), (act.known, act.claim))
    return first


@given(batches)
@settings(max_examples=120)
def test_stances_and_contestation_are_what_the_definitions_say_on_every_day(
    batch: list[Rows],
) -> None:
    for rows, found in zip(batch, derived(batch), strict=True):
        reference = Reference(rows)
        known = _first_known(rows, reference)
        for row in found["stances"]:
            assert known[_told(row)] == (row["valid_from"], row["claim_id"])
        for day in DAYS:
            standing = {act.told for act in reference.standing(day, in_words=False)}
            in_words = {act.told for act in reference.standing(day, in_words=True)}
            worded = [row for row in found["stances"] if row["basis"] == "worded"]
            assert {_told(row) for row in on(found["stances"], day)} == standing, day
            assert {_told(row) for row in on(worded, day, "worded_to")} == in_words, day
            for proposition in rows["propositions"]:
                (row,) = [
                    row
                    for row in on(found["contestation"], day)
                    if row["proposition_id"] == proposition["id"]
                ]
                expected = reference.status(proposition["id"], day)
                assert {name: row[name] for name in expected} == expected, day


@given(batches)
@settings(max_examples=20)
def test_a_proposition_has_one_row_for_every_day_and_a_new_one_only_where_it_changes(
    batch: list[Rows],
) -> None:
    for rows, found in zip(batch, derived(batch), strict=True):
        for proposition in rows["propositions"]:
            own = [r for r in found["contestation"] if r["proposition_id"] == proposition["id"]]
            own.sort(key=lambda row: row["seq"])
            assert [row["seq"] for row in own] == list(range(1, len(own) + 1))
            assert (own[0]["valid_from"], own[-1]["valid_to"]) == (None, None)
            assert own[0]["status_derived"] == "unaddressed"
            for before, after in pairwise(own):
                assert before["valid_to"] == after["valid_from"]
                assert _content(before) != _content(after)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in ("seq", "valid_from", "valid_to")}
