"""What verbs that read a release share."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.terminal import ENVIRONMENT, USAGE, Terminal

if TYPE_CHECKING:
    from allegata.releasing import Release

ReleaseOption = Annotated[
    Path, typer.Option("--release", help="A folder of releases, or the folder of one.")
]
VersionOption = Annotated[
    str | None,
    typer.Option("--version", help="Which release of the folder. [default: the latest]"),
]


def opened(path: Path, version: str | None, term: Terminal) -> Release:
    """The release, or the end of the run with a message that says why there is none."""
    from allegata.releasing import NewerSchema, ReleaseError, open_release

    try:
        with warned(term):
            return open_release(path, version)
    except ReleaseError as error:
        term.fail(str(error))
        raise typer.Exit(ENVIRONMENT if isinstance(error, NewerSchema) else USAGE) from None


@contextmanager
def warned(term: Terminal) -> Iterator[None]:
    """Tell in a line each that releases which are opened have been withdrawn."""
    from allegata.releasing import WithdrawnRelease

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", WithdrawnRelease)
        yield
    for one in told:
        term.fail(f"warning: {one.message}")
