"""Which of thirty kinds of fault are found, and at what cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.data import CLAIMS_FILE, copy_of
from benchmarks.faults import FAULTS, planted_in
from benchmarks.measuring import CommandFailedError, measured, summary, warm
from benchmarks.peers import Peer
from benchmarks.suites import Bench, Results, peers_at_hand
from benchmarks.suites.release import publish

_LINES = 200
_DAMAGED = 100  # the line that has the fault
_SMALL = 3000


def catching(bench: Bench) -> Results:
    """Each kind alone in a small file, given to each peer."""
    there, missing = peers_at_hand(bench.say)
    files = _files(bench)
    found = {"allegata": _by_allegata(bench)}
    for peer in there:
        bench.say(f"  {peer.name}")
        told = _by_peer(bench, peer, files)
        clean = told.pop("clean")
        if clean != "missed":
            missing[peer.name] = "it objects to a file without faults"
        else:
            found[peer.name] = told
    kinds = {name: {"code": f.code, "summary": f.summary} for name, f in FAULTS.items()}
    return {"kinds": kinds, "found": found, "missing": missing}


def _files(bench: Bench) -> dict[str, Path]:
    folder = bench.out / "kinds"
    folder.mkdir(parents=True, exist_ok=True)
    lines = bench.data.claims(_LINES, _SMALL).read_bytes().splitlines()
    files = {}
    for kind in ("clean", *FAULTS):
        damaged = list(lines)
        if kind in FAULTS:
            damaged[_DAMAGED - 1] = FAULTS[kind].damage(lines[_DAMAGED - 1])
        files[kind] = folder / f"{kind}.jsonl"
        files[kind].write_bytes(b"\n".join(damaged) + b"\n")
    return files


def _by_peer(bench: Bench, peer: Peer, files: dict[str, Path]) -> dict[str, str]:
    """Kind -> ``caught``, ``stops`` (it gives up the whole file), ``missed`` or ``crashes``."""
    try:
        told = measured(bench.peer(peer, *files.values())).out
        return {Path(one["source"]).stem: _verdict(one) for one in _lines(told)}
    except CommandFailedError:
        return {kind: _alone(bench, peer, path) for kind, path in files.items()}


def _alone(bench: Bench, peer: Peer, path: Path) -> str:
    try:
        return _verdict(_lines(measured(bench.peer(peer, path)).out)[-1])
    except CommandFailedError:
        return "crashes"


def _lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def _verdict(told: dict[str, Any]) -> str:
    if told["aborted"]:
        return "stops"
    return "caught" if told["rejected"] else "missed"


def _by_allegata(bench: Bench) -> dict[str, str]:
    """All kinds at once, each in a line of its own: caught if its line has its code."""
    folder = copy_of(bench.data.dataset(_SMALL), bench.out / "all-kinds")
    lines = (folder / CLAIMS_FILE).read_bytes().splitlines()
    at = {kind: 50 + 70 * number for number, kind in enumerate(FAULTS)}
    for kind, number in at.items():
        lines[number - 1] = FAULTS[kind].damage(lines[number - 1])
    (folder / CLAIMS_FILE).write_bytes(b"\n".join(lines) + b"\n")
    found = problems(bench, folder)
    return {
        kind: "caught" if found.get(number) == {FAULTS[kind].code} else "missed"
        for kind, number in at.items()
    }


def problems(bench: Bench, folder: Path) -> dict[int, set[str]]:
    """Line of the claims -> the codes of the problems that ``check`` finds in it."""
    command = bench.allegata("check", folder, "--no-cache", "--format", "json", codes=(0, 1))
    found: dict[int, set[str]] = {}
    for problem in _lines(measured(command).out):
        if Path(problem["place"]["file"]).name == CLAIMS_FILE:
            found.setdefault(problem["place"]["line"], set()).add(problem["code"])
    return found


def faults(bench: Bench) -> Results:
    """What faults in one line of a thousand, and in one of a hundred, cost."""
    rates = {"none": 0.0, "0.1 %": 0.001, "1 %": 0.01}
    folders = {
        name: bench.data.damaged(bench.rows, rate) if rate else bench.data.dataset(bench.rows)
        for name, rate in rates.items()
    }
    warm(*folders.values())
    tasks = {
        f"check, {name}": bench.allegata("check", folder, "--quiet", "--no-cache", codes=(0, 1))
        for name, folder in folders.items()
    }
    tasks["publish, none"] = publish(bench, folders["none"])
    tasks["publish --quarantine, 1 %"] = publish(bench, folders["1 %"], "--quarantine")
    done = bench.alternating(tasks)
    results: Results = {name: summary(runs) for name, runs in done.items()}
    for name, folder in folders.items():
        if rates[name] and f"check, {name}" in results:
            results[f"check, {name}"] |= _told(bench, folder)
    return {"rows": bench.rows, "runs": bench.runs, "results": results}


def _told(bench: Bench, folder: Path) -> dict[str, int]:
    """How many of the planted faults are found, each by its own code alone, and what else is."""
    planted = {one.line: {FAULTS[one.kind].code} for one in planted_in(folder / CLAIMS_FILE)}
    found = problems(bench, folder)
    return {
        "planted": len(planted),
        "found": sum(found.get(line) == codes for line, codes in planted.items()),
        "invented": len(found.keys() - planted.keys()),
    }
