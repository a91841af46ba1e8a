"""The verb `diff`."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.check import MEMORY_LIMIT, MemoryLimit
from allegata.cli.release import ReleaseOption, by_ending, opened, written_to
from allegata.cli.terminal import PROBLEMS, USAGE, NoColor, Quiet, Terminal, terminal

if TYPE_CHECKING:
    from allegata.comparing import Difference
    from allegata.releasing import Release

_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]+")


class Format(StrEnum):
    """How a difference is told."""

    HUMAN = "human"
    JSON = "json"
    HTML = "html"


def diff(
    old: Annotated[
        str | None,
        typer.Argument(
            help="A version, or a folder. [default: the release before the latest]",
            show_default=False,
        ),
    ] = None,
    new: Annotated[
        str | None,
        typer.Argument(help="A version, or a folder. [default: the latest]", show_default=False),
    ] = None,
    release: ReleaseOption = "dist",
    table: Annotated[
        list[str] | None,
        typer.Option("--table", help="Compare this table only; may be given several times."),
    ] = None,
    record: Annotated[
        str | None, typer.Option("--record", help="Compare the record of this id only.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Format | None,
        typer.Option(
            "--format",
            help="How to tell it. [default: by the ending of --out, else human]",
            case_sensitive=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write it to.")
    ] = None,
    all_records: Annotated[
        bool, typer.Option("--all", help="Show all records, with all their values.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if anything differs, as git diff does.")
    ] = False,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Tell how two releases differ: by table, by record, field by field.

    A release is named by its version, which is looked up in --release, or by its folder. Records
    of base tables are listed, each with what is nested in it and with what its revisions tell;
    rows of derived tables are counted, and listed if --table asks for them. A column that only one
    of the releases has is told of and not compared. JSON holds all records; see
    docs/releases-and-changes.md.

    Exit codes: 0 also where something differs, unless --exit-code is given; 2 wrong usage.

    Examples:
      allegata diff
      allegata diff 2026.10.0 2026.11.0 --table contestation
      allegata diff old/releases/2026.10.0 dist --out difference.html
    """
    from allegata.comparing import diff as compare
    from allegata.releasing import ReleaseError

    term = terminal(quiet=quiet, no_color=no_color)
    output = format or by_ending(out, Format.HUMAN)
    if output is Format.HUMAN and out:
        raise typer.BadParameter(
            "what is for the terminal is not written to a file; name one that ends in .json or "
            ".html, or give --format",
            param_hint="--out",
        )
    newer = _release(new, release, term) if new else opened(release, None, term)
    older = _release(old, release, term) if old else _before(newer, release, term)
    try:
        with compare(
            older, newer, tables=table or None, record=record, memory_limit=memory_limit
        ) as difference:
            if difference.is_same:
                term.say(f"nothing differs between {older.version} and {newer.version}")
            _write(difference, output, out, term, all_records=all_records)
            differs = not difference.is_same
    except ReleaseError as error:
        term.fail(f"not compared: {error}")
        raise typer.Exit(USAGE) from None
    if exit_code and differs:
        raise typer.Exit(PROBLEMS)


def _release(named: str, place: str, term: Terminal) -> Release:
    if _VERSION.fullmatch(named):
        return opened(place, named, term)
    return opened(named, None, term)


def _before(release: Release, place: str, term: Terminal) -> Release:
    if release.manifest.previous is None:
        term.fail(f"{place} has no release before {release.version} to compare with")
        raise typer.Exit(USAGE)
    return opened(place, release.manifest.previous, term)


def _write(
    difference: Difference, output: Format, out: Path | None, term: Terminal, *, all_records: bool
) -> None:
    from allegata.comparing.output import lines, write_json, write_page

    if output is Format.HUMAN:
        if not difference.is_same:
            for part in lines(difference, all_records=all_records):
                term.out.print(part, highlight=False, soft_wrap=False)
        return
    with written_to(out) as file:
        if output is Format.JSON:
            write_json(difference, file)
        else:
            write_page(difference, file, all_records=all_records)
    if out:
        term.say(f"{difference.count:,} records differ: {out}")
