"""The verb `check`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.release import warned
from allegata.cli.terminal import (
    ENVIRONMENT,
    PROBLEMS,
    Format,
    FormatOption,
    NoColor,
    Quiet,
    Terminal,
    a_size,
    terminal,
)

if TYPE_CHECKING:
    from allegata.engines import Report

MOST_FOR_A_PERSON = 100
MEMORY_LIMIT = "1GB"  # that of allegata.engines, which takes long to import

Texts = Annotated[
    Path | None,
    typer.Option("--texts", help="A folder of sources' texts, <source id>.txt, to verify quotes."),
]
MaxProblems = Annotated[
    int | None,
    typer.Option(
        "--max-problems",
        min=0,
        help="Print this many problems, and count the rest by code. [default: 100 for people]",
    ),
]

MemoryLimit = Annotated[
    str,
    typer.Option(
        "--memory-limit",
        help="How much memory tables may take, such as 500MB or 4GB; what exceeds it goes to a "
        "temporary folder. About half a gigabyte comes on top.",
        callback=a_size,
    ),
]


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Record files, or folders of them. [default: data]")
    ] = None,
    format: FormatOption = Format.HUMAN,  # noqa: A002 - the option's name
    texts: Texts = None,
    max_problems: MaxProblems = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            help="A folder of releases: each change since the latest needs a revision.",
        ),
    ] = None,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    use_cache: Annotated[
        bool,
        typer.Option(
            "--cache/--no-cache",
            help="Use what the last run found in files that have not changed.",
        ),
    ] = True,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Check again whenever a file is saved.")
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Validate record files and tell every problem at once.

    Exit code 0 when nothing stops a release, 1 when something does.

    Examples:
      allegata check
      allegata check data/sources --format sarif > problems.sarif
      allegata check data --texts data/texts
    """
    from allegata.engines import check as run
    from allegata.releasing import ReleaseError, before

    if watch and format is not Format.HUMAN:
        raise typer.BadParameter("it shows problems to a person", param_hint="--watch")
    term, asked = terminal(quiet=quiet, no_color=no_color), paths or [Path("data")]
    try:
        with warned(term):
            earlier = before(since) if since else None
    except ReleaseError as error:
        term.fail(str(error))
        raise typer.Exit(ENVIRONMENT) from None

    def once() -> bool:
        with term.progress("reading") as progress:
            report = run(
                asked,
                progress,
                texts,
                memory_limit=memory_limit,
                use_cache=use_cache,
                before=earlier,
            )
        print_report(report, format, term, max_problems)
        return report.ok and not (strict and report.counts)

    if not (_watched([*asked, *([texts] if texts else [])], once, term) if watch else once()):
        raise typer.Exit(PROBLEMS)


def _watched(paths: list[Path], once: Callable[[], bool], term: Terminal) -> bool:
    """Check now, and each time that a file is saved, until Ctrl-C; how the last check ended."""
    from allegata.reading import MissingPathError, changes, dataset_folder

    fine = True
    try:
        for _ in changes(dataset_folder(path) or path for path in paths):
            if term.err.is_terminal:
                term.err.clear()
            try:
                fine = once()
            except MissingPathError as error:  # gone while it was read: a change that is told next
                fine = False
                term.fail(str(error))
            term.say(f"{time.strftime('%H:%M:%S')} waiting for changes; Ctrl-C ends")
    except KeyboardInterrupt:
        term.say("")
    return fine


def print_report(
    report: Report,
    format: Format,  # noqa: A002 - the option's name
    term: Terminal,
    most: int | None = None,
) -> None:
    """Print the problems of a report in the format asked for, and what was checked.

    ``most`` is how many problems are printed; without it, a person is shown a hundred and a
    program all of them. What is left out is counted.
    """
    from allegata.reading.lines import excerpts
    from allegata.rules import RULES
    from allegata.rules.printing import as_github, print_problems, print_rest, summary
    from allegata.rules.sarif import as_sarif

    most = MOST_FOR_A_PERSON if most is None and format is Format.HUMAN else most
    problems = report.problems[:most]
    rest = report.counts - Counter(problem.code for problem in problems)
    if format is Format.HUMAN:
        print_problems(problems, term.err, excerpts)
    elif format is Format.JSON:
        for problem in problems:
            typer.echo(problem.model_dump_json())
    elif format is Format.GITHUB:
        typer.echo(as_github(problems), nl=False)
    else:
        typer.echo(as_sarif(problems, RULES), nl=False)
    if rest:
        print_rest(rest, term.err)
    term.say(summary(report.counts, len(report.reading.files), report.reading.stock.total()))
    for line in asides(report):
        term.say(line)


def asides(report: Report) -> Iterator[str]:
    """What a report has to say beside its problems: waivers, and anchors not verified."""
    if report.waived:
        yield f"{len(report.waived)} waived: see the waivers in the record files"
    anchors = report.anchors
    if anchors.verified or anchors.wrong:
        yield f"anchors: {anchors.verified} verified, {anchors.wrong} wrong"
    if anchors.unverified:
        yield f"anchors not verified: {anchors.unverified}, the text is not at hand (--texts)"
