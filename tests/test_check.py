"""`allegata check`: for each rule what breaks it, and where, and what nearly does but does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from allegata.reading import read
from allegata.rules import GROUPS, RULES, Problem

Run = Callable[..., Any]

DATASET = """\
name: a-dataset
title: A dataset
description: It serves as the ground for cases.
schema_version: 1.0.0
licence: {id: CC0-1.0, name: CC Zero, url: "https://example.org/cc0"}
creators: [{name: Ann}]
publisher: Ann
lang: en
window: {start: "2020-01-01", end: "2026-12-31"}
coverage: {sources: One., start: "2025-03-01", end: "2025-03-31"}
"""

BASE = """\
defaults: {method: human, coder: c1, coded: "2025-03-04"}
actors:
  - {id: act-ann, kind: person, name: Ann}
  - {id: act-gazette, kind: outlet, name: Gazette}
places:
  - {id: plc-harbour, kind: site, name: Harbour}
events:
  - id: evt-fire
    label: Alleged fire
    type: attack
    place: plc-harbour
    head: prp-fire
    propositions:
      - {id: prp-fire, text: A fire burns in the harbour., aspect: occurrence}
statements:
  - {id: stm-ann, speaker: act-ann, channel: press_exchange}
sources:
  - id: src-gazette
    kind: news_report
    publisher: act-gazette
    published: "2025-03-03"
    lang: en
    claims:
      - id: clm-gazette
        proposition: prp-fire
        stance: asserts
        chain: [{statement: stm-ann, cue: said}]
        quotes: [{role: content, start: 0, end: 10, sha256: %s}]
