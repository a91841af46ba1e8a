"""Measuring commands: each run is a process of its own, and different commands take turns."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

Say = Callable[[str], None]

_ROOT = Path(__file__).resolve().parents[2]


class Run(NamedTuple):
    """One run of a command."""

    wall: float
    """Seconds by the clock."""
    cpu: float
    """Seconds of processors, user and system, of the process and those that it waited for."""
    peak: float
    """The most memory that it held, in MB (10**6 bytes)."""
    code: int
    """Its exit code."""
    out: str
    """What it printed to standard output."""


class CommandFailedError(RuntimeError):
    """A command ended in a way that was not expected."""


@dataclass(frozen=True)
class Task:
    """A command to be measured."""

    command: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    """The exit codes that are no failure."""
    prepare: Callable[[], object] | None = None
    """What is done before each run, and not measured."""


def measured(task: Task) -> Run:
    """Run a command once.

    Raises:
        CommandFailedError: its exit code is none of those expected.
    """
    if task.prepare:
        task.prepare()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(task.command, stdout=out, stderr=err, cwd=_ROOT, env=_environ())
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = code = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        if code not in task.codes:
            told = err.read().decode(errors="replace")[-2000:]
            raise CommandFailedError(f"{' '.join(task.command)} ended with {code}\n{told}")
        unit = 1 if sys.platform == "darwin" else 1024
        peak = used.ru_maxrss * unit / 1e6
        return Run(wall, used.ru_utime + used.ru_stime, peak, code, out.read().decode())


def alternating(tasks: Mapping[str, Task], runs: int, say: Say) -> dict[str, list[Run]]:
    """Run each command so many times, all of them in turn; those that fail are left out."""
    done: dict[str, list[Run]] = {name: [] for name in tasks}
    for turn in range(1, runs + 1):
        for name in [name for name in tasks if name in done]:
            try:
                run = measured(tasks[name])
            except CommandFailedError as failed:
                say(f"  {name} is left out: {failed}")
                del done[name]
                continue
            done[name].append(run)
            say(f"  {turn}/{runs} {name}: {run.wall:.2f} s, {run.cpu:.2f} s CPU, {run.peak:.0f} MB")
    return done


def summary(runs: Sequence[Run]) -> dict[str, Any]:
    """The medians of some runs of one command, and what they are the medians of."""
    return {
        "wall": round(statistics.median(run.wall for run in runs), 3),
        "cpu": round(statistics.median(run.cpu for run in runs), 3),
        "peak": round(max(run.peak for run in runs)),
        "walls": [round(run.wall, 3) for run in runs],
    }


def machine() -> dict[str, Any]:
    """What the measurements were made on, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def warm(*paths: Path) -> None:
    """Read files once, so that every command finds them in memory."""
    for path in paths:
        files = path.rglob("*") if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                with file.open("rb") as content:
                    while content.read(1 << 24):
                        pass


def _environ() -> dict[str, str]:
    """This process's environment; the modules of benchmarks, and Allegata, can be imported."""
    paths = [str(_ROOT / "tests"), str(_ROOT / "src")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "ignore"}
