"""Derived tables: parties, claims_flat and the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.deriving import DerivingError, derive, derived_tables
from allegata.engines import Embedded
from allegata.reading import read
from allegata.schema import Actor, Event, Record, Role, Source, Statement
from allegata.schema.timeprofile import bounds
from allegata.tables import base_tables, build_tables
from allegata.tables.parquet import write_parquet

FICTIONAL = Path(__file__).parent / "fictional"


def _derived(base: dict[str, pa.Table], names: Iterable[str] | None = None) -> dict[str, pa.Table]:
    with Embedded() as session:
        for name, table in base.items():
            session.register(name, table)
        return derive(session, names)


@cache
def _of_fictional() -> dict[str, pa.Table]:
    return _derived(read([FICTIONAL]).tables())


def _claim(claim_id: str) -> dict[str, Any]:
    (row,) = [r for r in _of_fictional()["claims_flat"].to_pylist() if r["claim_id"] == claim_id]
    return row


# --- the tables as a whole ---


def test_every_derived_table_is_as_specified_and_can_be_written(tmp_path: Path) -> None:
    tables = _of_fictional()
    assert list(tables) == list(derived_tables())
    assert set(tables) == {"claims_flat", "contestation", "stances", "parties", "codebook"}
    for name, spec in derived_tables().items():
        assert tables[name].schema.equals(spec.schema, check_metadata=True)
        written = write_parquet(tables[name], spec, tmp_path / f"{name}.parquet", {})
        assert written.rows == tables[name].num_rows > 0


def test_only_the_tables_asked_for_are_given() -> None:
    base = build_tables([])
    assert list(_derived(base, ["parties"])) == ["parties"]
    assert list(_derived(base, ["stances", "parties"])) == ["stances", "parties"]
    with pytest.raises(KeyError, match="opinions"):
        _derived(base, ["opinions"])


def test_without_records_derived_tables_are_empty_but_for_the_codebook() -> None:
    rows = {name: table.num_rows for name, table in _derived(build_tables([])).items()}
    assert rows.pop("codebook") == _of_fictional()["codebook"].num_rows
    assert set(rows.values()) == {0}


def test_a_repeated_column_takes_all_but_its_name_from_the_base_table() -> None:
    flat, claims = derived_tables()["claims_flat"], base_tables()["claims"]
    repeated, original = flat.column("stance"), claims.column("stance")
    assert (repeated.description, repeated.vocabulary) == (
        original.description,
        original.vocabulary,
    )
    assert flat.column("claim_id").refers_to == "claims"
    assert flat.column("publisher_name").description == (
        f"The publisher's name. {base_tables()['actors'].column('name').description}"
    )
    assert (flat.column("event_label").nullable, flat.column("proposition_text").nullable) == (
        True,
        False,
    )


# --- parties ---


def test_parties_of_the_fictional_dataset() -> None:
    rows = [
        tuple(row.values())
        for row in _of_fictional()["parties"].to_pylist()
        if row["actor_id"] != row["party_id"] or row["valid_from"] or row["valid_to"]
    ]
    assert sorted(rows) == [
        ("act-chancellery-of-sornia", 1, None, None, "act-sornia"),
        ("act-dario-fenn", 1, None, date(2020, 1, 1), "act-dario-fenn"),
        ("act-dario-fenn", 2, date(2020, 1, 1), None, "act-sornia"),
        ("act-maren-osk", 1, None, date(2021, 1, 1), "act-maren-osk"),
        # From May to June 2023 she was President and still chair of the League: no row.
        ("act-maren-osk", 2, date(2021, 1, 1), date(2023, 5, 1), "act-river-league"),
        ("act-maren-osk", 3, date(2023, 7, 1), None, "act-vellmark"),
        ("act-ministry-of-waters", 1, None, None, "act-vellmark"),
        ("act-navigation-inspectorate", 1, None, None, "act-vellmark"),
        ("act-parliament-of-vellmark", 1, None, None, "act-vellmark"),
        # Being a candidate, before she was a minister, made her nobody's but her own.
        ("act-petra-quill", 1, None, date(2023, 5, 2), "act-petra-quill"),
        ("act-petra-quill", 2, date(2023, 5, 2), date(2025, 3, 6), "act-vellmark"),
        ("act-petra-quill", 3, date(2025, 3, 6), None, "act-petra-quill"),
        ("act-presidency-of-vellmark", 1, None, None, "act-vellmark"),
        ("act-sornia-foreign-ministry", 1, None, None, "act-sornia"),
    ]


def test_each_actor_has_a_party() -> None:
    actors = set(read([FICTIONAL]).table("actors").column("id").to_pylist())
    assert set(_of_fictional()["parties"].column("actor_id").to_pylist()) == actors


@pytest.mark.parametrize("length", [2, 3, 7])
def test_bodies_above_themselves_are_an_error(length: int) -> None:
    circle = [
        Actor(id=f"act-{n}", kind="organisation", name=f"{n}", parent=f"act-{(n + 1) % length}")
        for n in range(length)
    ]
    with pytest.raises(DerivingError, match=r"parents of act-0, act-1.* run in a circle"):
        _derived(build_tables(circle))


def test_a_tall_hierarchy_is_climbed_to_its_top() -> None:
    tower = [Actor(id="act-0", kind="state", name="0")] + [
        Actor(id=f"act-{n}", kind="organisation", name=f"{n}", parent=f"act-{n - 1}")
        for n in range(1, 300)
    ]
    parties = _derived(build_tables(tower), ["parties"])["parties"]
    assert Counter(parties.column("party_id").to_pylist()) == {"act-0": 300}


_BODIES = [f"act-b{n}" for n in range(5)]
_PERSONS = ["act-p0", "act-p1"]
_TIMES = st.sampled_from(
    [
        "0001-01-01",
        "2024",
        "2025-01",
        "2025-01-01",
        "2025-01-03",
        "2025-01-03~",
        "2025-01-04",
        "2025-01-06",
        "9999",
        "2025-01-02/2025-01-05",
        "../2025-01-04",
        "[2025-01-05..]",
    ]
)
_DAYS = [date(2024, 12, 29) + timedelta(n) for n in range(40)] + [
    date(1950, 1, 1),
    date(2300, 1, 1),
]


@st.composite
def _hierarchies(draw: st.DrawFn) -> list[Record]:
    # A body's parent is always an earlier one, so that there are no circles.
    parents = [draw(st.sampled_from([None, *_BODIES[:n]])) for n in range(len(_BODIES))]
    bodies = [
        Actor(id=body, kind="organisation", name=body, parent=parent)
        for body, parent in zip(_BODIES, parents, strict=True)
    ]
    persons = [Actor(id=person, kind="person", name=person) for person in _PERSONS]
    roles = [
        Role(
            id=f"rol-{n}",
            actor=draw(st.sampled_from(_PERSONS)),
            title="Holder",
            org=draw(st.sampled_from([None, *_BODIES])),
            start=draw(st.none() | _TIMES),
            end=draw(st.none() | _TIMES),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    return [*bodies, *persons, *roles]


def _party_on(day: date, actor: str, records: list[Record]) -> str | None:
    """The party by the words of the definition, a day at a time; None where there are two."""
    parents = {r.id: r.parent_id for r in records if isinstance(r, Actor)}

    def root(body: str) -> str:
        return root(parents[body]) if parents[body] else body

    def may_be_held(role: Role) -> bool:
        first = bounds(role.start).earliest if role.start else None
        last = bounds(role.end).latest if role.end else None
        return (first is None or first <= day) and (last is None or day <= last)

    roles = [r for r in records if isinstance(r, Role) and r.actor_id == actor and r.org_id]
    roots = {root(role.org_id) for role in roles if may_be_held(role)}
    if actor in _BODIES or not roots:
        return root(actor)
    return roots.pop() if len(roots) == 1 else None


def _is_on(row: dict[str, Any], day: date) -> bool:
    begun = row["valid_from"] is None or row["valid_from"] <= day
    return begun and (row["valid_to"] is None or day < row["valid_to"])


@given(_hierarchies())
@settings(max_examples=40, deadline=None)
def test_parties_are_what_the_definition_says_on_every_day(records: list[Record]) -> None:
    rows = _derived(build_tables(records), ["parties"])["parties"].to_pylist()
    for actor in _BODIES + _PERSONS:
        own = sorted((r for r in rows if r["actor_id"] == actor), key=lambda row: row["seq"])
        for day in _DAYS:
            expected = _party_on(day, actor, records)
            found = [row["party_id"] for row in own if _is_on(row, day)]
            assert found == ([expected] if expected else []), (actor, day)
        assert [row["seq"] for row in own] == list(range(1, len(own) + 1))
        for before, after in pairwise(own):
            assert before["valid_to"] <= after["valid_from"]
            # What could be one interval is one.
            assert before["valid_to"] < after["valid_from"] or (
                before["party_id"] != after["party_id"]
            )


# --- claims_flat ---


def test_a_claim_in_the_outlets_own_voice() -> None:
    assert _claim("clm-harl-courier-2025-03-03-01") == {
        "claim_id": "clm-harl-courier-2025-03-03-01",
        "source_id": "src-harl-courier-2025-03-03",
        "origin_id": "src-harl-courier-2025-03-03",
        "source_kind": "news_report",
        "source_title": "Fire at Harl lock: Vellmark blames Sornia",
        "source_lang": "en",
        "publisher_id": "act-harl-courier",
        "publisher_name": "Harl Courier",
        "published": "2025-03-03",
        "published_earliest": date(2025, 3, 3),
        "published_latest": date(2025, 3, 3),
        "event_id": "evt-harl-lock-fire",
        "event_label": "Fire at the Harl lock",
        "proposition_id": "prp-harl-fire-occurrence",
        "proposition_text": (
            "A fire burns the gatehouse of the Harl lock in the early hours of 3 March 2025."
        ),
        "aspect": "occurrence",
        "speaker_id": "act-harl-courier",
        "speaker_name": "Harl Courier",
        "party_id": "act-harl-courier",
        "party_name": "Harl Courier",
        "stance": "asserts",
        "evidence": "not_addressed",
        "clarity": "clear",
        "method": "human",
        "depth": 0,
        "voice": "own",
        "relayed_by_other_party": False,
        "channel": None,
        "said": None,
        "said_earliest": None,
        "said_latest": None,
        "chain": None,
        "chain_ids": None,
        "cues": None,
        "quote": None,
        "status_worded": "asserted",
        "status_derived": "asserted",
        "verdict": None,
        "note": None,
    }


def test_a_claim_known_through_the_other_side() -> None:
    assert _claim("clm-tornavoz-2025-03-05-03") == {
        "claim_id": "clm-tornavoz-2025-03-05-03",
        "source_id": "src-tornavoz-2025-03-05",
        "origin_id": "src-tornavoz-2025-03-05",
        "source_kind": "wire_report",
        "source_title": (
            "Dimite la ministra de Aguas de Vellmark tras el incendio de la esclusa de Harl"
        ),
        "source_lang": "es",
        "publisher_id": "act-tornavoz",
        "publisher_name": "Agencia Tornavoz",
        "published": "2025-03-05",
        "published_earliest": date(2025, 3, 5),
        "published_latest": date(2025, 3, 5),
        "event_id": "evt-harl-lock-fire",
        "event_label": "Fire at the Harl lock",
        "proposition_id": "prp-harl-fire-origin-gatehouse",
        "proposition_text": "The fire at the Harl lock begins in the gatehouse.",
        "aspect": "place",
        "speaker_id": "act-dario-fenn",
        "speaker_name": "Dário Fenn",
        "party_id": "act-sornia",
        "party_name": "Sornia",
        "stance": "doubts",
        "evidence": "not_addressed",
        "clarity": "clear",
        "method": "human",
        "depth": 2,
        "voice": "relayed",
        "relayed_by_other_party": True,
        "channel": "phone_call",
        "said": "2025-03-04",
        "said_earliest": date(2025, 3, 4),
        "said_latest": date(2025, 3, 4),
        "chain": (
            "Presidency of Vellmark (official release, 2025-03-04, “según”)"
            " › Dário Fenn (phone call, 2025-03-04, “respondió”)"  # noqa: RUF001
        ),
        "chain_ids": "stm-presidency-readout-2025-03-04 stm-fenn-to-osk-2025-03-04",
        "cues": "según › respondió",  # noqa: RUF001
        "quote": None,
        "status_worded": "doubted",
        "status_derived": "doubted",
        "verdict": None,
        "note": None,
    }


def test_an_ambiguous_claim_of_an_unnamed_official_who_speaks_for_a_state() -> None:
    assert _claim("clm-faro-de-harl-2025-03-05-04") == {
        "claim_id": "clm-faro-de-harl-2025-03-05-04",
        "source_id": "src-faro-de-harl-2025-03-05",
        "origin_id": "src-tornavoz-2025-03-05",
        "source_kind": "news_report",
        "source_title": (
            "Dimite la ministra de Aguas de Vellmark tras el incendio de la esclusa de Harl"
        ),
        "source_lang": "es",
        "publisher_id": "act-faro-de-harl",
        "publisher_name": "El Faro de Harl",
        "published": "2025-03-05",
        "published_earliest": date(2025, 3, 5),
        "published_latest": date(2025, 3, 5),
        "event_id": "evt-osk-fenn-call-2025-03-04",
        "event_label": "Call between Maren Osk and Dário Fenn",
        "proposition_id": "prp-call-fenn-on-origin",
        "proposition_text": (
            "Dário Fenn casts doubt on the gatehouse as the origin of the fire in the call of "
            "4 March 2025."
        ),
        "aspect": "reaction",
        "speaker_id": "act-sornian-official-tornavoz-2025-03-05",
        "speaker_name": "Sornian official who spoke to Tornavoz",
        "party_id": "act-sornia",
        "party_name": "Sornia",
        "stance": "denies",
        "evidence": "none_offered",
        "clarity": "ambiguous",
        "method": "human",
        "depth": 1,
        "voice": "direct",
        "relayed_by_other_party": False,
        "channel": "unspecified",
        "said": None,
        "said_earliest": None,
        "said_latest": None,
        "chain": "Sornian official who spoke to Tornavoz (“negó”)",
        "chain_ids": "stm-sornian-official-to-tornavoz",
        "cues": "negó",
        "quote": "El canciller no dijo eso",
        "status_worded": "denied",
        "status_derived": "denied",
        "verdict": None,
        "note": (
            "The denial may be aimed at the whole account of the call or only at the reply that "
            "it ascribes to the chancellor; the latter is coded."
        ),
    }


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        # She was a minister on the 3rd, resigned on the 5th, and speaks for herself on the 6th.
        ("clm-harl-courier-2025-03-03-05", ("Petra Quill", "Vellmark", "direct", False)),
        ("clm-keldhaven-ledger-2025-03-07-01", ("Petra Quill", "Petra Quill", "direct", False)),
        # One side's own readout gives the other side's words.
        ("clm-vellmark-presidency-2025-03-04-04", ("Dário Fenn", "Sornia", "direct", True)),
        ("clm-vellmark-presidency-2025-03-04-01", ("Maren Osk", "Vellmark", "direct", False)),
        ("clm-tornavoz-2025-03-05-02", ("Maren Osk", "Vellmark", "relayed", False)),
        (
            "clm-keldhaven-ledger-2025-03-07-09",
            ("Inland Navigation Inspectorate", "Vellmark", "relayed", True),
        ),
    ],
)
def test_speaker_party_and_voice(claim: str, expected: tuple[Any, ...]) -> None:
    row = _claim(claim)
    columns = ("speaker_name", "party_name", "voice", "relayed_by_other_party")
    assert tuple(row[column] for column in columns) == expected


@pytest.mark.parametrize(
    ("claim", "chain"),
    [
        (
            "clm-harl-courier-2025-03-03-12",
            "Arrune Lock Authority (silence, 2025-03-03, “had not replied”)",
        ),
        ("clm-harl-courier-2025-03-03-14", "Jori Läsk (interview, 2025-03-03~)"),
        (
            "clm-keldhaven-ledger-2025-03-07-08",
            "Arrune Lock Authority (2025-03-03/2025-03-07, “said”)",
        ),
    ],
)
def test_a_chain_tells_what_is_known_of_each_statement(claim: str, chain: str) -> None:
    assert _claim(claim)["chain"] == chain


def test_claims_flat_has_each_claim_once() -> None:
    claims = read([FICTIONAL]).table("claims").column("id").to_pylist()
    assert Counter(_of_fictional()["claims_flat"].column("claim_id").to_pylist()) == Counter(claims)


def _spoken(published: list[str], roles: list[Role], **statement: Any) -> list[dict[str, Any]]:
    """The rows of one statement by Ann, reported by sources of those days."""
    coded = {"method": "human", "coder": "c1", "coded": "2025-03-10"}
    sources = [
        Source.model_validate(
            {"id": f"src-{n}", "kind": "news_report", "publisher": "act-paper", "lang": "en"}
            | {"published": day}
            | {
                "claims": [
                    {"id": f"clm-{n}", "proposition": "prp-1", "stance": "asserts", **coded}
                    | {"chain": [{"statement": "stm-1"}]}
                    | {"quotes": [_quote(0, 1, "b"), _quote(2, 3, "a")]}
                ]
            }
        )
        for n, day in enumerate(published)
    ]
    records: list[Record] = [
        Actor(id="act-ann", kind="person", name="Ann"),
        Actor(id="act-land", kind="state", name="Land"),
        Actor(id="act-office", kind="organisation", name="Office", parent="act-land"),
        Actor(id="act-league", kind="organisation", name="League"),
        Actor(id="act-paper", kind="outlet", name="Paper"),
        Event.model_validate(
            {"id": "evt-1", "label": "Fair", "type": "other"}
            | {"propositions": [{"id": "prp-1", "text": "A fair opens.", "aspect": "occurrence"}]}
        ),
        Statement.model_validate(
            {"id": "stm-1", "speaker": "act-ann", "channel": "unspecified"} | statement
        ),
        *roles,
        *sources,
    ]
    rows = _derived(build_tables(records), ["claims_flat"])["claims_flat"].to_pylist()
    return sorted(rows, key=lambda row: row["claim_id"])


def _quote(start: int, end: int, exact: str) -> dict[str, Any]:
    return {"role": "speech", "start": start, "end": end, "sha256": "0" * 64, "exact": exact}


def _role(org: str, start: str | None = None, end: str | None = None) -> Role:
    return Role(id=f"rol-{org[4:]}", actor="act-ann", title="Head", org=org, start=start, end=end)


def test_the_party_is_that_of_the_last_day_on_which_it_can_have_been_said() -> None:
    in_office = [_role("act-office", start="2025-03-01")]
    said = {"2025-02": "act-ann", "2025-03": "act-land", "[2025-02-20..2025-03-01]": "act-land"}
    assert {day: _spoken(["2025-04"], in_office, said=day)[0]["party_id"] for day in said} == said


def test_a_statement_was_made_by_the_day_of_its_first_report() -> None:
    in_office = [_role("act-office", start="2025-03-01")]
    for said in ({}, {"said": "2025"}, {"said": "2025-02/.."}):
        rows = _spoken(["2025-03-05", "2025-02-27"], in_office, **said)
        assert [row["party_id"] for row in rows] == ["act-ann", "act-ann"]


def test_whom_one_speaks_for_overrides_ones_offices() -> None:
    offices = [_role("act-league")]
    assert _spoken(["2025"], offices)[0]["party_id"] == "act-league"
    assert _spoken(["2025"], offices, on_behalf_of="act-office")[0]["party_id"] == "act-land"
    assert _spoken(["2025"], offices, on_behalf_of="act-ann")[0]["party_id"] == "act-ann"


def test_offices_of_two_parties_leave_the_party_empty() -> None:
    (row,) = _spoken(["2025"], [_role("act-office"), _role("act-league")])
    assert (row["speaker_name"], row["party_id"], row["party_name"]) == ("Ann", None, None)
    assert row["relayed_by_other_party"] is False


def test_a_statement_of_which_nothing_is_known_is_its_speaker() -> None:
    (row,) = _spoken(["2025"], [])
    assert (row["chain"], row["cues"], row["quote"]) == ("Ann", "–", "b – a")  # noqa: RUF001


# --- codebook ---


def _entry(name: str) -> dict[str, Any]:
    (row,) = [row for row in _of_fictional()["codebook"].to_pylist() if row["entry"] == name]
    return row


def test_the_codebook_has_every_table_field_and_code_once() -> None:
    expected = []
    for table in (base_tables() | derived_tables()).values():
        expected.append(table.name)
        for column in table.columns:
            expected.append(f"{table.name}.{column.name}")
            expected += [f"{table.name}.{column.name}.{code}" for code in column.vocabulary or ()]
    rows = _of_fictional()["codebook"].sort_by("seq").to_pylist()
    assert [row["entry"] for row in rows] == expected
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


def test_every_entry_of_the_codebook_says_something() -> None:
    rows = _of_fictional()["codebook"].to_pylist()
    assert [row["entry"] for row in rows if not (row["definition"] or row["coding_rule"])] == []


def test_entries_of_a_table_a_field_and_a_code() -> None:
    empty = dict.fromkeys(derived_tables()["codebook"].schema.names)
    claims = base_tables()["claims"]
    stance = claims.column("stance")
    entries = [_entry(name) for name in ("claims", "claims.stance", "claims.stance.denies")]
    assert [{**entry, "seq": None} for entry in entries] == [
        empty | {"entry": "claims", "table": "claims", "definition": claims.definition},
        empty
        | {
            "entry": "claims.stance",
            "table": "claims",
            "field": "stance",
            "type": "string",
            "nullable": False,
            "key": False,
            "definition": "How the last speaker of the chain, or the source itself, stands to the "
            "proposition.",
            "coding_rule": stance.vocabulary.definition(),
        },
        empty
        | {
            "entry": "claims.stance.denies",
            "table": "claims",
            "field": "stance",
            "value": "denies",
            "coding_rule": "Says that it is not so, or calls an assertion of it false or invented.",
            "example_claim_id": "clm-harl-courier-2025-03-03-08",
        },
    ]


def test_keys_and_references_in_the_codebook() -> None:
    seen = {
        name: tuple(_entry(name)[column] for column in ("type", "nullable", "key", "refers_to"))
        for name in (
            "hops.position",
            "roles.org_id",
            "parties.valid_to",
            "claims_flat.claim_id",
            "relations.subject_id",
        )
    }
    assert seen == {
        "hops.position": ("int32", False, True, None),
        "roles.org_id": ("string", True, False, "actors"),
        "parties.valid_to": ("date32", True, False, None),
        "claims_flat.claim_id": ("string", False, True, "claims"),
        "relations.subject_id": ("string", False, True, None),
    }


def test_an_example_shows_its_code_and_is_clear_where_one_is() -> None:
    flat = {row["claim_id"]: row for row in _of_fictional()["claims_flat"].to_pylist()}
    shown = [row for row in _of_fictional()["codebook"].to_pylist() if row["example_claim_id"]]
    for row in shown:
        if row["table"] == "claims_flat":
            assert flat[row["example_claim_id"]][row["field"]] == row["value"]
    by_field = {(row["table"], row["field"]) for row in shown}
    assert {("claims", "stance"), ("sources", "kind"), ("statements", "channel")} <= by_field
    assert _entry("claims.stance.suggests")["example_claim_id"] == "clm-harl-courier-2025-03-03-14"
    unclear = {row["entry"] for row in shown if flat[row["example_claim_id"]]["clarity"] != "clear"}
    assert {name.split(".", 1)[1] for name in unclear} == {
        "clarity.ambiguous",
        "stance.suggests",
        "aspect.reaction",
        "status_worded.denied",
    }
