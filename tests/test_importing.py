"""Importing: other people's files become records that pass `check`; no row is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.importing import FORMATS, import_files, load_mapping, mapping_schema
from allegata.importing.mapping.loading import packaged

Run = Callable[..., Any]

MAPPING = """
name: village-book
version: "3"
dated: "2026-01-02"
title: A table of the tests
description: One row is an entry of the village book.
licence: CC0-1.0
reads: {delimiter: ";"}
lookups:
  verbs: {version: "1", entries: {sagt: asserts, leugnet: denies}}
values:
  day: {date: {column: Tag}, formats: ["%d.%m.%Y"]}
key: [{column: Nr}]
set_aside:
  - {reason: no-number, when: {empty: {column: Nr}}}
  - {reason: no-day, when: {empty: {value: day}}}
  - {reason: unknown-verb, when: {empty: {lookup: verbs, of: {column: Verb}}}}
warn:
  - {reason: no-place, when: {empty: {column: Ort}}}
records:
  - {name: book, table: actors, fields: {id: {mint: [book]}, kind: outlet, name: The village book}}
  - name: speaker
    table: actors
    fields: {id: {mint: [{lower: {column: Wer}}], slug: {column: Wer}}, kind: person, name: {column: Wer}}
  - name: entry
    table: sources
    fields: {id: {mint: [{column: Nr}]}, kind: other, publisher: {ref: book}, published: {value: day}, lang: de}
  - name: what
    table: propositions
    fields: {id: {mint: [what, {column: Nr}]}, text: {join: ["Entry ", {column: Nr}, " tells: ", {column: Was}]}, aspect: attribute, actor: {ref: speaker}}
  - {name: saying, table: statements, fields: {id: {mint: [{column: Nr}]}, speaker: {ref: speaker}, channel: unspecified, said: {value: day}}}
  - name: claim
    table: claims
    raw: all
    fields: {id: {mint: [{column: Nr}]}, source: {ref: entry}, proposition: {ref: what}, stance: {lookup: verbs, of: {column: Verb}}, chain: [{statement: {ref: saying}}]}