""" % ("a" * 64)


class Pair(NamedTuple):
    """A file beside a valid dataset that breaks a rule at ¦, and one that nearly breaks it."""

    code: str
    broken: str | bytes
    near: str | bytes
    name: str = "case.yaml"


def role(fields: str) -> str:
    return f"roles:\n  - {{id: rol-a, actor: act-ann, title: Clerk, {fields}}}\n"


def source(fields: str) -> str:
    return (
        "sources:\n  - {id: src-b, kind: other, publisher: act-gazette, "
        f'published: "2025", lang: en, {fields}}}\n'
    )


def place(fields: str) -> str:
    return (
        f"places:\n  - {{id: plc-b, kind: site, name: B, {fields}}}\npropositions:\n"
        "  - {id: prp-b, text: B stands., aspect: attribute, place: plc-b}\n"
    )


def actor(fields: str) -> str:
    return (
        f"actors:\n  - {{id: act-b, kind: organisation, name: B, {fields}}}\npropositions:\n"
        "  - {id: prp-b, text: B exists., aspect: attribute, actor: act-b}\n"
    )


def origin(fields: str) -> str:
    return (
        "origins:\n  - {record: act-ann, seq: 1, importer: acts, importer_version: 1.0.0, "
        f"file: acts.csv, file_sha256: {'a' * 64}, row: 1, {fields}}}\n"
    )


def relation(tail: str) -> str:
    first = "  - {subject: evt-fire, predicate: part_of, object: evt-fire}\n"
    return f"relations:\n{first}  - {tail}\n"


MERGED = (
    "revisions:\n  - {release: 2025.3.0, record: act-old, change: merged, "
    "merged_into: act-ann, reason: The same person.}\n"
)
RETRACTED = (
    "revisions:\n  - {release: 2025.3.0, record: rol-old, change: %s, reason: A slip.}\n"
    "roles:\n  - {id: ¦rol-old, actor: act-ann, title: Clerk}\n"
)
CLAIM = "{id: clm-b, proposition: prp-fire, method: human, coder: c1, coded: '2025-03-04', "
ROLE_JSON = '{"roles": [{"id": "rol-a", "actor": "act-ann", "title": "Clerk"}]}'


PAIRS = [
    # Record files
    Pair("FILE_UNREADABLE", "¦{}", "{}", "case.csv"),
    Pair("FILE_ENCODING", role("note: ¦é").encode().replace(b"\xc3\xa9", b"\xe9"), role("note: é")),
    Pair("FILE_ENCODING", "\ufeff¦" + role(""), role("")),
    Pair("FILE_ENCODING", "# a¦\r\n" + role(""), "# a\n" + role("")),
    Pair("FILE_ENCODING", "# a\n# b¦\0\n", "# a\n# b\\0\n" + role("")),
    Pair("FILE_ENCODING", role("note: a¦\u2028b"), role("note: a\u00a0b")),
    Pair("FILE_EMPTY", "¦", role("")),
    Pair("FILE_EMPTY", "¦# roles:\n", "# roles:\n" + role("")),
    Pair("FILE_EMPTY", "¦schema_version: 1.0.0\n", "schema_version: 1.0.0\n" + role("")),
    Pair("FILE_EMPTY", "¦null", ROLE_JSON, "case.json"),
    Pair("FILE_EMPTY", "¦roles: []\n", role("")),
    Pair(
        "FILE_EMPTY",
        '¦{"defaults": {}, "roles": [], "places": [], "waivers": []}',
        ROLE_JSON,
        "case.json",
    ),
    Pair("FILE_SYNTAX", "roles:\n  - id: rol-a¦: b\n", role("")),
    Pair("FILE_SYNTAX", '{"roles": []¦', ROLE_JSON, "case.json"),
    Pair("FILE_SHAPE", "¦- id: rol-a\n", role("")),
    Pair("FILE_SHAPE", "roles: ¦{id: rol-a}\n", role("")),
    Pair("FILE_SHAPE", "roles:¦\n", role("") + "places: []\n"),
    Pair("FILE_SHAPE", "roles:\n  - ¦rol-a\n", role("")),
    Pair("FILE_SHAPE", "defaults: ¦[]\n" + role(""), "defaults: {}\n" + role("")),
    Pair("YAML_FEATURE", role("note: ¦&x a"), role("note: '&x a'")),
    Pair("YAML_FEATURE", role("note: ¦!!str a"), role("note: a !!str")),
    Pair("YAML_FEATURE", role("") + "¦---\n" + role(""), "---\n" + role("")),
    Pair("KEY_DUPLICATE", role("note: a, ¦note: b"), role("note: 'note: b'")),
    Pair("KEY_DUPLICATE", role("") + "¦roles: []\n", role("") + "places: []\n"),
    Pair("KEY_DUPLICATE", ROLE_JSON[:-1] + ',\n ¦"roles": []}', ROLE_JSON, "case.json"),
    Pair("TABLE_UNKNOWN", "¦role: []\n", role("")),
    Pair(
        "SCHEMA_VERSION",
        "schema_version: ¦2.0.0\n",
        "schema_version: 1.0.0\n" + role(""),
    ),
    Pair(
        "SCHEMA_VERSION",
        "schema_version: ¦1.0.-1\n" + role(""),
        "schema_version: 1.0.0\n" + role(""),
    ),
    Pair(
        "SCHEMA_VERSION",
        "schema_version: ¦1.0\n" + role(""),
        "schema_version: '1.0.0'\n" + role(""),
    ),
    # Fields
    Pair("ID_FORMAT", "roles:\n  - {id: ¦rol-A, actor: act-ann, title: T}\n", role("")),
    Pair("ID_FORMAT", "roles:\n  - {id: ¦act-a, actor: act-ann, title: T}\n", role("")),
    Pair("ID_FORMAT", "roles:\n  - {id: rol-b, actor: ¦Ann, title: T}\n", role("")),
    Pair(
        "ID_FORMAT",
        source(f"claims: [{CLAIM}stance: asks, reviewer: ¦C2}}]"),
        source(f"claims: [{CLAIM}stance: asks, reviewer: c2}}]"),
    ),
    Pair("REF_WRONG_TABLE", role("org: ¦plc-harbour"), role("org: act-gazette")),
    Pair("FIELD_UNKNOWN", role("¦nots: x"), role("note: x")),
    Pair("FIELD_UNKNOWN", role("¦org_id: act-gazette"), role("org: act-gazette")),
    Pair(
        "FIELD_UNKNOWN",
        "defaults: {¦stance: asks}\n" + role(""),
        "defaults: {coder: c1}\n" + role(""),
    ),
    Pair("FIELD_REQUIRED", "roles:\n  - ¦{id: rol-a, actor: act-ann}\n", role("")),
    Pair(
        "FIELD_REQUIRED", "roles:\n  - id: rol-a\n    actor: act-ann\n    title:¦\n", role("end: ")
    ),
    Pair("FIELD_TYPE", role("start: ¦2025"), role('start: "2025"')),
    Pair("FIELD_TYPE", role("note: ¦no: [a]").replace("no: ", ""), role("note: no")),
    Pair("FIELD_TYPE", place('lat: ¦"12", lon: 1'), place("lat: 12, lon: 1")),
    Pair("FIELD_TYPE", source("claims: ¦{}"), source("claims: []")),
    Pair("FIELD_TYPE", source("text_chars: ¦12.0"), source("text_chars: 12")),
    Pair("FIELD_RANGE", place("lat: ¦90.01, lon: 1"), place("lat: 90, lon: 1")),
    Pair("FIELD_RANGE", place(f"lat: 1, lon: ¦{10**350}"), place("lat: 1, lon: 180.0")),
    Pair("FIELD_RANGE", role(f"note: ¦{'x' * 10_001}"), role(f"note: {'x' * 10_000}")),
    Pair("FIELD_RANGE", MERGED.replace("2025", "¦2025", 1).replace(".3.", ".03."), MERGED),
    Pair(
        "NESTED_KEY",
        source(f"claims: [{CLAIM}stance: asks, source: ¦src-c}}]"),
        source(f"claims: [{CLAIM}stance: asks, source: src-b}}]"),
    ),
    Pair(
        "NESTED_KEY",
        source(
            f"claims: [{CLAIM}stance: asks, chain: [{{statement: stm-ann, position: ¦true}}]}}]"
        ),
        source(f"claims: [{CLAIM}stance: asks, chain: [{{statement: stm-ann, position: 1}}]}}]"),
    ),
    Pair(
        "ENUM_UNKNOWN",
        source(f"claims: [{CLAIM}stance: ¦denys}}]"),
        source(f"claims: [{CLAIM}stance: denies}}]"),
    ),
    Pair("TEXT_NOT_CANONICAL", role('note: ¦"a  b"'), role('note: "a b"')),
    Pair("TEXT_NOT_CANONICAL", role("note: ¦e\u0301"), role("note: \u00e9")),
    Pair("TEXT_NOT_CANONICAL", role("note: ¦a\u202eb"), role("note: a\u200fb")),
    Pair("TEXT_NOT_CANONICAL", role("note: ¦a\u00adb"), role("note: a\u200db")),
    Pair(
        "TEXT_NOT_CANONICAL",
        "statements:\n  - {id: stm-b, speaker: act-ann, channel: speech, note: ¦a\u2060b}\n",
        source(f"claims: [{CLAIM}stance: asks, chain: [{{statement: stm-ann, cue: a\u2060b}}]}}]"),
    ),
    Pair("TIME_INVALID", role('start: ¦"2025-02-29"'), role('start: "2024-02-29"')),
    Pair("TIME_INVALID", role("start: ¦2025-12-29T14:05"), role("start: 2025-12-29T14:05Z")),
    Pair(
        "TIME_INVALID", source("retrieved: ¦2025-03-04"), source("retrieved: 2025-03-04T00:00:00Z")
    ),
    Pair(
        "SOURCE_UNDATED",
        "sources:\n  - ¦{id: src-b, kind: other, publisher: act-gazette, lang: en}\n",
        source(""),
    ),
    Pair(
        "SOURCE_HASH_FORMAT",
        source(f"text_sha256: ¦{'A' * 64}"),
        source(f"text_sha256: {'a' * 64}"),
    ),
    Pair(
        "SOURCE_URL_INVALID",
        source("url: ¦javascript:alert(1)"),
        source("url: http://e.org:80/#a(1)"),
    ),
    Pair(
        "SOURCE_URL_INVALID",
        source("url: ¦https://-/"),
        source("url: https://my-site.example_1.org./"),
    ),
    Pair("SOURCE_URL_INVALID", source("url: ¦http://e.org:65536/"), source("url: http://e:65535/")),
    Pair(
        "LANG_INVALID",
        source("title: T, archive_url: http://e.org").replace("en,", "¦EN,"),
        source(""),
    ),
    Pair("COUNTRY_UNKNOWN", actor("country: ¦UK"), actor("country: GB")),
    Pair("AUTHORITY_FORMAT", actor("wikidata: ¦q571"), actor("wikidata: Q571")),
    Pair(
        "AUTHORITY_FORMAT",
        place("country: RU, iso_3166_2: ¦RU-XXX"),
        place("country: RU, iso_3166_2: RU-NGR"),
    ),
    Pair("ORIGIN_RAW", origin("raw: ¦'{\"a\": 1}'"), origin("raw: '{\"a\":1}'")),
    Pair("ORIGIN_RAW", origin("raw: ¦'[1]'"), origin('raw: \'{"a":"[1]"}\'')),
    # Ids and references
    Pair(
        "ID_DUPLICATE",
        role("") + "  - {id: ¦rol-a, actor: act-gazette, title: Other}\n",
        role("") + "  - {id: rol-b, actor: act-gazette, title: Other}\n",
    ),
    Pair(
        "ID_DUPLICATE",
        relation("{subject: evt-fire, predicate: part_of, object: ¦evt-fire}"),
        relation("{subject: evt-fire, predicate: before, object: evt-fire}"),
    ),
    Pair("ID_REUSED", RETRACTED % "retracted", RETRACTED.replace("¦", "") % "changed"),
    Pair(
        "ID_LOADED",
        "roles:\n  - {id: ¦rol-regime-clerk, actor: act-ann, title: T}\n",
        "roles:\n  - {id: rol-regimental-clerk, actor: act-ann, title: T}\n",
    ),
    Pair("REF_UNKNOWN", role("org: ¦act-gazete"), role("org: act-gazette")),
    Pair(
        "REF_UNKNOWN",
        relation("{subject: prp-fire, predicate: entails, object: ¦prp-fires}"),
        relation("{subject: prp-fire, predicate: entails, object: prp-fire}"),
    ),
    Pair("REF_RETIRED", MERGED + role("org: ¦act-old"), MERGED + role("org: act-ann")),
    Pair(
        "RECORD_UNUSED",
        "actors:\n  - id: ¦act-b\n    kind: person\n    name: B\n    aliases: [{alias: Bee}]\n",
        actor("aliases: [{alias: Bee}]"),
    ),
    Pair(
        "RECORD_UNUSED",
        "events:\n  - {id: ¦evt-b, label: B, type: call}\n",
        "events:\n  - id: evt-b\n    label: B\n    type: call\n    propositions:\n"
        "      - {id: prp-b, text: B goes on., aspect: outcome}\n",
    ),
]

HERE = {pair.code for pair in PAIRS}
"""The rules that this file has cases of."""

GROUPS_HERE = ("Record files", "Fields", "Ids and references")
"""The groups of rules that it has cases of all of; the others have files of their own."""

ELSEWHERE = {"DATASET_MISSING", "WAIVER_WRONG", "WAIVER_UNUSED"}
"""Rules of these groups that publishing asks for, or that the tests of waivers break."""


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return folder


def put(folder: Path, name: str, text: str | bytes) -> tuple[int, int]:
    """Write a file without its mark; give back the mark's line and column."""
    content = text if isinstance(text, bytes) else text.encode()
    before, _, after = content.partition("¦".encode())
    (folder / name).write_bytes(before + after)
    lines = before.decode("utf-8-sig").split("\n")
    return len(lines), len(lines[-1]) + 1


