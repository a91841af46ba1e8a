"""Reading a release: the folder, its manifest, its tables."""

from __future__ import annotations

import datetime
import hashlib
import importlib
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from allegata.reading import nearest
from allegata.releasing.catalog import (
    CATALOG,
    CHECKSUMS,
    MANIFEST,
    Catalog,
    CatalogEntry,
    Latest,
    catalog_around,
    first_fault,
    ordinal,
    read_catalog,
    read_latest,
)
from allegata.releasing.errors import (
    AllWithdrawn,
    MissingPackage,
    NewerSchema,
    NotARelease,
    ReleaseError,
    TakenDown,
    UnknownRecord,
    UnknownTable,
    UnknownVersion,
    WithdrawnRelease,
)
from allegata.releasing.fetching import Fetched
from allegata.releasing.manifest import Manifest
from allegata.releasing.mapping import is_earlier, manifest_now, table_now, unmapped
from allegata.releasing.withdrawing.tombstone import read_tombstone, taken_down, withdrawn
from allegata.schema import SCHEMA_VERSION, Dataset
from allegata.schema.types import Day
from allegata.storage import folder_of, is_url

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def open_release(path: str | Path, version: str | None = None) -> Release:
    """Open a release for reading.

    Args:
        path: A publishing folder, such as ``dist``, or the folder of one release; or the URL of
            either (``https://``, ``s3://`` and others, as ``allegata.storage.places`` tells). From
            a URL, a table is brought here when it is asked for, and its SHA-256 is checked.
        version: Which release of a publishing folder; the latest where it is not given.

    Returns:
        The release. Its tables are read when they are asked for. One of an earlier schema is
        given as the schema is now, as far as can be; ``Release.unmapped`` tells the rest.

    Warns:
        WithdrawnRelease: it has been withdrawn; the text says why, and which is the latest.

    Raises:
        NotARelease: the folder is neither, or a file of it is damaged.
        UnknownVersion: there is no release of that version.
        AllWithdrawn: no version was asked for, and all have been withdrawn.
        TakenDown: its files were taken down; the text says why.
        NewerSchema: a later allegata made it, and this one cannot read it.
        MissingPackage: the URL takes a package that is not installed.
        OSError: a file of it may not be read, or the URL cannot be reached.
    """
    if is_url(path):
        return _open_elsewhere(str(path), version)
    folder = folder_of(path)
    if (folder / MANIFEST).is_file():
        release = read_release(folder)
        if version not in (None, release.version):
            raise UnknownVersion(f"{folder} is release {release.version}, not {version}")
        if tombstone := read_tombstone(folder):
            raise TakenDown(taken_down(tombstone.version, tombstone.date, tombstone.reason))
        catalog = catalog_around(folder)
        told = _standing(catalog, catalog.entry(release.version)) if catalog else None
    else:
        pointer, told = _pointer(folder, version)
        release = read_release((folder / pointer.manifest).parent, pointer.sha256)
    if told:
        warnings.warn(told, WithdrawnRelease, stacklevel=2)
    return release


def read_release(folder: Path, sha256: str | None = None) -> Release:
    """The release in a folder, whatever became of it.

    Args:
        folder: The folder of the release.
        sha256: The SHA-256 that its manifest must have, if that is known.

    Raises:
        NotARelease: it has no manifest, or it is damaged or another one.
        NewerSchema: a later allegata made it, and this one cannot read it.
    """
    manifest = folder / MANIFEST
    try:
        written = manifest.read_bytes()
    except FileNotFoundError:
        raise NotARelease(f"{manifest} is missing; the release is incomplete") from None
    if sha256 and hashlib.sha256(written).hexdigest() != sha256:
        raise NotARelease(f"{manifest} is not the file that was published")
    return Release(folder, _manifest(written, folder))


def _open_elsewhere(address: str, version: str | None) -> Release:
    fetched = Fetched(address)
    fetched.bring_pointers(version)
    try:
        return replace(open_release(fetched.folder, version), fetched=fetched)
    except ReleaseError as error:
        told = str(error).replace(str(fetched.folder), fetched.place.name)
        raise type(error)(told) from None


