"""Stances and contestation: beside a slow reference, and in what must not change them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contestation_reference import Reference, day_range
from random_claims import FIRST, LAST, Rows, datasets, derived, ids_of, on, renamed, timed

DAYS = day_range(FIRST, LAST)
AT_ONCE = 40

# A failing batch names its dataset; to shrink so many takes hours.
quick = settings(phases=[Phase.explicit, Phase.generate])
batches = st.lists(datasets(), min_size=AT_ONCE, max_size=AT_ONCE)


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = ("proposition_id", "actor_id", "party_id", "stance", "basis")
    columns += ("from_proposition_id", "via", "taken_earliest", "taken_latest")
    return tuple(row[column] for column in columns)


def _as_first_known(reference: Reference) -> set[tuple[Any, ...]]:
    """Each stance that was ever taken, since when it is known and by which claim."""
    worded = reference.taken(LAST)
    first: dict[tuple[Any, ...], tuple[date, tuple[bool, str]]] = {}
    for act in [*worded, *reference.followed(worded)]:
        taking, known = (*act.told, act.spoken), (act.known, act.claim)
        first[taking] = min(first.get(taking, known), known)
    return {(*told, known, claim) for (*told, _), (known, (_, claim)) in first.items()}


@given(batches)
@settings(quick, max_examples=60)
def test_stances_and_contestation_are_what_the_definitions_say_on_every_day(
    batch: list[Rows],
) -> None:
    for rows, found in zip(batch, derived(batch), strict=True):
        reference = Reference(rows)
        rows_known = {(*_told(r), r["valid_from"], r["claim_id"]) for r in found["stances"]}
        assert rows_known <= _as_first_known(reference)
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
@settings(quick, max_examples=8)
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


# --- what must not change anything ---

Derived = dict[str, list[dict[str, Any]]]


def _on_each_day(found: Derived, *left_out: str, until: date = LAST) -> list[Any]:
    """What is told of each proposition, and who stands where, on every day."""
    beside = {"seq", "valid_from", "valid_to", *left_out}
    return [
        sorted(
            sorted((k, str(v)) for k, v in row.items() if k not in beside)
            for table in ("contestation", "stances")
            for row in on(found[table], day)
        )
        for day in DAYS
        if day <= until
    ]


def _with_copy(rows: Rows, random: Random) -> Rows:
    """The rows, and the same text once more at another outlet, on the day of the first or later."""
    original = random.choice(rows["sources"])
    known = original["published_latest"] or original["published_earliest"]
    day = random.choice([day for day in DAYS if day >= known])
    copy = {"id": "src-copy", "published": day.isoformat(), "publisher_id": "act-copyist"}
    claims = [row for row in rows["claims"] if row["source_id"] == original["id"]]
    copied = {row["id"]: f"clm-copy-{row['id'][4:]}" for row in claims}
    tie = random.choice(["republishes", "translates"])
    return {
        **rows,
        "actors": [
            *rows["actors"],
            {"id": "act-copyist", "kind": "outlet", "parent_id": None},
        ],
        "sources": [*rows["sources"], timed(copy | {"kind": "news_report"}, "published")],
        "claims": [
            *rows["claims"],
            *({**row, "id": copied[row["id"]], "source_id": "src-copy"} for row in claims),
        ],
        "hops": [
            *rows["hops"],
            *(
                {**hop, "claim_id": copied[hop["claim_id"]]}
                for hop in rows["hops"]
                if hop["claim_id"] in copied
            ),
        ],
        "relations": [
            *rows["relations"],
            {"subject_id": "src-copy", "predicate": tie, "object_id": original["id"]},
        ],
    }


@given(batches, st.randoms(use_true_random=False))
@settings(quick, max_examples=8)
def test_a_republished_copy_changes_nothing_but_the_number_of_sources_as_given(
    batch: list[Rows], random: Random
) -> None:
    with_copies = [_with_copy(rows, random) for rows in batch]
    # The count was looked at above; that it does change is what makes the copy one.
    before, after = derived(batch), derived(with_copies)
    assert [_on_each_day(found, "n_sources_as_given") for found in before] == [
        _on_each_day(found, "n_sources_as_given") for found in after
    ]
    assert [_on_each_day(found) for found in before] != [_on_each_day(found) for found in after]


@given(batches, st.sampled_from(DAYS))
@settings(quick, max_examples=8)
def test_what_becomes_known_after_a_day_changes_nothing_as_of_that_day(
    batch: list[Rows], day: date
) -> None:
    earlier = []
    for rows in batch:
        known = {row["id"] for row in Reference(rows).claims(day)}
        earlier.append(
            {
                **rows,
                "claims": [row for row in rows["claims"] if row["id"] in known],
                "hops": [row for row in rows["hops"] if row["claim_id"] in known],
            }
        )
    for all_told, then in zip(derived(batch), derived(earlier), strict=True):
        # When a stance ends is the one thing in a row that is not of the day.
        beside = ("worded_to",)
        assert _on_each_day(all_told, *beside, until=day) == _on_each_day(then, *beside, until=day)


@given(batches, st.randoms(use_true_random=False))
@settings(quick, max_examples=8)
def test_the_order_of_rows_changes_nothing(batch: list[Rows], random: Random) -> None:
    mixed = [
        {table: random.sample(found, len(found)) for table, found in rows.items()} for rows in batch
    ]
    assert derived(mixed) == derived(batch)


@given(batches, st.randoms(use_true_random=False))
@settings(quick, max_examples=8)
def test_names_change_nothing(batch: list[Rows], random: Random) -> None:
    batch = [_with_plain_copies(rows) for rows in batch]
    new = []
    for rows in batch:
        ids = ids_of(rows)
        other = {one: f"{one[:4]}{n}x" for n, one in enumerate(random.sample(ids, len(ids)))}
        new.append(other)
    after = derived([renamed(rows, other) for rows, other in zip(batch, new, strict=True)])
    for found, other, again in zip(derived(batch), new, after, strict=True):
        # Of what comes to the same, the names choose which way and which claim is shown.
        beside = ("via", "claim_id", "proposition_text", "event_label")
        assert _on_each_day(_renamed_lists(found, other), *beside) == _on_each_day(again, *beside)


def _with_plain_copies(rows: Rows) -> Rows:
    """Without the relations of which the names decide what the original is."""
    kept: dict[str, dict[str, Any]] = {}
    for row in rows["relations"]:
        a, b = row["subject_id"], row["object_id"]
        if a.startswith("src-") and (a < b or a in kept):
            continue
        kept[a if a.startswith("src-") else f"{a} {row['predicate']} {b}"] = row
    return {**rows, "relations": list(kept.values())}


def _renamed_lists(found: Derived, new: dict[str, str]) -> Derived:
    def again(value: Any) -> Any:
        if isinstance(value, str) and "act-" in value:
            return " ".join(sorted(new[one] for one in value.split()))
        return new.get(value, value)

    return {
        table: [{column: again(value) for column, value in row.items()} for row in rows]
        for table, rows in found.items()
    }
