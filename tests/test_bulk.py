"""Bulk files: JSON Lines and Parquet give the rows and the problems that record files give."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from allegata.engines import check
from allegata.reading import bulk, lines, read, reading
from allegata.rules import RULES, Problem
from allegata.schema import MODELS
from allegata.tables import record_schema
from benchmarks import generator
from benchmarks.faults import FAULTS, plant

FICTIONAL = Path(__file__).parent / "fictional"
Run = Callable[..., Any]
Records = dict[str, list[dict[str, Any]]]


def fictional() -> Records:
    """The records of the fictional dataset, by table, as bulk files hold them."""
    found: Records = {name: [] for name in MODELS}
    for file in sorted(FICTIONAL.rglob("*.yaml")):
        if file.name != "dataset.yaml":
            content = yaml.safe_load(file.read_text())
            defaults = content.pop("defaults", {})
            for table, records in content.items():
                for record in records:
                    for claim in record.get("claims", []):
                        claim.update({**defaults, **claim})
                found[table] += records
    return {name: records for name, records in found.items() if records}


def nested_out(records: Records) -> Records:
    """The same records, each nested one in a list of its own table, with its parent's key."""
    apart: Records = {}

    def take(table: str, record: dict[str, Any]) -> None:
        own = dict(record)
        for name, (child, nested) in MODELS[table].children().items():
            for number, item in enumerate(own.pop(name, []), 1):
                key = {nested.key.removesuffix("_id"): own["id"]}
                place = {nested.position: number} if nested.position else {}
                take(child.table, key | place | item)
        apart.setdefault(table, []).append(own)

    for table, of_table in records.items():
        for record in of_table:
            take(table, record)
    return apart


def dump(records: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in records)


def put(
    folder: Path, records: Records, write: Callable[[Path, list[dict[str, Any]]], None]
) -> Path:
    folder.mkdir()
    shutil.copy(FICTIONAL / "dataset.yaml", folder)
    for table, of_table in records.items():
        write(folder / table, of_table)
    return folder


def as_lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.with_suffix(".jsonl").write_bytes(dump(records))


def as_gzip(path: Path, records: list[dict[str, Any]]) -> None:
    path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(dump(records)))


def as_zstd(path: Path, records: list[dict[str, Any]]) -> None:
    with pa.CompressedOutputStream(str(path.with_suffix(".jsonl.zst")), "zstd") as file:
        file.write(dump(records))


def as_shards(path: Path, records: list[dict[str, Any]]) -> None:
    for number, record in enumerate(records):
        path.with_name(f"{path.name}-{number:03}.jsonl").write_bytes(dump([record])[:-1])


def arrow(records: list[dict[str, Any]]) -> pa.Table:
    keys = {key: None for record in records for key in record}
    return pa.Table.from_pylist([{key: record.get(key) for key in keys} for record in records])


def as_parquet(path: Path, records: list[dict[str, Any]]) -> None:
    """As the published columns are named, the nested lists as they stand in records."""
    table = arrow(records)
    names = {name.removesuffix("_id"): name for name in record_schema(path.name).names}
    table = table.rename_columns([names.get(name, name) for name in table.column_names])
    pq.write_table(table, path.with_suffix(".parquet"))


def in_any_order(folder: Path) -> dict[str, list[dict[str, Any]]]:
    tables = read([folder]).tables()
    return {
        name: sorted(table.to_pylist(), key=lambda row: json.dumps(row, default=str))
        for name, table in tables.items()
    }


EXPECTED = in_any_order(FICTIONAL)


@pytest.mark.parametrize("write", [as_lines, as_gzip, as_zstd, as_shards, as_parquet])
@pytest.mark.parametrize("records", [fictional, lambda: nested_out(fictional())])
def test_every_form_gives_the_rows_of_record_files(
    write: Any, records: Callable[[], Records], tmp_path: Path
) -> None:
    folder = put(tmp_path / "data", records(), write)
    report = check([folder])
    assert report.problems == []
    assert in_any_order(folder) == EXPECTED


