"""The data and the faults that the benchmarks measure with are what they are said to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from allegata.engines import check
from allegata.rules import RULES
from benchmarks.derived import claim_schema
from benchmarks.faults import FAULTS, plant, planted_in
from benchmarks.generator import generate, records
from benchmarks.page import page
from benchmarks.recordfiles import write_record_files

CLAIMS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dataset as record files."""
    path = tmp_path_factory.mktemp("generated")
    generate(path, CLAIMS, form="json")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_generated_data_has_no_problems(folder: Path) -> None:
    report = check([folder])
    assert report.problems == []
    assert report.reading.stock.rows("claims") == CLAIMS


@pytest.mark.parametrize("claims_per_source", [1, 40])
def test_data_of_another_shape_has_none_either(tmp_path: Path, claims_per_source: int) -> None:
    options = {"seed": 7, "form": "json", "claims_per_source": claims_per_source}
    generate(tmp_path, 2100, **options)  # type: ignore[arg-type]
    assert check([tmp_path]).problems == []


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst", "parquet"])
def test_other_forms_hold_the_same_records(tmp_path: Path, form: str, folder: Path) -> None:
    generate(tmp_path, CLAIMS, form=form, shards=2)
    found, expected = check([tmp_path]), check([folder])
    assert found.problems == []
    for name, rows in expected.reading.tables().items():
        assert found.reading.table(name).equals(rows), name


def test_record_files_have_no_problems(tmp_path: Path) -> None:
    files = write_record_files(tmp_path, 200)
    sizes = [path.stat().st_size for path in tmp_path.rglob("records-*.yaml")]
    assert len(sizes) == files
    assert 180 < files < 220
    assert 2400 < sum(sizes) / files < 3600
    report = check([tmp_path])
    assert report.problems == []
    assert len(report.reading.files) == files + 1


def test_generated_data_is_varied() -> None:
    claims = records(2500)["claims"]
    assert {len(claim.get("chain", ())) for claim in claims} == {0, 1, 2, 3}
    assert {claim["stance"] for claim in claims} >= {"asserts", "denies", "retracts", "no_response"}
    per_event: dict[str, int] = {}
    for claim in claims:
        event = claim["proposition"][4:11]
        per_event[event] = per_event.get(event, 0) + 1
    assert max(per_event.values()) > 5 * min(per_event.values())
    size = sum(len(json.dumps(claim, ensure_ascii=False).encode()) for claim in claims)
    assert 700 < size / len(claims) < 1300


def test_equal_shapes_give_equal_bytes(tmp_path: Path) -> None:
    for name, processes in (("one", 1), ("two", 2)):
        generate(tmp_path / name, 4100, processes=processes)
    generate(tmp_path / "other", 4100, seed=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_keys_rise_unless_shuffled(tmp_path: Path) -> None:
    generate(tmp_path / "sorted", 4100)
    generate(tmp_path / "shuffled", 4100, shuffled=True)
    for path in (tmp_path / "sorted").glob("*.jsonl"):
        lines = path.read_text().splitlines()
        other = (tmp_path / "shuffled" / path.name).read_text().splitlines()
        keys = [tuple(json.loads(line).values())[: 1 if line[2:4] == "id" else 3] for line in lines]
        assert keys == sorted(keys)
        assert sorted(lines) == sorted(other)
    assert lines != other


def test_there_are_thirty_kinds_of_fault() -> None:
    assert len(FAULTS) == 30
    assert {fault.code for fault in FAULTS.values()} <= set(RULES)


def test_every_fault_breaks_its_rule_and_no_other(tmp_path: Path) -> None:
    generate(tmp_path, 3000)
    lines = (tmp_path / "claims.jsonl").read_bytes().splitlines()
    at = {kind: 7 + 90 * number for number, kind in enumerate(FAULTS)}
    for kind, number in at.items():
        lines[number - 1] = FAULTS[kind].damage(lines[number - 1])
    (tmp_path / "claims.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    problems = check([tmp_path]).problems
    found = {(Path(one.place.file).name, one.place.line, one.code) for one in problems}
    assert found == {("claims.jsonl", at[kind], FAULTS[kind].code) for kind in FAULTS}


def test_faults_are_planted_where_it_is_noted(tmp_path: Path) -> None:
    generate(tmp_path, 3000)
    damaged = tmp_path / "damaged.jsonl"
    planted = plant(tmp_path / "claims.jsonl", damaged, 0.05)
    assert planted == planted_in(damaged)
    assert {fault.kind for fault in planted} == set(FAULTS)
    clean, faulty = (
        (tmp_path / name).read_bytes().split(b"\n") for name in ("claims.jsonl", "damaged.jsonl")
    )
    differing = [
        number for number, (a, b) in enumerate(zip(clean, faulty, strict=True), 1) if a != b
    ]
    assert differing == [fault.line for fault in planted]


def test_the_derived_json_schema_takes_the_data_and_refuses_most_faults() -> None:
    schema = jsonschema_rs.validator_for(claim_schema(), validate_formats=True)
    claims = records(CLAIMS)["claims"]
    assert all(schema.is_valid(claim) for claim in claims)
    line = json.dumps(claims[0]).encode()
    passed = {kind for kind, fault in FAULTS.items() if is_valid(schema, fault.damage(line))}
    assert passed == {
        *("control_character", "direction_override", "text_not_composed"),
        *("duplicate_key", "lone_surrogate", "reversed_interval"),
    }


def is_valid(schema: Any, line: bytes) -> bool:
    try:
        return bool(schema.is_valid(json.loads(line)))
    except ValueError:
        return False


def test_the_page_shows_ratios_of_equal_work() -> None:
    def one(rows: int, wall: float, **more: Any) -> dict[str, Any]:
        return {"rows": rows, "wall": wall, "cpu": 2 * wall, "peak": 100, "walls": [wall], **more}

    bulk = {
        "rows": 1000,
        "runs": 5,
        "bytes": 10**6,
        "baseline": "duckdb",
        "results": {
            "duckdb": one(1000, 2.0),
            "allegata-written": one(1000, 2.5),
            "linkml": one(110, 3.0, start={"rows": 10, "wall": 1.0, "cpu": 2.0}),
        },
        "missing": {"patito": "it failed"},
    }
    made = page(
        {
            "measured": "2026-11-25",
            "machine": {"cores": 2, "memory": 8, "system": "Linux", "python": "3.11"},
            "versions": {"duckdb": "2.0.0"},
            "suites": {"bulk": {"10": bulk | {"rows": 10}, "1000": bulk}},
        }
    )
    assert "## Speed, 1,000 claims (1 MB)" in made
    rows = [line.split(" | ") for line in made.splitlines() if line.startswith("| ")][2:]
    told = [[cell.strip("*| ") for cell in row[:6]] for row in rows]
    assert told == [
        ["1.00×", "1.00×", "DuckDB, COPY to Parquet", "Parquet", "500", "1,000"],
        ["1.25×", "1.25×", "Allegata, claims validated and written", "Parquet", "400", "1,000"],
        ["10.0×", "10.0×", "LinkML", "–", "50", "110"],
    ]
    assert "Not run: patito (it failed)." in made
    svg = made.partition("<figure>")[2].partition("<figcaption>")[0]
    assert ElementTree.fromstring(svg).tag == "svg"
    assert "style" not in svg  # the sites' policy forbids it


def test_the_published_page_is_that_of_the_published_results() -> None:
    docs = Path(__file__).parent.parent / "docs"
    results = json.loads((docs / "benchmarks.json").read_text(encoding="utf-8"))
    assert (docs / "benchmarks.md").read_text(encoding="utf-8") == page(results)
