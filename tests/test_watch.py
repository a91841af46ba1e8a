"""`check --watch` checks again whenever something changes, and ends well."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from allegata.reading import changes

FICTIONAL = Path(__file__).parent / "fictional"
WAITS = "waiting for changes"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns(".allegata_cache")
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data", ignore=left_out))


@pytest.fixture
def watching(data: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "allegata", "check", str(data), "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    ) as process:
        yield process
        process.kill()


def told(process: subprocess.Popen[str]) -> list[str]:
    """What is said up to the next wait."""
    assert process.stderr
    lines = []
    for line in process.stderr:
        if WAITS in line:
            return lines
        lines.append(line.rstrip())
    raise AssertionError(f"ended, having said {lines}")


def ended(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=30)


def test_each_save_is_checked(data: Path, watching: subprocess.Popen[str]) -> None:
    assert told(watching)[0].startswith("no problems")
    actors = data / "actors.yaml"
    sound = actors.read_text()
    actors.write_text(sound.replace("kind: state", "kind: stat", 1))
    found = told(watching)
    assert found[0].startswith("error[ENUM_UNKNOWN]")
    assert any("'state'" in line or "state" in line for line in found[1:])
    replacement = data / "actors.yaml~"  # as editors save: a new file, renamed over the old one
    replacement.write_text(sound)
    replacement.replace(actors)
    assert told(watching)[0].startswith("no problems")
    assert ended(watching) == 0


def test_how_it_ends_is_how_the_last_check_ended(
    data: Path, watching: subprocess.Popen[str]
) -> None:
    told(watching)
    (data / "more.yaml").write_text("actors: [{id: act-x}]\n")
    assert any("FIELD_REQUIRED" in line for line in told(watching))
    assert ended(watching) == 1


def test_it_is_for_people(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "allegata", "check", str(data), "--watch", "--format", "json"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "--watch" in done.stderr


def test_hidden_files_are_no_changes(data: Path) -> None:
    watched = changes([data])
    assert next(watched) == set()
    (data / ".hidden").mkdir()
    (data / ".hidden" / "kept").write_text("x")
    (data / ".actors.yaml.swp").write_text("x")
    (data / "new").mkdir()
    assert next(watched) == {data / "new"}
    (data / "actors.yaml").rename(data / "new" / "actors.yaml")
    assert next(watched) == {data / "actors.yaml", data / "new" / "actors.yaml"}
    watched.close()
