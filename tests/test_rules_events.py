"""Rules of events, propositions and relations: what breaks each, where, and what nearly does."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cases
from allegata.engines import Embedded
from allegata.rules import CLOSURES, GROUPS, RULES, Problem
from allegata.rules.definitions.links import DOMAINS
from allegata.rules.words import words
from allegata.schema import Event, Place, Proposition, Record, Relation
from allegata.schema.vocabularies import Aspect, Predicate
from allegata.tables import build_tables
from allegata.tables.closure import create_closure
from cases import unmarked

GROUPS_HERE = ("Events", "Propositions", "Relations and revisions")
# What compares two releases is shown in test_history.
HERE = {rule.code for group in GROUPS_HERE for rule in GROUPS[group] if not rule.needs_previous}
"""The rules that this file has cases of."""

BASE = """\
defaults: {method: human, coder: c1, coded: "2025-03-09"}
actors:
  - {id: act-ann, kind: person, name: Ann}
  - {id: act-bob, kind: person, name: Bob}
  - {id: act-gazette, kind: outlet, name: Gazette}
places:
  - {id: plc-town, kind: city, name: Town}
  - {id: plc-harbour, kind: site, name: Harbour, parent: plc-town}
  - {id: plc-village, kind: city, name: Village}
events:
  - id: evt-fire
    label: Alleged fire
    type: other
    note: A fire.
    head: prp-fire
    propositions:
      - {id: prp-fire, text: A fire burns in the harbour., aspect: occurrence}
statements:
  - {id: stm-ann, speaker: act-ann, channel: press_exchange}
  - {id: stm-bob, speaker: act-bob, channel: press_exchange}
sources:
  - id: src-gazette
    kind: news_report
    publisher: act-gazette
    published: "2025-03-05"
    lang: en
    claims:
      - {id: clm-gazette, proposition: prp-fire, stance: asserts, quotes: [QUOTE]}
  - {id: src-copy, kind: news_report, publisher: act-gazette, published: "2025-03-05", lang: en}
