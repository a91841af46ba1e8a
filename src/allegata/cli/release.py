"""What verbs that read a release share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.terminal import ENVIRONMENT, USAGE, Terminal

if TYPE_CHECKING:
    from allegata.releasing import Release

ReleaseOption = Annotated[
    str, typer.Option("--release", help="A folder of releases, that of one, or the URL of either.")
]
VersionOption = Annotated[
    str | None,
    typer.Option("--version", help="Which release of the folder. [default: the latest]"),
]


def opened(path: str, version: str | None, term: Terminal) -> Release:
    """The release, or the end of the run with a message that says why there is none."""
    from allegata.releasing import MissingPackage, NewerSchema, ReleaseError, open_release

    try:
        return open_release(path, version)
    except ReleaseError as error:
        term.fail(str(error))
        raise typer.Exit(
            ENVIRONMENT if isinstance(error, (NewerSchema, MissingPackage)) else USAGE
        ) from None
