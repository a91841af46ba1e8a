"""The verb `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.terminal import PROBLEMS, Format, FormatOption, NoColor, Quiet, Terminal, terminal


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Record files, or folders of them. [default: data]")
    ] = None,
    format: FormatOption = Format.HUMAN,  # noqa: A002 - the option's name
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Validate record files and tell every problem at once.

    Exit code 0 when nothing stops a release, 1 when something does.

    Examples:
      allegata check
      allegata check data/sources --format sarif > problems.sarif
    """
    from allegata.engines import check as run

    term = terminal(quiet=quiet, no_color=no_color)
    with term.progress("reading") as progress:
        report = run(paths or [Path("data")], progress)
    print_report(report, format, term)
    if not report.ok or (strict and report.problems):
        raise typer.Exit(PROBLEMS)


def print_report(report: object, format: Format, term: Terminal) -> None:  # noqa: A002
    """Print the problems of a report in the format asked for, and what was checked."""
    from allegata.engines import Report
    from allegata.rules import RULES
    from allegata.rules.printing import as_github, print_problems, summary
    from allegata.rules.sarif import as_sarif

    assert isinstance(report, Report)
    if format is Format.HUMAN:
        print_problems(report.problems, term.err)
    elif format is Format.JSON:
        for problem in report.problems:
            typer.echo(problem.model_dump_json())
    elif format is Format.GITHUB:
        typer.echo(as_github(report.problems), nl=False)
    else:
        typer.echo(as_sarif(report.problems, RULES), nl=False)
    rows = sum(len(rows) for rows in report.reading.records.rows.values())
    term.say(summary(report.problems, len(report.reading.files), rows))
