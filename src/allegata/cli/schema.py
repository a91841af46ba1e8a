"""The verb `schema`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.terminal import (
    PROBLEMS,
    USAGE,
    NoColor,
    Quiet,
    Terminal,
    terminal,
    with_examples,
)

if TYPE_CHECKING:
    from allegata.evolving import Comparison

app = typer.Typer(no_args_is_help=True, help="Show, freeze and compare the schema.")

Folder = Annotated[
    Path, typer.Option("--folder", help="The folder of frozen versions, one folder each.")
]


class Of(StrEnum):
    """What is to be shown."""

    RECORDS = "records"
    DATASET = "dataset"
    TABLES = "tables"
    RULES = "rules"
    PROBLEM = "problem"


class For(StrEnum):
    """For whom differences are judged."""

    BOTH = "both"
    RECORDS = "records"
    TABLES = "tables"


class As(StrEnum):
    """How a comparison is printed."""

    HUMAN = "human"
    JSON = "json"


@app.command()
@with_examples
def show(
    of: Annotated[Of, typer.Argument(help="Which part.")] = Of.RECORDS,
) -> None:
    """Print a part of the schema as JSON.

    Of record files, dataset.yaml and problems: the JSON Schema (draft 2020-12), for editors and
    other validators. Of tables: their columns, keys and vocabularies. Of rules: what each asks
    for, and how severe it is.

    Examples:
      allegata schema show > record-file.schema.json
    """
    from allegata.evolving import as_text, part

    typer.echo(as_text(part(of.value)), nl=False)


@app.command()
@with_examples
def freeze(
    folder: Folder = Path("schema"),
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Write a version in development again.")
    ] = False,
    seal: Annotated[
        bool,
        typer.Option("--seal", help="Let the version never be written again: datasets are in it."),
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write the schema as it stands into the folder of its version.

    Exit code 1 where the folder holds another schema of that version: one that is sealed, or one
    in development without --refresh.

    Examples:
      allegata schema freeze --refresh
      allegata schema freeze --seal
    """
    from allegata.evolving import FrozenError
    from allegata.evolving import freeze as run

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        term.say(f"frozen: {run(folder, refresh=refresh, seal=seal)}")
    except FrozenError as error:
        term.fail(str(error))
        raise typer.Exit(PROBLEMS) from None


@app.command()
@with_examples
def compare(
    old: Annotated[str, typer.Argument(help="A frozen version, a folder of one, or `current`.")],
    new: Annotated[str, typer.Argument(help="What to compare it with.")] = "current",
    level: Annotated[
        For,
        typer.Option("--level", help="For whom: who writes records, who reads tables, or both."),
    ] = For.BOTH,
    format: Annotated[As, typer.Option("--format", help="How it is printed.")] = As.HUMAN,  # noqa: A002
    folder: Folder = Path("schema"),
    no_color: NoColor = False,
) -> None:
    """Tell every difference between two versions of the schema, and which version is due.

    Exit code 1 where the later version is not as high above the earlier one as it has to be.

    Examples:
      allegata schema compare 1.0.0
      allegata schema compare 1.0.0 1.1.0 --level records --format json
    """
    from allegata.evolving import Level, NoSnapshotError, snapshot
    from allegata.evolving import compare as run

    term = terminal(no_color=no_color)
    try:
        made = run(snapshot(old, folder), snapshot(new, folder), Level(level.value))
    except NoSnapshotError as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    if format is As.JSON:
        typer.echo(json.dumps(made.as_plain(), ensure_ascii=False, indent=1))
    else:
        _print(made, term)
    if not made.is_enough:
        term.fail(f"{made.new} is not enough: these differences need {made.due}")
        raise typer.Exit(PROBLEMS)


def _print(made: Comparison, term: Terminal) -> None:
    from allegata.rules import shortened

    for one in made.differences:
        effects = f"records: {one.of.records}, tables: {one.of.tables}"
        term.out.print(
            f"{one.of.at(made.level).word}  {one.element}: {one.of.what} ({effects})",
            highlight=False,
            soft_wrap=True,
        )
        if one.old is not None or one.new is not None:
            was, is_now = (shortened("-" if v is None else v, 200) for v in (one.old, one.new))
            term.out.print(f"       {was} → {is_now}", highlight=False, soft_wrap=True)
    term.out.print(
        f"{made.old} → {made.new}: {len(made.differences)} differences, "
        f"{made.bump.word}; due: {made.due}",
        highlight=False,
        soft_wrap=True,
    )