"""
HEADER = "Nr;Tag;Wer;Verb;Was;Ort\n"
GOOD = "1;03.02.1911;Änne Lee;sagt;Die Brücke ist offen;Au\n2;04.02.1911;Bo;leugnet;Die Brücke ist zu;\n"


def counts(out: str) -> tuple[int, int, dict[str, int]]:
    rows, imported = (
        int(re.search(f"^{what}: ([0-9]+)", out, re.M)[1])  # type: ignore[index]
        for what in ("rows in", "rows imported")
    )
    aside = re.search(r"^rows set aside: [0-9]+\n((?:  .*\n)*)", out, re.M)
    assert aside
    lines = (line.strip().rsplit(": ", 1) for line in aside[1].splitlines())
    return rows, imported, {reason: int(count) for reason, count in lines}


def table(tmp_path: Path, content: str | bytes, run: Run, name: str = "book.csv") -> Any:
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(data)
    return run(
        "import",
        "table",
        tmp_path / name,
        "--mapping",
        tmp_path / "map.yaml",
        "--out",
        tmp_path / "out",
    )


def passes(run: Run, folder: Path) -> None:
    ran = run("check", "--no-cache", folder)
    assert ran.code == 0, ran.err


def records(folder: Path) -> dict[str, list[dict[str, Any]]]:
    if (folder / "records.yaml").exists():
        return yaml.safe_load((folder / "records.yaml").read_text("utf-8"))
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in folder.glob("*.jsonl")
    }


def test_a_table_becomes_records_that_pass(tmp_path: Path, run: Run) -> None:
    ran = table(tmp_path, HEADER + GOOD, run)
    assert ran.code == 0, ran.err
    assert counts(ran.out) == (2, 2, {})
    assert "no-place: 1" in ran.out
    passes(run, tmp_path / "out")
    found = records(tmp_path / "out")
    claim = found["claims"][0]
    assert (claim["method"], claim["stance"], claim["coded"]) == (
        "automatic",
        "asserts",
        "2026-01-02",
    )
    (origin,) = claim["origins"]
    assert (origin["file"], origin["row"], origin["licence"]) == ("book.csv", 1, "CC0-1.0")
    assert origin["mapping_version"] == "3; verbs 1"
    assert json.loads(origin["raw"])["Wer"] == "Änne Lee"
    assert [one["name"] for one in found["actors"]] == ["The village book", "Änne Lee", "Bo"]


@pytest.mark.parametrize(
    ("rows", "aside"),
    [
        (";03.02.1911;A;sagt;B;C\n", "no-number"),
        ("1;31.02.1911;A;sagt;B;C\n", "no-day"),
        ("1;03.02.1911;A;singt;B;C\n", "unknown-verb"),
        ("1;03.02.1911;;sagt;B;C\n", "no-id-of-speaker"),
        ("1;03.02.1911;A;sagt;;C\n", "no-text-of-what"),
        ("1;03.02.1911;A;sagt;Bo said it;C\n", "wording-names-a-speaker"),
        ("1;03.02.1911;A;sagt;B\n", "columns"),
        (GOOD.splitlines()[0] + "\n" + GOOD.splitlines()[0] + "\n", "repeated"),
        ("1;03.02.1911;A\xff;sagt;B;C\n", "encoding"),
        ("1;03.02.1911;A;sagt;" + "ä" * 20_000 + ";C\n", "row-too-long"),
    ],
)
def test_each_reason_is_counted(tmp_path: Path, run: Run, rows: str, aside: str) -> None:
    content = HEADER.encode() + (rows.encode("latin-1") if "\xff" in rows else rows.encode())
    ran = table(tmp_path, content + b"9;05.02.1911;Cy;sagt;Es regnet;Au\n", run)
    assert ran.code == 0, ran.err
    total, imported, reasons = counts(ran.out)
    assert reasons == {aside: 1}
    assert total == imported + 1
    assert aside in (tmp_path / "out" / "set-aside.txt").read_text("utf-8")
    passes(run, tmp_path / "out")


def test_the_same_files_give_the_same_bytes(tmp_path: Path, run: Run) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        table(tmp_path / name, HEADER + GOOD, run)
        written.append((tmp_path / name / "out" / "records.yaml").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (HEADER + GOOD).encode(),
        (HEADER + GOOD).encode("utf-16"),
        (HEADER + GOOD).replace("\n", "\r\n").encode(),
        gzip.compress((HEADER + GOOD).encode()),
    ],
    ids=["bom", "utf-16", "crlf", "gzip"],
)
def test_other_ways_to_write_a_file(tmp_path: Path, run: Run, content: bytes) -> None:
    ran = table(tmp_path, content, run)
    assert (ran.code, counts(ran.out)) == (0, (2, 2, {}))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        ((HEADER + GOOD).replace(";", ",").encode(), "is the delimiter right?"),
        (gzip.compress((HEADER + GOOD * 5000).encode())[:-40], "cut off or damaged"),
        (b"\x28\xb5\x2f\xfd garbage", "unreadable"),
        (b"PK\x03\x04 cut off", "cut off or damaged"),
        (b"\x00\x01\x02" * 50, "is the delimiter right?"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, run: Run, content: bytes, told: str) -> None:
    ran = table(tmp_path, content, run)
    assert ran.code == 1, ran.err
    assert "book.csv" in ran.out
    assert told in ran.out or told == "unreadable"
    assert "Traceback" not in ran.out + ran.err


def test_a_line_of_100_mb_is_set_aside(tmp_path: Path, run: Run) -> None:
    first, second = GOOD.splitlines(keepends=True)
    ran = table(tmp_path, HEADER + first + "7;" + "x" * 100_000_000 + "\n" + second, run)
    assert "Traceback" not in ran.err
    rows, imported, aside = counts(ran.out)
    assert (rows, imported, sum(aside.values())) == (3, 2, 1)


def test_a_folder_with_files_is_not_written_to(tmp_path: Path, run: Run) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    ran = table(tmp_path, HEADER + GOOD, run)
    assert (ran.code, "not empty" in ran.err) == (3, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.csv", "map.yaml", "out"]


def test_what_lies_beside_is_not_written_again(tmp_path: Path, run: Run) -> None:
    table(tmp_path, HEADER + GOOD, run)
    (tmp_path / "more.csv").write_text(HEADER + "3;05.02.1911;Bo;sagt;Es regnet;Au\n", "utf-8")
    ran = run(
        "import",
        "table",
        tmp_path / "more.csv",
        "--mapping",
        tmp_path / "map.yaml",
        "--out",
        tmp_path / "out" / "more",
        "--beside",
        tmp_path / "out",
    )
    assert ran.code == 0, ran.err
    assert re.search("known already:\n  actors: 2", ran.out)
    passes(run, tmp_path / "out")


cells = st.text(st.characters(codec="utf-8", exclude_characters='"'), max_size=12)
rows_of = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "", "x"]) | cells,
        st.sampled_from(["03.02.1911", "31.02.1911", "03.02.0000", ""]) | cells,
        cells,
        st.sampled_from(["sagt", "leugnet", "singt"]),
        cells,
        cells,
    ),
    max_size=12,
)


@settings(max_examples=8)
@given(rows=rows_of)
def test_rows_in_are_rows_out_and_aside(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("random")
    (folder / "map.yaml").write_text(MAPPING, encoding="utf-8")
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    (folder / "t.csv").write_bytes((HEADER + text.getvalue()).encode())
    report = import_files("table", [folder / "t.csv"], folder / "out", mapping=folder / "map.yaml")
    assert report.balanced
    assert report.rows == len(rows)
    assert report.records["claims"] == report.imported
    if report.imported:
        from allegata.engines import check

        found = check([folder / "out"], use_cache=False)
        assert found.ok, [problem.message for problem in found.problems]


@pytest.mark.parametrize("name", [one.name for one in FORMATS.values()])
def test_each_format_explains_itself(run: Run, name: str) -> None:
    ran = run("import", name, "--explain")
    assert ran.code == 0
    assert len(ran.out.split()) > 20
    assert f"{name} " in run("import", "--list").out


def test_packaged_mappings_follow_the_schema() -> None:
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(mapping_schema())
    for path in packaged().iterdir():
        if path.name.endswith(".yaml"):
            load_mapping(path)
            validator.validate(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("table: actors", "table: actresses"), "records.0.table"),
        (("{column: Was}", "{clumn: Was}"), "records"),
        (("kind: person,", "kind: person, size: big,"), "no field 'size'"),
        (
            ("{empty: {column: Nr}}", "{matches: '(', of: {column: Nr}}"),
            "no pattern",
        ),
        (("{value: day}, lang", "{value: dy}, lang"), "no value 'dy'"),
        (("{ref: entry}", "{ref: entri}"), "no record 'entri'"),
        (('version: "3"', 'version: "3"\nvershon: 4'), "vershon"),
    ],
)
def test_a_wrong_mapping_is_told(
    tmp_path: Path, run: Run, change: tuple[str, str], told: str
) -> None:
    assert change[0] in MAPPING
    (tmp_path / "map.yaml").write_text(MAPPING.replace(*change), encoding="utf-8")
    (tmp_path / "t.csv").write_text(HEADER + GOOD, encoding="utf-8")
    ran = run(
        "import",
        "table",
        tmp_path / "t.csv",
        "--mapping",
        tmp_path / "map.yaml",
        "--out",
        tmp_path / "o",
    )
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert not (tmp_path / "o").exists()


def test_the_worked_example_of_the_guide(tmp_path: Path, run: Run) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "importing.md").read_text("utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", guide, re.S)
    (tmp_path / "book.csv").write_text(next(b for kind, b in blocks if kind == "csv"), "utf-8")
    mapping = "".join(block for kind, block in blocks if kind == "yml")
    (tmp_path / "village-book.yaml").write_text(mapping, "utf-8")
    told = next(b for kind, b in blocks if kind == "text" and "book.csv" in b)
    ran = run(
        "import",
        "table",
        tmp_path / "book.csv",
        "--mapping",
        tmp_path / "village-book.yaml",
        "--out",
        tmp_path / "out",
    )
    assert ran.out == told.partition("\n")[2]
    passes(run, tmp_path / "out")
