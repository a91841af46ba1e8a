"""The verb `query`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.release import ReleaseOption, VersionOption, by_ending, opened, written_to
from allegata.cli.terminal import USAGE, NoColor, Quiet, Terminal, terminal

if TYPE_CHECKING:
    import pyarrow as pa


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT, in DuckDB's SQL.")],
    release: ReleaseOption = "dist",
    version: VersionOption = None,
    format: Annotated[  # noqa: A002 - the option's name
        Format | None,
        typer.Option(
            "--format",
            help="How to write the answer. [default: by the ending of --out, else a table]",
            case_sensitive=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write it to.")
    ] = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Ask a release by SQL.

    The tables of the release are there by their names; `SHOW TABLES` and `DESCRIBE claims_flat`
    list them and their columns. Files, the network and everything else are out of reach of the SQL.
    A table for reading ends after a hundred rows; the other formats hold all.

    Examples:
      allegata query "SELECT stance, count(*) AS claims FROM claims GROUP BY stance"
      allegata query "FROM contestation WHERE valid_to IS NULL" --format csv > now.csv
      allegata query "FROM stances" --out stances.parquet
    """
    from allegata.releasing import ReleaseError
    from allegata.showing import QueryError, ReleaseSession
    from allegata.showing import query as ask

    term = terminal(quiet=quiet, no_color=no_color)
    output = format or by_ending(out, Format.TABLE)
    if output is Format.PARQUET and out is None:
        term.fail("Parquet is not for a terminal or a pipe: name a file with --out")
        raise typer.Exit(USAGE)
    try:
        with ReleaseSession(opened(release, version, term)) as session:
            _write(ask(session, sql), output, out, term)
    except (QueryError, ReleaseError) as error:
        term.fail(f"the query cannot be answered: {error}")
        raise typer.Exit(USAGE) from None


def _write(answer: pa.RecordBatchReader, output: Format, out: Path | None, term: Terminal) -> None:
    from allegata.showing import table_of, write_answer

    if output is Format.TABLE:
        if out:
            raise typer.BadParameter(
                "a table is for reading; name a file that ends in .csv, .json "
                "or .parquet, or give --format",
                param_hint="--out",
            )
        table, left = table_of(answer)
        term.out.print(table, highlight=False)
        if left:
            term.say(f"and {left:,} more rows; --format csv, json or parquet has all")
    else:
        with written_to(out) as file:
            rows = write_answer(answer, output.value, file)
        if out:
            term.say(f"{rows:,} rows: {out}")
