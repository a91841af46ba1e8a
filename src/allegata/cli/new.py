"""The verb `new`: one below it for each kind of record that has an id."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from allegata.cli.terminal import (
    PROBLEMS,
    USAGE,
    Quiet,
    Terminal,
    printable,
    terminal,
    with_examples,
)

if TYPE_CHECKING:
    from allegata.curating.asking import Question
    from allegata.curating.creating import Dataset


class _Records(TyperGroup):
    """Makes its verbs when they are asked for: other verbs need not wait for the models."""

    @property
    def commands(self) -> dict[str, Any]:
        """The verbs, by name."""
        return _verbs()

    @commands.setter
    def commands(self, _: object) -> None: ...


app = typer.Typer(
    cls=_Records,
    no_args_is_help=True,
    rich_markup_mode=None,
)

_EXAMPLES = {
    "source": "--kind news_report --publisher act-harl-courier --published 2025-03-09 --lang en",
    "actor": '--kind organisation --name "Port Office" --aliases "Office of the Port"',
    "role": '--actor act-petra-quill --title "Member of parliament" --start 2025-03-08',
    "place": '--name "Lower lock" --kind site --parent plc-harl',
    "event": '--label "Meeting at the lower lock" --type meeting --time 2025-03-09',
    "proposition": '--event evt-harl-lock-fire --aspect outcome --text "The gatehouse is rebuilt."',
    "statement": "--speaker act-maren-osk --channel speech --said 2025-03-09",
    "claim": "--source src-harl-courier-2025-03-03 --proposition prp-harl-fire-destruction "
    '--stance suggests --chain stm-lask-post-2025-03-03:posted --quotes "The gatehouse is burning"',
}


def _verb(name: str, table: str) -> Callable[..., None]:
    """The function of a verb, whose options are the fields of a record."""
    from allegata.curating.asking import questions
    from allegata.schema import MODELS

    asked = questions(table)

    def run(
        data: Path, record_id: str | None, file: Path | None, yes: bool, quiet: bool, **given: Any
    ) -> None:
        answers = {one.name: given[one.name] for one in asked if given[one.name] not in (None, [])}
        _make(table, data, record_id, file, yes, terminal(quiet=quiet), answers)

    parameters = [
        _parameter("data", Path, "--data", "The folder of the dataset.", Path("data")),
        _parameter(
            "record_id", str | None, "--id", "The id. [default: proposed from the rest]", None
        ),
        _parameter("file", Path | None, "--file", "The file to write it to.", None),
        _parameter("yes", bool, "--yes", "Write it though it is likely there already.", False),
        *(
            _parameter(
                one.name, list[str] if one.many else str | None, one.option, _help(one), None
            )
            for one in asked
        ),
        inspect.Parameter("quiet", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Quiet),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    article = "an" if name[0] in "aeiou" else "a"
    run.__doc__ = (
        f"Add {article} {name}: {MODELS[table].definition()}\n\nWithout its required options, and "
        "on a terminal, it is asked for. What is likely there already is told, and not written "
        f"unless you say so (exit code 1).\n\nExamples:\n  allegata new {name} {_EXAMPLES[name]}\n"
    )
    run.__name__ = name
    return with_examples(run)


def _parameter(name: str, kind: Any, option: str, text: str, default: Any) -> inspect.Parameter:
    annotation = Annotated[kind, typer.Option(option, help=text)]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _help(question: Question) -> str:
    codes = f" One of {', '.join(question.vocabulary)}." if question.vocabulary else ""
    again = " May be given again." if question.many else ""
    return f"{question.text}{codes}{again}"


def _make(
    table: str,
    data: Path,
    record_id: str | None,
    file: Path | None,
    yes: bool,
    term: Terminal,
    answers: dict[str, Any],
) -> None:
    from allegata.curating import NotEditable
    from allegata.curating.asking import BadAnswer, questions
    from allegata.curating.creating import Dataset, NotAdded

    try:
        dataset = Dataset(data)
        is_asked = sys.stdin.isatty()
        record = {}
        missing = [
            one
            for one in questions(table)
            if one.is_required and not one.per_file and one.name not in answers
        ]
        if missing and not is_asked:
            named = ", ".join(one.option for one in missing)
            raise BadAnswer(f"missing: {named}; or run it on a terminal, and it asks")
        for one in questions(table):
            value = _taken(one, answers.get(one.name), dataset, ask=bool(missing))
            if value not in (None, []):
                record[one.name] = value
        proposal = record_id or dataset.proposed_id(table, record)
        if missing and record_id is None:
            proposal = _ask(f"id [{proposal}]") or proposal
        record = {"id": proposal, **record}
        found = dataset.duplicates(table, record)
        for like in found:
            term.fail(printable(f"likely the same: {like.id}  {like.shown}  ({like.why})"))
        if (
            found
            and not yes
            and not (is_asked and _ask("Write it all the same? [y/N]").lower() in ("y", "yes"))
        ):
            term.fail("not written; say --yes if it is another")
            raise typer.Exit(PROBLEMS)
        written = dataset.add(table, record, file)
    except (BadAnswer, NotAdded) as wrong:
        term.fail(printable(str(wrong)))
        raise typer.Exit(USAGE) from None
    except NotEditable as broken:
        term.fail(printable(str(broken)))
        raise typer.Exit(PROBLEMS) from None
    typer.echo(written.id)
    term.say(printable(f"written to {written.path}:{written.line}"))


def _taken(question: Question, given: Any, dataset: Dataset, *, ask: bool) -> Any:
    """The value of a field: what was given, or what is answered; None where it is left out."""
    from allegata.curating.asking import BadAnswer

    if given is not None:
        listed = [_known(question, one, dataset) for one in given] if question.many else None
        return listed if question.many else _known(question, given, dataset)
    if not ask or question.per_file:
        return None
    typer.echo(printable(f"\n{question.text}"), err=True)
    for code in question.vocabulary or ():
        typer.echo(f"  {code.value}  {code.rule}", err=True)
    values: list[Any] = []
    while True:
        label = question.name if question.is_required else f"{question.name} (Enter: none)"
        answer = _ask(label)
        if not answer and (not question.is_required or values):
            return values if question.many else None
        try:
            value = _known(question, answer, dataset)
        except BadAnswer as wrong:
            typer.echo(printable(f"  {wrong}"), err=True)
            continue
        if not question.many:
            return value
        values.append(value)


def _ask(label: str) -> str:
    """What is typed in answer; the label goes to the error stream, as results go to the other.

    Raises:
        Abort: there is nothing more to be read.
    """
    typer.echo(f"{label}: ", nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def _known(question: Question, answer: str, dataset: Dataset) -> Any:
    """The value that an answer says, if what it refers to is there."""
    from allegata.curating.asking import BadAnswer

    value = question.value(answer)
    if question.refers_to:
        reference = next(iter(value.values())) if isinstance(value, dict) else value
        if why := dataset.unknown(question.refers_to, reference):
            raise BadAnswer(f"{question.name}: {why}")
    return value


@cache
def _verbs() -> dict[str, Any]:
    from allegata.curating.asking import NEW

    below = typer.Typer(rich_markup_mode=None)
    for name, table in NEW.items():
        below.command(name)(_verb(name, table))
    group = typer.main.get_command(below)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


@app.callback()
def new() -> None:
    """Add a record: asks what it needs, or takes options, and writes it where its like stand."""
