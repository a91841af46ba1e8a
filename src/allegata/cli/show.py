"""The verb `show`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from allegata.cli.release import ReleaseOption, VersionOption, opened
from allegata.cli.terminal import USAGE, NoColor, terminal


def show(
    record: Annotated[str, typer.Argument(help="The id of a record, such as evt-….")],
    release: ReleaseOption = "dist",
    version: VersionOption = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="Show what was known by the end of that day."
        ),
    ] = None,
    no_color: NoColor = False,
) -> None:
    """Show a record of a release with all that hangs on it.

    An event is shown with who stands where on what, an actor with what it said and what others say
    it said, a claim with its chain and its place in the text. Ids lead on to other records.

    Examples:
      allegata show evt-alleged-attack-novgorod-residence
      allegata show prp-novgorod-residence-occurrence --as-of 2025-12-30
      allegata show act-volodymyr-zelensky
    """
    from allegata.releasing import ReleaseError, UnknownRecord
    from allegata.showing import ReleaseSession
    from allegata.showing import show as parts_of

    term = terminal(no_color=no_color)
    try:
        with ReleaseSession(opened(release, version, term)) as session:
            for part in parts_of(session, record, as_of.date() if as_of else None):
                term.out.print(part, highlight=False)
    except ReleaseError as error:
        term.fail(str(error) if isinstance(error, UnknownRecord) else f"not shown: {error}")
        raise typer.Exit(USAGE) from None