def found_in(run: Run, *paths: object) -> list[Problem]:
    ran = run("check", *paths, "--format", "json")
    return [Problem.model_validate_json(line) for line in ran.out.splitlines()]


def test_the_ground_of_all_cases_is_sound(run: Run, dataset: Path) -> None:
    ran = run("check", dataset)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("no problems: 10 records in 2 files\n")


def named(pairs: list[Pair]) -> pytest.MarkDecorator:
    ids = [f"{pair.code}-{number}" for number, pair in enumerate(pairs)]
    return pytest.mark.parametrize("pair", pairs, ids=ids)


BY_READING = [pair for pair in PAIRS if not RULES[pair.code].checks]
BY_QUERY = [pair for pair in PAIRS if RULES[pair.code].checks]


@pytest.fixture(scope="module")
def all_broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """The problems of a dataset with all the files that reading finds fault with, by file."""
    folder = tmp_path_factory.mktemp("broken")
    put(folder, "dataset.yaml", DATASET)
    put(folder, "base.yaml", BASE)
    for number, pair in enumerate(BY_READING):
        put(folder, f"{number}-{pair.name}", pair.broken)
    command = [sys.executable, "-m", "allegata", "check", folder, "--format", "json"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 1, ran.stderr
    found: dict[str, list[Problem]] = {}
    for line in ran.stdout.splitlines():
        problem = Problem.model_validate_json(line)
        if problem.code in HERE and not RULES[problem.code].checks:
            found.setdefault(Path(problem.place.file).name, []).append(problem)
    return found


@named(BY_READING)
def test_reading_finds_what_breaks_a_rule_in_its_place(
    pair: Pair, all_broken: dict[str, list[Problem]], tmp_path: Path
) -> None:
    line, column = put(tmp_path, pair.name, pair.broken)
    problems = all_broken[f"{BY_READING.index(pair)}-{pair.name}"]
    assert [(problem.code, problem.place.line, problem.place.column) for problem in problems] == [
        (pair.code, line, column)
    ]


@named(BY_READING)
def test_reading_takes_what_nearly_breaks_a_rule(pair: Pair, dataset: Path) -> None:
    put(dataset, "notes.txt" if pair.code == "FILE_UNREADABLE" else pair.name, pair.near)
    assert read([dataset]).problems == []


def test_nothing_but_the_broken_files_has_problems(all_broken: dict[str, list[Problem]]) -> None:
    assert len(all_broken) == len(BY_READING)


@named(BY_QUERY)
def test_a_query_finds_what_breaks_a_rule_in_its_place(pair: Pair, run: Run, dataset: Path) -> None:
    line, column = put(dataset, pair.name, pair.broken)
    problems = [problem for problem in found_in(run, dataset) if problem.code in HERE]
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in problems] == [
        (pair.code, str(dataset / pair.name), line, column)
    ]


