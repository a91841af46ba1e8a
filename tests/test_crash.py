"""A release is whole or not there, whatever stops a run at whatever step.

Each test runs the real command, lets it meet a fault at a chosen step that reaches the disk, looks
at what readers see then, and runs the command again. By default some steps of each kind are tried,
evenly spread; ``ALLEGATA_FAULTS=all`` tries every one, which takes an hour.
"""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

import allegata
from allegata.releasing import NotARelease, Release, read_catalog
from faults.driving import BORNE, KILLED, NONE, TOLD, TORN, Fault, Ran, Runner, compiled

ALL = os.environ.get("ALLEGATA_FAULTS") == "all"
EPOCH = {"SOURCE_DATE_EPOCH": "1780000000"}

DATASET = (Path(__file__).parent / "fictional" / "dataset.yaml").read_text()
FIRST = """
actors:
  - {id: act-ada, kind: person, name: Ada}
  - {id: act-bo, kind: person, name: Bo}
places:
  - {id: plc-lock, kind: site, name: The lock}
"""
SECOND = FIRST.replace("name: Ada", "name: Ada Lo").replace("act-bo", "act-cy")
BROKEN = SECOND + "  - {id: plc-none, kind: nothing, name: No place}\n"

NOTE = ("--note", "Coded anew.")


@dataclass(frozen=True)
class Scenario:
    """A run that is to be disturbed."""

    name: str
    data: str
    """The records that it publishes."""
    arguments: tuple[str, ...]
    """How it is run."""
    kills: int
    """At how many steps it is killed."""
    others: int
    """At how many steps it meets each of the other faults."""
    is_first: bool = False
    """Whether nothing has been published before; else there is a release of ``FIRST``."""
    lays_out: bool = False
    """Whether rows are laid out in temporary files."""


SCENARIOS = [
    Scenario("first", FIRST, ("--no-site",), 75, 3, is_first=True),
    Scenario("second", SECOND, ("--no-site", *NOTE), 60, 3),
    Scenario("quarantine", BROKEN, ("--no-site", "--quarantine", *NOTE), 25, 2),
    Scenario("spilled", FIRST, ("--no-site",), 25, 2, is_first=True, lays_out=True),
    Scenario("site", SECOND, ("--version", "2026.6.0", *NOTE), 20, 2),
]
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)


def tree(folder: Path) -> dict[str, str]:
    """All that a folder holds: the path and the hash of each file, and each folder."""
    return {
        str(path.relative_to(folder)): "folder"
        if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
    }


class Bench:
    """Where disturbed runs are made: what is there before, and what is to be there after."""

    def __init__(self, scenario: Scenario, folder: Path, runner: Runner) -> None:
        self.scenario = scenario
        self.start, self.end = folder / "start", folder / "end"
        self.place(self.start, FIRST)
        if not scenario.is_first:
            site = () if "--no-site" not in scenario.arguments else ("--no-site",)
            done = runner.run(self.start, ["publish", "data", *site], **EPOCH)
            assert done.code == 0, done.err
        self.before = tree(self.start / "dist")
        self.place(self.end, scenario.data, self.start / "dist")
        self.whole = self.publish(runner, self.end)
        """How the run ends if nothing disturbs it."""
        assert self.whole.code == 0, self.whole.err
        self.after = tree(self.end / "dist")
        assert list((self.end / "tmp").iterdir()) == []

    @staticmethod
    def place(folder: Path, data: str, dist: Path | None = None) -> None:
        """Lay out what a run needs."""
        (folder / "data").mkdir(parents=True)
        (folder / "data" / "dataset.yaml").write_text(DATASET)
        (folder / "data" / "records.yaml").write_text(data)
        (folder / "tmp").mkdir()
        if dist and dist.exists():
            shutil.copytree(dist, folder / "dist")
        else:
            (folder / "dist").mkdir()

    def publish(
        self, runner: Runner, folder: Path, fault: Fault = NONE, at: int = 0, **more: str
    ) -> Ran:
        """Run the command of the scenario."""
        command = ["publish", "data", *self.scenario.arguments]
        lays_out = self.scenario.lays_out
        return runner.run(folder, command, fault, at, lays_out=lays_out, **{**EPOCH, **more})

    def what_readers_see(self, dist: Path) -> str | None:
        """What is wrong with what can be read of a publishing folder; None where nothing is."""
        found = {
            path: it
            for path, it in tree(dist).items()
            if path in {"catalog.json", "latest.json"} or path.startswith("releases/")
        }
        for path in ("catalog.json", "latest.json"):
            if found.get(path) not in (self.before.get(path), self.after.get(path)):
                return f"{path} is neither the old nor the new one"
        try:
            latest = allegata.open_release(dist)
        except NotARelease as error:
            return None if not self.before else f"the latest release cannot be opened: {error}"
        catalog = read_catalog(dist)
        assert catalog
        releases = [allegata.open_release(dist, one.version) for one in catalog.releases]
        for release in [latest, *releases]:
            if told := not_whole(release):
                return told
        named = {f"releases/{release.version}" for release in releases}
        for path, it in self.before.items():
            if path.startswith("releases/") and found.get(path) != it:
                return f"{path} of a published release has changed"
        for path, it in self.after.items():
            if "/".join(path.split("/")[:2]) in named and found.get(path) != it:
                return f"{path} of the new release is missing or another"
        return None

    def what_a_second_run_leaves(self, runner: Runner, folder: Path) -> str | None:
        """What is wrong after the command was run again; None where nothing is."""
        done = self.publish(runner, folder)
        if done.code != 0 or "Traceback" in done.err:
            return f"the next run ends with {done.code}: {done.err}"
        if wrong := difference(self.after, tree(folder / "dist")):
            return f"the next run gives something else: {wrong}"
        if left := [path.name for path in (folder / "tmp").iterdir()]:
            return f"the next run leaves temporary files: {left}"
        return None


