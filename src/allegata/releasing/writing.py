"""Writing a release: its tables, what describes them, and the manifest of it all.

How it becomes the published one, whole or not at all, is told in ``allegata.releasing.commit``.
"""

from __future__ import annotations

import datetime
import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import pyarrow as pa

from allegata.releasing.catalog import (
    MANIFEST,
    Catalog,
    check_version,
    read_catalog,
)
from allegata.releasing.commit import DescribeCatalog, Staging, staging
from allegata.releasing.disk import write_file
from allegata.releasing.errors import ReleaseError
from allegata.releasing.history import previous_release
from allegata.releasing.manifest import (
    FileEntry,
    IntakeEntry,
    Manifest,
    Role,
    Status,
    TableEntry,
    WaiverEntry,
    file_entry,
    json_bytes,
    manifest_schema,
    media_type,
)
from allegata.releasing.release import Release, open_release
from allegata.schema import SCHEMA_VERSION, Dataset
from allegata.tables import Table
from allegata.tables.content_hash import type_name
from allegata.tables.csv import WrittenText, write_csv
from allegata.tables.geoparquet import has_points, write_geoparquet
from allegata.tables.parquet import WrittenFile, write_parquet

DATA = "data"
SHEETS = "csv"
MAPS = "geo"
MANIFEST_SCHEMA = "manifest.schema.json"
CHECKSUMS = "SHA256SUMS"
_OWN_NAMES = {DATA, MANIFEST, MANIFEST_SCHEMA, CHECKSUMS}
_MADE_WITH = ("allegata", "duckdb", "pyarrow", "pydantic")

Describe = Callable[[Manifest, Mapping[str, Table], Manifest | None], dict[str, bytes]]
"""What writes a release's descriptions: of its manifest (which does not list them yet), what its
tables are, and the manifest of the release before it, it makes file name -> content."""

Rows: TypeAlias = pa.Table | Callable[[], pa.RecordBatchReader]
"""The rows of a table; of a large one what opens a reader of them."""

Progress = Callable[[str, int, int], None]
"""Told of each file: its path, its number, and how many there are."""


@dataclass(frozen=True)
class Origin:
    """Where a release comes from, as its manifest tells it."""

    date: datetime.date
    problems: Mapping[str, int]
    waivers: list[WaiverEntry]
    source_commit: str | None
    source_date_epoch: int
    intake: list[IntakeEntry]


def write_release(
    tables: Mapping[str, Rows],
    specs: Mapping[str, Table],
    dataset: Dataset,
    out: str | Path,
    version: str,
    *,
    date: datetime.date,
    describe: Describe,
    describe_catalog: DescribeCatalog | None = None,
    problems: Mapping[str, int],
    waivers: Sequence[WaiverEntry] = (),
    source_commit: str | None,
    source_date_epoch: int,
    intake: Sequence[IntakeEntry] = (),
    aside: Callable[[Path], None] | None = None,
    unless: Release | None = None,
    progress: Progress | None = None,
) -> Release:
    """Write a release, and publish it in a folder of releases.

    Args:
        tables: The rows of every table, derived ones among them; of a large one what opens a
            reader of its rows, which come in the table's order.
        specs: What the tables are, in the order in which they are best read.
        dataset: What they are a release of.
        out: The publishing folder; it is made where there is none.
        version: The version to give it.
        date: The day of the release.
        describe: What writes its descriptions, such as ``allegata.describing.describe``.
        describe_catalog: What describes the catalog of all releases to others, if anything does.
        problems: How many problems of each code the records have.
        waivers: The records that were let off a rule.
        source_commit: The commit of the records, if known.
        source_date_epoch: The time to make it as of, in seconds since 1970.
        intake: How many records of each table were met, accepted and quarantined; nothing where
            all were accepted.
        aside: What writes a file, given its path, that is published beside the release and is no
            part of it: the quarantined records.
        unless: A release that is given back, and none is made, if this one would hold the same
            tables of the same dataset.
        progress: Told of each file before it is written.

    Returns:
        The release, as published.

    Raises:
        ReleaseExists: the version has been published.
        VersionRefused: it cannot come next.
        PublishingBusy: another run is publishing to the folder.
        TableError: a table is not what its specification says.
        ReleaseError: the folder holds something else, or what it holds is damaged.
        OSError: the disk is full, or may not be written to.

    Whatever is raised, the folder is as it was before.
    """
    folder = Path(out)
    if missing := specs.keys() ^ tables.keys():
        raise ReleaseError(
            f"tables and their specifications differ in {', '.join(sorted(missing))}"
        )
    origin = Origin(
        date,
        dict(sorted(problems.items())),
        sorted(waivers, key=lambda waiver: (waiver.record, waiver.rule)),
        source_commit,
        source_date_epoch,
        sorted(intake, key=lambda entry: entry.table),
    )
    with staging(folder) as run:
        catalog = _catalog(run, dataset, version)
        before = previous_release(folder, version)
        draft = _draft(dataset, version, before, origin)
        writer = _Writer(run.release, draft, progress or (lambda path, number, of: None))
        writer.write_tables(tables, specs)
        if unless and _is_same(writer.manifest, unless.manifest):
            return unless
        writer.write_descriptions(describe, specs, before.manifest if before else None)
        if aside:
            run.set_aside(aside)
        place = run.publish(writer.close(), catalog, describe_catalog)
    return open_release(place)


