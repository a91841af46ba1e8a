"""What tests share: the command line in this process, and how hypothesis behaves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import settings

from allegata.cli import main

# Programs of the acceptance gate run in environments of their own, which the tests do not have.
collect_ignore = ["acceptance"]

# The same examples in every run: a failure that comes and goes helps nobody.
settings.register_profile("allegata", deadline=None, derandomize=True, database=None)
settings.load_profile("allegata")


class Ran(NamedTuple):
    """How a run of the command line ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command line, in this process: ``run("check", folder).code``."""
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(variable, raising=False)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["allegata", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        code = end.value.code
        return Ran(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run
