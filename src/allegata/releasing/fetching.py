"""Files of a release that lies elsewhere, brought here when they are asked for."""

from __future__ import annotations

import weakref
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from allegata.releasing.catalog import (
    CATALOG,
    LATEST,
    MANIFEST,
    TOMBSTONE,
    Latest,
    is_version,
    manifest_path,
)
from allegata.releasing.errors import MissingPackage, NotARelease
from allegata.storage import Missing, NeedsPackage, Place, place_of
from allegata.tables.scratch import Scratch


class Fetched:
    """A folder that mirrors a place elsewhere, as far as it has been asked for.

    It is temporary, and gone with this object.
    """

    def __init__(self, address: str) -> None:
        """Begin with nothing.

        Raises:
            MissingPackage: the address takes a package that is not installed.
            OSError: the address is wrong.
        """
        try:
            self.place: Place = place_of(address)
        except NeedsPackage as error:
            raise MissingPackage(str(error)) from None
        scratch = Scratch()
        weakref.finalize(self, scratch.close)
        self.folder = scratch.path / "brought"
        """Where files are brought to."""
        self.folder.mkdir()

    def bring_pointers(self, version: str | None) -> None:
        """Bring what tells which releases there are, and the manifest of the one wanted.

        What is not there is passed over.

        Raises:
            OSError: the place cannot be reached.
        """
        if self.brought(MANIFEST):
            self.brought(TOMBSTONE)
            return
        self.brought(CATALOG)
        if self.brought(LATEST) and version is None:
            with suppress(ValidationError):
                version = Latest.model_validate_json((self.folder / LATEST).read_bytes()).version
        if version is not None and is_version(version):  # else who opens it tells
            path = manifest_path(version)
            self.brought(path)
            self.brought(path.replace(MANIFEST, TOMBSTONE))

    def file(self, path: str, sha256: str) -> Path:
        """A file, brought here if it was not yet.

        Raises:
            NotARelease: it is missing there, or is not the one with that SHA-256.
            OSError: the place cannot be reached.
        """
        target = self.folder / path
        if not target.exists():
            part = f".part/{path}"
            try:
                got = self.place.receive(path, self.folder / ".part", lambda _: None)
            except Missing as error:
                raise NotARelease(f"{error}; the release is incomplete") from None
            if got.sha256 != sha256:
                raise NotARelease(f"{self.place.name}/{path} is not the file that was published")
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / part).replace(target)
        return target

    def brought(self, path: str) -> bool:
        """Bring a file as it is, if there is one; gives whether there is.

        Raises:
            OSError: the place cannot be reached.
        """
        try:
            content = self.place.read(path)
        except Missing:
            return False
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return True