def difference(expected: dict[str, str], found: dict[str, str]) -> str:
    """How two trees differ, in a line; nothing where they do not."""
    return ", ".join(
        f"{path} ({'left over' if path not in expected else 'missing or other bytes'})"
        for path in sorted(expected.keys() | found.keys())
        if expected.get(path) != found.get(path)
    )


def not_whole(release: Release) -> str | None:
    """What is wrong with the bytes of a release; None where nothing is."""
    lines = (release.path / "SHA256SUMS").read_text().splitlines()
    sums = {path: sha256 for sha256, path in (line.split("  ") for line in lines)}
    found = {path: it for path, it in tree(release.path).items() if it != "folder"}
    del found["SHA256SUMS"]
    if wrong := difference(sums, found):
        return f"release {release.version} is not whole: {wrong}"
    return None


@pytest.fixture(scope="module")
def runners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Runner]]:
    library = compiled(tmp_path_factory.mktemp("faults"))
    if library is None:
        pytest.skip("faults are injected by a library for Linux, which needs a C compiler")
    with ExitStack() as stack:
        yield [stack.enter_context(Runner(library)) for _ in range(min(4, os.cpu_count() or 1))]


@pytest.fixture(scope="module")
def bench(
    runners: list[Runner], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Scenario], Bench]:
    made: dict[str, Bench] = {}

    def bench(scenario: Scenario) -> Bench:
        if scenario.name not in made:
            folder = tmp_path_factory.mktemp(scenario.name)
            made[scenario.name] = Bench(scenario, folder, runners[0])
        return made[scenario.name]

    return bench


