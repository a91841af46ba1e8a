"""Making a release once more, and what is told where it does not come out the same."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import allegata
from allegata.rebuilding import rebuild

Run = Callable[..., Any]
FICTIONAL = Path(__file__).parent / "fictional"
ADA = "actors:\n  - {id: act-ada, kind: person, name: Ada}\n"
BO = ADA + "  - {id: act-bo, kind: person, name: Bo}\n"
BROKEN = BO.replace("name: Ada", "name: Ada Lo") + "  - {id: act-x, kind: persn, name: X}\n"


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def number_of_files(out: Path, version: str) -> int:
    return len(tree(out / "releases" / version))


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@ada.example"]
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    folder = tmp_path / "checkout" / "data"
    folder.mkdir(parents=True)
    shutil.copy(FICTIONAL / "dataset.yaml", folder)
    (folder / "records.yaml").write_text(ADA)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "dist"


def put(run: Run, data: Path, out: Path, records: str, version: str, *more: str) -> None:
    (data / "records.yaml").write_text(records)
    done = run("publish", data, "--out", out, "--version", version, "--no-site", *more)
    assert done.code == 0, done.err


@pytest.fixture
def committed(run: Run, data: Path, out: Path) -> list[str]:
    """Three releases of three commits; the records have been changed once more since."""
    commits = []
    git(data, "init", "--quiet", "..")
    note = ("--note", "Coded anew; with 'marks'.", "--quarantine")
    for records, version, more in (
        (ADA, "2026.5.0", ()),
        (BO, "2026.5.1", ()),
        (BROKEN, "2026.5.2", note),
    ):
        (data / "records.yaml").write_text(records)
        git(data, "add", ".")
        git(data, "commit", "--quiet", "-m", version)
        commits.append(git(data, "rev-parse", "HEAD"))
        put(run, data, out, records, version, *more)
    (data / "records.yaml").write_text("actors: []\n")
    return commits


def test_each_release_is_made_again_from_its_commit(
    run: Run, data: Path, out: Path, committed: list[str]
) -> None:
    before, records = tree(out), tree(data.parent)
    versions = ["2026.5.0", "2026.5.1", "2026.5.2"]
    for version, commit in zip(versions, committed, strict=True):
        for release in (version, out / "releases" / version):
            done = run("publish", data, "--out", out, "--rebuild", release)
            assert (done.code, done.out) == (
                0,
                f"release {version}, made again from commit {commit}: "
                f"the same bytes, {number_of_files(out, version)} files\n",
            )
    assert tree(out) == before
    assert tree(data.parent) == records


def test_what_made_it_is_told_by_the_manifest_alone(out: Path, committed: list[str]) -> None:
    manifest = allegata.open_release(out).manifest
    assert manifest.note == "Coded anew; with 'marks'."
    assert manifest.source_commit == committed[-1]
    assert manifest.previous == "2026.5.1"
    assert manifest.intake
    assert {"allegata", "duckdb", "pyarrow", "pydantic", "pyyaml", "python"} <= set(manifest.tools)


def test_from_python(data: Path, out: Path, committed: list[str]) -> None:
    done = rebuild("2026.5.1", data, out)
    assert (done.ok, done.commit, done.differences, done.tools) == (True, committed[1], {}, {})


def test_outside_of_git_the_records_are_read_as_they_stand(run: Run, data: Path, out: Path) -> None:
    put(run, data, out, ADA, "2026.5.0")
    again = run("publish", data, "--out", out, "--rebuild", "2026.5.0")
    assert (again.code, again.out) == (
        0,
        f"release 2026.5.0, made again from {data} as it stands: "
        f"the same bytes, {number_of_files(out, '2026.5.0')} files\n",
    )
    (data / "records.yaml").write_text(BO)
    other = run("publish", data, "--out", out, "--rebuild", "2026.5.0")
    assert other.code == 1
    lines = other.out.splitlines()
    assert "data/actors.parquet has other rows: 1 then, 2 now" in lines
    assert any(line.startswith("manifest.json tells something else of files, ") for line in lines)
    assert lines[-1].endswith(f"{len(lines) - 1} files differ")


def test_a_commit_is_not_named_for_records_that_git_ignores(
    run: Run, data: Path, out: Path
) -> None:
    (data / ".gitignore").write_text("more.yaml\n")
    git(data, "init", "--quiet", "..")
    git(data, "add", ".")
    git(data, "commit", "--quiet", "-m", "All but one")
    (data / "more.yaml").write_text("actors:\n  - {id: act-cy, kind: person, name: Cy}\n")
    put(run, data, out, ADA, "2026.5.0")
    assert allegata.open_release(out).manifest.source_commit is None


def test_other_tools_are_named_first(run: Run, data: Path, out: Path) -> None:
    put(run, data, out, ADA, "2026.5.0")
    path = out / "releases" / "2026.5.0" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tools"] |= {"pyarrow": "1.0.0", "abacus": "2"}
    path.write_text(json.dumps(manifest))
    done = run("publish", data, "--out", out, "--rebuild", path.parent)
    assert done.code == 1
    assert done.out.splitlines()[:3] == [
        f"made with pyarrow 1.0.0, here {pa.__version__}",
        "made with abacus 2, here not needed",
        "manifest.json tells something else of tools",
    ]


def test_a_release_that_was_changed_is_told_from_one_that_is_made_otherwise(
    run: Run, data: Path, out: Path
) -> None:
    put(run, data, out, ADA, "2026.5.0")
    release = out / "releases" / "2026.5.0"
    (release / "README.md").write_text("Nothing of that is true.")
    (release / "data" / "hops.parquet").unlink()
    (release / "notes.txt").write_text("mine")
    done = run("publish", data, "--out", out, "--rebuild", "2026.5.0")
    assert done.code == 1
    assert done.out.splitlines()[:3] == [
        "README.md is not the file that was published: its bytes are not the manifest's",
        "data/hops.parquet is made, and is not in the release",
        "notes.txt is in the release, and is not made",
    ]


def test_records_with_problems_stop_it(run: Run, data: Path, out: Path) -> None:
    put(run, data, out, ADA, "2026.5.0")
    (data / "records.yaml").write_text(BROKEN)
    done = run("publish", data, "--out", out, "--rebuild", "2026.5.0")
    assert done.code == 1
    assert "ENUM_UNKNOWN" in done.err
    assert done.out.endswith("the problems of the records stop it here\n")


def test_what_cannot_be_rebuilt_is_said_plainly(
    run: Run, data: Path, out: Path, committed: list[str], tmp_path: Path
) -> None:
    def told(release: object, *more: object) -> tuple[int, str]:
        done = run("publish", data, "--out", out, "--rebuild", release, *more)
        assert "Traceback" not in done.err
        return done.code, " ".join(done.err.split())

    code, text = told("2026.9.9")
    assert (code, "no release '2026.9.9'; it has 2026.5.2" in text) == (1, True)
    code, text = told(tmp_path / "nowhere")
    assert (code, "is not a folder" in text) == (1, True)
    assert told("2026.5.0", "--version", "2026.5.0")[0] == 2
    assert told("2026.5.0", "--note", "x")[0] == 2
    shutil.rmtree(out / "releases" / "2026.5.0")
    code, text = told("2026.5.1")
    assert (code, "came after 2026.5.0, which is not in" in text) == (1, True)
    shutil.rmtree(data.parent / ".git")
    git(data, "init", "--quiet", "..")
    code, text = told(out / "releases" / "2026.5.1")
    assert (code, f"those of commit {committed[1]}, which cannot be laid out" in text) == (3, True)