"""
QUOTE = f"{{role: content, start: 0, end: 10, sha256: {'a' * 64}}}"


class Pair(NamedTuple):
    """A file beside a valid dataset that breaks a rule, and one that nearly breaks it.

    In the former ¦ marks each place where the rule is broken, and § each place that is shown with
    it, unless that lies in the dataset.
    """

    code: str
    broken: str
    near: str


def case(on: str = "", **tables: list[str]) -> str:
    """A file with records of some tables, and claims on some propositions ("prp-a:denies")."""
    if on:
        stances = [one.partition(":") for one in on.split()]
        claims = ", ".join(
            f"{'§' * ('§' in name)}{{id: clm-{number}, proposition: {name.strip('§')}, "
            f"stance: {stance or 'asserts'}, quotes: [{QUOTE}]}}"
            for number, (name, _, stance) in enumerate(stances)
        )
        tables["sources"] = [
            "{id: src-b, kind: other, publisher: act-gazette, published: '2025-03-06', lang: en, "
            f"claims: [{claims}]}}"
        ]
    lines = ["defaults: {method: human, coder: c1, coded: '2025-03-09'}"]
    for name, records in tables.items():
        lines += [f"{name}:", *(f"  - {record}" for record in records)]
    return "\n".join(lines) + "\n"


def events(*fields: str) -> list[str]:
    """Events evt-0, evt-1, ... of Ann, on 3 March, unless the fields say otherwise."""
    found = []
    for number, rest in enumerate(fields):
        record = "{id: ¦evt-%d" if rest.startswith("¦") else "{id: evt-%d"
        told = {
            "label": "label: Alleged matter",
            "type": "type: call",
            "time": "time: '2025-03-03'",
            "participants": "participants: [{actor: act-ann, role: party}]",
        }
        given = ", ".join(text for key, text in told.items() if f"{key}:" not in rest)
        record = f"{record % number}, {given}, {rest.strip('¦§')}}}".replace(", }", "}")
        found.append("§" + record if rest.startswith("§") else record)
    return found


def alike(*fields: str, **tables: list[str]) -> str:
    """Events that are about the fire, so that something is claimed of each."""
    names = [f"prp-{number}" for number in range(len(fields))]
    propositions = [
        f"{{id: {name}, text: Matter {name} goes on., aspect: outcome, event: evt-{number}}}"
        for number, name in enumerate(names)
    ]
    return case(" ".join(names), events=events(*fields), propositions=propositions, **tables)


def told(*propositions: str, on: str = "", event: str = "", **tables: list[str]) -> str:
    """An event with propositions prp-a, prp-b, ...; something is claimed of each."""
    found = []
    for letter, fields in zip("abc", propositions, strict=False):
        mark, rest = re.match("([¦§]?)(.*)", fields).groups()  # type: ignore[union-attr]
        text = "" if "text:" in rest else f"text: Sentence {letter} holds., "
        found.append(f"{mark}{{id: prp-{letter}, {text}{rest}}}")
    on = on or " ".join(f"prp-{letter}" for letter, _ in zip("abc", propositions, strict=False))
    record = event or "{id: evt-a, label: Alleged matter, type: attack"
    return case(on, events=[f"{record}, propositions: [{', '.join(found)}]}}"], **tables)


def lone(fields: str) -> str:
    """One proposition prp-a outside any event; something is claimed of it."""
    mark, rest = ("¦", fields[1:]) if fields.startswith("¦") else ("", fields)
    text = "" if "text:" in rest else "text: A sentence holds., "
    return case("prp-a", propositions=[f"{mark}{{id: prp-a, {text}{rest}}}"])


def worded(text: str, aspect: str = "attribute") -> str:
    return lone(f"text: {text}, aspect: {aspect}, actor: act-ann")


def related(*triples: str) -> str:
    """Relations among propositions prp-a, prp-b, prp-c and what the dataset has."""
    lines = []
    for triple in triples:
        mark = "§" if triple.startswith("§") else ""
        subject, predicate, thing = triple.strip("§").split()
        lines.append(f"{mark}{{subject: {subject}, predicate: {predicate}, object: {thing}}}")
    propositions = [
        f"{{id: prp-{letter}, text: Sentence {letter} holds., aspect: attribute, actor: act-ann}}"
        for letter in "abc"
    ]
    return case("prp-a prp-b prp-c", propositions=propositions, relations=lines)


def revised(*fields: str) -> str:
    return case(revisions=[f"{{release: 2025.3.0, reason: A slip., {each}}}" for each in fields])


HEADED = "{id: evt-a, label: Alleged matter, type: attack, head: prp-a"
DENIED = "{id: evt-a, label: %s, type: attack, head: prp-a"
OCCURS = "aspect: occurrence"
AGENT = "aspect: agent, actor: act-ann"
INVOLVED = HEADED + ", participants: [{actor: act-ann, role: party}, {actor: %s}]"
DAY = "time: '2025-03-03'"
AT = "place: plc-%s"
APART = ["{subject: evt-0, predicate: %s, object: evt-1}"]

PAIRS = [
    # Events
    Pair(
        "EVENT_HEAD_MISSING",
        told("§" + AGENT, event="¦{id: evt-a, label: L, type: attack"),
        told(OCCURS, AGENT, event=HEADED),
    ),
    *(
        Pair(
            "EVENT_HEAD_MISSING",
            told(f"§aspect: {aspect}", event="¦{id: evt-a, label: L, type: attack"),
            told(f"aspect: {near}"),
        )
        for aspect, near in (
            ("occurrence", "outcome"),
            ("target", "motive"),
            ("means", "time"),
            ("authenticity", "characterization"),
            ("confirmation", "forecast"),
        )
    ),
    Pair(
        "EVENT_HEAD_WRONG",
        told("aspect: outcome", event=HEADED.replace("prp-a", "¦prp-fire")),
        case(
            "prp-a",
            events=[HEADED + "}"],
            propositions=[f"{{id: prp-a, text: Sentence a holds., {OCCURS}, event: evt-a}}"],
        ),
    ),
    Pair(
        "EVENT_HEAD_WRONG",
        told("§" + AGENT, OCCURS, event=HEADED.replace("prp-a", "¦prp-a")),
        told(OCCURS, AGENT, event=HEADED),
    ),
    Pair(
        "EVENT_HEAD_WRONG",
        case(
            "prp-a",
            events=[HEADED.replace("prp-a", "¦prp-a") + "}"],
            propositions=[f"§{{id: prp-a, text: Sentence a holds., {OCCURS}, actor: act-ann}}"],
        ),
        told(OCCURS, event=HEADED),
    ),
    Pair(
        "EVENT_TWO_HEADS",
        told("aspect: ¦occurrence", "§" + OCCURS, event=HEADED.replace("prp-a", "prp-b")),
        told(OCCURS, "aspect: means", event=HEADED),
    ),
    Pair(
        "EVENT_TWO_HEADS",
        case(
            "prp-a",
            propositions=[
                "{id: prp-a, text: Sentence a holds., aspect: ¦occurrence, event: evt-fire}"
            ],
        ),
        case(
            "prp-a",
            propositions=["{id: prp-a, text: Sentence a holds., aspect: outcome, event: evt-fire}"],
        ),
    ),
    Pair("EVENT_DUPLICATE_SUSPECT", alike("§", "¦"), alike("", "type: meeting")),
    Pair(
        "EVENT_DUPLICATE_SUSPECT",
        alike("§time: '2025-03-01/2025-03-03'", "¦" + DAY),
        alike("time: '2025-03-01/2025-03-02'", DAY),
    ),
    Pair(
        "EVENT_DUPLICATE_SUSPECT",
        alike("§time: '[..2025-03-03]'", "¦time: '2025-03-03/..'"),
        alike("time: null", "time: null"),
    ),
    Pair(
        "EVENT_DUPLICATE_SUSPECT",
        alike("§" + AT % "town", "¦" + AT % "harbour"),
        alike(AT % "town", AT % "village"),
    ),
    Pair(
        "EVENT_DUPLICATE_SUSPECT",
        alike("§" + AT % "harbour", "¦" + AT % "town"),
        alike(AT % "harbour", AT % "village"),
    ),
    Pair(
        "EVENT_DUPLICATE_SUSPECT",
        alike("§" + AT % "harbour", "¦"),
        alike("", "participants: [{actor: act-bob, role: party}]"),
    ),
    *(
        Pair(
            "EVENT_DUPLICATE_SUSPECT",
            alike("§", "¦", relations=[APART[0].replace("evt-0", "evt-fire") % predicate]),
            alike("", "", relations=[APART[0] % predicate]),
        )
        for predicate in ("before", "part_of", "alternative_to")
    ),
    Pair(
        "EVENT_LABEL_UNHEDGED",
        told(OCCURS, on="§prp-a:denies", event=DENIED % "¦Attack on the unreported harbour"),
        told(OCCURS, on="prp-a:denies", event=DENIED % "Attack (Reported)"),
    ),
    Pair(
        "EVENT_LABEL_UNHEDGED",
        told(OCCURS, on="prp-a §prp-a:denies", event=DENIED % "¦Attack"),
        told(
            OCCURS, "aspect: means", on="prp-a prp-a:doubts prp-b:denies", event=DENIED % "Attack"
        ),
    ),
    Pair(
        "PARTICIPANT_UNBACKED",
        told(
            OCCURS, "aspect: target, actor: act-bob", event=INVOLVED % "¦act-bob, role: initiator"
        ),
        told(OCCURS, "aspect: agent, actor: act-bob", event=INVOLVED % "act-bob, role: initiator"),
    ),
    Pair(
        "PARTICIPANT_UNBACKED",
        told(OCCURS, "aspect: agent, actor: act-bob", event=INVOLVED % "¦act-bob, role: target"),
        told(OCCURS + ", actor: act-bob", event=INVOLVED % "act-bob, role: target"),
    ),
    Pair(
        "PARTICIPANT_UNBACKED",
        told(OCCURS, event=INVOLVED % "¦act-bob, role: initiator"),
        told(OCCURS, event=(INVOLVED % "act-bob, role: initiator").replace("attack", "movement")),
    ),
    # Propositions
    Pair(
        "PROPOSITION_DUPLICATE",
        told(
            f"§text: 'The boats, two of them, come.', {OCCURS}",
            "text: ¦the boats (two of them) come, aspect: means",
            event=HEADED,
        ),
        told(
            f"text: Two boats come., {OCCURS}",
            "text: Two boats come in., aspect: means",
            event=HEADED,
        ),
    ),
    Pair(
        "PROPOSITION_DUPLICATE",
        told(OCCURS, "§" + AGENT, AGENT.replace("act-", "¦act-"), event=HEADED),
        told(OCCURS, AGENT, AGENT.replace("ann", "bob"), event=HEADED),
    ),
    *(
        Pair(
            "PROPOSITION_DUPLICATE",
            told(OCCURS, f"§aspect: {one}", f"aspect: {marked}", event=HEADED),
            told(OCCURS, f"aspect: {one}", f"aspect: {near}", event=HEADED),
        )
        for one, marked, near in (
            ("target, actor: act-ann", "target, actor: ¦act-ann", "target, actor: act-bob"),
            ("target, place: plc-town", "target, place: ¦plc-town", "target"),
            ("place, place: plc-town", "place, place: ¦plc-town", "place, place: plc-harbour"),
            ("time, time: '2025'", "time, time: ¦'2025'", "time, time: '2025~'"),
            (
                "quantity, low: 2, high: 2, unit: boats",
                "quantity, low: ¦2, high: 2.0, unit: boats",
                "quantity, low: 2, unit: boats",
            ),
            (
                "quantity, high: 2, unit: boats",
                "quantity, high: ¦2, unit: boats",
                "quantity, high: 2, unit: ships",
            ),
        )
    ),
    Pair(
        "PROPOSITION_DUPLICATE",
        told(
            "aspect: time, time: '2025'",
            "§aspect: time, time: '2026'",
            "time: ¦'2026', aspect: time",
        ),
        told("aspect: time", "aspect: time", "aspect: motive, actor: act-ann"),
    ),
    Pair(
        "PROPOSITION_DUPLICATE",
        lone("text: ¦A fire burns in the harbour, aspect: attribute, actor: act-ann"),
        told(
            OCCURS, "aspect: motive, actor: act-ann", "aspect: motive, actor: act-ann", event=HEADED
        ),
    ),
    Pair("PROPOSITION_NEGATIVE", worded("¦Ann is not there."), worded("Ann is in a no-fly zone.")),
    Pair("PROPOSITION_NEGATIVE", worded("¦No boat comes."), worded("Nobel notes nothingness.")),
    Pair(
        "PROPOSITION_NEGATIVE",
        worded("¦Ann isn\u2019t there."),
        worded("Ann\u2019s knot is there."),
    ),
    Pair(
        "PROPOSITION_NEGATIVE",
        worded("¦It comes at no-one's call."),
        worded("It is at one\u2019s call."),
    ),
    Pair(
        "PROPOSITION_ATTRIBUTED",
        worded("¦The harbour burns according to Ann."),
        worded("Bob claims 3 lives and is denied entry."),
    ),
    Pair(
        "PROPOSITION_ATTRIBUTED",
        worded("¦'Ann said: the harbour burns.'"),
        worded("Saidnaya lies inland; the alleged fire is told of."),
    ),
    Pair(
        "PROPOSITION_ATTRIBUTED",
        worded("¦Reportedly it burns."),
        worded("The reported fire burns."),
    ),
    Pair(
        "PROPOSITION_LOADED",
        worded("¦The regime-led fleet comes."),
        worded("The regimental fleet comes."),
    ),
    Pair(
        "PROPOSITION_LOADED",
        worded("¦A freedom fighter comes."),
        worded("Ann is a freedom fighter.", "characterization"),
    ),
    Pair(
        "PROPOSITION_SUBJECTLESS",
        lone("¦aspect: attribute"),
        lone("aspect: attribute, " + AT % "town"),
    ),
    Pair(
        "PROPOSITION_SUBJECTLESS",
        lone("¦aspect: forecast, " + DAY),
        lone("aspect: time, event: evt-fire"),
    ),
    Pair(
        "PROPOSITION_SLOT",
        told(OCCURS, "¦aspect: agent, place: plc-town", event=HEADED),
        told(OCCURS, "aspect: target", event=HEADED),
    ),
    Pair(
        "PROPOSITION_SLOT",
        told(OCCURS, "¦aspect: place, actor: act-ann", event=HEADED),
        told(OCCURS, "aspect: time", event=HEADED),
    ),
    Pair(
        "PROPOSITION_SLOT",
        told(OCCURS, "¦aspect: quantity, unit: boats", event=HEADED),
        told(OCCURS, "aspect: quantity, low: 0, unit: boats", event=HEADED),
    ),
    Pair(
        "VALUE_REVERSED",
        lone("aspect: quantity, actor: act-ann, low: ¦2.5, high: 2, unit: boats"),
        lone("aspect: quantity, actor: act-ann, low: 2, high: 2, unit: boats"),
    ),
    Pair(
        "VALUE_UNIT_MISSING",
        lone("aspect: quantity, actor: act-ann, high: 5, low: ¦0"),
        lone("aspect: quantity, actor: act-ann, high: 5, unit: boats"),
    ),
    Pair(
        "VALUE_UNIT_MISSING",
        lone("aspect: outcome, actor: act-ann, high: ¦5"),
        lone("aspect: outcome, actor: act-ann, unit: boats"),
    ),
    Pair(
        "PROPOSITION_UNCLAIMED",
        told(OCCURS, "aspect: means", on="prp-a", event=HEADED).replace("prp-b", "¦prp-b"),
        told(
            OCCURS,
            "aspect: means",
            "aspect: outcome",
            on="prp-c",
            event=HEADED,
            relations=[
                "{subject: prp-c, predicate: entails, object: prp-b}",
                "{subject: prp-b, predicate: entails, object: prp-a}",
            ],
        ),
    ),
    Pair(
        "PROPOSITION_UNCLAIMED",
        told(
            OCCURS,
            "aspect: means",
            on="prp-a",
            event=HEADED,
            relations=["{subject: prp-b, predicate: entails, object: prp-a}"],
        ).replace("{id: prp-b", "{id: ¦prp-b"),
        told(OCCURS, "aspect: means", on="prp-a:asserts prp-b:denies", event=HEADED),
    ),
    # Relations
    Pair("RELATION_DOMAIN", related("¦evt-fire entails prp-a"), related("prp-fire entails prp-a")),
    Pair("RELATION_DOMAIN", related("prp-a entails ¦evt-fire"), related("prp-a entails prp-fire")),
    Pair(
        "RELATION_DOMAIN",
        related("¦prp-a replies_to ¦prp-b"),
        related("stm-ann replies_to stm-bob"),
    ),
    Pair(
        "RELATION_DOMAIN",
        related("src-gazette corrects ¦clm-gazette"),
        related("src-gazette corrects src-copy"),
    ),
    Pair(
        "RELATION_DOMAIN", related("prp-a contradicts ¦prp-a"), related("prp-a contradicts prp-b")
    ),
    Pair(
        "RELATION_DOMAIN",
        related("§prp-a contradicts prp-b", "prp-b contradicts ¦prp-a"),
        related("prp-a contradicts prp-b", "prp-c contradicts prp-a"),
    ),
    Pair(
        "RELATION_DOMAIN",
        alike(
            "type: other",
            "",
            relations=[
                "§{subject: evt-0, predicate: alternative_to, object: evt-1}",
                "{subject: evt-1, predicate: alternative_to, object: ¦evt-0}",
            ],
        ),
        related("stm-ann replies_to stm-bob", "stm-bob replies_to stm-ann"),
    ),
    Pair(
        "ENTAILS_CYCLE",
        related("§prp-a entails ¦prp-b", "§prp-b entails ¦prp-a", "prp-b entails prp-c"),
        related("prp-a entails prp-b", "prp-a entails prp-c", "prp-b entails prp-c"),
    ),
    Pair(
        "ENTAILS_CYCLE",
        related("§prp-a entails ¦prp-b", "§prp-b entails ¦prp-c", "§prp-c entails ¦prp-a"),
        related("prp-a entails prp-b", "prp-b contradicts prp-c", "prp-c contradicts prp-fire"),
    ),
    Pair(
        "ENTAILS_CONTRADICTS",
        related("§prp-a entails prp-b", "prp-a contradicts ¦prp-b"),
        related("prp-a entails prp-b", "prp-a contradicts prp-c"),
    ),
    Pair(
        "ENTAILS_CONTRADICTS",
        related("§prp-a entails prp-b", "prp-b entails prp-c", "prp-c contradicts ¦prp-a"),
        related("prp-a entails prp-b", "prp-c entails prp-b", "prp-a contradicts prp-c"),
    ),
    Pair(
        "ENTAILS_CONTRADICTS",
        related("§prp-a entails prp-b", "prp-a entails prp-c", "prp-b contradicts ¦prp-c"),
        related("prp-a entails prp-b", "prp-b contradicts prp-c"),
    ),
    Pair(
        "MERGE_TARGET",
        case(revisions=["¦{release: 2025.3.0, record: act-old, change: merged, reason: One.}"]),
        revised("record: act-old, change: merged, merged_into: act-ann"),
    ),
    Pair(
        "MERGE_TARGET",
        revised("record: act-old, change: merged, merged_into: ¦plc-town"),
        revised("record: plc-old, change: merged, merged_into: plc-town"),
    ),
    Pair(
        "MERGE_TARGET",
        revised("record: act-old, change: retracted, merged_into: ¦act-ann"),
        revised("record: act-old, change: retracted"),
    ),
    Pair(
        "MERGE_TARGET",
        revised(
            "record: act-older, change: merged, merged_into: ¦act-old",
            "record: act-old, change: merged, merged_into: act-ann",
        ),
        revised(
            "record: act-older, change: merged, merged_into: act-ann",
            "record: act-old, change: merged, merged_into: act-ann",
        ),
    ),
    Pair(
        "MERGE_TARGET",
        revised(
            "record: act-older, change: merged, merged_into: ¦act-old",
            "record: act-old, change: retracted",
        ),
        revised(
            "record: act-older, change: merged, merged_into: act-ann",
            "record: act-ann, change: changed",
        ),
    ),
    Pair(
        "MERGE_TARGET",
        revised("record: act-old, change: merged, merged_into: ¦act-old"),
        revised("record: act-old, change: merged, merged_into: act-bob"),
    ),
]


def problems_of(folder: Path, text: str) -> list[Problem]:
    """What the rules of this file find in the dataset with a further file."""
    return cases.problems_of(folder, HERE, base=BASE.replace("QUOTE", QUOTE), case=text)


def test_the_ground_of_all_cases_is_sound(tmp_path: Path) -> None:
    assert cases.problems_of(tmp_path, HERE, base=BASE.replace("QUOTE", QUOTE)) == []


IDS = [f"{pair.code}-{number}" for number, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_breaks_a_rule_is_found_in_its_place(pair: Pair, tmp_path: Path) -> None:
    text, marks = unmarked(pair.broken)
    file = str(tmp_path / "case.yaml")
    problems = problems_of(tmp_path, text)
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in problems] == [
        (pair.code, file, *place) for place in marks["¦"]
    ]
    shown = [one for problem in problems for one in problem.related]
    if marks["§"]:
        places = [(one.place.file, one.place.line, one.place.column) for one in shown]
        assert sorted(places) == [(file, *place) for place in marks["§"]]
    else:
        assert {Path(one.place.file).name for one in shown} <= {"base.yaml"}


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_nearly_breaks_a_rule_is_not_found(pair: Pair, tmp_path: Path) -> None:
    assert problems_of(tmp_path, pair.near) == []


def test_every_rule_of_these_groups_has_a_case() -> None:
    assert {pair.code for pair in PAIRS} == HERE


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (told("aspect: occurrence", AGENT), "write prp-a"),
        (told(AGENT), None),
        (told(AGENT, OCCURS, event=HEADED), "write prp-b"),
        (PAIRS[-3].broken.replace("¦", ""), "write act-ann"),
        (PAIRS[-1].broken.replace("¦", ""), None),
    ],
)
def test_the_fix_names_what_stands_for_it(text: str, fix: str | None, tmp_path: Path) -> None:
    assert [problem.fix for problem in problems_of(tmp_path, text)] == [fix]


def test_each_predicate_joins_the_records_that_its_definition_names() -> None:
    joined = {predicate: table for table, each in DOMAINS.items() for predicate in each}
    assert set(joined) == set(Predicate)
    for predicate, table in joined.items():
        noun = table.removesuffix("s")
        assert predicate.rule.startswith(f"{noun.capitalize()} to {noun}"), predicate


@pytest.mark.parametrize("name", ["loaded", "hedges", "negations", "attributions"])
def test_word_lists_hold_words_that_need_no_escaping(name: str) -> None:
    assert len(words(name)) > 10
    for word in words(name):
        assert re.fullmatch(r"[^\W\d_]+([ '-][^\W\d_]+)*", word), word
        assert word == word.lower()


# Graph rules against a slow reference in plain Python


def findings(code: str, records: list[Record]) -> set[tuple[int, int]]:
    """The rows that a rule finds, each with the row shown beside it."""
    with Embedded() as session:
        for name, table in build_tables(records).items():
            rows = pa.array(range(table.num_rows), pa.int64())
            session.register(name, table.append_column("_row", rows))
        for name, steps in CLOSURES.items():
            if any(name in one.sql for one in RULES[code].checks):
                create_closure(session, name, steps)
        return {
            (found["_row"], found["other_row"])
            for one in RULES[code].checks
            for found in session.fetch(one.sql).to_pylist()
        }


NAMES = "abcdef"
Edges = list[tuple[str, str]]
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=9, unique=True)


def reached(start: str, edges: Edges) -> set[str]:
    """What one or more steps lead to."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        for a, b in edges:
            if a == here and b not in found:
                found.add(b)
                ahead.append(b)
    return found


