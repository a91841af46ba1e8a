"""Problems as text for people and as annotations for code hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from allegata.rules.definitions import RULES
from allegata.rules.problem import Place, Problem, Severity, shortened

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_WIDTH = 100


Lines = Mapping[int, str]
"""Lines of a file by their numbers, from 1."""


def text_lines(file: str, wanted: Collection[int]) -> Lines:
    """Some lines of a text file as its reader counts them; none if it has none to show."""
    try:
        if not Path(file).is_file():  # a pipe would be waited for
            return {}
        text = Path(file).read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return {}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return {number: lines[number - 1] for number in wanted if number <= len(lines)}


def print_problems(
    problems: Sequence[Problem],
    console: Console,
    lines_of: Callable[[str, Collection[int]], Lines] = text_lines,
) -> None:
    """Print problems for a person: grouped by file, each with an excerpt and a caret.

    Args:
        problems: The problems.
        console: Where to print them.
        lines_of: What reads lines of a file, given its path and their numbers.
    """
    for file, group in groupby(problems, key=lambda problem: problem.place.file):
        of_file = list(group)
        lines = lines_of(file, {problem.place.line for problem in of_file})
        for problem in of_file:
            console.print(_human(problem, lines), soft_wrap=True, highlight=False)


def print_rest(counts: Counter[str], console: Console) -> None:
    """Tell how many problems of each code are not shown."""
    text = Text(f"not shown, {counts.total():,} more:\n", "bold")
    for code, number in counts.most_common():
        severity = RULES[code].severity
        text.append(f"  {number:,} times ").append(f"{severity}[{code}]\n", _STYLE[severity])
    console.print(text, soft_wrap=True, highlight=False)


def summary(counts: Counter[str], files: int, records: int) -> str:
    """What was checked and found, in a line; ``counts`` are of problems by their codes."""
    by_severity: Counter[Severity] = Counter()
    for code, number in counts.items():
        by_severity[RULES[code].severity] += number
    found = ", ".join(_counted(by_severity[one], one.value) for one in Severity if by_severity[one])
    read = f"{_counted(records, 'record')} in {_counted(files, 'file')}"
    return f"{found or 'no problems'}: {read}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _human(problem: Problem, lines: Lines) -> Text:
    text = Text()
    text.append(f"{problem.severity}[{problem.code}]", _STYLE[problem.severity])
    text.append(f": {shortened(problem.message, 500)}\n", "bold")
    named = " · ".join(part for part in (problem.record, problem.field) if part)
    text.append("  --> ", "blue")
    text.append(f"{_where(problem.place)}{'  ' + named if named else ''}\n")
    text.append(_excerpt(problem.place, lines))
    for related in problem.related:
        text.append("  see ", "blue")
        text.append(f"{_where(related.place)}: {related.message}\n")
    if problem.fix:
        text.append("  fix: ", "green")
        text.append(f"{problem.fix}\n")
    return text


def _where(place: Place) -> str:
    return shortened(place, 4096)  # a file's name can hold anything, escape sequences too


def _excerpt(place: Place, lines: Lines) -> Text:
    """The line that the place is in, with carets below it; long lines are cut around them."""
    text = Text()
    if place.line not in lines:
        return text
    line = lines[place.line]
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
    cut = max(0, start - _WIDTH // 2)
    shown = shortened(line[cut : cut + _WIDTH], _WIDTH)
    # Wide characters take two cells of a terminal.
    before = cell_len(shortened(line[cut:start], _WIDTH)) + bool(cut)
    width = max(1, cell_len(shortened(line[start : min(end, cut + _WIDTH)], _WIDTH)))
    margin = " " * len(str(place.line))
    text.append(f"{margin} |\n{place.line} |", "blue")
    text.append(f" {'…' if cut else ''}{shown}\n")
    text.append(f"{margin} |", "blue")
    text.append(f" {' ' * before}{'^' * width}\n", "bold red")
    return text


def as_github(problems: Iterable[Problem]) -> str:
    """Workflow commands that GitHub shows as annotations beside the lines.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(
        f"::{problem.severity} file={_property(problem.place.file)},line={problem.place.line},"
        f"col={problem.place.column},endLine={problem.place.end_line},"
        f"endColumn={problem.place.end_column},title={problem.code}"
        f"::{_data(problem.message + (f' - {problem.fix}' if problem.fix else ''))}\n"
        for problem in problems
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
