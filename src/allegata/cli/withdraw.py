"""The verb `withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.terminal import (
    ENVIRONMENT,
    PROBLEMS,
    USAGE,
    NoColor,
    Quiet,
    Terminal,
    terminal,
)

OutOption = Annotated[Path, typer.Option("--out", help="Where releases are kept.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, in a sentence for readers. It is published.")
]


def withdraw(
    version: Annotated[str, typer.Argument(help="The version of the release.")],
    reason: ReasonOption,
    out: OutOption = Path("dist"),
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Mark a release as one not to be used any more, and say why.

    Its files stay, and it can still be opened by its version; whoever does is told the reason. The
    newest release that is not withdrawn becomes the latest, and the next is compared with that. No
    id that it was the first to use can be used again. What is withdrawn stays so.

    Examples:
      allegata withdraw 2026.11.0 --out dist --reason "The dates of all statements are a day late."
    """
    from allegata.publishing import today
    from allegata.releasing import ReleaseError
    from allegata.releasing import withdraw as run

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        done = run(out, version, reason, today())
    except (ReleaseError, ValueError) as error:
        term.fail(f"not withdrawn: {error}")
        raise typer.Exit(how_it_ends(error)) from None
    entry = done.entry
    if not done.is_new:
        term.say(f"release {version} had been withdrawn on {entry.withdrawn}, and stays so")
        return
    term.say(f"release {version} is withdrawn")
    tell_latest(done.latest, out, term)


def tell_latest(latest: str | None, out: Path, term: Terminal) -> None:
    """Tell which release is the latest now."""
    if latest:
        term.say(f"the latest release is {latest}; publish builds the site that shows it")
    else:
        term.say(f"no release in {out} stands: there is no latest until the next is published")


def how_it_ends(error: Exception) -> int:
    """The exit code of a run that withdraws or takes down, and cannot."""
    from allegata.releasing import NotARelease, PublishingBusy, UnknownRecord, UnknownVersion

    if isinstance(error, (ValueError, NotARelease, UnknownRecord, UnknownVersion)):
        return USAGE
    return ENVIRONMENT if isinstance(error, PublishingBusy) else PROBLEMS