def net(entails: Edges, contradicts: Edges) -> list[Record]:
    propositions: list[Record] = [
        Proposition(id=f"prp-{name}", text=f"It is {name}.", aspect=Aspect.ATTRIBUTE)
        for name in NAMES
    ]
    return propositions + [
        Relation(subject=f"prp-{a}", predicate=predicate, object=f"prp-{b}")
        for predicate, edges in (
            (Predicate.ENTAILS, entails),
            (Predicate.CONTRADICTS, contradicts),
        )
        for a, b in edges
    ]


@settings(max_examples=60)
@given(EDGES)
def test_circles_of_entailment_agree_with_a_slow_reference(entails: Edges) -> None:
    steps = [
        (row, a, b) for row, (a, b) in enumerate(entails) if a != b and a in reached(b, entails)
    ]
    expected = {
        (row, min(other for other, c, d in steps if c == b and a in {d} | reached(d, entails)))
        for row, a, b in steps
    }
    assert findings("ENTAILS_CYCLE", net(entails, [])) == expected


@settings(max_examples=60)
@given(EDGES, EDGES)
def test_torn_propositions_agree_with_a_slow_reference(entails: Edges, contradicts: Edges) -> None:
    expected = set()
    for row, (a, b) in enumerate(contradicts, len(entails)):
        torn = [name for name in NAMES if {a, b} <= {name} | reached(name, entails)]
        if a != b and torn:
            first = next(
                row
                for row, (subject, thing) in enumerate(entails)
                if subject == min(torn) and {a, b} & ({thing} | reached(thing, entails))
            )
            expected.add((row, first))
    assert findings("ENTAILS_CONTRADICTS", net(entails, contradicts)) == expected


