"""How far long work is, for those who wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Step(NamedTuple):
    """How far some work is."""

    what: str
    """What is being done."""
    done: int
    """How much of it is done."""
    of: int
    """How much there is to do."""
    rows: int = 0
    """How many rows have been done, where the work is on rows."""


Progress = Callable[[Step], None]
"""Told how far the work is."""


def untold(step: Step) -> None:
    """Nobody waits."""
