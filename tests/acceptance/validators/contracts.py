"""What the checks of data contracts share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datacontract.model.run import Run

# Said of every column of a Parquet file; readers compare the types.
_UNSUPPORTED = "Checking types in parquet files is not supported yet."


def results(run: Run) -> Iterator[str]:
    """What a run found, which must have checked something; what did not run comes last."""
    if not run.checks:
        yield "nothing was checked"
    for check in sorted(run.checks, key=lambda check: check.result is None):
        if str(check.result) != "ResultEnum.passed" and check.reason != _UNSUPPORTED:
            yield f"{check.result} {check.model}.{check.field} {check.name}: {check.reason}"