DAYS = [date(2025, 3, 1) + timedelta(days=number) for number in range(5)]
TIMES = st.one_of(
    st.none(),
    st.sampled_from(DAYS).map(lambda day: (day, day)),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
        lambda days: (min(days), max(days))
    ),
    st.sampled_from(DAYS).map(lambda day: (None, day)),
    st.sampled_from(DAYS).map(lambda day: (day, None)),
)
HAPPENINGS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["call", "meeting"]),
            "time": TIMES,
            "place": st.sampled_from([None, "town", "quay", "shed", "village"]),
            "actors": st.sets(st.sampled_from(["ann", "bob", "carl"]), max_size=2),
        }
    ),
    max_size=5,
)
ABOVE = {"shed": "quay", "quay": "town"}


def edtf(time: Any) -> str | None:
    return time and "[" + "..".join(day.isoformat() if day else "" for day in time) + "]"


def may_be_one(old: dict[str, Any], new: dict[str, Any]) -> bool:
    def with_above(place: str | None) -> set[str | None]:
        return {place} | (with_above(ABOVE[place]) if place in ABOVE else set())

    if old["type"] != new["type"] or not old["actors"] & new["actors"]:
        return False
    if old["time"] is None or new["time"] is None:
        return False
    places = old["place"], new["place"]
    if None not in places and not (
        places[0] in with_above(places[1]) or places[1] in with_above(places[0])
    ):
        return False
    return any(
        all((t[0] or day) <= day <= (t[1] or day) for t in (old["time"], new["time"]))
        for day in DAYS
    )


