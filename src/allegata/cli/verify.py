"""The verb `verify`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.check import MEMORY_LIMIT, MemoryLimit
from allegata.cli.release import warned
from allegata.cli.terminal import (
    ENVIRONMENT,
    PROBLEMS,
    USAGE,
    NoColor,
    Quiet,
    Terminal,
    terminal,
)

if TYPE_CHECKING:
    from allegata.verifying import Verification


class Format(StrEnum):
    """How findings are printed."""

    HUMAN = "human"
    JSON = "json"


def verify(
    release: Annotated[
        str,
        typer.Argument(help="A folder of releases, the folder of one, or the URL of either."),
    ] = "dist",
    version: Annotated[
        str | None,
        typer.Option("--version", help="Which release of the folder. [default: the latest]"),
    ] = None,
    derived: Annotated[
        bool,
        typer.Option(
            "--derived/--no-derived", help="Make the derived tables anew and compare them."
        ),
    ] = True,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    format: Annotated[  # noqa: A002 - the option's name
        Format, typer.Option("--format", help="How findings are printed.", case_sensitive=False)
    ] = Format.HUMAN,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Check every byte and every promise of a release, with nothing but the release.

    Checksums, manifest, schema, rows, keys, references, codes, derived tables, history. All that is
    wrong is told at once: exit code 1. What could not be looked at is told too.

    Examples:
      allegata verify dist
      allegata verify dist/releases/2026.11.0 --format json
    """
    from allegata.releasing import NotARelease, TakenDown, UnknownVersion
    from allegata.storage import NeedsPackage
    from allegata.verifying import verify as run

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        with warned(term), term.progress("verifying") as progress:
            done = run(release, version, progress, derived=derived, memory_limit=memory_limit)
    except (NotARelease, TakenDown, UnknownVersion) as error:
        term.fail(f"not verified: {error}")
        raise typer.Exit(USAGE) from None
    except NeedsPackage as error:
        term.fail(f"not verified: {error}")
        raise typer.Exit(ENVIRONMENT) from None
    if format is Format.JSON:
        typer.echo(json.dumps(done.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print(done, term)
    if not done.ok:
        raise typer.Exit(PROBLEMS)


def _print(done: Verification, term: Terminal) -> None:
    for finding in done.findings:
        term.out.print(str(finding), markup=False, highlight=False, soft_wrap=True)
    for one in done.checked:
        term.say(f"checked: {one}")
    for one in done.not_checked:
        term.say(f"not checked: {one}")
    what = f"release {done.version}" if done.version else done.place
    seen = f"{done.files:,} files, {done.bytes / 1e6:,.1f} MB, {done.rows:,} rows"
    number = len(done.findings)
    told = "it is what it says" if done.ok else f"{number:,} finding{'s' if number > 1 else ''}"
    term.say(f"{what}: {told} ({seen})")