@named(BY_QUERY)
def test_a_query_takes_what_nearly_breaks_a_rule(pair: Pair, run: Run, dataset: Path) -> None:
    put(dataset, pair.name, pair.near)
    assert [problem for problem in found_in(run, dataset) if problem.code in HERE] == []


def test_every_rule_of_these_groups_has_a_case() -> None:
    assert {rule.code for group in GROUPS_HERE for rule in GROUPS[group]} <= HERE | ELSEWHERE


def test_severities_decide_how_a_run_ends(run: Run, dataset: Path) -> None:
    put(dataset, "case.yaml", "places:\n  - {id: plc-b, kind: site, name: B}\n")
    assert run("check", dataset).code == 0
    assert run("check", dataset, "--strict").code == 1
    put(dataset, "case.yaml", "places:\n  - {id: plc-b, kind: sight, name: B}\n")
    assert run("check", dataset).code == 1


def test_all_problems_of_all_files_are_told_at_once(run: Run, dataset: Path) -> None:
    (dataset / "deep" / "er").mkdir(parents=True)
    places = {
        "a.yaml": put(dataset, "a.yaml", "roles: [¦1]\n"),
        "b.json": put(dataset, "b.json", '{"roles": [}'),
        "deep/c.yml": put(dataset, "deep/c.yml", "¦"),
        "deep/er/d.yaml": put(
            dataset, "deep/er/d.yaml", role("org: ¦act-nobody, nots: 1, start: x")
        ),
    }
    problems = found_in(run, dataset)
    assert [(p.place.file.removeprefix(f"{dataset}/"), p.code) for p in problems] == [
        ("a.yaml", "FILE_SHAPE"),
        ("b.json", "FILE_SYNTAX"),
        ("deep/c.yml", "FILE_EMPTY"),
        ("deep/er/d.yaml", "FIELD_UNKNOWN"),
        ("deep/er/d.yaml", "TIME_INVALID"),
    ]
    assert (problems[0].place.line, problems[0].place.column) == places["a.yaml"]


