"""How fast claims are validated and written, next to what others do with the same file."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.measuring import Run, summary, warm
from benchmarks.peers import PEERS
from benchmarks.suites import Bench, Results, peers_at_hand
from benchmarks.suites.release import publish

_START = 200  # rows by which a peer's start is measured
BASELINE = "duckdb"


def bulk(bench: Bench) -> Results:
    """Everybody in turn; the slow ones on fewer rows, without the time of their start."""
    there, missing = peers_at_hand(bench.say)
    there = [peer for peer in there if peer.name != "duckdb-sorted"]
    data, rows = bench.data, bench.rows
    folder, claims = data.dataset(rows), data.claims(rows)
    given = {peer.name: min(peer.rows or rows, rows) for peer in there}
    tasks = {
        "allegata-check-claims": bench.probe("fields", claims),
        "allegata-written": bench.probe("written", claims, bench.out / "written"),
        "allegata-fields": bench.probe("fields", folder),
        "allegata-check": bench.allegata("check", folder, "--quiet", "--no-cache"),
        "allegata-publish": publish(bench, folder),
        **{peer.name: bench.peer(peer, data.claims(given[peer.name], rows)) for peer in there},
    }
    bench.say("starts")
    begun = {
        peer.name: measured_start
        for peer in there
        if given[peer.name] < rows and (measured_start := _start(bench, peer.name)) is not None
    }
    warm(folder, claims)
    done = bench.alternating(tasks)
    gave_up = {name: reason for name in done if (reason := _gave_up(name, done[name]))}
    return {
        "rows": rows,
        "runs": bench.runs,
        "bytes": claims.stat().st_size,
        "baseline": BASELINE,
        "results": {
            name: {"rows": given.get(name, rows), **summary(runs), **_started(begun.get(name))}
            for name, runs in done.items()
            if name not in gave_up
        },
        "missing": missing | gave_up | {name: "it failed" for name in tasks if name not in done},
    }


def _start(bench: Bench, name: str) -> list[Run] | None:
    few = bench.data.claims(_START, bench.rows)
    return bench.alternating({name: bench.peer(PEERS[name], few)}, 2).get(name)


def _started(runs: list[Run] | None) -> dict[str, Any]:
    if not runs:
        return {}
    few = summary(runs)
    return {"start": {"rows": _START, "wall": few["wall"], "cpu": few["cpu"]}}


def _gave_up(name: str, runs: list[Run]) -> str | None:
    """Why a peer did not do what it was asked, if it says so."""
    if name not in PEERS:
        return None
    told = json.loads(runs[-1].out)
    if told["aborted"]:
        return str(told["aborted"])
    return f"it objects to {told['rejected']} right rows" if told["rejected"] else None
