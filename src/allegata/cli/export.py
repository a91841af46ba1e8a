"""The verb `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.release import VersionOption, opened
from allegata.cli.terminal import USAGE, NoColor, Quiet, terminal


def export(
    format: Annotated[  # noqa: A002 - the argument's name
        str | None, typer.Argument(help="The format; --list names them.")
    ] = None,
    release: Annotated[
        str, typer.Argument(help="A folder of releases, that of one, or the URL of either.")
    ] = "dist",
    version: VersionOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file or folder to make.")] = None,
    contested: Annotated[
        bool,
        typer.Option(
            "--contested",
            help="In formats that assert events, write those too that are contested, denied or "
            "doubted.",
        ),
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write a release in a format of other tools.

    What the format cannot hold is left out, told and counted; nothing is guessed. Who says it, and
    with which stance, goes with every claim.

    Examples:
      allegata export --list
      allegata export sqlite --out claims.sqlite
      allegata export plover dist --contested --out events.jsonl
    """
    from allegata.exporting import FORMATS, ExportRefused, export_release
    from allegata.releasing import ReleaseError

    term = terminal(quiet=quiet, no_color=no_color)
    if list_:
        for one in FORMATS.values():
            typer.echo(f"{one.name:16}{one.title}; for {one.use}")
        return
    if format is None:
        raise typer.BadParameter("name a format; --list lists them", param_hint="FORMAT")
    if out is None:
        raise typer.BadParameter("name what to make with --out", param_hint="--out")
    try:
        with term.progress("exporting") as progress:
            done = export_release(
                opened(release, version, term), format, out, contested=contested, progress=progress
            )
    except (ExportRefused, ReleaseError) as error:
        term.fail(f"not exported: {error}")
        raise typer.Exit(USAGE) from None
    for why, count in sorted(done.left_out.items()):
        term.say(f"left out: {count:,} {why}")
    term.say(f"not kept by this format: {done.format.loses}")
    term.say(f"{done.written:,} written: {done.path}")