def test_files_appear_in_order_and_problems_by_place(run: Run, dataset: Path) -> None:
    for name in ("c.yaml", "a.yaml", "b.yaml"):
        put(dataset, name, role('org: act-x, start: "x", end: "y"'))
    places = [(p.place.file, p.place.line, p.place.column) for p in found_in(run, dataset)]
    assert places == sorted(places)
    assert len(places) == 6


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (source(f"claims: [{CLAIM}stance: denys}}]"), "write denies"),
        (role("org: act-gazete"), "write act-gazette"),
        (role("org: act-zzz"), None),
        ("role: []\n", "write roles"),
        (role("nots: x"), "write note"),
        (role("org_id: act-gazette"), "write org"),
        (role("start: 2025"), "write it in quotes"),
        ("roles:\n  - {id: rol-Ann_B, actor: act-ann, title: T}\n", "write rol-ann-b"),
        ("roles:\n  - {id: clerk, actor: act-ann, title: T}\n", "write rol-clerk"),
        (MERGED + role("org: act-old"), "write act-ann"),
        ("defaults: {codr: c1}\n" + role(""), "write coder"),
    ],
)
def test_the_fix_names_what_was_most_likely_meant(
    text: str, fix: str | None, run: Run, dataset: Path
) -> None:
    put(dataset, "case.yaml", text)
    assert [problem.fix for problem in found_in(run, dataset)] == [fix]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (role("note: 0xFF"), "write it in quotes"),
        (role("note: true"), "write it in quotes"),
        (role("note: .nan"), "write it in quotes"),
        (role(f"note: {'1' * 5_000}"), "write it in quotes"),
        (role(f"note: {'1' * 10_001}"), None),
        ('{"actors": [{"id": "act-b", "kind": "state", "name": 1.10}]}', "write it in quotes"),
        (role("start: 12.5"), None),
        (role("note: [a]"), None),
        (MERGED.replace("2025.3.0", "2025.3"), None),
        ("roles:\n  - {id: 5, actor: act-ann, title: T}\n", None),
        ("roles:\n  - {id: '', actor: act-ann, title: T}\n", None),
        ("roles:\n  - {id: rol-, actor: act-ann, title: T}\n", None),
        ("roles:\n  - {id: rol--Clerk, actor: act-ann, title: T}\n", "write rol-clerk"),
        ("roles:\n  - {id: rol-\u0430, actor: act-ann, title: T}\n", None),
        ("roles:\n  - {id: Jos\u00e9, actor: act-ann, title: T}\n", "write rol-jose"),
        ("roles:\n  - {id: Act-Ann, actor: act-ann, title: T}\n", None),
        (relation("{subject: evt-fire, predicate: before, object: Evt Fire}"), "write evt-fire"),
        (relation("{subject: evt-fire, predicate: before, object: Fire}"), None),
    ],
)
def test_a_fix_is_proposed_where_the_field_would_take_it(
    text: str, fix: str | None, dataset: Path
) -> None:
    put(dataset, "case.yaml", text)
    (problem,) = read([dataset]).problems
    assert problem.fix == fix
    if fix and problem.value and "…" not in problem.value:
        quoted = fix == "write it in quotes"
        meant = f'"{problem.value}"' if quoted else fix.removeprefix("write ")
        put(dataset, "case.yaml", text.replace(problem.value, meant))
        assert read([dataset]).problems == []


