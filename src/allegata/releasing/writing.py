"""Writing a release: its tables, what describes them, and the manifest of it all.

How it becomes the published one, whole or not at all, is told in ``allegata.releasing.commit``.
"""

from __future__ import annotations

import datetime
import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import pyarrow as pa

from allegata.releasing.catalog import (
    CHECKSUMS,
    MANIFEST,
    MANIFEST_SCHEMA,
    Catalog,
    check_version,
    read_catalog,
)
from allegata.releasing.commit import DescribeCatalog, Staging, staging
from allegata.releasing.deltas import (
    DELTA,
    Op,
    delta_table,
    differing,
    register_released,
    session_over,
)
from allegata.releasing.disk import write_file
from allegata.releasing.errors import ReleaseError
from allegata.releasing.history import Revised, previous_release, revised
from allegata.releasing.manifest import (
    DeltaEntry,
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
from allegata.schema.links import Revision
from allegata.tables import Table
from allegata.tables.content_hash import type_name
from allegata.tables.csv import WrittenText, write_csv
from allegata.tables.geoparquet import has_points, write_geoparquet
from allegata.tables.parquet import WrittenFile, write_parquet
from allegata.tables.session import Session

DATA = "data"
SHEETS = "csv"
MAPS = "geo"
_OWN_NAMES = {DATA, DELTA, MANIFEST, MANIFEST_SCHEMA, CHECKSUMS}
_MADE_WITH = (
    "allegata", "duckdb", "langcodes", "pyarrow", "pycountry", "pydantic", "pyyaml",
)  # fmt: skip

Describe = Callable[
    [Manifest, Mapping[str, Table], Manifest | None, Sequence[Revised]], dict[str, bytes]
]
"""What writes a release's descriptions: of its manifest (which does not list them yet), what its
tables are, the manifest of the release before it, and what became of records since then, it makes
file name -> content."""

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
    note: str | None
    until: datetime.date | None


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
    note: str | None = None,
    until: datetime.date | None = None,
    intake: Sequence[IntakeEntry] = (),
    aside: Callable[[Path], None] | None = None,
    unless: Release | None = None,
    session: Session | None = None,
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
        note: Why records have changed that have no revision of their own.
        until: The day of publication of the last sources that it tells of, if later ones are
            left out.
        intake: How many records of each table were met, accepted and quarantined; nothing where
            all were accepted.
        aside: What writes a file, given its path, that is published beside the release and is no
            part of it: the quarantined records.
        unless: A release that is given back, and none is made, if this one would hold the same
            tables of the same dataset.
        session: Where to compare with the release before: a session that may read the publishing
            folder. Without one it is done in a session of its own.
        progress: Told of each file before it is written.

    Returns:
        The release, as published.

    Raises:
        ReleaseExists: the version has been published, and this release would have other bytes.
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
        note,
        until,
    )
    with staging(folder) as run:
        catalog = _catalog(run, dataset, version)
        before = previous_release(folder, version)
        draft = _draft(dataset, version, before, origin)
        writer = _Writer(run.release, draft, progress or (lambda path, number, of: None))
        writer.write_tables(tables, specs)
        if unless and _is_same(writer.manifest, unless.manifest):
            return unless
        told: list[Revised] = []
        if before:
            with nullcontext(session) if session else session_over(folder, before.path) as own:
                writer.write_deltas(before, specs, own)
                told = writer.revised(own)
        writer.write_descriptions(describe, specs, before.manifest if before else None, told)
        if aside:
            run.set_aside(aside)
        place = run.publish(writer.close(), catalog, describe_catalog)
    return open_release(place)


def copies(spec: Table) -> dict[str, Callable[[Path, Path], WrittenText]]:
    """The files that hold the rows of a table once more, and what writes each.

    Gives the path of each, from the release's folder -> what writes it: given the Parquet file and
    the file to make.
    """
    found: dict[str, Callable[[Path, Path], WrittenText]] = {f"{SHEETS}/{spec.name}.csv": write_csv}
    if has_points(spec.schema):
        found[f"{MAPS}/{spec.name}.parquet"] = write_geoparquet
    return found


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
    latest = catalog.latest() if catalog else None
    if not (latest and latest.version == version):  # else whether it is repeated, its bytes tell
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
        tools=tools(),
        source_commit=origin.source_commit,
        source_date_epoch=origin.source_date_epoch,
        note=origin.note,
        until=origin.until,
    )


def tools() -> dict[str, str]:
    """What a release is made with here: name and version of all that its bytes depend on."""
    versions = {name: version_of(name) for name in _MADE_WITH}
    return {**versions, "python": platform.python_version()}


class _Writer:
    """Writes the files of one release into its folder, and keeps the manifest of them."""

    def __init__(self, folder: Path, manifest: Manifest, progress: Progress) -> None:
        self.folder = folder
        self.manifest = manifest
        self.progress = progress

    def write_tables(self, tables: Mapping[str, Rows], specs: Mapping[str, Table]) -> None:
        (self.folder / DATA).mkdir()
        for number, (name, spec) in enumerate(specs.items(), start=1):
            path = f"{DATA}/{name}.parquet"
            self.progress(path, number, len(specs))
            rows = tables[name]
            opened = rows if isinstance(rows, pa.Table) else rows()
            written = write_parquet(opened, spec, self.folder / path, self._said())
            self._add(_listed(path, written, Role.DATA), _table_entry(spec, path, written))
            for copy, write in copies(spec).items():
                (self.folder / copy).parent.mkdir(exist_ok=True)
                written_as = write(self.folder / path, self.folder / copy)
                self._add(_listed(copy, written_as, Role.DATA))

    def write_deltas(self, before: Release, specs: Mapping[str, Table], session: Session) -> None:
        """Write how each table differs from the release before, where it does."""
        deltas = []
        for number, (name, spec) in enumerate(specs.items(), start=1):
            path = f"{DELTA}/{name}.parquet"
            self.progress(path, number, len(specs))
            if delta := self._write_delta(path, before, spec, session):
                deltas.append(delta)
        self.manifest = self.manifest.model_copy(update={"deltas": deltas})

    def _write_delta(
        self, path: str, before: Release, spec: Table, session: Session
    ) -> DeltaEntry | None:
        was, now = before.manifest.table(spec.name), self.manifest.table(spec.name)
        assert now is not None  # it has just been written
        if was and (was.key, was.content_hash) == (now.key, now.content_hash):
            return None  # the hash is also one of the columns and their types
        register_released(session, "newer", self.folder, now)
        if was:
            register_released(session, "older", before.path, was)
        counts: Counter[str] = Counter()
        rows = differing(session, spec, was, "older", "newer", counts)
        if rows is None:
            return None
        (self.folder / DELTA).mkdir(exist_ok=True)
        said = self._said() | {"previous": before.version}
        written = write_parquet(rows, delta_table(spec), self.folder / path, said)
        self._add(_listed(path, written, Role.DELTA))
        return DeltaEntry(
            table=spec.name,
            path=path,
            added=counts[Op.ADD],
            changed=counts[Op.MOD],
            removed=counts[Op.DEL],
            content_hash=written.content_hash,
        )

    def _said(self) -> dict[str, str]:
        """What every Parquet file of the release says of itself."""
        return {
            "dataset": self.manifest.dataset.name,
            "version": self.manifest.version,
            "schema_version": self.manifest.schema_version,
            "licence": self.manifest.licence,
        }

    def revised(self, session: Session) -> list[Revised]:
        """What became of records in this release, by its table of revisions, if it has one."""
        entry = self.manifest.table(Revision.table)
        if entry is None:
            return []
        register_released(session, "newer", self.folder, entry)
        return revised(session, "newer", self.manifest.version)

    def write_descriptions(
        self,
        describe: Describe,
        specs: Mapping[str, Table],
        previous: Manifest | None,
        told: Sequence[Revised],
    ) -> None:
        self.write(MANIFEST_SCHEMA, _published_schema())
        described = describe(self.manifest, specs, previous, told)
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


def _listed(path: str, written: WrittenFile | WrittenText, role: Role) -> FileEntry:
    return FileEntry(
        path=path,
        bytes=written.bytes,
        sha256=written.sha256,
        media_type=media_type(path),
        role=role,
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
