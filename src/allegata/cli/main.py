"""The program: its verbs, and how a run ends."""

from __future__ import annotations

import importlib.metadata
import io
import os
import platform
import sys
import traceback
from typing import Annotated

import typer

from allegata.cli import (
    agree,
    anchor,
    check,
    code,
    diff,
    explain,
    export,
    importing,
    init,
    man,
    migrate,
    new,
    publish,
    query,
    schema,
    show,
    site,
    takedown,
    verify,
    withdraw,
)
from allegata.cli.format import format as lay_out
from allegata.cli.terminal import CRASH, ENVIRONMENT, INTERRUPTED, terminal, with_examples
from allegata.version import __version__

app = typer.Typer(
    name="allegata",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(with_examples(check.check))
app.command()(with_examples(init.init))
app.command()(with_examples(anchor.anchor))
app.command()(with_examples(lay_out))
app.command()(with_examples(publish.publish))
app.command()(with_examples(diff.diff))
app.command()(with_examples(verify.verify))
app.command()(with_examples(show.show))
app.command()(with_examples(query.query))
app.command("import")(with_examples(importing.import_))
app.command()(with_examples(export.export))
app.command()(with_examples(migrate.migrate))
app.command()(with_examples(explain.explain))
app.command()(with_examples(code.code))
app.command()(with_examples(agree.agree))
app.command()(with_examples(man.man))
app.command()(with_examples(withdraw.withdraw))
app.command()(with_examples(takedown.takedown))
app.add_typer(new.app, name="new")
app.add_typer(schema.app, name="schema")
app.add_typer(site.app, name="site")


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
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What is printed for machines is UTF-8 whatever the locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except SystemExit as end:  # by which typer ends every run that it does not see fail
        if end.code == INTERRUPTED:
            terminal().err.print("interrupted; nothing was left half made")
        if isinstance(end.__context__, BrokenPipeError):
            sys.exit(ENVIRONMENT)
        raise
    except OSError as error:
        from allegata.rules import shortened

        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        message = shortened(f"{where}{error.strerror or error}", 4096)
        terminal().err.print(f"allegata: {message}", soft_wrap=True)
        sys.exit(ENVIRONMENT)
    except MemoryError:
        terminal().err.print("allegata: there is not enough memory for this", soft_wrap=True)
        sys.exit(ENVIRONMENT)
    except Exception:
        traceback.print_exc()
        terminal().err.print("allegata: this is a bug in Allegata; please report it")
        sys.exit(CRASH)