@pytest.mark.parametrize("written", ["0xFF", "TRUE", ".nan", "1.10", "1" * 50])
def test_a_value_is_told_as_it_is_written(written: str, dataset: Path) -> None:
    put(dataset, "case.yaml", role(f"note: {written}"))
    put(dataset, "case.json", ROLE_JSON.replace("rol-a", "rol-b").replace('"Clerk"', "1.10"))
    values = [problem.value for problem in read([dataset]).problems]
    assert values == ["1.10", written]


def test_a_duplicate_shows_where_the_first_is(run: Run, dataset: Path) -> None:
    put(dataset, "case.yaml", "actors:\n  - {id: act-ann, kind: person, name: Ann}\n")
    (problem,) = found_in(run, dataset)
    (related,) = problem.related
    assert (related.place.file, related.place.line) == (str(dataset / "base.yaml"), 3)
    assert related.message == "the first record with this key"
    assert "see " + str(dataset / "base.yaml") + ":3:5" in run("check", dataset).err


def test_a_record_that_cannot_be_read_is_known_all_the_same(run: Run, dataset: Path) -> None:
    text = "actors:\n  - {id: act-b, kind: persn, name: B}\n" + role("org: act-b")
    put(dataset, "case.yaml", text)
    assert [problem.code for problem in found_in(run, dataset)] == ["ENUM_UNKNOWN"]


def test_a_parent_without_an_id_is_one_problem(run: Run, dataset: Path) -> None:
    put(dataset, "case.yaml", source(f"claims: [{CLAIM}stance: asks}}]").replace("id: src-b, ", ""))
    assert [(p.code, p.message) for p in found_in(run, dataset)] == [
        ("FIELD_REQUIRED", "id is missing and required")
    ]


def test_a_wrong_default_is_one_problem_at_the_default(run: Run, dataset: Path) -> None:
    claims = ", ".join(
        f"{{id: clm-{n}, proposition: prp-fire, stance: asks, coded: '2025-03-04'}}" for n in "xyz"
    )
    text = "defaults: {coder: c1, method: ¦guess}\n" + source(f"claims: [{claims}]")
    line, column = put(dataset, "case.yaml", text)
    (problem,) = found_in(run, dataset)
    assert (problem.code, problem.place.line, problem.place.column) == (
        "ENUM_UNKNOWN",
        line,
        column,
    )


