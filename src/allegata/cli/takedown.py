"""The verb `takedown`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.terminal import PROBLEMS, USAGE, NoColor, Quiet, Terminal, terminal
from allegata.cli.withdraw import OutOption, ReasonOption, how_it_ends, tell_latest

if TYPE_CHECKING:
    from allegata.releasing import Takedown


def takedown(
    reason: ReasonOption,
    record: Annotated[
        str | None,
        typer.Argument(help="The id of a record: each release that holds it is taken down."),
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="The version of the one release to take down.")
    ] = None,
    out: OutOption = Path("dist"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be removed, and remove nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    even_latest: Annotated[
        bool,
        typer.Option(
            "--even-latest",
            help="Take down the latest release too, before there is one without the record.",
        ),
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Remove what releases hold, where the law or somebody's safety asks for it.

    A release cannot be edited, so the files of each release that holds the record go, and the site
    that shows it. Their manifests stay, with a tombstone that says why and what was removed, and
    they count as withdrawn. It cannot be undone. First retract the record in the record files, and
    publish a release without it. What others have copied is out of reach.

    Examples:
      allegata takedown clm-daily-beast-2025-12-29-47 --reason "By a court's order." --dry-run
      allegata takedown clm-daily-beast-2025-12-29-47 --reason "It cannot wait." --even-latest --yes
      allegata takedown --version 2026.11.0 --reason "It held addresses of witnesses." --yes
    """
    from allegata.publishing import today
    from allegata.releasing import ReleaseError, plan_takedown
    from allegata.releasing import takedown as run

    term = terminal(quiet=quiet, no_color=no_color)
    if (record is None) == (version is None):
        term.fail("name either a record or, with --version, a release")
        raise typer.Exit(USAGE)
    try:
        plan = plan_takedown(out, version=version, record=record)
        for line in _told(plan):
            term.out.print(line, markup=False, highlight=False, soft_wrap=True)
        if dry_run:
            term.say("nothing was removed: this was a dry run")
            return
        if plan.releases or plan.quarantined:
            _ask(plan, term, yes=yes, even_latest=even_latest)
        run(plan, reason, today(), even_latest=even_latest)
    except (ReleaseError, ValueError) as error:
        term.fail(f"not taken down: {error}")
        raise typer.Exit(how_it_ends(error)) from None
    _tell_done(plan, term)


def _told(plan: Takedown) -> Iterator[str]:
    for entry in plan.before:
        yield f"release {entry.version}: taken down on {entry.withdrawn}"
    for one in plan.releases:
        yield f"release {one.version}: {one.files} files go, {one.bytes:,} bytes"
    for name in plan.quarantined:
        yield f"{name} goes"
    if plan.site:
        yield "the site goes; publish builds it anew"
    for waiver in plan.waivers:
        yield (
            f"a manifest, which stays, has a waiver of {waiver.record} from {waiver.rule}: "
            f"{waiver.reason!r}"
        )


def _ask(plan: Takedown, term: Terminal, *, yes: bool, even_latest: bool) -> None:
    """Have a person agree, unless that was done or it will be refused anyway.

    Raises:
        Exit: nobody agrees.
    """
    if yes or (plan.record and plan.takes_latest and not even_latest):
        return
    if not sys.stdin.isatty():
        term.fail("not taken down: nobody is there to be asked; say --yes")
        raise typer.Exit(USAGE)
    versions = ", ".join(one.version for one in plan.releases)
    what = f"Remove the files of {versions}" if versions else "Remove this"
    if not typer.confirm(f"{what}? It cannot be undone.", err=True):
        term.fail("not taken down: nothing was removed")
        raise typer.Exit(PROBLEMS)


def _tell_done(plan: Takedown, term: Terminal) -> None:
    if not (plan.releases or plan.quarantined):
        term.say("nothing is left to be removed")
        return
    versions = ", ".join(one.version for one in plan.releases)
    term.say(f"taken down: {versions or 'what is told above'}")
    tell_latest(plan.latest, plan.out, term)
    if plan.record and plan.takes_latest:
        term.say(
            f"now retract {plan.record} in the record files and publish: no release without it is "
            "newer than those that were taken down"
        )
    elif plan.record:
        term.say(
            f"see that {plan.record} is retracted in the record files, with a revision: "
            "its id names no record again"
        )
    term.say("copies elsewhere are out of reach: mirrors, archives, the history of the records")
