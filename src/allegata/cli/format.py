"""The verb `format`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.terminal import (
    PROBLEMS,
    NoColor,
    Quiet,
    ShowDiff,
    echo_lines,
    printable,
    terminal,
)


def format(  # noqa: A001 - the verb's name
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="YAML record files, or folders of them. [default: data]"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 if anything would change.")
    ] = False,
    diff: ShowDiff = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Lay out record files in the one canonical way, in place.

    Values and comments stay as they are, and a second run changes nothing. Keys take the order of
    the codebook; records without an id stand on one line where they fit. A file that cannot be
    read is left alone (exit code 1).

    Examples:
      allegata format data
      allegata format data --check --diff
    """
    from allegata.curating import Change, format_files
    from allegata.rules.printing import print_problems

    term = terminal(quiet=quiet, no_color=no_color)
    changed, files, failed = 0, 0, False
    for one in format_files(paths or [Path("data")]):
        files += 1
        if not isinstance(one, Change):
            print_problems([one], term.err)
            failed = True
            continue
        if one.is_none:
            continue
        changed += 1
        if not check:
            one.write()
        if diff:
            echo_lines(one.diff())
        term.say(f"{'would change' if check else 'changed'}: {printable(str(one.path))}")
    term.say(f"{'would change' if check else 'changed'} {changed} of {files} files")
    if failed or (check and changed):
        raise typer.Exit(PROBLEMS)