def test_one_file_is_judged_with_its_dataset_and_told_of_alone(run: Run, dataset: Path) -> None:
    put(dataset, "good.yaml", role("org: act-gazette"))
    put(dataset, "bad.yaml", relation("{subject: evt-fire, predicate: part_of, object: evt-x}"))
    assert found_in(run, dataset / "good.yaml") == []
    assert "REF_UNKNOWN" in [each.code for each in found_in(run, dataset / "bad.yaml")]
    told = run("check", dataset / "good.yaml").err
    assert told.startswith("no problems: 13 records in 4 files\n")


def test_one_file_is_judged_with_its_dataset_from_within_its_folder(
    run: Run, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dataset / "sub").mkdir()
    line, column = put(dataset, "sub/case.yaml", role("org: act-gazette, start: ¦x"))
    put(dataset, "other.yaml", "- 1\n")
    monkeypatch.chdir(dataset / "sub")
    for asked in ("case.yaml", ".", "../sub"):
        (problem,) = found_in(run, asked)
        assert (problem.code, problem.place.line, problem.place.column) == (
            "TIME_INVALID",
            line,
            column,
        )
        assert Path(problem.place.file).resolve() == dataset / "sub" / "case.yaml"


def test_a_path_given_twice_is_read_once(
    run: Run, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dataset / "dataset.yaml").unlink()
    monkeypatch.chdir(dataset)
    ran = run("check", "base.yaml", "./base.yaml", dataset / "base.yaml", "../data")
    assert ran.code == 0
    assert ran.err.startswith("no problems: 10 records in 1 file\n")


def test_files_need_no_dataset_yaml(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "base.yaml", BASE)
    assert run("check", tmp_path).code == run("check", tmp_path / "base.yaml").code == 0


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (DATASET.replace("lang: en", "lang: english"), "LANG_INVALID", (8, 7)),
        (DATASET.replace("title: A dataset\n", ""), "FIELD_REQUIRED", (1, 1)),
        (DATASET.replace("name: Ann", "nam: Ann"), "FIELD_UNKNOWN", (6, 13)),
        (DATASET.replace('start: "2020-01-01"', "start: 2020"), "TIME_INVALID", (9, 17)),
        (DATASET.replace("1.0.0", "9.0.0"), "SCHEMA_VERSION", (4, 17)),
        (DATASET.replace("2026-12-31", "2019-12-31"), "TIME_REVERSED", (9, 36)),
        (DATASET.replace("2025-03-31", "2025-02-28"), "TIME_REVERSED", (10, 53)),
        ("- 1\n", "FILE_SHAPE", (1, 1)),
        ("", "FILE_EMPTY", (1, 1)),
        ("a: [\n", "FILE_SYNTAX", (2, 1)),
    ],
)
def test_the_dataset_file_is_judged_too(
    text: str, code: str, place: tuple[int, int], run: Run, dataset: Path
) -> None:
    put(dataset, "dataset.yaml", text)
    problems = found_in(run, dataset)
    assert (code, *place) in [(p.code, p.place.line, p.place.column) for p in problems]
    assert len({p.place.line for p in problems}) == 1


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            "https:",
            "ftp:",
            "SOURCE_URL_INVALID",
            "licence.url is not a whole http or https address",
        ),
        ("{name: Ann}", "hello", "FIELD_TYPE", "creators.0 is a text and must be a mapping"),
        ("{name: Ann}", "~", "FIELD_TYPE", "creators.0 is empty and must be a mapping"),
        ("name: Ann", "name: [A]", "FIELD_TYPE", "creators.0.name is a list and must be a text"),
        ("{name: Ann}", "", "FIELD_RANGE", "creators is empty"),
        ("[{name: Ann}]", "Ann", "FIELD_TYPE", "creators is a text and must be a list"),
        ("[{name: Ann}]", "", "FIELD_REQUIRED", "creators is empty and required"),
        ("{name: Ann}", "{}", "FIELD_REQUIRED", "creators.0.name is missing and required"),
        ("id: CC0-1.0", "id: ", "FIELD_REQUIRED", "licence.id is empty and required"),
        ("sources: One.", "sources: 1", "FIELD_TYPE", "coverage.sources is a number and must be"),
        ("name: a-dataset", "name: A Set", "ID_FORMAT", "name is not words of lower-case ASCII"),
        (
            "name: Ann",
            "name: Ann, orcid: 0000-1",
            "AUTHORITY_FORMAT",
            "creators.0.orcid is not an ORCID iD, such as 0000-0002-1825-0097",
        ),
        (
            "2026-12-31",
            "2019-12-31",
            "TIME_REVERSED",
            "window.end is before the start, 2020-01-01",
        ),
    ],
)
def test_parts_of_the_dataset_file_are_judged_by_their_own_fields(
    old: str, new: str, code: str, message: str, dataset: Path
) -> None:
    assert old in DATASET
    put(dataset, "dataset.yaml", DATASET.replace(old, new, 1))
    (problem,) = read([dataset]).problems
    assert (problem.code, problem.message[: len(message)]) == (code, message)


def test_a_window_of_one_day_has_no_end_before_its_start(dataset: Path) -> None:
    put(dataset, "dataset.yaml", DATASET.replace("2026-12-31", "2020-01-01"))
    assert read([dataset]).problems == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("waivers: [x]\n", "is a text and must be a mapping"),
        ("waivers: [~]\n", "is empty and must be a mapping"),
        (MERGED.replace("2025.3.0", "2025.03.0"), "release is not a release such as 2026.11.0"),
        (
            "waivers:\n  - {record: act-ann, rule: lower, reason: So.}\n",
            "rule is not the code of a rule, such as TIME_WINDOW",
        ),
    ],
)
def test_what_does_not_match_is_told_what_it_should_be(
    text: str, message: str, dataset: Path
) -> None:
    put(dataset, "case.yaml", text)
    assert [problem.message for problem in read([dataset]).problems] == [message]


# Formats

BROKEN = role("org: ¦act-gazete, ñ😀: 'a%b,c:d'") + "places: [{id: plc-b, kind: site}]\n"


def test_json_is_one_problem_a_line_as_its_schema_says(run: Run, dataset: Path) -> None:
    put(dataset, "case.yaml", BROKEN)
    ran = run("check", dataset, "--format", "json")
    schema = json.loads(run("schema", "show", "problem").out)
    validator = jsonschema_rs.Draft202012Validator(schema)
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert len(found) == 2
    assert all(validator.is_valid(each) for each in found)
    assert found[0] | {"message": "", "place": {}} == {
        "code": "FIELD_UNKNOWN",
        "severity": "error",
        "message": "",
        "place": {},
        "table": "roles",
        "record": "rol-a",
        "field": "ñ😀",
        "value": "a%b,c:d",
        "fix": found[0]["fix"],
        "related": [],
    }
    assert ran.code == 1
    assert ran.err.startswith("2 errors: 10 records in 3 files\n")


def test_sarif_has_rules_results_and_columns(run: Run, dataset: Path) -> None:
    _, column = put(
        dataset, "a b.yaml", "roles:\n  - {id: rol-a, actor: act-an, title: 'ñ😀', org: ¦act-zzz}\n"
    )
    put(dataset, "case.yaml", "actors:\n  - {id: ¦act-ann, kind: person, name: Ann}\n")
    log = json.loads(run("check", dataset, "--format", "sarif").out)
    (one,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert one["columnKind"] == "unicodeCodePoints"
    rules = one["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in one["results"])
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning"}
    first, second, third = one["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"{dataset.as_uri()}/a%20b.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 24, "endLine": 2, "endColumn": 30}
    assert second["locations"][0]["physicalLocation"]["region"]["startColumn"] == column
    assert first["locations"][0]["logicalLocations"] == [{"name": "rol-a", "kind": "object"}]
    assert third["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_sarif_of_a_sound_dataset_has_no_results(run: Run, dataset: Path) -> None:
    assert json.loads(run("check", dataset, "--format", "sarif").out)["runs"][0]["results"] == []


def test_github_annotations_escape_what_would_end_them(
    run: Run, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dataset)
    put(dataset, "a,b%\n.yaml", role("org: act-x, start: x"))
    put(dataset, "c.yaml", '"a%\\n::error::x": []\n')
    out = run("check", ".", "--format", "github").out.splitlines()
    assert len(out) == 2
    assert out[0].startswith(
        "::error file=a%2Cb%25%0A.yaml,line=2,col=66,endLine=2,"
        "endColumn=67,title=TIME_INVALID::start"
    )
    assert "%0A" not in out[1].split("::", 2)[2]
    assert out[1].startswith("::error file=c.yaml,line=1,col=1,")
    assert "there is no table a%25" in out[1]
