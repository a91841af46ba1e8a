"""The verb `import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.check import MEMORY_LIMIT, MemoryLimit
from allegata.cli.terminal import ENVIRONMENT, PROBLEMS, USAGE, NoColor, Quiet, terminal


def import_(
    format: Annotated[  # noqa: A002 - the argument's name
        str | None, typer.Argument(help="The format; --list names them.")
    ] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="Files of that format.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder to write; new, or empty.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="The mapping, for the format table.")
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--beside", help="Records that are there already, and not written again."),
    ] = None,
    coder: Annotated[
        str | None,
        typer.Option("--coder", help="Pseudonym of who judged, for label-studio and inception."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what becomes what, and what is set aside.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of mappings.")
    ] = False,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Bring in other people's data as ordinary records.

    Each record says which file and row it was made from. The report, on standard output and in the
    folder, accounts for every row. Exit code 1 where a file could not be read to its end.

    Examples:
      allegata import --list
      allegata import ucdp-ged --explain
      allegata import --schema > mapping.schema.json
    """
    from allegata.importing import (
        FORMATS,
        ImportRefused,
        MappingError,
        OutExists,
        import_files,
        mapping_schema,
    )

    term = terminal(quiet=quiet, no_color=no_color)
    if schema or list_:
        typer.echo(json.dumps(mapping_schema(), indent=2) if schema else _listed())
        return
    if format is None:
        raise typer.BadParameter("name a format; --list lists them", param_hint="FORMAT")
    if explain and format in FORMATS:
        typer.echo(f"{FORMATS[format].title}\n\n{FORMATS[format].description}")
        return
    if not files or out is None:
        raise typer.BadParameter("name one file or more, and --out FOLDER", param_hint="FILES")
    try:
        with term.progress("importing"):
            report = import_files(
                format,
                files,
                out,
                mapping=mapping,
                beside=beside,
                coder=coder,
                memory_limit=memory_limit,
            )
    except (ImportRefused, MappingError) as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    except OutExists as error:
        term.fail(str(error))
        raise typer.Exit(ENVIRONMENT) from None
    for line in report.lines():
        typer.echo(line)
    if not report.ok:
        raise typer.Exit(PROBLEMS)


def _listed() -> str:
    from allegata.importing import FORMATS

    return "\n".join(f"{one.name:16}{one.title}" for one in FORMATS.values())
