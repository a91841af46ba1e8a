"""Carrying record files to a later schema: only what has to change does, in all or in none."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import allegata.migrations
from allegata.engines import check
from allegata.evolving import NotMigrated, migrate
from allegata.evolving.documents import Faulty, carried, carried_line
from allegata.migrations import (
    MIGRATIONS,
    Add,
    Drop,
    Edit,
    Migration,
    Recode,
    Rename,
    described,
)
from allegata.reading.parsing.yamlfile import parse_yaml
from allegata.schema import SCHEMA_VERSION

FROZEN = Path(__file__).parent / "frozen"
SAMPLE = FROZEN / "1.0.0" / "data"
NESTS = MIGRATIONS[0].nests
Run = Callable[..., Any]


def invented(*edits: Edit) -> Migration:
    """A migration to the schema as it stands that there never was."""
    return Migration("1.0.0", SCHEMA_VERSION, "Invented.", NESTS, edits)


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put invented edits in place of the migrations that there are."""
    return lambda *edits: monkeypatch.setattr(
        allegata.migrations, "MIGRATIONS", (invented(*edits),)
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "data"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


# The frozen sample


def test_the_sample_of_1_0_is_carried_to_1_1(data: Path) -> None:
    before = contents(data)
    done = migrate(data, new="1.1.0")
    after = contents(data)
    assert (done.old, done.new, done.seen) == ("1.0.0", "1.1.0", 6)
    assert [path.name for path in done.changed] == ["actors.yaml", "dataset.yaml", "events.json"]
    expected = {
        name: text.replace(b"1.0.0", b"1.1.0") if name.startswith(("actors", "events")) else text
        for name, text in before.items()
    }
    expected["dataset.yaml"] = (
        before["dataset.yaml"]
        .replace(b"schema/1.0.0/", b"schema/1.1.0/")
        .replace(b"schema_version: 1.0.0 ", b"schema_version: 1.1.0 ")
        .replace(b"  reliability: >-", b"  agreement: >-")
    )
    assert after == expected
    assert check([data]).problems == []
    assert migrate(data, new="1.1.0").changed == []


def test_every_frozen_sample_is_carried_to_the_schema_as_it_stands(tmp_path: Path) -> None:
    for sample in sorted(FROZEN.iterdir()):
        folder = shutil.copytree(sample / "data", tmp_path / sample.name)
        assert migrate(folder).new == SCHEMA_VERSION
        assert check([folder]).problems == []


def test_what_is_of_an_earlier_schema_is_read_as_its_migrations_word_it() -> None:
    report = check([SAMPLE])
    assert report.problems == []
    assert report.reading.dataset is not None
    assert report.reading.dataset.coverage.agreement == "Coded once; agreement was not measured."


def test_an_old_name_is_told_of_with_the_new_one(data: Path) -> None:
    file = data / "dataset.yaml"
    file.write_text(file.read_text().replace("1.0.0   #", f"{SCHEMA_VERSION} #"))
    (problem,) = check([data]).problems
    assert (problem.code, problem.place.line) == ("FIELD_UNKNOWN", 19)
    assert problem.fix == "write agreement, or run allegata migrate, which does so everywhere"


def test_a_migration_changes_no_value_that_it_is_given() -> None:
    plain = yaml.safe_load((SAMPLE / "dataset.yaml").read_text())
    kept = json.dumps(plain)
    assert described(plain, "1.0.0", "1.1.0")["coverage"]["agreement"]
    assert json.dumps(plain) == kept


# Edits of text

RENAME = Rename("places", "name", "title")
ADD = Add("places", "size", "large-one")
DROP = Drop("places", "note")
RECODE = Recode("places", "kind", "city", "town")

CASES: list[tuple[Edit, str, str, str]] = [
    (
        RENAME,
        ".yaml",
        "places:\n  - id: plc-a\n    name : A  # name: A\n  - {id: plc-b,  'name': \"name\"}\n",
        "places:\n  - id: plc-a\n    title : A  # name: A\n  - {id: plc-b,  'title': \"name\"}\n",
    ),
    (
        RENAME,
        ".yaml",
        'places: [{"name":A}]\nactors: [{name: A}]',
        'places: [{"title":A}]\nactors: [{name: A}]',
    ),
    (RENAME, ".yaml", "places:\n- ? name\n  : A\n", "places:\n- ? title\n  : A\n"),
    (RENAME, ".yaml", "places: [{name: A, title: B}]", "places: [{name: A, title: B}]"),
    (RENAME, ".json", '{"places":[{"name" : "A\\u00e4"}]}', '{"places":[{"title" : "A\\u00e4"}]}'),
    (RENAME, ".json", '{"places":[{"n\\u0061me":1}]}', '{"places":[{"title":1}]}'),
    (
        ADD,
        ".yaml",
        "places:\n  - id: plc-a   # first\n\n    name: A\n  -   id: plc-b",
        "places:\n  - id: plc-a   # first\n    size: large-one\n\n    name: A\n"
        "  -   id: plc-b\n      size: large-one",
    ),
    (
        ADD,
        ".yaml",
        "places:\n  - note: |\n      long\n    id: plc-a\n",
        "places:\n  - size: large-one\n    note: |\n      long\n    id: plc-a\n",
    ),
    (
        ADD,
        ".yaml",
        "places: [{id: plc-a,\n  name: A}, {id: plc-b}, {}, {size: s}]",
        "places: [{id: plc-a,\n  size: large-one,\n  name: A}, {id: plc-b, size: large-one}, "
        "{size: large-one}, {size: s}]",
    ),
    (
        ADD,
        ".json",
        '{"places": [\n {\n  "id": "plc-a",\n  "name": "A"\n }\n]}',
        '{"places": [\n {\n  "id": "plc-a",\n  "size": "large-one",\n  "name": "A"\n }\n]}',
    ),
    (ADD, ".json", '{"places":[{"id":"a"}]}', '{"places":[{"id":"a", "size":"large-one"}]}'),
    (
        DROP,
        ".yaml",
        "places:\n  - id: plc-a\n    # kept\n    note: >-\n      a\n\n      # no comment\n\n"
        "    # kept too\n    name: A\n",
        "places:\n  - id: plc-a\n    # kept\n\n    # kept too\n    name: A\n",
    ),
    (
        DROP,
        ".yaml",
        'places:\n  - note: a\n    id: plc-a\n  - id: plc-b\n    note: "a\n  b"',
        "places:\n  - id: plc-a\n  - id: plc-b\n",
    ),
    (
        DROP,
        ".yaml",
        "places:\n  - id: plc-a\n    note:\n    - a\n    - b: c\n      # inside\n      d: e\n"
        "\n# end\n",
        "places:\n  - id: plc-a\n\n# end\n",
    ),
    (
        DROP,
        ".yaml",
        "places: [{note: a, id: b}, {id: c, note: d }, {note}]",
        "places: [{id: b}, {id: c }, {}]",
    ),
    (DROP, ".json", '{"places":[{"id":"a","note":"b"}]}', '{"places":[{"id":"a"}]}'),
    (
        RECODE,
        ".yaml",
        "places:\n  - kind: city # city\n  - {kind: 'city'}\n  - kind: site\n",
        "places:\n  - kind: town # city\n  - {kind: 'town'}\n  - kind: site\n",
    ),
    (
        Rename("hops", "cue", "word"),
        ".yaml",
        "sources:\n- claims:\n  - chain: [{cue: a}]\nclaims: [{chain: [{cue: b}], cue: c}]\n"
        "hops: [{cue: d}]",
        "sources:\n- claims:\n  - chain: [{word: a}]\nclaims: [{chain: [{word: b}], cue: c}]\n"
        "hops: [{word: d}]",
    ),
    (Rename("waivers", "rule", "code"), ".yaml", "waivers: [{rule: A}]", "waivers: [{code: A}]"),
    (
        Add("defaults", "coder", "c1"),
        ".yaml",
        "defaults:\n  coded: a\n",
        "defaults:\n  coded: a\n  coder: c1\n",
    ),
]


@pytest.mark.parametrize(("edit", "form", "before", "after"), CASES)
def test_an_edit_changes_nothing_else(
    edit: Edit, form: str, before: str, after: str, declare: Callable[..., None]
) -> None:
    declare(edit)
    path = Path(f"records{form}")
    assert carried(path, before, "1.0.0", SCHEMA_VERSION, is_dataset=False) == after


CANNOT = [
    (RECODE, "places:\n  - kind: >-\n      city\n    id: a\n", 2),
    (DROP, "places:\n  - note: a\n", 2),
    (RENAME, "places:\n  - name: A\n    name: B\n", 3),
    (RENAME, "places: &a\n  - name: A\n", 1),
    (RENAME, "places:\r\n  - name: A\r\n", 1),
    (RENAME, "places:\n  - name: 'A\n", 3),
    (RENAME, "schema_version: 99.0.0\nplaces: [{name: A}]\n", 1),
]


@pytest.mark.parametrize(("edit", "text", "line"), CANNOT)
def test_what_cannot_be_edited_is_told_of_and_left(
    edit: Edit, text: str, line: int, declare: Callable[..., None], data: Path
) -> None:
    declare(edit)
    (data / "odd.yaml").write_bytes(text.encode())
    before = contents(data)
    with pytest.raises(NotMigrated) as refused:
        migrate(data)
    (fault,) = refused.value.faults
    assert fault.startswith(f"{data / 'odd.yaml'}:{line}: ")
    assert contents(data) == before


_WORDS = st.text(st.sampled_from("ab #:-'\"\\é{}[],|>&*?%"), min_size=1, max_size=8)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Records of places in all sorts of styles, with comments here and there."""
    records = draw(
        st.lists(
            st.dictionaries(
                st.sampled_from(["id", "name", "note", "kind", "lat"]),
                st.one_of(_WORDS, st.integers(), st.none(), st.just("city"), st.booleans()),
                min_size=1,
            ),
            min_size=1,
            max_size=4,
        )
    )
    style: dict[str, Any] = {
        "default_flow_style": draw(st.sampled_from([True, False, None])),
        "default_style": draw(st.sampled_from([None, "'", '"', "|", ">"])),
        "width": draw(st.sampled_from([5, 20, 80])),
        "indent": draw(st.sampled_from([2, 4])),
        "sort_keys": False,
        "allow_unicode": True,
    }
    text = yaml.safe_dump({"places": records, "actors": [{"name": "A"}]}, **style)
    # Tags mark what is no text where all is quoted; in our files there are none.
    lines = re.sub("!!(int|null|bool) ", "", text).split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    if draw(st.booleans()) and lines[at].startswith(("- ", "actors")):
        lines.insert(at, draw(st.sampled_from(["# a comment", "", "  # name: x"])))
    return "\n".join(lines)


@settings(max_examples=400)
@given(texts(), st.lists(st.sampled_from([RENAME, ADD, DROP, RECODE]), min_size=1, max_size=3))
def test_a_text_means_what_its_values_become_or_is_refused(text: str, edits: list[Edit]) -> None:
    reported: list[str] = []
    root = parse_yaml(text, lambda code, message, node: reported.append(code))
    if root is None or reported:
        return
    migration = invented(*edits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allegata.migrations, "MIGRATIONS", (migration,))
        try:
            made = carried(Path("a.yaml"), text, "1.0.0", SCHEMA_VERSION, is_dataset=False)
        except Faulty:
            return
    again = parse_yaml(made, pytest.fail)
    assert again is not None
    assert again.plain() == migration.of_records(root.plain())
    wanted = {line for line in text.split("\n") if line.lstrip().startswith("#")}
    assert wanted <= set(made.split("\n"))


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["id", "name", "note", "kind"]), st.one_of(_WORDS, st.just("city"))
    ),
    st.lists(st.sampled_from([RENAME, ADD, DROP, RECODE]), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_line_of_json_is_never_refused(
    record: dict[str, str], edits: list[Edit], is_ascii: bool
) -> None:
    line = json.dumps(record, ensure_ascii=is_ascii)
    migration = invented(*edits)
    made = carried_line("places", line, 7, [migration])
    assert json.loads(made) == migration.of_record("places", record)


# Whole datasets


def test_lines_are_carried_over_one_by_one(data: Path, declare: Callable[..., None]) -> None:
    declare(Rename("hops", "cue", "word"), Recode("quotes", "role", "speech", "words"))
    lines = (data / "claims.jsonl").read_bytes()
    with gzip.open(data / "claims-2.jsonl.gz", "wb") as packed:
        packed.write(lines.replace(b'"clm-', b'"clm-2-'))
    (data / "claims.jsonl").write_bytes(lines.rstrip(b"\n"))
    untouched = (data / "statements.jsonl").stat().st_mtime_ns
    told: list[str] = []
    before = contents(data)
    assert len(migrate(data, dry_run=True, diff=told.append).changed) == 5
    assert contents(data) == before
    done = migrate(data)
    expected = lines.replace(b'"cue"', b'"word"').replace(b'"role": "speech"', b'"role": "words"')
    assert (data / "claims.jsonl").read_bytes() == expected.rstrip(b"\n")
    packed_lines = gzip.decompress((data / "claims-2.jsonl.gz").read_bytes())
    assert packed_lines == expected.replace(b'"clm-', b'"clm-2-')
    assert [path.name for path in done.changed[1:3]] == ["claims-2.jsonl.gz", "claims.jsonl"]
    assert (data / "statements.jsonl").stat().st_mtime_ns == untouched
    old, new = (text.decode().splitlines()[1] for text in (lines, expected))
    assert f"@@ -2 +2 @@\n-{old}\n+{new}\n" in "".join(told)


def test_parquet_is_told_of_and_stops_all(data: Path, declare: Callable[..., None]) -> None:
    pq.write_table(pa.table({"id": ["plc-x"], "name": ["X"]}), data / "places.parquet")
    assert migrate(data, new="1.1.0").changed  # nothing of places changes
    shutil.rmtree(data)
    shutil.copytree(SAMPLE, data)
    pq.write_table(pa.table({"id": ["plc-x"], "name": ["X"]}), data / "places.parquet")
    declare(RENAME)
    before = contents(data)
    with pytest.raises(NotMigrated, match=r"places\.parquet:1: Parquet files are not migrated"):
        migrate(data)
    assert contents(data) == before


def test_all_faults_are_told_at_once_and_nothing_is_changed(data: Path, run: Run) -> None:
    (data / "a.yaml").write_text("actors: [{id: act-a")
    (data / "b.json").write_bytes(b"\xff")
    before = contents(data)
    ran = run("migrate", data)
    assert (ran.code, ran.out) == (1, "")
    first, second, last = ran.err.splitlines()
    assert first.startswith(f"{data / 'a.yaml'}:2: did not find")
    assert second == f"{data / 'b.json'}: is not UTF-8; allegata check says where"
    assert last == "not migrated: all files are as they were"
    assert contents(data) == before


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_where_a_file_cannot_be_replaced_those_before_it_are_put_back(
    failing: int, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace, done = contents(data), Path.replace, []

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith(".allegata-new"):
            done.append(target.name)
            if len(done) > failing:
                raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        migrate(data)
    assert len(done) == failing + 1
    assert contents(data) == before


def test_dataset_yaml_is_replaced_last(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, done = Path.replace, []

    def note(self: Path, target: Path) -> Path:
        done.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", note)
    migrate(data)
    assert (len(done), done[-1]) == (3, "dataset.yaml")


def test_a_run_that_was_killed_is_finished_by_another(data: Path, tmp_path: Path) -> None:
    whole = Path(shutil.copytree(data, tmp_path / "whole"))
    migrate(whole)
    shutil.copy(whole / "actors.yaml", data / "actors.yaml")
    (data / ".events.json.allegata-new").write_text("half")
    (data / ".actors.yaml.allegata-old").write_text("old")
    migrate(data)
    (data / ".actors.yaml.allegata-old").unlink(missing_ok=True)
    assert contents(data) == contents(whole)


def test_permissions_and_links_stay(data: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.yaml"
    (data / "actors.yaml").rename(real)
    real.chmod(0o640)
    (data / "actors.yaml").symlink_to(real)
    migrate(data)
    assert (data / "actors.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert f'schema_version: "{SCHEMA_VERSION}"' in real.read_text()


# The command


def test_a_dry_run_shows_what_a_run_does(data: Path, run: Run) -> None:
    before = contents(data)
    ran = run("migrate", data, "--dry-run", "--diff")
    assert (ran.code, contents(data)) == (0, before)
    assert "-  reliability: >-\n+  agreement: >-\n" in ran.out
    assert ran.err == f"would be carried from schema 1.0.0 to {SCHEMA_VERSION}: 3 files\n"
    ran = run("migrate", data)
    assert ran.out.splitlines() == [
        str(data / name) for name in ("actors.yaml", "dataset.yaml", "events.json")
    ]
    ran = run("migrate", data)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"the dataset is of schema {SCHEMA_VERSION} already\n"


def test_versions_that_lead_nowhere_are_refused(data: Path, run: Run) -> None:
    for options, said in (
        (("--to", "99.0.0"), f"this allegata knows schemas up to {SCHEMA_VERSION}, not 99.0.0"),
        (("--to", "0.9.0"), "the dataset is of schema 1.0.0, which is later than 0.9.0"),
        (("--from", "one"), "'one' or"),
    ):
        ran = run("migrate", data, *options)
        assert (ran.code, said in ran.err) == (1, True), ran.err
    file = data / "dataset.yaml"
    file.write_text(file.read_text().replace("schema_version: 1.0.0", "schema_version: 99.1.0"))
    assert "99.1.0, which is later" in run("migrate", data).err
    (problem,) = (one for one in check([data]).problems if one.code == "SCHEMA_VERSION")
    assert (
        problem.fix
        == "use a later Allegata, which knows that schema: pip install --upgrade allegata"
    )
    file.unlink()
    assert "say --from" in run("migrate", data).err
    assert run("migrate", data, "--from", "1.0.0").code == 0
    assert run("migrate", data / "nowhere").code == 3


def test_files_of_an_earlier_major_version_are_told_to_migrate(data: Path) -> None:
    (data / "old.yaml").write_text("schema_version: 0.9.0\nplaces: []\n")
    (problem,) = (one for one in check([data]).problems if one.code == "SCHEMA_VERSION")
    assert (
        problem.fix == f"run allegata migrate, which carries the files to schema {SCHEMA_VERSION}"
    )
