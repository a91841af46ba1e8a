"""The pointer files of a publishing folder: all its releases, and the latest of them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError, model_validator

from allegata.releasing.errors import NotARelease, ReleaseError, ReleaseExists, VersionRefused
from allegata.releasing.manifest import Manifest, Published, Status
from allegata.schema.types import AnyId, Sha256, Text, Version

CATALOG = "catalog.json"
LATEST = "latest.json"
RELEASES = "releases"
MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "manifest.schema.json"
CHECKSUMS = "SHA256SUMS"
LICENCE = "LICENSE"
TOMBSTONE = "tombstone.json"
QUARANTINE = "quarantine"
SITE = "site"

_Day = date  # which in a class that has a field of that name would be the field
_Model = TypeVar("_Model", bound=BaseModel)
_VERSION: TypeAdapter[str] = TypeAdapter(Version)

ManifestPath = Annotated[str, StringConstraints(pattern=f"^{RELEASES}/[0-9.]+/{MANIFEST}$")]
TombstonePath = Annotated[str, StringConstraints(pattern=f"^{RELEASES}/[0-9.]+/{TOMBSTONE}$")]


class _Pointer(Published):
    version: Version
    """The version."""
    manifest: ManifestPath
    """Where its manifest is, from the publishing folder."""
    sha256: Sha256
    """The SHA-256 of its manifest."""

    @model_validator(mode="after")
    def _points_to_its_version(self) -> Self:
        if self.manifest != manifest_path(self.version):
            raise ValueError(f"the manifest of {self.version} cannot be {self.manifest}")
        return self


class Latest(_Pointer):
    """Which release is the latest (``latest.json``)."""


class CatalogEntry(_Pointer):
    """One release in the catalog."""

    schema_version: str
    """The version of the schema of its tables."""
    date: date
    """The day of the release."""
    status: Status
    """Where it stands now."""
    doi: str | None = None
    """Its DOI, once it has one."""
    reason: Text | None = None
    """Why it was withdrawn, if it was."""
    withdrawn: _Day | None = None
    """The day on which it was withdrawn."""
    tombstone: TombstonePath | None = None
    """Where its tombstone is, from the publishing folder, if its files were taken down."""
    record: AnyId | None = None
    """The record for whose sake they were taken down, if it was one."""

    @model_validator(mode="after")
    def _says_why_it_is_gone(self) -> Self:
        if self.tombstone and not (self.reason and self.withdrawn):
            raise ValueError(f"{self.version} was taken down, and no reason or day is given")
        return self

    @property
    def stands(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.status is not Status.WITHDRAWN


class Catalog(Published):
    """All releases of a publishing folder (``catalog.json``), the newest first."""

    dataset: str
    """The short name of the dataset."""
    releases: list[CatalogEntry]
    """The releases, the newest first."""

    def entry(self, version: str) -> CatalogEntry | None:
        """The entry of that version, if there is one."""
        return next((entry for entry in self.releases if entry.version == version), None)

    def newest(self) -> str | None:
        """The newest version, if there is one."""
        return max((entry.version for entry in self.releases), key=ordinal, default=None)

    def before(self, version: str, *, standing: bool = True) -> CatalogEntry | None:
        """The newest release older than that version, if there is one.

        Args:
            version: The version.
            standing: Whether those that were withdrawn are passed over.
        """
        older = (
            entry
            for entry in self.releases
            if ordinal(entry.version) < ordinal(version) and (entry.stands or not standing)
        )
        return max(older, key=lambda entry: ordinal(entry.version), default=None)

    def latest(self) -> CatalogEntry | None:
        """The newest release that has not been withdrawn, which ``latest.json`` points to."""
        standing = (entry for entry in self.releases if entry.stands)
        return max(standing, key=lambda entry: ordinal(entry.version), default=None)

    def with_release(self, manifest: Manifest, sha256: str) -> Catalog:
        """The catalog with one release more, which supersedes those before it."""
        added = CatalogEntry(
            version=manifest.version,
            manifest=manifest_path(manifest.version),
            sha256=sha256,
            schema_version=manifest.schema_version,
            date=manifest.date,
            status=manifest.status,
        )
        earlier = [
            entry.model_copy(update={"status": Status.SUPERSEDED})
            if entry.status is Status.RELEASED
            else entry
            for entry in self.releases
        ]
        return Catalog(dataset=self.dataset, releases=[added, *earlier])

    def with_withdrawn(
        self,
        versions: Collection[str],
        reason: str,
        day: date,
        *,
        taken_down: bool = False,
        record: str | None = None,
    ) -> Catalog:
        """The catalog with some releases withdrawn; the newest of the others is the latest.

        Args:
            versions: Which releases.
            reason: Why.
            day: The day.
            taken_down: Whether their files are taken down.
            record: The record for whose sake.
        """
        change = {"status": Status.WITHDRAWN, "reason": reason, "withdrawn": day, "record": record}
        marked = [
            entry.model_copy(
                update=change
                | {"tombstone": f"{RELEASES}/{entry.version}/{TOMBSTONE}" if taken_down else None}
            )
            if entry.version in versions
            else entry
            for entry in self.releases
        ]
        latest = Catalog(dataset=self.dataset, releases=marked).latest()
        again = {"status": Status.RELEASED}
        return Catalog(
            dataset=self.dataset,
            releases=[
                one.model_copy(update=again)
                if latest and one.version == latest.version and one.status is Status.SUPERSEDED
                else one
                for one in marked
            ],
        )


def manifest_path(version: str) -> str:
    """Where the manifest of a version is, from the publishing folder."""
    return f"{RELEASES}/{version}/{MANIFEST}"


def ordinal(version: str) -> tuple[int, ...]:
    """What versions are ordered by.

    >>> ordinal("2026.9.10") < ordinal("2026.11.0")
    True
    """
    return tuple(int(part) for part in version.split("."))


def is_version(text: str) -> bool:
    """Whether a text is written as the version of a release."""
    try:
        _VERSION.validate_python(text)
    except ValidationError:
        return False
    return True


def next_version(catalog: Catalog | None, day: date) -> str:
    """The version to give a release of that day: the month's first is ``YYYY.M.0``.

    >>> next_version(None, date(2026, 11, 5))
    '2026.11.0'
    """
    newest = catalog.newest() if catalog else None
    if newest and ordinal(newest)[:2] >= (day.year, day.month):
        return version_after(newest)
    return f"{day.year}.{day.month}.0"


def check_version(catalog: Catalog | None, version: str) -> None:
    """See that a version can be published next.

    Raises:
        VersionRefused: it is not written as a version, or a later one has been published.
        ReleaseExists: it has been published.
    """
    if not is_version(version):
        raise VersionRefused(
            f"{version!r} is not a version: expected year, month and number without leading "
            "zeros, such as 2026.11.0"
        )
    newest = catalog.newest() if catalog else None
    if catalog is None or newest is None:
        return
    if catalog.entry(version):
        raise ReleaseExists(
            f"{version} has been published, and a release is never overwritten; "
            f"a correction is a new version, such as {version_after(newest)}"
        )
    if ordinal(version) < ordinal(newest):
        raise VersionRefused(
            f"{version} is older than {newest}, which has been published; "
            f"the next can be {version_after(newest)}"
        )


def version_after(version: str) -> str:
    """The version that comes next in the same month.

    >>> version_after("2026.11.9")
    '2026.11.10'
    """
    year, month, number = ordinal(version)
    return f"{year}.{month}.{number + 1}"


def read_catalog(folder: Path) -> Catalog | None:
    """The catalog of a publishing folder; None where nothing has been published.

    Raises:
        NotARelease: there is a catalog, and it cannot be read as one.
    """
    return _read(folder / CATALOG, Catalog)


def read_latest(folder: Path) -> Latest | None:
    """Which release is the latest; None where nothing has been published.

    Raises:
        NotARelease: there is a ``latest.json``, and it cannot be read as one.
    """
    return _read(folder / LATEST, Latest)


def catalog_around(folder: Path) -> Catalog | None:
    """The catalog that names the release in a folder, where it lies in a publishing folder."""
    place = folder.absolute()
    if place.parent.name != RELEASES:
        return None
    with suppress(OSError, ReleaseError):  # the release can be read without it
        catalog = read_catalog(place.parent.parent)
        return catalog if catalog and catalog.entry(place.name) else None
    return None


def _read(path: Path, model: type[_Model]) -> _Model | None:
    try:
        return model.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise NotARelease(f"{path} is damaged: {first_fault(error)}") from None


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a file, in a line."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
