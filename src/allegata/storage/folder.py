"""A folder of this machine, as a place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from allegata.storage.errors import Missing
from allegata.storage.place import Heard, Received, hashed

_PIECE = 1 << 20


class FolderPlace:
    """A folder of this machine. Links are not followed out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.folder)

    def at(self, path: str) -> FolderPlace:
        """The folder below it."""
        return FolderPlace(self.folder / path)

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            Missing: there is no plain file of that path.
            OSError: it cannot be read.
        """
        return self._plain(path).read_bytes()

    def receive(self, path: str, folder: Path, heard: Heard) -> Received:
        """Hash a file, which stays where it is.

        Raises:
            Missing: there is no plain file of that path.
            OSError: it cannot be read.
        """
        file = self._plain(path)
        size, sha256 = hashed(_pieces(file), heard)
        return Received(file, size, sha256)

    def files(self) -> Mapping[str, bool]:
        """All files below it, and whether each is a plain one: no link, no pipe, no device."""
        found = {}
        for top, folders, names in os.walk(self.folder):
            here = Path(top)
            links = [name for name in folders if (here / name).is_symlink()]
            for name in [*names, *links]:
                file = here / name
                path = file.relative_to(self.folder).as_posix()
                found[path] = file.is_file() and not file.is_symlink()
        return found

    def _plain(self, path: str) -> Path:
        file = self.folder
        for part in path.split("/"):
            file /= part
            if part in ("", ".", "..") or file.is_symlink():
                raise Missing(f"{self.folder / path} is not a plain file of the folder")
        if not file.is_file():
            raise Missing(f"{file} is missing")
        return file


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece
