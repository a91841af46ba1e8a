"""The acceptance gate itself: it sees what differs, and takes nothing that it should refuse."""

from __future__ import annotations

import hashlib
import json
import shutil
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.checks import CHECKS, READERS, VALIDATORS, Check
from acceptance.controls import CONTROLS, MISSED, Control, run_control
from acceptance.dumps import (
    ANY,
    DAYS_AS_TIMES,
    FLOATS,
    NANOSECONDS,
    NO_ZONE,
    TIMES_AS_TEXT,
    TRUTHS,
    Dump,
    Habit,
    compare,
    differences,
    published,
)
from acceptance.page import closing_line, is_good, page
from acceptance.readers.cells import cell, write
from acceptance.releases import add_edges, export
from acceptance.running import ACCEPTED, FAILED, NOT_RUN, REFUSED, examine
from acceptance.serving import serving
from acceptance.snippets import ENVIRONMENT_OF, all_snippets
from allegata.publishing import publish

HERE = Path(__file__).parent
GATE = HERE / "acceptance"
REQUIREMENTS = GATE / "requirements"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the fictional dataset, with its exports where the gate has them."""
    work = tmp_path_factory.mktemp("out")
    path = publish(HERE / "fictional", work / "dist", "2026.1.0").release.path
    export(path, work / "exports" / path.name)
    return path


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


# What readers give


def test_a_cell_tells_its_type() -> None:
    values = ["a\n", True, 5, -0.0, date(1, 1, 1), datetime(1970, 1, 1, 0, 0, 1, 5), None]
    assert [cell(value) for value in values] == [
        *("s:a\n", "b:true", "i:5", "f:8000000000000000", "d:0001-01-01", "n:1000005", None),
    ]
    assert cell(datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)) == "t:253402300799999999"
    with pytest.raises(TypeError, match="bytes"):
        cell(b"a")


CELLS = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3), st.booleans(), st.floats())


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), st.data())
def test_every_cell_that_differs_is_found(
    rows: list[tuple[object, object]], data: st.DataObject
) -> None:
    ours = Dump([("a", "string"), ("b", None)], [[cell(v) for v in row] for row in rows])
    assert compare(ours, ours) == []
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 1))
    other = cell(data.draw(CELLS))
    changed = [list(one) for one in ours.rows]
    changed[row][column] = other
    found = compare(ours, Dump(ours.columns, changed))
    assert bool(found) == (other != ours.rows[row][column])
    assert all(f"row {row + 1}, {'ab'[column]}: " in one for one in found)


def test_columns_types_and_rows_that_differ_are_found() -> None:
    ours = Dump([("a", "int32"), ("b", "string")], [["i:1", None]])
    assert compare(ours, Dump([("b", None), ("a", None)], [[None, "i:1"]]))
    assert compare(ours, Dump([("a", "int64"), ("b", "string")], ours.rows)) == [
        "a is of type int64, not int32"
    ]
    assert compare(ours, Dump(ours.columns, [])) == ["0 rows, not 1"]
    assert compare(ours, Dump([("a", None), ("b", None)], ours.rows)) == []


@pytest.mark.parametrize(
    ("habit", "value", "has_nulls", "expected"),
    [
        (FLOATS, "i:2", True, "f:4000000000000000"),
        (FLOATS, "i:2", False, "i:2"),
        (FLOATS, "s:2", True, "s:2"),
        (TRUTHS, "b:true", True, "f:3ff0000000000000"),
        (TRUTHS, "b:false", False, "b:false"),
        (NO_ZONE, "t:-1", False, "n:-1"),
        (TIMES_AS_TEXT, "t:1000000", False, "s:1970-01-01T00:00:01Z"),
        (TIMES_AS_TEXT, "t:-1", False, "s:1969-12-31T23:59:59.999999Z"),
        (DAYS_AS_TIMES, "d:0001-01-01", False, "n:-62135596800000000"),
        (NANOSECONDS, "d:1970-01-02", False, "n:86400000000"),
        (NANOSECONDS, "d:1677-09-21", False, ANY),
        (NANOSECONDS, "s:1677-09-21", False, "s:1677-09-21"),
    ],
)
def test_habits(habit: Habit, value: str, has_nulls: bool, expected: str) -> None:
    assert habit.gives(value, has_nulls) == expected


def test_tables_that_a_reader_leaves_out_or_makes_up_are_found(
    release: Path, tmp_path: Path
) -> None:
    manifest = json.loads((release / "manifest.json").read_text())
    for table in manifest["tables"]:
        dump = published(release / table["path"])
        values = [[None if v is None else v for v in row] for row in dump.rows]
        write(tmp_path / f"{table['name']}.jsonl", dump.columns, [])
        lines = [json.dumps(line) for line in (dump.columns, *values)]
        (tmp_path / f"{table['name']}.jsonl").write_text("\n".join(lines))
    assert differences(release, tmp_path, [], empty=True) == []
    shutil.move(tmp_path / "hops.jsonl", tmp_path / "hop.jsonl")
    assert differences(release, tmp_path, [], empty=True) == [
        "hops: not read",
        "hop: is no table",
    ]


def test_the_odd_values_break_no_rule(tmp_path: Path) -> None:
    shutil.copytree(HERE / "fictional", tmp_path / "in")
    add_edges(tmp_path / "in")
    made = publish(tmp_path / "in", tmp_path / "out", "2026.1.0").release
    cells = {
        value
        for name in ("actors", "roles", "places", "sources", "propositions")
        for row in published(made.path / "data" / f"{name}.parquet").rows
        for value in row
    }
    assert cells >= {"s:NULL", "s:007", "d:0001-01-01", "d:9999-12-31", "t:-1", "i:2147483647"}
    assert "f:0000000000000001" in cells  # the smallest number


# Verdicts


def script(folder: Path, text: str, **more: object) -> Check:
    path = folder / "check.sh"
    path.write_text(text)
    return Check("x", "validator", "system", "sh", str(path), "", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("exit 0", ACCEPTED),
        ("echo wrong; exit 1", REFUSED),
        ("exit 1", FAILED),  # it does not say why
        ("echo wrong; exit 70", FAILED),
        ("kill -9 $$", FAILED),
        ("sleep 60", FAILED),
    ],
)
def test_a_crash_is_no_verdict(text: str, verdict: str, tmp_path: Path) -> None:
    check = script(tmp_path, text, limit=1)
    assert examine(check, [tmp_path], tmp_path / "work").verdict == verdict


def test_what_is_not_there_is_not_run(tmp_path: Path) -> None:
    found = examine(
        Check("x", "reader", "nowhere", "x", "readers/polars_.py", ""), [tmp_path], tmp_path / "w"
    )
    assert (found.verdict, found.red) == (NOT_RUN, False)
    assert "nowhere" in found.told[0]


@pytest.mark.parametrize("number", range(len(CONTROLS)))
def test_controls_damage_what_they_say(number: int, release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dist" / "releases" / release.name
    shutil.copytree(release, folder)
    shutil.copy(release.parents[1] / "catalog.ttl", folder.parents[1])
    shutil.copytree(release.parents[2] / "exports", tmp_path / "exports")
    before = hashes(tmp_path)
    CONTROLS[number].damage(folder)
    after = hashes(tmp_path)
    differing = {name for name in before if before[name] != after.get(name)}
    assert after.keys() <= before.keys()
    # What a table's damage is noted in is the second file.
    assert len(differing) == 1 or {Path(name).name for name in differing} > {"croissant.json"}


def test_each_kind_of_damage_is_refused_by_somebody() -> None:
    assert {control.kind for control in CONTROLS} >= {
        *("wrong key", "wrong hash", "removed column", "wrong type", "missing licence"),
    }
    assert {control.check for control in CONTROLS} == CHECKS.keys()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("exit 0", MISSED),
        ("echo another thing; exit 1", MISSED),
        ("echo the licence; exit 70", MISSED),
        ("echo the licence; exit 1", REFUSED),
    ],
)
def test_a_check_that_takes_damage_is_found_out(
    text: str, verdict: str, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHECKS, "x", script(tmp_path, text))
    control = Control("missing licence", "", lambda r: (r / "LICENSE").unlink(), "x", "licence")
    found = run_control(control, release, tmp_path / "work")
    assert found.verdict == verdict
    assert (release / "LICENSE").exists()


# The parts of the gate


def test_no_two_checks_share_a_name() -> None:
    assert len(CHECKS) == len(READERS) + len(VALIDATORS)
    assert all((GATE / check.script).is_file() for check in CHECKS.values())


def test_everything_is_pinned_and_names_no_host() -> None:
    names = {path.stem for path in REQUIREMENTS.glob("*.in")}
    assert names == {path.stem for path in REQUIREMENTS.glob("*.lock")}
    used = {check.environment for check in CHECKS.values()}
    assert used - {"node", "R", "system"} <= names
    for path in [*REQUIREMENTS.iterdir(), GATE / "node" / "package-lock.json"]:
        text = path.read_text()
        assert "://" not in text, path.name
    lock = json.loads((GATE / "node" / "package-lock.json").read_text())
    assert all("integrity" in one for name, one in lock["packages"].items() if name)


def test_every_snippet_has_an_environment(release: Path) -> None:
    found = all_snippets(release.parent.parent, release)
    assert {snippet.title for snippet in found} == ENVIRONMENT_OF.keys()
    assert {snippet.language for snippet in found} == {"python", "sql", "r"}
    told = (HERE.parent / "docs" / "loading.md").read_text()
    assert told.count("```") == 2 * sum(one.where == release.parent.parent.parent for one in found)


def test_the_server_gives_ranges(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(100)))
    with serving(tmp_path) as address:
        for asked, expected in (("", 100), ("bytes=90-", 10), ("bytes=0-9", 10)):
            request = urllib.request.Request(f"{address}/a", headers={"Range": asked})
            with urllib.request.urlopen(request) as answer:
                assert len(answer.read()) == expected
                assert answer.status == (206 if asked else 200)


def test_the_page_counts_what_was_not_run() -> None:
    row = {"name": "a", "version": "1", "takes": "b", "seconds": 1.0, "told": [], "habits": []}
    results = {
        "measured": "2026-11-25",
        "seconds": 5,
        "machine": {"cores": 2, "system": "Linux", "python": "3.11"},
        "releases": [{"dataset": "d", "version": "2026.1.0", "schema_version": "1.0.0"}],
        "readers": [
            row | {"verdict": "accepted", "habits": ["days arrive as times"]},
            row | {"verdict": "not run", "told": ["it needs Java"]},
        ],
        "validators": [row | {"verdict": "refused"}],
        "snippets": [],
        "controls": [
            {"kind": "wrong key", "verdict": "refused", "told": []} | {"name": "x: y"},
            {"kind": "wrong key", "verdict": "missed", "told": []} | {"name": "x: z"},
        ],
    }
    assert closing_line(results) == "2 passed, 2 failed, 1 skipped"
    made = page(results)
    assert "**Readers: 1 of 2 accepted**, 1 not run" in made
    assert "| a | 1 | b | not run: it needs Java |  |" in made
    assert "| a | 1 | b | **refused** | 1.0 |" in made
    assert "| wrong key | x | z | **missed** |" in made
    assert "- a: days arrive as times." in made


def test_the_published_page_is_that_of_the_published_results() -> None:
    docs = HERE.parent / "docs"
    results = json.loads((docs / "acceptance.json").read_text(encoding="utf-8"))
    assert (docs / "acceptance.md").read_text(encoding="utf-8") == page(results)
    parts = ("readers", "validators", "snippets", "controls")
    rows = [row for part in parts for row in results[part]]
    assert all(is_good(row) or row["verdict"] == "not run" for row in rows)
    assert {row["name"] for row in results["readers"]} == {check.name for check in READERS}
    assert {row["name"] for row in results["validators"]} == {check.name for check in VALIDATORS}
