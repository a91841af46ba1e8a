"""Who stands where: what was decided where the words of a definition leave it open."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from allegata.deriving import derived_tables
from allegata.deriving.models import MOST_PARTIES
from allegata.engines import Embedded
from allegata.tables.closure import create_paths
from random_claims import Rows, derived, on, timed


def _day(number: int) -> str:
    return f"2025-01-{number:02}"


def _source(name: str, day: int, publisher: str = "act-paper", **more: Any) -> dict[str, Any]:
    row = {"id": f"src-{name}", "publisher_id": publisher, "published": _day(day)}
    return timed({**row, "kind": "news_report", **more}, "published")


def _said(name: str, speaker: str, said: str | None = None, **more: Any) -> dict[str, Any]:
    return timed({"id": f"stm-{name}", "speaker_id": speaker, "said": said, **more}, "said")


def _rows(
    sources: list[dict[str, Any]],
    statements: list[dict[str, Any]],
    claims: list[str],
    relations: tuple[str, ...] = (),
) -> Rows:
    """A dataset. A claim reads "source chain stance proposition", with + between statements.

    The source's own voice is a dash; ``stance!`` says that evidence is offered.
    """
    rows: Rows = {
        "actors": [
            {"id": "act-paper", "kind": "outlet"},
            {"id": "act-other-paper", "kind": "outlet"},
            {"id": "act-ann", "kind": "person"},
            {"id": "act-bo", "kind": "person"},
            {"id": "act-land", "kind": "state"},
            {"id": "act-office", "kind": "organisation", "parent_id": "act-land"},
        ],
        "roles": [
            timed(timed({"id": "rol-1", "actor_id": "act-ann", "org_id": "act-office"}
                | {"start": _day(5), "end": None}, "start"), "end")
        ],
        "sources": sources,
        "statements": statements,
        "propositions": [{"id": f"prp-{n}", "text": n} for n in ("a", "b", "c", "d")],
        "claims": [],
        "hops": [],
        "relations": [
            dict(zip(("subject_id", "predicate", "object_id"), one.split(), strict=True))
            for one in relations
        ],
    }  # fmt: skip
    for number, one in enumerate(claims):
        source, chain, stance, proposition = one.split()
        evidence = "offered" if stance.endswith("!") else "not_addressed"
        rows["claims"].append(
            {"id": f"clm-{number}", "source_id": f"src-{source}", "evidence": evidence}
            | {"stance": stance.rstrip("!"), "proposition_id": f"prp-{proposition}"}
        )
        rows["hops"] += [
            {"claim_id": f"clm-{number}", "position": at, "statement_id": f"stm-{statement}"}
            for at, statement in enumerate(chain.split("+"), 1)
            if chain != "-"
        ]
    return rows


def _status(rows: Rows, day: int = 31, proposition: str = "a") -> dict[str, Any]:
    """What holds of a proposition on a day."""
    (row,) = [
        row
        for row in on(derived([rows])[0]["contestation"], date(2025, 1, day))
        if row["proposition_id"] == f"prp-{proposition}"
    ]
    return row


def _statuses(rows: Rows, proposition: str = "a") -> list[tuple[int | None, str, str]]:
    """The status from day to day: worded and derived."""
    return [
        (row["valid_from"] and row["valid_from"].day, row["status_worded"], row["status_derived"])
        for row in sorted(derived([rows])[0]["contestation"], key=lambda row: row["seq"])
        if row["proposition_id"] == f"prp-{proposition}"
    ]


def _stances(rows: Rows, day: int = 31) -> set[tuple[str, ...]]:
    """Who is known to stand where on a day."""
    return {
        (row["actor_id"][4:], row["stance"], row["proposition_id"][4:])
        for row in on(derived([rows])[0]["stances"], date(2025, 1, day))
    }


# --- later stances ---


def test_a_later_position_replaces_an_earlier_one_from_the_day_it_is_known() -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-ann", _day(12))],
        ["1 1 asserts a", "2 2 denies a"],
    )
    assert _statuses(rows) == [
        (None, "unaddressed", "unaddressed"),
        (10, "asserted", "asserted"),
        (20, "denied", "denied"),
    ]


def test_what_was_said_earlier_and_reported_later_does_not_replace() -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-ann", _day(2))],
        ["1 1 asserts a", "2 2 denies a"],
    )
    assert _stances(rows) == {("ann", "asserts", "a")}
    assert _status(rows)["n_statements"] == 2


@pytest.mark.parametrize(
    ("first", "second", "stand"),
    [
        (_day(9), _day(9), 2),
        (f"[{_day(1)}..{_day(9)}]", _day(9), 2),
        (f"[{_day(1)}..{_day(8)}]", _day(9), 1),
        ("2025-01", _day(9), 2),  # at most to the day of its first report
        ("2025-01", _day(11), 1),
        (None, _day(10), 2),  # not dated: taken to have been said on the day of its first report
        (None, _day(11), 1),
        (_day(9), None, 1),
        (_day(9), f"[..{_day(11)}]", 1),
    ],
)
def test_both_stand_where_it_cannot_be_told_which_is_later(
    first: str | None, second: str | None, stand: int
) -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20)],
        [_said("1", "act-ann", first), _said("2", "act-ann", second)],
        ["1 1 suggests a", "2 2 doubts a"],
    )
    assert len(_stances(rows)) == stand


@pytest.mark.parametrize("stance", ["asks", "declines", "no_response"])
def test_asking_declining_and_silence_leave_a_position_as_it_was(stance: str) -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-ann", _day(12))],
        ["1 1 asserts a", f"2 2 {stance} a"],
    )
    assert _status(rows)["status_worded"] == "asserted"
    assert _stances(rows) == {("ann", "asserts", "a"), ("ann", stance, "a")}


def test_who_no_longer_commits_takes_no_side() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", _day(8)), _said("2", "act-ann", _day(9))],
        ["1 1 asserts a", "1 2 noncommittal a"],
    )
    assert _status(rows)["status_worded"] == "open"


# --- retractions ---


def test_a_retraction_takes_back_what_was_said_up_to_its_day_and_what_follows() -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20), _source("3", 25)],
        [_said(f"{n}", "act-ann", _day(day)) for n, day in ((1, 9), (2, 12), (3, 13))],
        ["1 1 asserts a", "2 2 retracts a", "3 3 suggests a"],
        ("prp-a entails prp-b",),
    )
    assert _statuses(rows) == [
        (None, "unaddressed", "unaddressed"),
        (10, "asserted", "asserted"),
        (20, "open", "open"),
        (25, "asserted", "asserted"),
    ]
    assert [derived_only for _, _, derived_only in _statuses(rows, "b")] == [
        "unaddressed",
        "asserted",
        "unaddressed",
        "asserted",
    ]


def test_a_retraction_of_the_same_day_came_after() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-ann", _day(9))],
        ["1 1 asserts a", "1 2 retracts a"],
    )
    assert _stances(rows) == set()
    assert _status(rows)["status_worded"] == "open"


def test_a_retraction_takes_back_what_can_have_been_said_before_it() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", f"[{_day(7)}..{_day(9)}]"), _said("2", "act-ann", _day(8))],
        ["1 1 asserts a", "1 2 retracts a"],
    )
    assert _stances(rows) == set()


def test_of_several_retractions_the_first_known_counts() -> None:
    said = [_said("1", "act-ann", _day(2)), _said("2", "act-ann", _day(3))]
    said += [_said("3", "act-ann", _day(5)), _said("4", "act-ann", _day(7))]
    sources = [_source("1", 8), _source("2", 12), _source("3", 10)]
    claims = ["1 1 asserts a", "1 3 asserts b", "2 2 retracts a", "3 4 retracts a"]
    # The later retraction became known first, and takes back what the earlier one does as well.
    assert [day for day, *_ in _statuses(_rows(sources, said, claims))] == [None, 8, 10, 12]
    assert _status(_rows(sources, said, claims), 11)["status_worded"] == "open"
    claims = ["1 3 asserts a", "2 2 retracts a", "3 4 retracts a"]
    assert _status(_rows(sources, said, claims), 11)["status_worded"] == "open"
    # The earlier one takes back nothing that was said after it.
    assert _status(_rows(sources, said, claims[:2]), 31)["status_worded"] == "asserted"


def test_nobody_takes_back_what_another_said() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-bo", _day(9))],
        ["1 1 asserts a", "1 2 retracts a"],
    )
    assert _stances(rows) == {("ann", "asserts", "a")}


# --- the status ---


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ([], "unaddressed"),
        (["1 ann asks a"], "open"),
        (["1 ann noncommittal a", "1 bo declines a"], "open"),
        (["1 ann suggests a"], "asserted"),
        (["1 ann denies a"], "denied"),
        (["1 ann denies a", "1 bo doubts a"], "denied"),
        (["1 ann doubts a"], "doubted"),
        (["1 ann doubts a", "1 bo asserts a"], "doubted"),
        (["1 ann denies a", "1 bo suggests a"], "contested"),
        (["1 ann denies a", "1 bo suggests a", "1 land doubts a"], "contested"),
        # One alone on both sides is not contested, but keeps another from being unopposed.
        (["1 ann denies a", "1 ann asserts a"], "open"),
        (["1 ann denies a", "1 ann asserts a", "1 bo doubts a"], "doubted"),
        (["1 ann denies a", "1 ann asserts a", "1 bo asserts a"], "contested"),
        (["1 - denies a", "1 ann asserts a"], "contested"),
    ],
)
def test_the_status_of_what_is_said(claims: list[str], status: str) -> None:
    statements = [_said(name, f"act-{name}", _day(9)) for name in ("ann", "bo", "land")]
    rows = _rows([_source("1", 9)], statements, claims)
    assert _status(rows)["status_worded"] == status


def test_two_of_one_party_can_be_at_odds() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-land", _day(9))],
        ["1 1 asserts a", "1 2 denies a"],
    )
    row = _status(rows)
    assert row["status_worded"] == "contested"
    assert (row["worded_for"], row["worded_against"]) == ("act-land", "act-land")


def test_a_party_counts_once_however_many_speak_for_it_and_change_their_minds() -> None:
    days = (9, 10, 12, 14, 16)
    said = [_said(f"{day}", "act-ann", _day(day)) for day in days[1:]]
    claims = ["9 land asserts a", "10 10 asserts a", "12 12 doubts a", "14 14 asserts a"]
    rows = _rows(
        [_source(f"{day}", day) for day in days],
        [_said("land", "act-land", _day(9)), *said],
        [*claims, "16 16 doubts a"],
    )
    assert {_status(rows, day)["n_worded_for"] for day in range(9, 18)} == {1}
    assert {_status(rows, day)["worded_for"] for day in range(9, 18)} == {"act-land"}


def test_the_party_is_the_one_spoken_for_at_the_time() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("1", "act-ann", _day(4)), _said("2", "act-ann", _day(6))],
        ["1 1 asserts a", "1 2 asserts b"],
    )
    assert [_status(rows, proposition=one)["worded_for"] for one in ("a", "b")] == [
        "act-ann",
        "act-land",
    ]


def test_parties_are_named_up_to_a_number_and_then_counted() -> None:
    count = MOST_PARTIES + 1
    papers = [f"act-p{n:02}" for n in range(count)]
    sources = [_source(f"{n}", n + 1, paper) for n, paper in enumerate(papers)]
    rows = _rows(sources, [], [f"{n} - asserts a" for n in range(count)])
    rows["actors"] += [{"id": paper, "kind": "outlet"} for paper in papers]
    full, over = _status(rows, MOST_PARTIES), _status(rows, count)
    assert (full["worded_for"], full["n_worded_for"]) == (" ".join(papers[:-1]), MOST_PARTIES)
    assert (over["worded_for"], over["n_worded_for"]) == (None, count)
    assert (
        f"more than {MOST_PARTIES}"
        in derived_tables()["contestation"].column("worded_for").description
    )


# --- what follows ---


def test_denials_travel_against_entailment_and_assertions_with_it() -> None:
    rows = _rows(
        [_source("1", 10)],
        [_said("ann", "act-ann", _day(9)), _said("bo", "act-bo", _day(9))],
        ["1 ann asserts a", "1 bo doubts c"],
        ("prp-a entails prp-b", "prp-b entails prp-c", "prp-d contradicts prp-c"),
    )
    assert _stances(rows) == {
        *(("ann", "asserts", one) for one in "abc"),
        ("ann", "denies", "d"),
        *(("bo", "doubts", one) for one in "abc"),
    }
    row = _status(rows, proposition="b")
    assert (row["status_worded"], row["status_derived"]) == ("unaddressed", "doubted")
    assert (row["worded_for"], row["derived_for"], row["n_statements"]) == (None, "act-land", 0)


def test_what_was_said_of_one_thing_later_replaces_what_was_said_of_another() -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20)],
        [_said("1", "act-ann", _day(9)), _said("2", "act-ann", _day(12))],
        ["1 1 asserts a", "2 2 denies b"],
        ("prp-a entails prp-b",),
    )
    # By the words on it alone, a is still asserted; by what follows, it is no longer.
    assert _statuses(rows) == [
        (None, "unaddressed", "unaddressed"),
        (10, "asserted", "asserted"),
        (20, "asserted", "denied"),
    ]
    (worded,) = [
        row
        for row in derived([rows])[0]["stances"]
        if (row["proposition_id"], row["basis"]) == ("prp-a", "worded")
    ]
    assert (worded["worded_to"], worded["valid_to"]) == (None, date(2025, 1, 20))


def test_what_is_taken_back_brings_back_nothing() -> None:
    rows = _rows(
        [_source("1", 10), _source("2", 20), _source("3", 25)],
        [_said(f"{n}", "act-ann", _day(day)) for n, day in ((1, 9), (2, 12), (3, 22))],
        ["1 1 denies b", "2 2 asserts a", "3 3 retracts a"],
        ("prp-a entails prp-b",),
    )
    assert [status for *_, status in _statuses(rows, "b")] == [
        "unaddressed",
        "denied",
        "asserted",
        "open",
    ]


# --- copies and counts ---


def test_a_copy_speaks_in_the_voice_of_its_original() -> None:
    sources = [_source("1", 10), _source("2", 12, "act-other-paper")]
    for tie in ("republishes", "translates"):
        rows = _rows(sources, [], ["1 - asserts a", "2 - asserts a"], (f"src-2 {tie} src-1",))
        row = _status(rows)
        assert row["worded_for"] == "act-paper"
        assert (row["n_statements"], row["n_sources"], row["n_sources_as_given"]) == (1, 1, 2)


def test_who_rewrites_speaks_for_itself_and_corroborates_nothing() -> None:
    sources = [_source("1", 10), _source("2", 12, "act-other-paper")]
    claims = ["1 - asserts a", "2 - asserts a"]
    row = _status(_rows(sources, [], claims, ("src-2 rewrites src-1",)))
    assert row["worded_for"] == "act-other-paper act-paper"
    assert (row["n_statements"], row["n_sources"], row["n_sources_as_given"]) == (2, 1, 2)


def test_two_copies_of_what_is_not_coded_itself_are_one_source() -> None:
    sources = [_source("1", 9), _source("2", 10), _source("3", 12, "act-other-paper")]
    ties = ("src-2 republishes src-1", "src-3 rewrites src-2")
    row = _status(_rows(sources, [], ["2 - asserts a", "3 - asserts a"], ties))
    assert (row["n_sources"], row["n_sources_as_given"]) == (1, 2)


def test_of_several_originals_the_first_published_counts() -> None:
    sources = [_source("1", 10), _source("2", 9, "act-other-paper"), _source("3", 12)]
    ties = ("src-3 republishes src-1", "src-3 translates src-2")
    assert _status(_rows(sources, [], ["3 - asserts a"], ties))["worded_for"] == "act-other-paper"


def test_sources_that_copy_each_other_are_one() -> None:
    sources = [_source("1", 10), _source("2", 10, "act-other-paper")]
    ties = ("src-1 republishes src-2", "src-2 republishes src-1")
    row = _status(_rows(sources, [], ["1 - asserts a", "2 - asserts a"], ties))
    assert (row["worded_for"], row["n_statements"], row["n_sources"]) == ("act-paper", 1, 1)


def test_a_reprinted_readout_is_still_the_other_sides_account() -> None:
    sources = [
        _source("readout", 10, "act-land", kind="official_release"),
        _source("reprint", 11),
        _source("call", 12),
    ]
    rows = _rows(
        sources,
        [_said("bo", "act-bo", _day(9))],
        ["readout bo asserts! a", "reprint bo asserts a", "call bo asserts a"],
        ("src-reprint republishes src-readout",),
    )
    counts = ("n_statements", "n_sources", "n_relayed", "n_with_evidence")
    assert [[_status(rows, day)[count] for count in counts] for day in (10, 11, 12)] == [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 2, 0, 1],
    ]


# --- paths ---


def _paths(steps: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    with Embedded() as session:
        values = ", ".join(f"('{a}', '{b}')" for a, b in steps)
        create_paths(session, "paths", f"SELECT * FROM (VALUES {values}) AS step (a, b)")
        rows = session.fetch("SELECT * FROM paths").to_pylist()
    assert all(row["steps"] == row["path"].count(" ") for row in rows)
    return {(row["a"], row["b"]): row["path"] for row in rows}


def test_a_path_is_the_shortest_then_the_first() -> None:
    steps = [("a", "z"), ("z", "e"), ("a", "b"), ("b", "c"), ("c", "e"), ("a", "y"), ("y", "e")]
    assert _paths(steps)["a", "e"] == "a y e"
    # A name that begins like another comes after it, whatever follows.
    steps = [("a", "b"), ("b", "z"), ("a", "b-c"), ("b-c", "z")]
    assert _paths(steps)["a", "z"] == "a b z"


def test_long_paths_and_circles_end() -> None:
    points = [f"p{n:03}" for n in range(100)]
    found = _paths(list(pairwise(points)))
    assert found["p000", "p099"] == " ".join(points)
    assert len(found) == 100 * 99 / 2
    circle = _paths([("a", "b"), ("b", "c"), ("c", "a")])
    assert circle == {
        ("a", "b"): "a b",
        ("b", "c"): "b c",
        ("c", "a"): "c a",
        ("a", "c"): "a b c",
        ("b", "a"): "b c a",
        ("c", "b"): "c a b",
    }
