"""What every place offers to those who read from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Heard = Callable[[int], None]
"""Told of bytes as they come: how many there are now."""


@dataclass(frozen=True)
class Received:
    """A file that has been brought here."""

    path: Path
    """Where it is now."""
    bytes: int
    """Its size."""
    sha256: str
    """The SHA-256 of its bytes."""


class Place(Protocol):
    """A place that holds files by their paths, which are separated by slashes."""

    @property
    def name(self) -> str:
        """The place as people know it, without any secret that its address has in it."""

    def at(self, path: str) -> Place:
        """The place below it."""

    def read(self, path: str) -> bytes:
        """The content of a small file.

        Raises:
            Missing: there is none.
            OSError: it cannot be read.
        """

    def receive(self, path: str, folder: Path, heard: Heard) -> Received:
        """Bring a file here, and hash it on the way. A folder's file stays where it is.

        Args:
            path: The file.
            folder: A folder to put it in, under its path.
            heard: Told how it goes.

        Raises:
            Missing: there is none.
            OSError: it cannot be read, or not be put here.
        """

    def files(self) -> Mapping[str, bool] | None:
        """All files below the place, and whether each is a plain one.

        None where a place cannot tell, as a web server cannot.
        """


def hashed(pieces: Iterable[bytes], heard: Heard) -> tuple[int, str]:
    """The size and the SHA-256 of what comes in pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        heard(size)
    return size, digest.hexdigest()