@dataclass(frozen=True)
class Release:
    """A published release."""

    path: Path
    """Its folder; of a release that lies elsewhere, the folder to which its files are brought."""
    manifest: Manifest
    """What it says of itself."""
    fetched: Fetched | None = field(default=None, repr=False, compare=False)
    """What brings its files here, where it lies elsewhere."""

    @property
    def name(self) -> str:
        """Where it lies, as people know it: its folder, or its URL."""
        if self.fetched is None:
            return str(self.path)
        return self.fetched.place.at(self.path.relative_to(self.fetched.folder).as_posix()).name

    def file(self, path: str) -> Path:
        """One of its files, brought here if it lies elsewhere.

        Args:
            path: Its path in the release, as the manifest has it.

        Raises:
            NotARelease: it lies elsewhere and is missing there, or not the one that was published.
            KeyError: it lies elsewhere, and the manifest names no such file.
            OSError: it lies elsewhere, and that cannot be reached.
        """
        if self.fetched is None:
            return self.path / path
        sha256 = {entry.path: entry.sha256 for entry in self.manifest.files}[path]
        below = (self.path / path).relative_to(self.fetched.folder).as_posix()
        return self.fetched.file(below, sha256)

    def bring(self) -> None:
        """Bring all its files here, if it lies elsewhere.

        Raises:
            NotARelease: one is missing there, or not the one that was published.
            OSError: the place cannot be reached.
        """
        if self.fetched is not None:
            for entry in self.manifest.files:
                self.file(entry.path)
            sums = (self.path / CHECKSUMS).relative_to(self.fetched.folder).as_posix()
            self.fetched.brought(sums)

    @property
    def version(self) -> str:
        """Its version, such as ``2026.11.0``."""
        return self.manifest.version

    @property
    def dataset(self) -> Dataset:
        """The dataset as it described itself at the time."""
        return self.manifest.dataset

    @property
    def unmapped(self) -> tuple[str, ...]:
        """What a release of an earlier schema does not have as the schema has it now.

        Its tables come with the columns of now all the same: what was renamed has its new name,
        and what there was not is empty. A sentence says so of each, and of what is missing or of
        another type. Empty for a release of this schema.
        """
        return tuple(unmapped(self.manifest)) if is_earlier(self.manifest.schema_version) else ()

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of its tables, in the order in which they are best read."""
        return tuple(entry.name for entry in self.manifest.tables)

    def table(self, name: str) -> ReleaseTable:
        """One of its tables.

        Raises:
            UnknownTable: it has none of that name.
            NotARelease: the table's file is missing or damaged.
        """
        return self._read(name)

    def contestation(
        self,
        as_of: str | datetime.date | None = None,
        *,
        event: str | None = None,
        proposition: str | None = None,
    ) -> ReleaseTable:
        """Where those who speak to each proposition stand, as of one day.

        There are two clocks. ``as_of`` is that of what was public: only sources published by the
        end of the day count. The release is that of what its makers had coded: an earlier release
        may know less of the same day. Both are answered from the release's files alone.

        Args:
            as_of: The day, such as ``"2025-12-30"``; without one, all that the release knows.
            event: The id of an event, if only its propositions are wanted.
            proposition: The id of a proposition, if only that is wanted.

        Returns:
            Rows of the table ``contestation``: one for each proposition.

        Raises:
            ValueError: ``as_of`` is not a day.
            UnknownRecord: the release has no such event or proposition.
            UnknownTable: it has no table ``contestation``.
            NotARelease: a file of it is missing or damaged.
        """
        wanted = {"event_id": event, "proposition_id": proposition}
        for column, table in (("event_id", "events"), ("proposition_id", "propositions")):
            self._check_id(table, wanted[column])
        return self._standing("contestation", as_of, wanted)

    def stances(
        self,
        as_of: str | datetime.date | None = None,
        *,
        proposition: str | None = None,
        actor: str | None = None,
    ) -> ReleaseTable:
        """Who stands where as of one day, in words and by what follows from them.

        Args:
            as_of: The day, as for ``contestation``.
            proposition: The id of a proposition, if only stances on it are wanted.
            actor: The id of an actor, if only its stances are wanted.

        Returns:
            Rows of the table ``stances``.

        Raises:
            ValueError: ``as_of`` is not a day.
            UnknownRecord: the release has no such proposition or actor.
            UnknownTable: it has no table ``stances``.
            NotARelease: a file of it is missing or damaged.
        """
        wanted = {"proposition_id": proposition, "actor_id": actor}
        for column, table in (("proposition_id", "propositions"), ("actor_id", "actors")):
            self._check_id(table, wanted[column])
        return self._standing("stances", as_of, wanted)

    def _standing(
        self, name: str, as_of: str | datetime.date | None, wanted: Mapping[str, str | None]
    ) -> ReleaseTable:
        """The rows of a table of intervals that hold on a day, and have the values wanted."""
        first, end = pc.field("valid_from"), pc.field("valid_to")
        if as_of is None:
            rows = end.is_null()
        else:
            day = pa.scalar(_day(as_of), pa.date32())
            rows = (first.is_null() | (first <= day)) & (end.is_null() | (end > day))
        for column, value in wanted.items():
            if value is not None:
                rows &= pc.field(column) == value
        return self._read(name, rows=rows)

    def _check_id(self, table: str, wanted: str | None) -> None:
        if wanted is None:
            return
        ids = self._read(table, columns=["id"]).arrow.column("id")
        if not pc.is_in(pa.scalar(wanted), value_set=ids.combine_chunks()).as_py():
            near = nearest(wanted, ids.to_pylist())
            hint = f"; did you mean {near}?" if near else ""
            raise UnknownRecord(f"release {self.version} has no record {wanted!r} in {table}{hint}")

    def _read(
        self,
        name: str,
        rows: pc.Expression | None = None,
        columns: Iterable[str] | None = None,
    ) -> ReleaseTable:
        entry = self.manifest.table(name)
        if entry is None:
            near = nearest(name, self.table_names)
            hint = f"; did you mean {near}?" if near else "."
            raise UnknownTable(
                f"release {self.version}, of schema {self.manifest.schema_version}, has no table "
                f"{name!r}{hint} It has {', '.join(self.table_names)}"
            )
        file = self.file(entry.path)
        try:
            with pq.ParquetFile(file) as parquet:
                if is_earlier(self.manifest.schema_version):
                    found = table_now(name, parquet.read(), self.manifest.schema_version)
                    found = found if rows is None else found.filter(rows)
                    found = found.select(list(columns)) if columns else found
                elif rows is None:
                    found = parquet.read(columns=list(columns) if columns else None)
                else:
                    found = pq.read_table(file, filters=rows, partitioning=None)
        except FileNotFoundError:
            raise NotARelease(f"{file} is missing; the release is incomplete") from None
        except (pa.ArrowInvalid, OSError) as error:
            if isinstance(error, PermissionError):
                raise
            raise NotARelease(f"{file} is damaged: {error}") from None
        return ReleaseTable(name, found)


@dataclass(frozen=True, repr=False)
class ReleaseTable:
    """A table of a release: an Arrow table, and ways to take it elsewhere.

    What a ``pyarrow.Table`` offers it offers too (``num_rows``, ``filter``, ``to_pylist`` …), and
    whatever takes Arrow data takes it as it is: ``polars.DataFrame(table)``.
    """

    name: str
    """Its name."""
    arrow: pa.Table
    """The rows."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copying and pickling ask for these before `arrow` is there
            raise AttributeError(name)
        return getattr(self.arrow, name)

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __repr__(self) -> str:
        return f"<table {self.name}: {len(self)} rows, {', '.join(self.arrow.column_names)}>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.arrow.__arrow_c_stream__(requested_schema)

    @property
    def descriptions(self) -> Mapping[str, str]:
        """What each column means."""
        return {
            field.name: (field.metadata or {}).get(b"description", b"").decode()
            for field in self.arrow.schema
        }

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame; ``attrs`` has the release and the column descriptions.

        Raises:
            MissingPackage: pandas is not installed.
        """
        _need("pandas")
        frame: pd.DataFrame = self.arrow.to_pandas()
        frame.attrs = json.loads((self.arrow.schema.metadata or {}).get(b"PANDAS_ATTRS", b"{}"))
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars frame.

        Raises:
            MissingPackage: polars is not installed.
        """
        frame: pl.DataFrame = _need("polars").from_arrow(self.arrow)
        return frame


