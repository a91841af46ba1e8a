"""The verb `migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.terminal import PROBLEMS, DryRun, NoColor, Quiet, ShowDiff, echo_lines, terminal


def migrate(
    data: Annotated[Path, typer.Argument(help="The folder of the dataset.")] = Path("data"),
    old: Annotated[
        str | None,
        typer.Option("--from", help="The schema of the files. [default: what dataset.yaml states]"),
    ] = None,
    new: Annotated[
        str | None, typer.Option("--to", help="The schema wanted. [default: the latest]")
    ] = None,
    dry_run: DryRun = False,
    diff: ShowDiff = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Carry the files of a dataset to a later version of the schema, in place.

    Comments, order and all else that the change does not concern stay to the byte. All files are
    changed, or, where one cannot be, none (exit code 1).

    Examples:
      allegata migrate --dry-run --diff
      allegata migrate data --to 1.1.0
    """
    from allegata.evolving import NotMigrated
    from allegata.evolving import migrate as run
    from allegata.schema import SCHEMA_VERSION

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        with term.progress("migrating") as progress:
            done = run(
                data,
                old=old,
                new=new or SCHEMA_VERSION,
                dry_run=dry_run,
                diff=echo_lines if diff else None,
                progress=progress,
            )
    except NotMigrated as refused:
        for fault in refused.faults:
            term.fail(fault)
        term.fail("not migrated: all files are as they were")
        raise typer.Exit(PROBLEMS) from None
    for file in () if diff else done.changed:
        typer.echo(file)
    would = "would be carried" if dry_run else "carried"
    if done.old == done.new:
        term.say(f"the dataset is of schema {done.new} already")
    else:
        term.say(f"{would} from schema {done.old} to {done.new}: {len(done.changed)} files")
