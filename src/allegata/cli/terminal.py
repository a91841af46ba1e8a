"""What verbs share: where results, progress and problems go, and how a run ends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PROBLEMS, USAGE, ENVIRONMENT, CRASH, INTERRUPTED = 1, 2, 3, 70, 130
"""How a run ends when it does not end well: exit codes."""


class Format(StrEnum):
    """How problems are printed."""

    HUMAN = "human"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass
class Terminal:
    """The two streams and how much to say on them."""

    out: Console
    err: Console
    quiet: bool

    def say(self, text: str) -> None:
        """Tell how things go, unless asked to be quiet."""
        if not self.quiet:
            self.err.print(text, markup=False, highlight=False, soft_wrap=True)

    def fail(self, text: str) -> None:
        """Tell why a run ends badly."""
        self.err.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on the error stream, if that is a terminal; told (done, of how many)."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(
            *columns,
            console=self.err,
            transient=True,
            disable=self.quiet or not self.err.is_terminal,
        ) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def terminal(*, quiet: bool = False, no_color: bool = False) -> Terminal:
    """The streams of this process; colour only on terminals, and never against NO_COLOR."""
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    console = partial(Console, no_color=plain, emoji=False, markup=False)
    return Terminal(console(), console(stderr=True), quiet)


def with_examples(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb, with its examples marked as lines that its help must not run together."""
    verb.__doc__ = re.sub("^( *)(Examples:)$", "\\1\b\n\\1\\2", verb.__doc__ or "", flags=re.M)
    return verb


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and problems only.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colour.")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="How problems are printed.", case_sensitive=False)
]
