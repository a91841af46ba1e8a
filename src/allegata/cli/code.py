"""The verb `code`."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from allegata.cli.terminal import ENVIRONMENT, USAGE, NoColor, Quiet, terminal


def code(
    source: Annotated[str, typer.Argument(help="The id of the source to code.")],
    data: Annotated[Path, typer.Option("--data", help="The folder of the dataset.")] = Path("data"),
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts", help="The folder of the sources' texts. [default: that of dataset.yaml]"
        ),
    ] = None,
    coder: Annotated[
        str | None,
        typer.Option("--coder", help="Your pseudonym, where the file's defaults name no coder."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Code a source in the browser: its text on one side, its claims on the other.

    The page is for this machine alone. Its address holds a token: who has it can change the
    source's record file. Nothing is written before you save. See docs/coding-page.md.

    Examples:
      allegata code src-courier-2025-03-03 --coder c1
      allegata code src-courier-2025-03-03 --data mine --no-browser
    """
    from allegata.coding import CodingServer, NotCodable, Work
    from allegata.reading import MissingPathError

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        work = Work(data, source, texts, coder)
    except (MissingPathError, NotCodable) as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    try:
        with CodingServer(work, port) as server:
            typer.echo(server.address)
            term.say(f"coding {source}; Ctrl-C ends")
            if browser:
                webbrowser.open(server.address)
            Event().wait()
    except KeyboardInterrupt:
        term.say("")
    except OSError as error:
        term.fail(f"cannot listen at port {port}: {error.strerror or error}")
        raise typer.Exit(ENVIRONMENT) from None
    finally:
        work.close()
