"""What verbs that read a release share."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TypeVar

import typer

from allegata.cli.terminal import ENVIRONMENT, USAGE, Terminal

if TYPE_CHECKING:
    from allegata.releasing import Release

_Format = TypeVar("_Format", bound=StrEnum)

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
        with warned(term):
            return open_release(path, version)
    except ReleaseError as error:
        term.fail(str(error))
        raise typer.Exit(
            ENVIRONMENT if isinstance(error, (NewerSchema, MissingPackage)) else USAGE
        ) from None


def by_ending(out: Path | None, default: _Format) -> _Format:
    """The format that a file's name ends in, if it is one of the default's kind."""
    ending = out.suffix.removeprefix(".").lower() if out else ""
    return next((one for one in type(default) if one.value == ending), default)


@contextmanager
def written_to(out: Path | None) -> Iterator[BinaryIO]:
    """A file to write results to, or stdout; a run that is cut off leaves what was there before."""
    if out is None:
        yield typer.get_binary_stream("stdout")
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def warned(term: Terminal) -> Iterator[None]:
    """Tell in a line each that releases which are opened have been withdrawn."""
    from allegata.releasing import WithdrawnRelease

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", WithdrawnRelease)
        yield
    for one in told:
        term.fail(f"warning: {one.message}")
