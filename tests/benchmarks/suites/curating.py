"""What a curator waits for: a folder of small YAML files."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.data import copy_of
from benchmarks.measuring import measured, summary, warm
from benchmarks.suites import Bench, Results

_ROWS_PER_FILE = 50  # so that 2,000 files go with all sizes that are published


def curating(bench: Bench) -> Results:
    """Checking all files, and again after one edit; next to PyYAML alone on the same files."""
    files = max(20, min(2000, bench.rows // _ROWS_PER_FILE))
    folder = copy_of(bench.data.record_files(files), bench.out / "records")
    sizes = [path.stat().st_size for path in folder.rglob("*.yaml")]
    edited = sorted(folder.rglob("records-*.yaml"))[-1]
    warm(folder)
    measured(bench.allegata("check", folder, "--quiet"))  # fills the cache
    tasks = {
        "check": bench.allegata("check", folder, "--quiet", "--no-cache"),
        "check again after one edit": bench.allegata(
            "check", folder, "--quiet", prepare=lambda: _edit(edited)
        ),
        "PyYAML, compose": bench.probe("yaml_compose", folder),
        "PyYAML, load": bench.probe("yaml_load", folder),
        "start": bench.allegata("--version"),
    }
    done = bench.alternating(tasks)
    return {
        "files": len(sizes) - 1,
        "bytes": sum(sizes),
        "runs": bench.runs,
        "results": {name: summary(runs) for name, runs in done.items()},
        "split": bench.once(bench.probe("split", folder)),
        "again": statistics.median(
            bench.once(bench.probe("again", folder))["seconds"] for _ in range(bench.runs)
        ),
    }


def _edit(path: Path) -> None:
    """Change a file in a way that changes what is read: a word more in a note."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("; the wording", " again; the wording", 1), encoding="utf-8")