def test_forms_mix_freely_with_record_files(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FICTIONAL, tmp_path / "data"))
    content = yaml.safe_load((folder / "statements.yaml").read_text())
    statements = content["statements"]
    half = len(statements) // 2
    content["statements"] = statements[:half]
    (folder / "statements.yaml").write_text(yaml.safe_dump(content))
    as_lines(folder / "statements", statements[half:])
    places = yaml.safe_load((folder / "places.yaml").read_text())["places"]
    (folder / "places.yaml").unlink()
    (folder / "places").mkdir()
    pq.write_table(arrow(places), folder / "places" / "all.parquet")
    assert check([folder]).problems == []
    assert in_any_order(folder) == EXPECTED


def test_blocks_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put(tmp_path / "data", fictional(), as_lines)
    for size in (1, 7, 100, 1000, 5000):
        monkeypatch.setattr(lines.blocks, "__defaults__", (size,))
        assert in_any_order(folder) == EXPECTED, size


def spoil(folder: Path, table: str, edit: Callable[[list[bytes]], None]) -> Path:
    file = folder / f"{table}.jsonl"
    content = file.read_bytes().splitlines()
    edit(content)
    file.write_bytes(b"\n".join(content) + b"\n")
    return file


def told(folder: Path) -> list[tuple[str, str, int, int, str | None]]:
    return [
        (one.code, Path(one.place.file).name, one.place.line, one.place.column, one.field)
        for one in check([folder]).problems
    ]


def replace(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], None]:
    def edit(content: list[bytes]) -> None:
        assert old in content[number - 1]
        content[number - 1] = content[number - 1].replace(old, new, 1)

    return edit


def test_problems_of_fields_are_told_with_line_and_column(tmp_path: Path) -> None:
    folder = put(tmp_path / "data", fictional(), as_lines)
    file = spoil(folder, "actors", replace(3, b'"kind": "', b'"kind": "x'))
    column = file.read_bytes().splitlines()[2].index(b'"x') + 1
    assert told(folder) == [("ENUM_UNKNOWN", "actors.jsonl", 3, column, "kind")]


def test_problems_of_rules_are_told_with_line_and_column(tmp_path: Path) -> None:
    """A finding over tables leads back to the value, also to one that is nested."""
    folder = put(tmp_path / "data", fictional(), as_lines)
    file = folder / "sources.jsonl"
    lines_of_file = file.read_text().splitlines()
    number, line = next((n, text) for n, text in enumerate(lines_of_file, 1) if '"chain"' in text)
    at = line.index('"statement": "stm-') + len('"statement": ')
    name = line[at : line.index('"', at + 1) + 1]
    lines_of_file[number - 1] = line[:at] + '"stm-nobody-knows"' + line[at + len(name) :]
    file.write_text("\n".join(lines_of_file) + "\n")
    found = [one for one in told(folder) if one[0] == "REF_UNKNOWN"]
    assert found == [("REF_UNKNOWN", "sources.jsonl", number, at + 1, "statement")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "FILE_SYNTAX"),
        (b"null", "FILE_SHAPE"),
        (b"[]", "FILE_SHAPE"),
        (b'{"id": "act-x", "kind": "person", "name": "X"', "FILE_SYNTAX"),
        (b'{"id": "act-x", "kind": "person", "name": "X"} {}', "FILE_SYNTAX"),
        (b'{"id": "act-x", "kind": "person", "name": "\xff"}', "FILE_ENCODING"),
        (b'{"id": "act-x", "kind": "person", "name": "X", "name": "Y"}', "KEY_DUPLICATE"),
        (b'{"id": "act-x", "kind": "person", "name": 1}', "FIELD_TYPE"),
        (b'{"id": "act-x", "kind": "person", "name": null}', "FIELD_REQUIRED"),
        (b'{"id": "act-x", "kind": "person", "name": "X", "nmae": "Y"}', "FIELD_UNKNOWN"),
        (b'{"id": "act-x", "kind": "person", "name": "X", "aliases": null}', "FIELD_TYPE"),
        (b'{"id": "act-x", "kind": "person", "name": "X", "aliases": [null]}', "FILE_SHAPE"),
    ],
)
def test_a_bad_line_is_told_and_no_other(line: bytes, code: str, tmp_path: Path) -> None:
    records = fictional()
    folder = put(tmp_path / "data", records, as_lines)
    before = len(records["actors"])
    spoil(folder, "actors", lambda content: content.insert(2, line))
    report = check([folder])
    assert [(one.code, one.place.line) for one in report.problems] == [(code, 3)]
    assert report.reading.stock.rows("actors") == before


