"""What all validators share: a line for each problem, and 1 as the exit code if there is any.

A crash has another exit code, so that nobody takes it for a verdict.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

_SHOWN = 20
CRASHED = 70


def report(examine: Callable[[Path], Iterable[object]]) -> None:
    """Examine each of the releases that the command line names."""
    report_all(lambda releases: (one for release in releases for one in examine(release)))


def report_all(examine: Callable[[list[Path]], Iterable[object]]) -> None:
    """Examine the releases that the command line names, together."""
    try:
        found = [str(problem) for problem in examine([Path(one) for one in sys.argv[1:]])]
    except Exception:
        traceback.print_exc()
        sys.exit(CRASHED)
    for problem in found[:_SHOWN]:
        print(" ".join(problem.split())[:500])
    if len(found) > _SHOWN:
        print(f"and {len(found) - _SHOWN} more")
    sys.exit(1 if found else 0)
