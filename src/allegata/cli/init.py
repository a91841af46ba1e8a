"""The verb `init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.terminal import USAGE, NoColor, Quiet, printable, terminal


def init(
    name: Annotated[
        Path, typer.Argument(help="The folder to be made; its last part names the dataset.")
    ],
    title: Annotated[
        str | None, typer.Option("--title", help="The dataset's title. [default: its name]")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="Who publishes it. [default: its title]")
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", help="The language of names and propositions (BCP 47).")
    ] = "en",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Begin a dataset: a folder with an invented example that checks and publishes at once.

    It holds records, settings for editors, for pre-commit and for a pipeline, and the JSON Schema
    by which editors complete and explain.

    Examples:
      allegata init river-events --title "Events on the river"
    """
    from allegata.curating import NotBegun
    from allegata.curating import init as run

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        made = run(name, title=title, publisher=publisher, lang=lang)
    except NotBegun as refused:
        term.fail(printable(str(refused)))
        raise typer.Exit(USAGE) from None
    term.say(f"made {printable(str(name))}: {len(made)} files")
    term.say(f"next: cd {printable(str(name))} && allegata check data")
