"""The data and the faults that the benchmarks measure with are what they are said to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from allegata.engines import check
from allegata.rules import RULES
from benchmarks.faults import FAULTS, plant, planted_in
from benchmarks.generator import generate, records

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
    assert len(report.reading.records.rows["claims"]) == CLAIMS


@pytest.mark.parametrize("claims_per_source", [1, 40])
def test_data_of_another_shape_has_none_either(tmp_path: Path, claims_per_source: int) -> None:
    options = {"seed": 7, "form": "json", "claims_per_source": claims_per_source}
    generate(tmp_path, 2500, **options)  # type: ignore[arg-type]
    assert check([tmp_path]).problems == []


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


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_breaks_its_rule_and_no_other(kind: str, folder: Path, tmp_path: Path) -> None:
    number = 1 + 7 * list(FAULTS).index(kind)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (folder / "claims.json").read_bytes().splitlines()
    whole = lines[number].rstrip(b",")
    comma = lines[number][len(whole) :]
    lines[number] = FAULTS[kind].damage(whole) + comma
    (tmp_path / "claims.json").write_bytes(b"\n".join(lines) + b"\n")
    problems = check([tmp_path]).problems
    found = {(one.code, Path(one.place.file).name, one.place.line) for one in problems}
    assert found == {(FAULTS[kind].code, "claims.json", number + 1)}


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
