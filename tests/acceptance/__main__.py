"""The acceptance gate: put releases to other people's readers and validators.

``make accept`` runs all of it and writes the page of verdicts; ``make accept ONLY=polars`` runs
what has the word in its name, and leaves the page as it is. Exit code 1 if anything is red.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from acceptance.checks import READERS, VALIDATORS, Check
from acceptance.controls import CONTROLS, Control, run_control
from acceptance.page import closing_line, is_good, page
from acceptance.releases import Releases, make_releases
from acceptance.running import ROOT, Result, examine, parallel, say
from acceptance.snippets import Snippet, all_snippets, run_snippet

PUBLISHED = ROOT / "docs" / "acceptance.json"
VERSION = "2026.11.0"
"""The release of ``data/`` that the docs speak of."""

Json = dict[str, Any]
_PARTS = ("readers", "validators", "snippets", "controls")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="acceptance", description=__doc__)
    parser.add_argument("--only", default="", help="run what has this in its name")
    parser.add_argument("--work", type=Path, default=ROOT / ".accept")
    options = parser.parse_args()
    work = options.work.absolute()
    began = time.monotonic()
    releases = make_releases(work / "releases", VERSION)
    results = _run_all(releases, work, options.only)
    results["seconds"] = round(time.monotonic() - began)
    _keep(results, work / "acceptance.json" if options.only else PUBLISHED)
    rows = [row for part in _PARTS for row in results[part]]
    print(f"acceptance: {closing_line(results)}")
    return 0 if all(is_good(row) or row["verdict"] == "not run" for row in rows) else 1


def _run_all(releases: Releases, work: Path, only: str) -> Json:
    """Run everything in one queue, so that no core waits for the end of a part."""
    tasks = {
        "readers": [partial(_check, one, releases, work) for one in READERS if only in one.name],
        "validators": [
            partial(_check, one, releases, work) for one in VALIDATORS if only in one.name
        ],
        "snippets": [
            partial(_snippet, number, one, releases, work)
            for number, one in enumerate(all_snippets(releases.dist, releases.real))
            if only in one.title
        ],
        "controls": [
            partial(_control, number, one, releases, work)
            for number, one in enumerate(CONTROLS)
            if only in one.check
        ],
    }
    done = iter(parallel(lambda task: task(), [task for part in tasks.values() for task in part]))
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
        },
        "releases": [_release(path) for path in releases.examined],
        **{part: list(islice(done, len(tasks[part]))) for part in tasks},
    }


def _check(check: Check, releases: Releases, work: Path) -> Json:
    given = [releases.before, releases.edges] if check.older else releases.examined
    result = examine(check, given, work / "checks" / _slug(check.name))
    row = {"takes": check.takes}
    if check in READERS:
        row["habits"] = [habit.says for habit in check.habits]
    return _told(result, row)


def _snippet(number: int, snippet: Snippet, releases: Releases, work: Path) -> Json:
    return _told(run_snippet(snippet, releases.dist, work / "snippets" / str(number)))


def _control(number: int, control: Control, releases: Releases, work: Path) -> Json:
    result = run_control(control, releases.before, work / "controls" / str(number))
    return _told(result, {"kind": control.kind})


def _told(result: Result, more: Json | None = None) -> Json:
    """A result as a row of the page, told on stderr as well."""
    row = {**(more or {}), **result.json()}
    sign = "ok" if is_good(row) else row["verdict"].upper()
    say(f"{result.seconds:6.1f} s  {sign:8} {result.name} {result.version}")
    if not is_good(row):
        for line in result.told:
            say(f"            {line}")
    row["told"] = result.told[:1] if row["verdict"] == "not run" else []
    return row


def _release(path: Path) -> Json:
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    return {
        "dataset": manifest["dataset"]["name"],
        "version": manifest["version"],
        "schema_version": manifest["schema_version"],
    }


def _keep(results: Json, path: Path) -> None:
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(page(results), encoding="utf-8")
    say(f"{path.with_suffix('.md')} is made")


def _slug(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in name)


if __name__ == "__main__":
    sys.exit(main())
