"""Runs of the command line that meet a fault at a chosen step, and which faults there are."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

HERE = Path(__file__).parent
SECONDS = 30 * 365 * 24 * 3600  # of thirty years

_OPEN, _WRITE, _SYNC, _RENAME, _FOLDER, _REMOVE = (1 << bit for bit in range(6))
_ANY = _OPEN | _WRITE | _SYNC | _RENAME | _FOLDER | _REMOVE
_COUNT, _KILL, _TORN, _FAIL, _SHORT, _CLOCK = range(6)


class Fault(NamedTuple):
    """What happens at the n-th of some kinds of steps."""

    action: int
    among: int = _ANY
    lasting: bool = False
    """Whether all such steps after it meet the same."""
    number: int = 0
    """The error's number."""
    clock_by: int = 0
    """Seconds by which the clock jumps."""


NONE = Fault(_COUNT)
KILLED = Fault(_KILL)
"""The process is killed before it takes the step."""
TORN = Fault(_TORN, _WRITE)
"""It is killed when it has written a half of what it was to write."""
TOLD = {
    "a full disk": Fault(_FAIL, _ANY & ~_REMOVE, lasting=True, number=errno.ENOSPC),
    "a disk full for a moment": Fault(_FAIL, _ANY & ~_REMOVE, number=errno.ENOSPC),
    "a failed sync": Fault(_FAIL, _SYNC, number=errno.EIO),
    "a read-only target": Fault(_FAIL, _ANY & ~_SYNC, lasting=True, number=errno.EROFS),
    "a missing permission": Fault(
        _FAIL, _ANY & ~_SYNC & ~_WRITE, lasting=True, number=errno.EACCES
    ),
}
"""What a run may fail of, and tells."""
BORNE = {
    "a short write": Fault(_SHORT, _WRITE),
    "a clock that jumps ahead": Fault(_CLOCK, clock_by=SECONDS),
    "a clock that jumps back": Fault(_CLOCK, clock_by=-SECONDS),
}
"""What changes nothing."""


class Ran(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str
    steps: list[int]
    """How many steps it took of each kind."""
    met: bool
    """Whether it met the fault."""
    where: str
    """The step at which it did."""

    def among(self, fault: Fault) -> int:
        """How many steps it took of those among which a fault is."""
        return sum(number for bit, number in enumerate(self.steps) if fault.among & 1 << bit)


def compiled(folder: Path) -> Path | None:
    """The library that counts and faults; None where there is no compiler or no Linux."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not (compiler and sys.platform == "linux"):
        return None
    library = folder / "faults.so"
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, *flags, "-o", library, HERE / "faults.c", "-ldl"], check=True)
    return library


class Runner:
    """A process that runs the command line in children of its own, one at a time."""

    def __init__(self, library: Path) -> None:
        environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, HERE / "runner.py"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        folder: Path,
        arguments: Sequence[str],
        fault: Fault = NONE,
        at: int = 0,
        *,
        lays_out: bool = False,
        **environment: str,
    ) -> Ran:
        """Run the command in a folder, whose ``tmp`` is for temporary files.

        With ``lays_out``, even few rows are laid out among these.
        """
        said = [folder / "out.txt", folder / "err.txt"]
        request = {
            "cwd": str(folder),
            "environment": {"TMPDIR": str(folder / "tmp"), **environment},
            "arguments": arguments,
            "lays_out": lays_out,
            "fault": [
                *(fault.action, fault.among, at, int(fault.lasting)),
                *(fault.number, fault.clock_by),
            ],
            "out": str(said[0]),
            "err": str(said[1]),
        }
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        out, err = (path.read_text() for path in said)
        return Ran(answer["code"], out, err, answer["steps"], answer["met"], answer["where"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