def spread(steps: int, wanted: int) -> list[int]:
    """Some of the steps from the first to the last, evenly spread; or all."""
    if ALL or wanted >= steps:
        return list(range(1, steps + 1))
    if wanted == 1:
        return [steps // 2]
    return sorted({1 + round(n * (steps - 1) / (wanted - 1)) for n in range(wanted)})


def at_each(
    points: list[int],
    runners: list[Runner],
    tmp_path: Path,
    attempt: Callable[[Runner, Path, int], str | None],
) -> None:
    """Try each point in a folder of its own, several at a time, and tell all that went wrong."""
    free: queue.SimpleQueue[Runner] = queue.SimpleQueue()
    for runner in runners:
        free.put(runner)

    def one(point: int) -> str | None:
        runner, folder = free.get(), tmp_path / str(point)
        try:
            wrong = attempt(runner, folder, point)
        finally:
            free.put(runner)
        shutil.rmtree(folder)
        return f"step {point}: {wrong}" if wrong else None

    with ThreadPoolExecutor(len(runners)) as threads:
        failures = [wrong for wrong in threads.map(one, points) if wrong]
    assert not failures, f"{len(failures)} of {len(points)}\n" + "\n".join(failures[:20])


Benches = Callable[[Scenario], Bench]


@each_scenario
@pytest.mark.parametrize("kind", ["killed", "torn"])
def test_a_kill_at_any_step_leaves_no_trace(
    scenario: Scenario, kind: str, bench: Benches, runners: list[Runner], tmp_path: Path
) -> None:
    made, fault = bench(scenario), {"killed": KILLED, "torn": TORN}[kind]

    def attempt(runner: Runner, folder: Path, point: int) -> str | None:
        made.place(folder, scenario.data, made.start / "dist")
        ran = made.publish(runner, folder, fault, point)
        if not ran.met:  # of the threads, one may take a step less than the last time
            return None if point > steps - 3 else "it was not met"
        if ran.code != -9:
            return f"it was not killed, and ends with {ran.code}: {ran.err}"
        wrong = made.what_readers_see(folder / "dist")
        wrong = wrong or made.what_a_second_run_leaves(runner, folder)
        return f"{ran.where}: {wrong}" if wrong else None

    steps = made.whole.among(fault)
    points = spread(steps, scenario.kills if kind == "killed" else scenario.others)
    at_each(points, runners, tmp_path, attempt)


@each_scenario
@pytest.mark.parametrize("kind", TOLD)
def test_what_a_run_fails_of_is_told_and_leaves_no_trace(
    scenario: Scenario, kind: str, bench: Benches, runners: list[Runner], tmp_path: Path
) -> None:
    made, fault, ends = bench(scenario), TOLD[kind], Counter[int]()

    def attempt(runner: Runner, folder: Path, point: int) -> str | None:
        made.place(folder, scenario.data, made.start / "dist")
        ran = made.publish(runner, folder, fault, point)
        ends[ran.code] += 1
        wrong = made.what_readers_see(folder / "dist")
        if ran.code not in (0, 3) or "Traceback" in ran.err:
            wrong = f"it ends with {ran.code}: {ran.err}"
        elif ran.code == 0 and "release 2026." not in ran.err:
            wrong = f"it says nothing: {ran.err}"
        elif ran.code == 3 and not ran.err.strip():
            wrong = "it does not say why it failed"
        wrong = wrong or made.what_a_second_run_leaves(runner, folder)
        return f"{ran.where}: {wrong}" if wrong else None

    points = spread(made.whole.among(fault), scenario.others)
    at_each(points, runners, tmp_path, attempt)
    assert ends[3] >= len(points) / 2, ends


@each_scenario
@pytest.mark.parametrize("kind", BORNE)
def test_what_a_run_bears_changes_nothing(
    scenario: Scenario, kind: str, bench: Benches, runners: list[Runner], tmp_path: Path
) -> None:
    made, fault = bench(scenario), BORNE[kind]

    def attempt(runner: Runner, folder: Path, point: int) -> str | None:
        made.place(folder, scenario.data, made.start / "dist")
        ran = made.publish(runner, folder, fault, point)
        wrong = difference(made.after, tree(folder / "dist"))
        if ran.code != 0 or "Traceback" in ran.err:
            wrong = f"it ends with {ran.code}: {ran.err}"
        return f"{ran.where}: {wrong}" if wrong else None

    points = spread(made.whole.among(fault), scenario.others - 1)
    at_each(points, runners, tmp_path, attempt)


@pytest.mark.parametrize(
    "ask", ["session.create('t', TABLE)", "session.fetch(TABLE)", "list(session.stream(TABLE, 99))"]
)
def test_no_room_where_tables_spill_is_an_error_for_people(ask: str, tmp_path: Path) -> None:
    """DuckDB spills in C++, and has errors of its own."""
    script = f"""
import pathlib, resource
from allegata.engines import Embedded

NUMBERS = "SELECT md5(range::VARCHAR) AS a FROM range(2_000_000)"
TABLE = f"SELECT a, row_number() OVER (ORDER BY a) AS b FROM ({{NUMBERS}}) AS numbers"
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
with Embedded(pathlib.Path({str(tmp_path)!r}), "100MB") as session:
    try:
        {ask}
    except OSError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "File too large" in done.stdout
    assert str(tmp_path) in done.stdout