def _is_same(new: Manifest, old: Manifest) -> bool:
    """Whether two releases hold the same tables of the same dataset."""
    of_new, of_old = (
        (one.dataset.model_dump(), one.intake, {e.name: e.content_hash for e in one.tables})
        for one in (new, old)
    )
    return of_new == of_old


def _catalog(run: Staging, dataset: Dataset, version: str) -> Catalog:
    catalog = read_catalog(run.out)
    if catalog and catalog.dataset != dataset.name:
        raise ReleaseError(
            f"{run.out} holds releases of {catalog.dataset}; "
            f"publish {dataset.name} to another folder"
        )
    if version != run.finished:
        check_version(catalog, version)
    return catalog or Catalog(dataset=dataset.name, releases=[])


def _draft(dataset: Dataset, version: str, before: Release | None, origin: Origin) -> Manifest:
    return Manifest(
        dataset=dataset,
        version=version,
        schema_version=SCHEMA_VERSION,
        date=origin.date,
        status=Status.RELEASED,
        previous=before.version if before else None,
        licence=dataset.licence.id,
        files=[],
        tables=[],
        problems=dict(origin.problems),
        waivers=origin.waivers,
        intake=origin.intake,
        tools={
            **{name: version_of(name) for name in _MADE_WITH},
            "python": platform.python_version(),
        },
        source_commit=origin.source_commit,
        source_date_epoch=origin.source_date_epoch,
    )


class _Writer:
    """Writes the files of one release into its folder, and keeps the manifest of them."""

    def __init__(self, folder: Path, manifest: Manifest, progress: Progress) -> None:
        self.folder = folder
        self.manifest = manifest
        self.progress = progress

    def write_tables(self, tables: Mapping[str, Rows], specs: Mapping[str, Table]) -> None:
        for folder in (DATA, SHEETS):
            (self.folder / folder).mkdir()
        said = {
            "dataset": self.manifest.dataset.name,
            "version": self.manifest.version,
            "schema_version": self.manifest.schema_version,
            "licence": self.manifest.licence,
        }
        for number, (name, spec) in enumerate(specs.items(), start=1):
            path = f"{DATA}/{name}.parquet"
            self.progress(path, number, len(specs))
            rows = tables[name]
            opened = rows if isinstance(rows, pa.Table) else rows()
            written = write_parquet(opened, spec, self.folder / path, said)
            self._add(_data_file(path, written), _table_entry(spec, path, written))
            sheet = f"{SHEETS}/{name}.csv"
            self._add(_data_file(sheet, write_csv(self.folder / path, self.folder / sheet)))
            if has_points(spec.schema):
                points = f"{MAPS}/{name}.parquet"
                (self.folder / MAPS).mkdir(exist_ok=True)
                self._add(
                    _data_file(points, write_geoparquet(self.folder / path, self.folder / points))
                )

    def write_descriptions(
        self, describe: Describe, specs: Mapping[str, Table], previous: Manifest | None
    ) -> None:
        self.write(MANIFEST_SCHEMA, _published_schema())
        described = describe(self.manifest, specs, previous)
        for path, content in described.items():
            own = path in (file.path for file in self.manifest.files)
            if own or PurePosixPath(path).parts[0] in _OWN_NAMES:
                raise ReleaseError(f"a description cannot be written to {path}")
            self.write(path, content)

    def write(self, path: str, content: bytes) -> None:
        """Write a file, and list it."""
        target = self.folder / path
        if not target.parent.exists():
            target.parent.mkdir(parents=True)
        write_file(target, content)
        self._add(file_entry(path, content))

    def close(self) -> Manifest:
        """Write the manifest and the checksums."""
        files = sorted(self.manifest.files, key=lambda file: file.path)
        self.manifest = self.manifest.model_copy(update={"files": files})
        content = self.manifest.to_json()
        write_file(self.folder / MANIFEST, content)
        sums = {file.path: file.sha256 for file in files}
        sums[MANIFEST] = hashlib.sha256(content).hexdigest()
        lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
        write_file(self.folder / CHECKSUMS, lines.encode())
        return self.manifest

    def _add(self, file: FileEntry, *tables: TableEntry) -> None:
        self.manifest = self.manifest.model_copy(
            update={
                "files": [*self.manifest.files, file],
                "tables": [*self.manifest.tables, *tables],
            }
        )


def _data_file(path: str, written: WrittenFile | WrittenText) -> FileEntry:
    return FileEntry(
        path=path,
        bytes=written.bytes,
        sha256=written.sha256,
        media_type=media_type(path),
        role=Role.DATA,
    )


def _table_entry(spec: Table, path: str, written: WrittenFile) -> TableEntry:
    return TableEntry(
        name=spec.name,
        path=path,
        rows=written.rows,
        columns={column.name: type_name(column.type) for column in spec.columns},
        key=list(spec.key),
        null_counts=written.null_counts,
        first_day=written.first_day,
        last_day=written.last_day,
        content_hash=written.content_hash,
    )


@cache
def _published_schema() -> bytes:
    return json_bytes(manifest_schema())
