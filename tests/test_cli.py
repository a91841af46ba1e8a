"""The command line: help whose examples run, versions, quiet and plain output, exit codes."""

from __future__ import annotations

import errno
import importlib.metadata
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

import allegata
from allegata.cli.main import app
from allegata.cli.terminal import Format
from allegata.publishing import publish
from allegata.schema import SCHEMA_VERSION

Run = Callable[..., Any]

FICTIONAL = Path(__file__).parent / "fictional"
BAD = "places:\n  - {id: plc-a, kind: sight, name: A}\n"


def verbs() -> list[tuple[str, ...]]:
    """Every verb, and every verb within one."""
    found: list[tuple[str, ...]] = []

    def visit(command: Any, path: tuple[str, ...]) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            visit(inner, (*path, name))
        if not hasattr(command, "commands"):
            found.append(path)

    visit(typer.main.get_command(app), ())
    return found


def examples(verb: tuple[str, ...], run: Run) -> list[str]:
    told = run(*verb, "--help").out
    _, _, after = told.partition("Examples:")
    return re.findall(r"^ *allegata (.*)$", after, re.MULTILINE)


def test_there_are_verbs() -> None:
    assert {("check",), ("explain",), ("schema", "show"), ("publish",)} <= set(verbs())


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_every_verb_says_how_it_is_used(verb: tuple[str, ...], run: Run) -> None:
    ran = run(*verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert run(*verb, "-h").out == ran.out
    lines = examples(verb, run)
    assert lines
    assert all(line.startswith(" ".join(verb)) for line in lines)


# What `publish` shows is run by its own tests: it takes as long as all of these. So is what
# `site serve` and `code` show, which do not end.
QUICK = [verb for verb in verbs() if verb not in (("publish",), ("site", "serve"), ("code",))]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the data of this project, which the examples are of."""
    folder = tmp_path_factory.mktemp("published")
    data = Path(shutil.copytree(FICTIONAL.parents[1] / "data", folder / "data"))
    events = data / "events.yaml"
    for version, label in (("2026.10.0", "label: First "), ("2026.11.0", "label: ")):
        events.write_text(events.read_text().replace("label: First ", "label: "))
        events.write_text(events.read_text().replace("label: ", label, 1))
        publish(data, folder / "dist", version, note="A plainer label.")
    return folder / "dist"


@pytest.mark.parametrize("verb", QUICK, ids=" ".join)
def test_the_examples_run(
    verb: tuple[str, ...], run: Run, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FICTIONAL, tmp_path / "data")
    for name in ("c1", "c2"):
        shutil.copytree(FICTIONAL, tmp_path / "coders" / name)
    shutil.copytree(FICTIONAL.parents[1] / "schema", tmp_path / "schema")
    for name in ("dist", "old"):
        shutil.copytree(dist, tmp_path / name)  # some verbs change it
    monkeypatch.chdir(tmp_path)
    for line in examples(verb, run):
        command, _, file = line.partition(" > ")
        ran = run(*shlex.split(command))
        assert ran.code == 0, ran.err
        assert ran.out or not file


def test_versions(run: Run) -> None:
    lines = run("--version").out.splitlines()
    assert lines[:2] == [f"allegata {allegata.__version__}", f"schema {SCHEMA_VERSION}"]
    assert f"duckdb {importlib.metadata.version('duckdb')}" in lines


def test_without_a_verb_help_is_shown(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert "Usage: allegata" in ran.out + ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["chekc"],
        ["check", "--format", "xml"],
        ["check", "--nope"],
        ["explain", "NO_SUCH_RULE"],
        ["explain", "A", "B"],
        ["schema", "show", "nothing"],
        ["show"],
        ["show", "act-x", "--as-of", "yesterday"],
        ["show", "act-x", "--release", "no-such-folder"],
        ["query", "SELECT 1", "--release", "no-such-folder"],
        ["query", "SELECT 1", "--format", "xlsx"],
        ["schema"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str], run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_the_module_is_the_program() -> None:
    command = [sys.executable, "-m", "allegata", "--version"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.startswith(f"allegata {allegata.__version__}\n")


# What goes where


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.yaml"
    file.write_text(BAD, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", list(Format))
def test_results_go_to_stdout_and_the_rest_to_stderr(form: Format, run: Run, bad: Path) -> None:
    ran = run("check", bad, "--format", form)
    assert ran.code == 1
    assert ran.err.endswith("1 error: 0 records in 1 file\n")
    assert ("ENUM_UNKNOWN" in ran.out) == (form is not Format.HUMAN)
    assert ("ENUM_UNKNOWN" in ran.err) == (form is Format.HUMAN)


def test_quiet_leaves_problems_and_no_more(run: Run, bad: Path) -> None:
    told = run("check", bad, "--quiet")
    assert told.code == 1
    assert "ENUM_UNKNOWN" in told.err
    assert "records in" not in told.err
    assert run("check", FICTIONAL, "-q") == (0, "", "")


@pytest.mark.parametrize(
    ("variables", "options", "coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    variables: dict[str, str],
    options: list[str],
    coloured: bool,
    run: Run,
    bad: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run("check", bad, *options)
    assert bool(re.search("\x1b\\[[0-9;]*3[0-9]", ran.err)) == coloured
    assert "\x1b" not in ran.out


# How a run ends


def ending_with(error: BaseException, run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("allegata.engines.check", fail)
    return run("check", FICTIONAL)


def test_the_memory_limit_of_the_command_is_that_of_the_function() -> None:
    from allegata.cli.check import MEMORY_LIMIT
    from allegata.engines import MEMORY_LIMIT as OF_ENGINES

    assert MEMORY_LIMIT == OF_ENGINES


@pytest.mark.parametrize("size", ["1", "1XB", "-1GB", "0GB", "GB"])
def test_a_size_that_is_none_is_wrong_usage(size: str, run: Run) -> None:
    ran = run("check", FICTIONAL, "--memory-limit", size)
    assert ran.code == 2
    assert "is not a size such as 500MB or 4GB" in ran.err


def test_too_little_memory_is_told(run: Run, tmp_path: Path) -> None:
    ran = run("publish", FICTIONAL, "--out", tmp_path, "--no-site", "--memory-limit", "100KB")
    assert ran.code == 3
    assert "give a higher --memory-limit" in ran.err
    assert not (tmp_path / "catalog.json").exists()


def test_a_crash_is_70_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = ending_with(RuntimeError("unforeseen"), run, monkeypatch)
    assert ran.code == 70
    assert "RuntimeError: unforeseen" in ran.err
    assert ran.err.endswith("allegata: this is a bug in Allegata; please report it\n")


def test_a_failing_environment_is_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "a/\x1b[31mb")
    ran = ending_with(full, run, monkeypatch)
    assert ran == (3, "", "allegata: a/\\u001b[31mb: No space left on device\n")


def test_an_interruption_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = ending_with(KeyboardInterrupt(), run, monkeypatch)
    assert ran.code == 130
    assert ran.err.strip().startswith("interrupted")
    assert "Traceback" not in ran.err


def test_a_signal_interrupts(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.yaml").write_text(BAD, encoding="utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "allegata", "check", tmp_path]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    assert process.stderr is not None
    for line in process.stderr:  # until the last module is in that reading needs
        if "allegata.reading.parsing.yamlfile" in line:
            break
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "Traceback" not in err


def test_output_that_nobody_reads_is_no_finding(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text(BAD, encoding="utf-8")
    command = [sys.executable, "-m", "allegata", "check", tmp_path, "--format", "json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 3
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["human", "sarif"])
def test_machines_get_utf_8_whatever_the_locale(form: str, tmp_path: Path) -> None:
    file = tmp_path / "é😀.yaml"
    file.write_text("é😀: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "allegata", "check", str(file), "--format", form]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ran.returncode == 1
    text = ran.stderr.decode("ascii") if form == "human" else ran.stdout.decode("utf-8")
    assert "TABLE_UNKNOWN" in text
    assert "Traceback" not in ran.stderr.decode("ascii")
