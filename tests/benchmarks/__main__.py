"""Run suites, keep what they measure, and make the page of it.

``make bench`` runs all of them at a million claims; ``make bench SUITE=bulk ROWS=20000 RUNS=1``
tries one. What is measured at less than 100,000 claims is kept apart, in the working folder, so
that a trial does not overwrite the results that are published.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

from benchmarks.measuring import CommandFailedError, machine
from benchmarks.page import page
from benchmarks.peers import PEERS
from benchmarks.suites import ROOT, Bench, environment
from benchmarks.suites.bulk import bulk
from benchmarks.suites.catching import catching, faults
from benchmarks.suites.curating import curating
from benchmarks.suites.release import deriving, lookups, memory, sorting

SUITES = {
    suite.__name__: suite
    for suite in (bulk, catching, faults, sorting, memory, lookups, deriving, curating)
}
"""Name -> suite, in the order in which they are run and shown."""
PUBLISHED = ROOT / "docs" / "benchmarks.json"
FULL = 100_000
"""The number of claims from which on results are published; below, a run is a trial."""
_OWN = ("allegata", "duckdb", "pyarrow", "pydantic", "pyyaml")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--suite", default="all", choices=("all", "page", *SUITES))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=Path, default=ROOT / ".bench")
    options = parser.parse_args()
    work = options.work.absolute()
    kept = PUBLISHED if options.rows >= FULL else work / "benchmarks.json"
    bench = Bench(options.rows, options.runs, work, _say)
    chosen = [*SUITES] if options.suite == "all" else [options.suite]
    failed = [name for name in chosen if name in SUITES and not _run(name, bench, kept)]
    made = kept.with_suffix(".md")
    made.write_text(page(json.loads(kept.read_text(encoding="utf-8"))), encoding="utf-8")
    _say(f"{made} is made")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _run(name: str, bench: Bench, kept: Path) -> bool:
    """Run a suite and keep its results; whether it came to any."""
    began = time.monotonic()
    _say(f"{name}: {bench.rows:,} claims")
    try:
        results = SUITES[name](bench)
    except CommandFailedError as error:
        _say(f"{name}: {error}")
        return False
    _keep(kept, name, str(bench.rows), results)
    _say(f"{name}: {time.monotonic() - began:.0f} s")
    return True


def _keep(kept: Path, name: str, rows: str, results: dict[str, Any]) -> None:
    """Put a suite's results into the file, beside those of the others and of other sizes."""
    whole = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"suites": {}}
    whole["measured"] = f"{datetime.now(UTC):%Y-%m-%d}"
    whole["machine"] = machine()
    whole["versions"] = versions() | {
        name: found for name, found in whole.get("versions", {}).items() if name not in versions()
    }
    whole["suites"].setdefault(name, {})[rows] = results
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """The versions of Allegata, of what it is built on, and of all peers that are installed."""
    found = {name: _version(name) for name in _OWN}
    for peer in PEERS.values():
        if peer.distribution not in found and environment(peer).exists():
            found[peer.distribution] = _version_there(peer.distribution, environment(peer))
    return found


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _version_there(name: str, python: Path) -> str:
    places = [str(path) for path in python.parents[1].glob("lib/python*/site-packages")]
    found = next(iter(distributions(name=name, path=places)), None)
    return found.version if found else "unknown"


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
