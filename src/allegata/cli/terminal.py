"""What verbs share: where results, progress and problems go, and how a run ends."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from allegata.reading import Step

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
    def progress(self, what: str) -> Iterator[Callable[[Step], None]]:
        """A bar on the error stream, if that is a terminal; told how far the work is."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
        )
        with Progress(
            *columns,
            console=self.err,
            transient=True,
            disable=self.quiet or not self.err.is_terminal,
        ) as bar:
            task = bar.add_task(what, total=None, rows="")
            begun = {what: time.monotonic()}

            def tell(step: Step) -> None:
                if step.what not in begun:
                    begun[step.what] = time.monotonic()
                    bar.reset(task, description=step.what)
                rate = step.rows / max(0.001, time.monotonic() - begun[step.what])
                rows = f"{step.rows:,} rows, {rate:,.0f}/s" if step.rows else ""
                bar.update(task, completed=step.done, total=step.of or None, rows=rows)

            yield tell


def terminal(*, quiet: bool = False, no_color: bool = False) -> Terminal:
    """The streams of this process; colour only on terminals, and never against NO_COLOR."""
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    console = partial(Console, no_color=plain, emoji=False, markup=False)
    return Terminal(console(), console(stderr=True), quiet)


def a_size(text: str) -> str:
    """The size of memory that an option states, checked.

    Raises:
        BadParameter: it is not one.
    """
    found = re.fullmatch("([0-9]+(?:[.][0-9]+)?) ?([KMGT]i?B)", text, re.IGNORECASE)
    if not found or float(found[1]) <= 0:
        raise typer.BadParameter(f"{text!r} is not a size such as 500MB or 4GB")
    return text


# What would act on a terminal, or show text there in another order than it has.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with what would act on a terminal written out."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def echo_lines(text: str) -> None:
    """Print lines of files as results: to the letter for programs, harmless on a terminal."""
    typer.echo(printable(text) if sys.stdout.isatty() else text, nl=False)


def with_examples(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb, with its examples marked as lines that its help must not run together."""
    verb.__doc__ = re.sub("^( *)(Examples:)$", "\\1\b\n\\1\\2", verb.__doc__ or "", flags=re.M)
    return verb


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and problems only.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colour.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would change.")]
ShowDiff = Annotated[bool, typer.Option("--diff", help="Print the lines that change.")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="How problems are printed.", case_sensitive=False)
]
