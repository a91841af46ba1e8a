"""What an earlier run found is used again, and never when anything has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegata.engines import Report, check, judging
from allegata.reading import cache, documents
from allegata.rules import RULES, Problem

FICTIONAL = Path(__file__).parent / "fictional"
KEPT = Path(cache.FOLDER) / "kept"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns(cache.FOLDER)  # of a check that somebody ran
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data", ignore=left_out))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the record files that are parsed."""
    names: list[str] = []
    parse = documents.parse

    def remember(path: Path, *rest: Any) -> Any:
        names.append(path.name)
        return parse(path, *rest)

    monkeypatch.setattr(documents, "parse", remember)
    return names


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries of rules that are asked."""
    queries: list[str] = []
    ask = judging.Basis._ask

    def remember(self: judging.Basis, one: Any, most: int | None) -> Any:
        queries.append(one.sql)
        return ask(self, one, most)

    monkeypatch.setattr(judging.Basis, "_ask", remember)
    return queries


def run(data: Path) -> Report:
    return check([data], use_cache=True)


def fresh(data: Path) -> list[Problem]:
    return check([data]).problems


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_second_run_reads_and_asks_nothing(
    data: Path, parsed: list[str], asked: list[str]
) -> None:
    edit(data / "actors.yaml", "kind: person", "kind: persn")
    first = run(data)
    assert first.problems
    assert parsed
    assert asked
    parsed.clear()
    asked.clear()
    second = run(data)
    assert (second.problems, second.counts) == (first.problems, first.counts)
    assert second.reading.tables() == first.reading.tables()
    assert (parsed, asked) == ([], [])


def test_only_a_file_that_has_changed_is_read_again(
    data: Path, parsed: list[str], asked: list[str]
) -> None:
    run(data)
    everything = len(asked)
    parsed.clear()
    asked.clear()
    edit(data / "places.yaml", "name: ", "name: New ")
    assert run(data).problems == fresh(data)
    assert set(parsed[:1]) == {"places.yaml"}
    assert run(data).problems == fresh(data)
    assert 0 < len(asked) < everything * 2.5


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(cache, "__version__", "9.9.9"),
        lambda patch: patch.setattr(cache, "SCHEMA_VERSION", "1.0.1"),
        lambda patch: patch.setattr(cache, "RULES", {**RULES, "ID_FORMAT": RULES["FIELD_TYPE"]}),
        lambda patch: patch.setattr(cache, "_own_text", lambda: "another text"),
        lambda patch: patch.setattr(cache, "version_of", lambda name: "0"),
    ],
    ids=["tool", "schema", "rules", "program", "libraries"],
)
def test_another_program_starts_anew(
    change: Callable[[pytest.MonkeyPatch], None],
    data: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(data)
    read_first = list(parsed)
    parsed.clear()
    change(monkeypatch)
    run(data)
    assert parsed == read_first


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        lambda content: b"\0" * len(content),
    ],
)
def test_a_damaged_cache_is_none(
    damage: Callable[[bytes], bytes], data: Path, parsed: list[str]
) -> None:
    expected = run(data).problems
    (data / KEPT).write_bytes(damage((data / KEPT).read_bytes()))
    parsed.clear()
    assert run(data).problems == expected
    assert parsed


def test_where_nothing_can_be_kept_all_is_read(data: Path, parsed: list[str]) -> None:
    (data / cache.FOLDER).write_text("a file where the folder would be")
    run(data)
    parsed.clear()
    run(data)
    assert parsed


def test_files_that_come_go_and_swap_their_content(data: Path) -> None:
    run(data)
    one, other = sorted((data / "sources").iterdir())[:2]
    text = one.read_text()
    one.write_text(other.read_text())
    other.write_text(text)
    assert run(data).problems == fresh(data)
    other.rename(data / "moved.yaml")
    assert run(data).problems == fresh(data)
    one.unlink()
    report = run(data)
    assert report.problems == fresh(data)
    assert report.problems


def test_waivers_and_the_window_of_the_dataset_are_never_stale(data: Path) -> None:
    (data / "spare.yaml").write_text("places:\n  - {id: plc-spare, kind: site, name: Spare}\n")
    assert [one.code for one in run(data).problems] == ["RECORD_UNUSED"]
    (data / "waivers.yaml").write_text(
        "waivers:\n  - {record: plc-spare, rule: RECORD_UNUSED, reason: Kept.}\n"
    )
    assert run(data).problems == []
    assert [one.waiver.record_id for one in run(data).waived] == ["plc-spare"]
    edit(data / "dataset.yaml", 'end: "2025-12-31"', 'end: "2025-01-01"')
    found = {one.code for one in run(data).problems}
    assert "TIME_IMPLAUSIBLE" in found
    edit(data / "dataset.yaml", 'end: "2025-01-01"', 'end: "2025-12-31"')
    assert run(data).problems == []


def test_the_folder_keeps_itself_out_of_git(data: Path) -> None:
    run(data)
    assert (data / cache.FOLDER / ".gitignore").read_text() == "*\n"


FILES = sorted(path.relative_to(FICTIONAL) for path in FICTIONAL.rglob("*.yaml"))
EDITS = [
    ("kind: ", "kind: x"),
    ("stance: asserts", "stance: denies"),
    ("name: ", "name: Other "),
    ("- id: ", "- id: x-"),
    ("statement: stm-", "statement: stm-x"),
    ("2025-03-0", "2025-04-0"),
    ("- {", "# {"),
]


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(FILES[1:]), st.sampled_from(EDITS)), max_size=4))
def test_any_edits_give_what_a_run_without_a_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[Path, tuple[str, str]]]
) -> None:
    data = Path(shutil.copytree(FICTIONAL, tmp_path_factory.mktemp("cache") / "data"))
    run(data)
    for name, (old, new) in edits:
        file = data / name
        file.write_text(file.read_text().replace(old, new, 1))
        cached, plain = run(data), check([data])
        assert cached.problems == plain.problems
        assert cached.counts == plain.counts
        assert cached.reading.tables() == plain.reading.tables()
