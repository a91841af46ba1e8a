"""What is measured, in suites that can be run alone.

A suite is a function of a ``Bench`` that returns plain values; they become the suite's part of
the results, and the page is made from them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import Data
from benchmarks.measuring import Run, Say, Task, alternating, measured
from benchmarks.peers import PEERS, Peer

Results = dict[str, Any]
Suite = Callable[["Bench"], Results]

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Bench:
    """What suites are given: how much to do, and the ways to do it."""

    rows: int
    """How many claims."""
    runs: int
    """How many runs of each command."""
    work: Path
    """The working folder."""
    say: Say
    """Tells how far the work is."""

    @property
    def data(self) -> Data:
        """The generated data."""
        return Data(self.work / "data", self.say)

    @property
    def out(self) -> Path:
        """A folder to write to."""
        return self.work / "out"

    def allegata(self, *arguments: object, codes: tuple[int, ...] = (0,), **more: Any) -> Task:
        """A command of Allegata's own."""
        return Task((sys.executable, "-m", "allegata", *map(str, arguments)), codes, **more)

    def probe(self, name: str, path: Path, *out: Path) -> Task:
        """A measurement inside Allegata."""
        command = (sys.executable, "-m", "benchmarks.probes", name, path, *out)
        return Task(tuple(map(str, command)))

    def peer(self, peer: Peer, *sources: Path) -> Task:
        """A peer's job, in the peer's environment."""
        command = (
            *(environment(peer), "-m", "benchmarks.peers", peer.name),
            *(self.data.schemas(), self.out / peer.name, *sources),
        )
        return Task(tuple(map(str, command)))

    def alternating(
        self, tasks: Mapping[str, Task], runs: int | None = None
    ) -> dict[str, list[Run]]:
        """Run tasks in turn."""
        return alternating(tasks, runs or self.runs, self.say)

    def once(self, task: Task) -> Any:
        """What a probe prints, from one run."""
        return json.loads(measured(task).out)


def environment(peer: Peer) -> Path:
    """The Python of a peer's environment."""
    if not peer.environment:
        return Path(sys.executable)
    kept = Path(os.environ.get("BENCH_ENVIRONMENTS", ROOT / ".venv-bench"))
    return kept / peer.environment / "bin" / "python"


def peers_at_hand(say: Say) -> tuple[list[Peer], dict[str, str]]:
    """The peers that are installed; and those that are not, with the reason."""
    there = [peer for peer in PEERS.values() if environment(peer).exists()]
    missing = {
        peer.name: f"its environment {peer.environment} could not be made"
        for peer in PEERS.values()
        if peer not in there
    }
    for name, reason in missing.items():
        say(f"{name} is not run: {reason}")
    return there, missing
