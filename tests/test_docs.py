"""What the README and the docs tell readers to type works, as they tell it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from allegata.evolving import as_markdown

ROOT = Path(__file__).parent.parent
# Each snippet of loading.md needs a tool of its own; the acceptance gate runs them.
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "loading.md"),
]
LATEST = "2026.11.0"
# These set up the project or run its tests, so a test cannot run them; CI runs them as they stand.
SET_UP = {"make publish", "make test"}


def fenced(language: str) -> list[object]:
    found = []
    for page in PAGES:
        blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page.read_text(), re.M | re.S)
        for number, (indent, block) in enumerate(blocks, 1):
            text = re.sub(rf"^{indent}", "", block, flags=re.M)
            found.append(pytest.param(text, id=f"{page.name}-{number}"))
    assert found, f"no page has a block of {language}"
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a reader has who has run `make publish`."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("data", "schema"):
        shutil.copytree(ROOT / name, folder / name)
    records = sorted((folder / "data").rglob("*.yaml"))
    file = next(path for path in records if "events:" in path.read_text())
    now = file.read_text()
    # A release before the one that the pages speak of, in which one event had another label.
    for version, text in (("2026.10.0", now.replace("label: ", "label: First ", 1)), (LATEST, now)):
        file.write_text(text)
        subprocess.run(
            [
                *(sys.executable, "-m", "allegata", "publish", "data", "--out", "dist"),
                *("--version", version, "--no-site", "--note", "A plainer label."),
            ],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    return folder


@pytest.fixture
def environment() -> dict[str, str]:
    """The commands of this environment before all others."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize("code", fenced("python"))
def test_python_runs(code: str, place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=place, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("code", fenced("sql"))
def test_sql_runs_and_finds_rows(code: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    with duckdb.connect() as connection:
        for path in (place / "dist/releases" / LATEST / "data").glob("*.parquet"):
            connection.sql(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        assert connection.sql(code).fetchall()


@pytest.mark.parametrize("code", fenced("console"))
def test_commands_run(code: str, place: Path, environment: dict[str, str]) -> None:
    commands = [line.removeprefix("$ ") for line in code.splitlines()]
    assert all(line.startswith("$ ") for line in code.splitlines())
    for command in commands:
        if command in SET_UP:
            assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text(), re.M)
            continue
        plain = command.replace(".venv/bin/", "")
        done = subprocess.run(
            plain, shell=True, cwd=place, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.parametrize("code", fenced("yaml"))
def test_records_are_in_the_form_that_is_read(code: str, tmp_path: Path) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "allegata", "check", file], capture_output=True, text=True
    )
    # A page shows a part of a dataset: what it refers to is not there, nor are its anchors, and
    # nothing else is wrong.
    left_out = {"REF_UNKNOWN", "CLAIM_UNANCHORED", "FILE_EMPTY", "WAIVER_UNUSED"}
    assert set(re.findall(r"^error\[(\w+)\]", done.stderr, re.M)) <= left_out


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
@pytest.mark.parametrize("code", fenced("r"))
def test_r_runs(code: str, place: Path) -> None:
    has = ["Rscript", "-e", 'quit(status = !requireNamespace("nanoparquet", quietly = TRUE))']
    if subprocess.run(has, check=False).returncode:
        pytest.skip("R has no package nanoparquet here")
    subprocess.run(["Rscript", "-e", code], cwd=place, check=True)


def test_the_rules_of_compatibility_are_those_that_are_gone_by() -> None:
    page = (ROOT / "docs" / "schema-versions.md").read_text()
    _, _, rest = page.partition("<!-- classes -->\n")
    assert rest.partition("<!-- /classes -->")[0] == as_markdown()


def test_the_data_of_this_project_has_no_problems() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "allegata", "check", "data", "--strict"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("no problems: ")
