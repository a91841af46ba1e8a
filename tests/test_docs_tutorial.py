"""The tutorial, typed as it stands, ends in a release that can be cited."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import allegata

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text()
BLOCKS = re.findall(r'^```sh(?: title="(.*?)")?\n(.*?)^```$', PAGE, re.M | re.S)


def environment(home: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(home), "NO_COLOR": "1"}


def test_the_tutorial_ends_in_a_release(tmp_path: Path) -> None:
    script = ["set -e"]
    for kind, block in BLOCKS:
        if kind.startswith("Stops"):
            script.append(f"if {block.strip()}; then exit 99; fi")
        elif kind == "":
            script.append(block)
    done = subprocess.run(
        ["bash"],
        input="\n".join(script),
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "likely the same: act-lake-police" in done.stderr
    assert "missing: clm-lake-post-2025-09-14-04 quote 1" in done.stderr
    assert "No boat of theirs had left the harbour" in done.stderr
    assert "3 anchored, 1 missing" in done.stderr
    assert "no problems" in done.stderr
    release = allegata.open_release(tmp_path / "lakeside" / "dist")
    assert release.table("claims_flat").num_rows == 4
    assert set(release.table("quotes").column("exact").to_pylist()) == {
        None,
        "They came straight at us",
        "pure invention",
    }
    assert "Alleged ramming of the ferry Alma" in done.stdout


def test_the_shell_completes(tmp_path: Path) -> None:
    asked = {"_ALLEGATA_COMPLETE": "complete_bash", "COMP_WORDS": "allegata anc", "COMP_CWORD": "1"}
    done = subprocess.run(
        ["allegata"], env=environment(tmp_path) | asked, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["anchor"]
    shown = subprocess.run(
        ["allegata", "--show-completion", "bash"],
        env=environment(tmp_path) | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
    )
    assert "complete -o default -F" in shown.stdout
