"""Any other file system that fsspec knows (https://filesystem-spec.readthedocs.io), for reading."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from allegata.storage.errors import Missing, NeedsPackage, StorageError
from allegata.storage.place import Heard, Received, hashed
from allegata.storage.store import address_without_secrets

_PIECE = 1 << 20


class ForeignPlace:
    """A folder of a file system of fsspec."""

    def __init__(self, system: Any, root: str, name: str) -> None:
        self._system = system
        self._root = root.rstrip("/")
        self.name = name.rstrip("/")
        """The address without any secret."""

    @classmethod
    def of(cls, address: str) -> Self:
        """The place of an address.

        Raises:
            NeedsPackage: fsspec, or what it needs for this kind of address, is not installed.
            StorageError: there is no such kind of address, or it is wrong.
        """
        name = address_without_secrets(address)
        scheme = address.partition("://")[0]
        try:
            fsspec = importlib.import_module("fsspec")
            with _told(name):
                system, root = fsspec.core.url_to_fs(address)
        except ImportError:
            raise NeedsPackage(
                f"reading {scheme}:// needs the package fsspec and what it asks for to read such "
                "addresses: pip install 'allegata[remote]'"
            ) from None
        return cls(system, root, name)

    def at(self, path: str) -> ForeignPlace:
        """The place below it."""
        return ForeignPlace(self._system, f"{self._root}/{path}", f"{self.name}/{path}")

    def read(self, path: str) -> bytes:
        """The content of a small file.

        Raises:
            Missing: there is none.
            StorageError: it cannot be read.
        """
        with _told(f"{self.name}/{path}"):
            return bytes(self._system.cat_file(f"{self._root}/{path}"))

    def receive(self, path: str, folder: Path, heard: Heard) -> Received:
        """Bring a file here, and hash it on the way.

        Raises:
            Missing: there is none.
            StorageError: it cannot be read.
            OSError: it cannot be put here.
        """
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            target.open("wb") as file,
            _told(f"{self.name}/{path}"),
            self._system.open(f"{self._root}/{path}", "rb") as opened,
        ):
            size, sha256 = hashed(_copied(opened, file), heard)
        return Received(target, size, sha256)

    def files(self) -> Mapping[str, bool]:
        """All files below it."""
        with _told(self.name):
            found = self._system.find(self._root)
        root = self._root.lstrip("/") + "/"
        return {str(one).lstrip("/").removeprefix(root): True for one in found}


def _copied(opened: Any, file: Any) -> Iterator[bytes]:
    while piece := opened.read(_PIECE):
        file.write(piece)
        yield piece


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing(f"{what} is missing") from None
    except ConnectionError as error:
        raise StorageError(f"{what} cannot be reached: {error.strerror or error}") from None
    except (OSError, ImportError):
        raise
    except Exception as error:  # each file system of fsspec has errors of its own
        raise StorageError(f"{what} cannot be reached: {str(error)[:300]}") from None