def test_lines_that_the_columns_do_not_vouch_for_are_read_all_the_same(tmp_path: Path) -> None:
    """Blanks around a line, and keys in escapes, are unusual and right."""
    records = fictional()
    folder = put(tmp_path / "data", records, as_lines)
    spoil(folder, "actors", lambda content: content.__setitem__(1, b"  " + content[1] + b" \t"))
    spoil(folder, "places", replace(1, b'"id"', b'"\\u0069d"'))
    assert check([folder]).problems == []
    assert in_any_order(folder) == EXPECTED


def test_names_that_are_no_table(tmp_path: Path) -> None:
    for name in ("claim.jsonl", "people.parquet", "claims.jsonl.bz2"):
        (tmp_path / name).write_bytes(b"{}\n")
    codes = sorted((one.code, Path(one.place.file).name) for one in check([tmp_path]).problems)
    assert codes == [
        ("FILE_UNREADABLE", "claims.jsonl.bz2"),
        ("TABLE_UNKNOWN", "claim.jsonl"),
        ("TABLE_UNKNOWN", "people.parquet"),
    ]


@pytest.mark.parametrize("name", ["actors.jsonl.gz", "actors.jsonl.zst", "actors.parquet"])
@pytest.mark.parametrize("content", [b"", b"not compressed", b"\x1f\x8b\x08\x00", b"PAR1"])
def test_a_damaged_file_is_told(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    (problem,) = check([tmp_path]).problems
    assert problem.code in ("FILE_UNREADABLE", "FILE_EMPTY")


def test_a_cut_off_file_is_told_and_what_it_holds_is_read(tmp_path: Path) -> None:
    folder = put(tmp_path / "data", fictional(), as_gzip)
    file = folder / "actors.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-10])
    assert "FILE_UNREADABLE" in {one.code for one in check([folder]).problems}


def test_columns_that_do_not_fit_are_told_at_once(tmp_path: Path) -> None:
    table = pa.table({"id": ["act-a"], "kind": [1], "nmae": ["A"]})
    pq.write_table(table, tmp_path / "actors.parquet")
    problems = check([tmp_path]).problems
    assert sorted((one.code, one.field) for one in problems) == [
        ("FIELD_REQUIRED", "name"),
        ("FIELD_TYPE", "kind"),
        ("FIELD_UNKNOWN", "nmae"),
    ]


def test_a_row_of_parquet_is_told_by_its_number(tmp_path: Path) -> None:
    rows = {"id": ["act-a", "act-b", "Act C"], "kind": ["person"] * 3, "name": ["A", "B", "C"]}
    pq.write_table(pa.table(rows), tmp_path / "actors.parquet")
    found = [one for one in check([tmp_path]).problems if one.code != "RECORD_UNUSED"]
    assert [(one.code, one.place.line, one.field) for one in found] == [("ID_FORMAT", 3, "id")]


def test_a_line_that_is_too_long_is_told_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (lines, bulk):
        monkeypatch.setattr(module, "LONGEST", 1000)
    monkeypatch.setattr(lines.blocks, "__defaults__", (100,))
    line = b'{"id": "act-%s", "kind": "person", "name": "%s"}\n'
    content = [line % (b"a", b"A"), line % (b"b", b"B" * 5000), line % (b"c", b"C")]
    (tmp_path / "actors.jsonl").write_bytes(b"".join(content))
    report = check([tmp_path])
    errors = [one for one in report.problems if one.code != "RECORD_UNUSED"]
    assert [(one.code, one.place.line) for one in errors] == [("FILE_SYNTAX", 2)]
    assert report.reading.table("actors").column("id").to_pylist() == ["act-a", "act-c"]


def test_what_exceeds_memory_is_laid_out_and_judged_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allegata.reading import stock

    folder = put(tmp_path / "data", fictional(), as_lines)
    spoil(folder, "actors", replace(2, b'"name": "', b'"name": "Also '))
    whole: list[Problem] = check([folder]).problems
    monkeypatch.setattr(stock, "_MOST_IN_MEMORY", 1)
    monkeypatch.setattr(stock, "_AT_ONCE", 1)
    assert check([folder]).problems == whole


def test_a_thousand_problems_are_counted_and_the_first_are_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_KEPT", 50)
    line = b'{"id": "act-%d", "kind": "persn", "name": "A"}\n'
    (tmp_path / "actors.jsonl").write_bytes(b"".join(line % n for n in range(1234)))
    report = check([tmp_path])
    assert report.counts == {"ENUM_UNKNOWN": 1234}
    assert [one.place.line for one in report.problems] == list(range(1, 51))
    ran = run("check", tmp_path, "--max-problems", "2")
    assert "not shown, 1,232 more:" in ran.err
    assert "1,234 errors" in ran.err


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str]]]:
    """A file of claims, and the faults that were planted in it: line and rule."""
    folder = tmp_path_factory.mktemp("damaged")
    claims = generator.records(500)["claims"]
    (folder / "sound.jsonl").write_bytes(dump(claims))
    planted = plant(folder / "sound.jsonl", folder / "claims.jsonl", 0.2, seed=3)
    return folder / "claims.jsonl", planted


def faults_told(folder: Path) -> list[tuple[str, int, str]]:
    """What reading alone finds: the file, the line and the rule of each problem."""
    return sorted(
        {(Path(one.place.file).name, one.place.line, one.code) for one in read([folder]).problems}
    )


def test_faults_are_told_alike_across_blocks_and_parts_and_compressed(
    damaged: tuple[Path, list[tuple[int, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, planted = damaged
    content = file.read_bytes()
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "claims.jsonl").write_bytes(content)
    whole = faults_told(tmp_path / "whole")
    by_reading = [(n, kind) for n, kind in planted if not RULES[FAULTS[kind].code].checks]
    assert len(by_reading) > 50
    assert {line for _, line, _ in whole} == {line for line, _ in by_reading}
    for size in (1, 999, 20_000):
        monkeypatch.setattr(lines.blocks, "__defaults__", (size,))
        assert faults_told(tmp_path / "whole") == whole, size
    (tmp_path / "packed").mkdir()
    packed = tmp_path / "packed" / "claims.jsonl.gz"
    packed.write_bytes(gzip.compress(content))
    assert faults_told(tmp_path / "packed") == [(packed.name, *rest) for _, *rest in whole]
    (tmp_path / "parts").mkdir()
    all_lines = content.split(b"\n")
    for part in range(3):
        some = b"\n".join(all_lines[part * 170 : (part + 1) * 170])
        (tmp_path / "parts" / f"claims-{part}.jsonl").write_bytes(some)
    assert faults_told(tmp_path / "parts") == [
        (f"claims-{(line - 1) // 170}.jsonl", (line - 1) % 170 + 1, code) for _, line, code in whole
    ]


def test_memory_is_bounded_whatever_the_size_of_the_input(tmp_path: Path) -> None:
    """Checked in a process that may not have as much memory for data as the rows take."""
    note = "A note of some length, as they come. " * 20
    line = '{"id": "act-%08d", "kind": "organisation", "name": "Body %d", "note": "%s"}\n'
    with (tmp_path / "actors.jsonl").open("w") as file:
        file.writelines(line % (n, n, note.strip()) for n in range(900_000))
    assert (tmp_path / "actors.jsonl").stat().st_size > 700 << 20
    most = 700 << 20
    script = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_DATA, ({most}, {most}))\n"
        "from allegata.cli import main\n"
        "sys.argv[0] = 'allegata'; main()"
    )
    options = ["check", str(tmp_path), "--memory-limit", "300MB", "--max-problems", "1"]
    ran = subprocess.run([sys.executable, "-c", script, *options], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "900,000 warnings: 900,000 records in 1 file" in ran.stderr
