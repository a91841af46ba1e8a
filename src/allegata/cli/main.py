"""The program: its verbs, and how a run ends."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import traceback
from typing import Annotated

import typer

from allegata import __version__
from allegata.cli import check, explain, schema
from allegata.cli.terminal import CRASH, ENVIRONMENT, INTERRUPTED, terminal

app = typer.Typer(
    name="allegata",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(check.check)

app.command()(explain.explain)
app.add_typer(schema.app, name="schema")


def _versions(wanted: bool) -> None:
    if wanted:
        from allegata.schema import SCHEMA_VERSION

        typer.echo(f"allegata {__version__}\nschema {SCHEMA_VERSION}")
        typer.echo(f"python {platform.python_version()}")
        for library in ("pydantic", "pyarrow", "duckdb", "mkdocs"):
            typer.echo(f"{library} {importlib.metadata.version(library)}")
        raise typer.Exit


@app.callback()
def allegata(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_versions, is_eager=True, help="Print versions."),
    ] = False,
) -> None:
    """Publish datasets of contested events and of the claims made about them.

    Exit codes: 0 fine, 1 problems found, 2 wrong usage, 3 the environment failed,
    130 interrupted.
    """


def main() -> None:
    """Run the command line of this process."""
    try:
        app()
    except KeyboardInterrupt:
        terminal().err.print("interrupted; nothing was left half made")
        sys.exit(INTERRUPTED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        terminal().err.print(f"allegata: {where}{error.strerror or error}", soft_wrap=True)
        sys.exit(ENVIRONMENT)
    except Exception:
        traceback.print_exc()
        terminal().err.print("allegata: this is a bug in Allegata; please report it")
        sys.exit(CRASH)