@settings(max_examples=80)
@given(HAPPENINGS, EDGES, EDGES)
def test_suspected_duplicates_agree_with_a_slow_reference(
    happenings: list[dict[str, Any]], before: Edges, part_of: Edges
) -> None:
    records: list[Record] = [
        Place.model_validate(
            {"id": f"plc-{name}", "kind": "site", "name": name}
            | ({"parent": f"plc-{ABOVE[name]}"} if name in ABOVE else {})
        )
        for name in ("town", "quay", "shed", "village")
    ]
    for name, each in zip(NAMES, happenings, strict=False):
        records.append(
            Event.model_validate(
                {
                    "id": f"evt-{name}",
                    "label": name,
                    "type": each["type"],
                    "time": edtf(each["time"]),
                    "place": each["place"] and f"plc-{each['place']}",
                    "participants": [
                        {"actor": f"act-{actor}", "role": "party"} for actor in each["actors"]
                    ],
                }
            )
        )
    for predicate, edges in ((Predicate.BEFORE, before), (Predicate.PART_OF, part_of)):
        records += [
            Relation(subject=f"evt-{a}", predicate=predicate, object=f"evt-{b}") for a, b in edges
        ]
    expected = set()
    for new, old in product(range(len(happenings)), repeat=2):
        a, b = NAMES[old], NAMES[new]
        told_apart = (
            b in reached(a, before) or a in reached(b, before) or {(a, b), (b, a)} & set(part_of)
        )
        if old < new and not told_apart and may_be_one(happenings[old], happenings[new]):
            expected.add((new, old))
    firsts = {(new, min(old for one, old in expected if one == new)) for new, _ in expected}
    assert findings("EVENT_DUPLICATE_SUSPECT", records) == firsts
