"""What a release costs to sort and to derive, and how fast things are found in it."""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path

from benchmarks.measuring import Task, measured, summary, warm
from benchmarks.peers import PEERS
from benchmarks.suites import Bench, Results


def sorting(bench: Bench) -> Results:
    """Claims in no order, validated and written in order; next to COPY and COPY … ORDER BY."""
    claims = bench.data.dataset(bench.rows, shuffled=True) / "claims.jsonl"
    alone = bench.out / "shuffled" / "claims.jsonl"
    alone.parent.mkdir(parents=True, exist_ok=True)
    alone.unlink(missing_ok=True)
    alone.hardlink_to(claims)
    warm(alone)
    tasks = {
        "allegata-written": bench.probe("written", alone, bench.out / "written"),
        "duckdb": bench.peer(PEERS["duckdb"], alone),
        "duckdb-sorted": bench.peer(PEERS["duckdb-sorted"], alone),
    }
    done = bench.alternating(tasks)
    results = {name: summary(runs) for name, runs in done.items()}
    return {"rows": bench.rows, "runs": bench.runs, "results": results}


def memory(bench: Bench) -> Results:
    """The most memory that checking and publishing hold, under the limit that they are given."""
    folder = bench.data.dataset(bench.rows)
    results = {}
    for limit in ("400MB", "1GB"):
        tasks = {
            f"check, {limit}": bench.allegata(
                "check", folder, "--quiet", "--no-cache", "--memory-limit", limit
            ),
            f"publish, {limit}": publish(bench, folder, "--memory-limit", limit),
        }
        results |= {name: summary(runs) for name, runs in bench.alternating(tasks, runs=1).items()}
    return {"rows": bench.rows, "results": results}


def deriving(bench: Bench) -> Results:
    """How long each derived table takes."""
    probe = bench.probe("derived", bench.data.dataset(bench.rows))
    told = [bench.once(probe) for _ in range(min(bench.runs, 3))]
    names = {name for one in told for name in one["tables"]}
    tables = {
        name: round(statistics.median(one["tables"].get(name, 0.0) for one in told), 3)
        for name in sorted(names)
    }
    whole = statistics.median(one["whole"] for one in told)
    return {"rows": bench.rows, "runs": len(told), "whole": whole, "tables": tables}


def lookups(bench: Bench) -> Results:
    """How long DuckDB takes to find a claim, and an event's claims, in the released files."""
    measured(publish(bench, bench.data.dataset(bench.rows)))
    return {
        "rows": bench.rows,
        "milliseconds": bench.once(bench.probe("lookups", bench.out / "release")),
    }


def publish(bench: Bench, folder: Path, *options: object) -> Task:
    """Publishing a dataset anew, without a site."""
    out = bench.out / "release"
    return bench.allegata(
        *("publish", folder, "--out", out, "--version", "2026.1.0", "--no-site", "--quiet"),
        *options,
        prepare=lambda: shutil.rmtree(out, ignore_errors=True),
    )
