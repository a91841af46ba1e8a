"""What became of records between releases, and that nothing changes or vanishes without a word."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import allegata
from allegata.publishing import ProblemsFound, publish
from allegata.releasing import before

FICTIONAL = Path(__file__).parent / "fictional"
Run = Callable[..., Any]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(FICTIONAL, folder)
    publish(folder, tmp_path / "dist", "2026.10.0")
    return folder


@pytest.fixture
def dist(data: Path) -> Path:
    return data.parent / "dist"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1))


def found(data: Path, dist: Path) -> list[tuple[str, str | None, str, int]]:
    with pytest.raises(ProblemsFound) as raised:
        publish(data, dist, "2026.11.0")
    return [
        (one.code, one.record, Path(one.place.file).name, one.place.line)
        for one in raised.value.report.problems
    ]


def test_a_change_without_a_word_stops_the_release(data: Path, dist: Path) -> None:
    file = data / "events.yaml"
    change(file, "label: ", "label: Alleged ")
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "- id: evt" in text)
    ((code, record, name, at),) = found(data, dist)
    assert (code, name, at) == ("REVISION_MISSING", "events.yaml", line)
    assert record is not None
    assert not (dist / "releases" / "2026.11.0").exists()


def test_a_change_of_something_nested_is_a_change_of_the_record(data: Path, dist: Path) -> None:
    change(data / "actors.yaml", "alias: ", "alias: New ")
    ((code, record, name, _),) = found(data, dist)
    assert (code, name) == ("REVISION_MISSING", "actors.yaml")
    release = publish(data, dist, "2026.11.0", note="Another spelling.").release
    rows = release.table("actors").to_pylist()
    assert [row["id"] for row in rows if row["last_changed"] == "2026.11.0"] == [record]


def test_a_record_that_is_gone_is_named(data: Path, dist: Path) -> None:
    file = data / "sources" / "src-keldhaven-ledger-2025-03-07.yaml"
    text = file.read_text()
    claim = text[text.rindex("      - id: clm-") :]
    file.write_text(text[: text.rindex("      - id: clm-")])
    gone = claim.split()[2]
    problems = found(data, dist)
    assert ("REVISION_MISSING", gone, "dataset.yaml", 1) in problems


def test_a_revision_says_why(data: Path, dist: Path) -> None:
    change(data / "events.yaml", "label: ", "label: Alleged ")
    ((_, record, _, _),) = found(data, dist)
    (data / "revisions.yaml").write_text(
        f"revisions:\n  - {{release: 2026.11.0, record: {record}, change: changed, "
        "reason: Plainer.}\n"
    )
    release = publish(data, dist, "2026.11.0").release
    told = [row for row in release.table("revisions").to_pylist() if row["release"] == "2026.11.0"]
    assert [(row["record_id"], row["change"], row["reason"]) for row in told] == [
        (record, "changed", "Plainer.")
    ]


def test_an_old_revision_does_not_explain_a_new_change(data: Path, dist: Path) -> None:
    change(data / "events.yaml", "label: ", "label: Alleged ")
    ((_, record, _, _),) = found(data, dist)
    revision = f"{{release: 2026.11.0, record: {record}, change: changed, reason: Plainer.}}"
    (data / "revisions.yaml").write_text(f"revisions:\n  - {revision}\n")
    publish(data, dist, "2026.11.0")
    change(data / "events.yaml", "label: Alleged ", "label: Reported ")
    with pytest.raises(ProblemsFound) as raised:
        publish(data, dist, "2026.12.0")
    assert [one.record for one in raised.value.report.problems] == [record]


def test_one_note_says_why_for_all(data: Path, dist: Path) -> None:
    change(data / "events.yaml", "label: ", "label: Alleged ")
    (data / "places.yaml").write_text(
        (data / "places.yaml").read_text() + "  - {id: plc-new, kind: site, name: New}\n"
    )
    release = publish(data, dist, note="It's plainer now.").release
    rows = release.table("revisions").to_pylist()
    told = {
        (row["record_id"], row["change"], row["reason"])
        for row in rows
        if row["release"] == release.version
    }
    assert ("plc-new", "added", "New in this release.") in told
    assert {reason for _, change, reason in told if change == "changed"} == {"It's plainer now."}
    assert len(told) == 2


def test_a_retired_id_names_no_record_again(data: Path, dist: Path) -> None:
    """Also where only an earlier release knows that it was retired."""
    places = data / "places.yaml"
    before_text = places.read_text()
    places.write_text(before_text + "  - {id: plc-spare, kind: site, name: Spare}\n")
    publish(data, dist, "2026.11.0")
    places.write_text(before_text)
    publish(data, dist, "2026.11.1", note="Of no use.")
    assert allegata.open_release(dist).table("revisions").to_pandas().query(
        "record_id == 'plc-spare'"
    ).change.tolist() == ["added", "retracted"]
    places.write_text(before_text + "  - {id: plc-spare, kind: site, name: Other}\n")
    with pytest.raises(ProblemsFound) as raised:
        publish(data, dist, "2026.12.0", note="Back.")
    assert {one.code for one in raised.value.report.problems} == {"ID_REUSED", "RECORD_UNUSED"}


def test_check_compares_with_the_last_release_where_it_is_named(
    data: Path, dist: Path, run: Run
) -> None:
    change(data / "events.yaml", "label: ", "label: Alleged ")
    assert run("check", data, "--no-cache").code == 0
    ran = run("check", data, "--since", dist, "--format", "json", "--no-cache")
    assert ran.code == 1
    assert [json.loads(line)["code"] for line in ran.out.splitlines()] == ["REVISION_MISSING"]
    assert run("check", data, "--since", dist / "nowhere", "--no-cache").code == 3


def test_new_records_are_no_change(data: Path, dist: Path) -> None:
    """Nor is what is nested in them: a claim that is new has a chain that is new."""
    source = data / "sources" / "src-keldhaven-ledger-2025-03-07.yaml"
    held = source.read_text()
    source.unlink()
    publish(data, dist, "2026.11.0", note="Withdrawn by mistake.")
    text = held.replace("-2025-03-07", "-2025-03-07-again")
    source.write_text(text)
    release = publish(data, dist, "2026.12.0").release
    rows = [r for r in release.table("revisions").to_pylist() if r["release"] == "2026.12.0"]
    assert {row["change"] for row in rows} == {"added"}
    assert len(rows) == text.count("- id: clm-") + 1


def test_what_has_not_changed_needs_no_word(data: Path, dist: Path, run: Run) -> None:
    assert run("check", data, "--since", dist, "--no-cache").code == 0
    assert before(dist) is not None