_DAY: TypeAdapter[datetime.date] = TypeAdapter(Day)


def _day(value: str | datetime.date) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    try:
        return _DAY.validate_python(value)
    except ValidationError:
        raise ValueError(f"{value!r} is not a day such as 2025-12-30") from None


def _need(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError:
        raise MissingPackage(
            f"this needs the package {package}, which is not installed: pip install {package}"
        ) from None


def _pointer(folder: Path, version: str | None) -> tuple[Latest | CatalogEntry, str | None]:
    """What points to a release of a publishing folder, and what is to be told of it."""
    if version is None:
        return _latest(folder), None
    catalog = read_catalog(folder)
    if catalog is None:
        raise _nothing(folder)
    if entry := catalog.entry(version):
        return entry, _standing(catalog, entry)
    known = ", ".join(entry.version for entry in catalog.releases)
    raise UnknownVersion(f"{folder} has no release {version!r}; it has {known}")


def _latest(folder: Path) -> Latest | CatalogEntry:
    """What points to the latest release; the catalog is ahead of ``latest.json`` if they differ."""
    latest, catalog = read_latest(folder), read_catalog(folder)
    entry = catalog.entry(latest.version) if latest and catalog else None
    if latest and (entry is None or entry.stands):
        return latest
    if catalog is None or not catalog.releases:
        raise _nothing(folder)
    if standing := catalog.latest():
        return standing
    newest = max(catalog.releases, key=lambda one: ordinal(one.version))
    raise AllWithdrawn(
        f"every release in {folder} has been withdrawn, so none is the latest: "
        f"{withdrawn(newest.version, newest.withdrawn, newest.reason)}. "
        "Publish a new one, or name the version to open"
    )


def _nothing(folder: Path) -> NotARelease:
    what = "is not a folder" if not folder.is_dir() else f"has neither {MANIFEST} nor {CATALOG}"
    return NotARelease(f"{folder} is not a release, nor a folder of releases: it {what}")


def _standing(catalog: Catalog, entry: CatalogEntry | None) -> str | None:
    """What a reader is to be told of a release before using it, if anything.

    Raises:
        TakenDown: its files are gone.
    """
    if entry is None or entry.stands:
        return None
    if entry.tombstone:
        raise TakenDown(taken_down(entry.version, entry.withdrawn, entry.reason))
    latest = catalog.latest()
    instead = f"; the latest is {latest.version}" if latest else ""
    return withdrawn(entry.version, entry.withdrawn, entry.reason) + instead


def _manifest(written: bytes, place: Path) -> Manifest:
    try:
        given = json.loads(written)["schema_version"]
        newer = ordinal(given) > ordinal(SCHEMA_VERSION)
        major = ordinal(given)[0] > ordinal(SCHEMA_VERSION)[0]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotARelease(f"{place / MANIFEST} is not the manifest of a release") from None
    too_new = (
        f"{place} has the schema {given}, and this allegata reads up to {SCHEMA_VERSION}: "
        "pip install --upgrade allegata"
    )
    if major:
        raise NewerSchema(too_new)
    try:
        return Manifest.model_validate_json(
            manifest_now(written, given) if is_earlier(given) else written
        )
    except ValidationError as error:
        if newer:
            raise NewerSchema(too_new) from None
        raise NotARelease(f"{place / MANIFEST} is damaged: {first_fault(error)}") from None
