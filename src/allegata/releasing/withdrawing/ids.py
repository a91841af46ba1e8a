"""Ids that releases have used, and that must not come to name another record.

The newest release knows every id that was ever used: those of its records, and in ``revisions``
those of the records that are no more. Where it has been withdrawn, the next release is compared
with an older one, which may not know them all; so they are handed on from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from allegata.releasing.catalog import RELEASES, Catalog, CatalogEntry
from allegata.releasing.manifest import Manifest
from allegata.releasing.release import read_release
from allegata.releasing.withdrawing.tombstone import read_tombstone
from allegata.schema.links import Revision
from allegata.schema.vocabularies import Change

_GONE = pa.array([Change.RETRACTED.value, Change.MERGED.value])

USED_IDS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("is_retired", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""An id that a withdrawn release has used, whether it was retired by then, and why it is no more.
"""


@dataclass(frozen=True)
class Ids:
    """The ids that a release knows."""

    records: pa.StringArray
    """Those of its records."""
    retired: pa.StringArray
    """Those of records that were retracted or merged by then."""


def ids_of(folder: Path, manifest: Manifest) -> Ids:
    """The ids that a release knows; those of a table whose file is missing or damaged are not told.

    Args:
        folder: The release.
        manifest: Its manifest.
    """
    records = [
        column
        for entry in manifest.tables
        if entry.key == ["id"]
        for column in _column(folder / entry.path, "id")
    ]
    revisions = manifest.table(Revision.table)
    gone = pc.field("change").isin(_GONE)
    retired = list(_column(folder / revisions.path, "record_id", gone)) if revisions else []
    return Ids(_distinct(records), _distinct(retired))


def used_ids(out: Path, catalog: Catalog, version: str) -> pa.Table:
    """The ids that withdrawn releases have used, and that the release before does not know.

    Args:
        out: The publishing folder.
        catalog: Its catalog.
        version: The version that is to be published.

    Returns:
        A table as ``USED_IDS`` tells, one row an id.

    Raises:
        ReleaseError: the manifest or the tombstone of one of them cannot be read.
    """
    newest = catalog.before(version, standing=False)
    previous = catalog.before(version)
    parts = [
        _rows(pa.array([entry.record]), f"Taken down with release {entry.version}.", retired=True)
        for entry in catalog.releases
        if entry.record
    ]
    if newest and newest != previous:
        known = _known(out, previous) if previous else _NONE
        used = _known(out, newest)
        why = f"Was in release {newest.version}, which was withdrawn."
        gone = _without(used.retired, known.records, known.retired)
        parts.append(_rows(gone, why, retired=True))
        parts.append(_rows(_without(used.records, known.records, known.retired), why))
    if not parts:
        return USED_IDS.empty_table()
    return _first_of_each(pa.concat_tables(parts))


def _known(out: Path, entry: CatalogEntry) -> Ids:
    folder = out / RELEASES / entry.version
    if tombstone := read_tombstone(folder):
        return Ids(
            pa.array(tombstone.records, pa.string()), pa.array(tombstone.retired, pa.string())
        )
    return ids_of(folder, read_release(folder).manifest)


def _column(file: Path, name: str, rows: pc.Expression | None = None) -> Iterator[pa.Array]:
    try:
        found = ds.dataset(file, format="parquet").to_table(columns=[name], filter=rows)
    except (OSError, pa.ArrowInvalid):
        return
    yield from found.column(name).chunks


def _distinct(chunks: list[pa.Array]) -> pa.StringArray:
    return pc.unique(pa.chunked_array(chunks, pa.string())).sort()


_NONE = Ids(_distinct([]), _distinct([]))


def _without(ids: pa.StringArray, *known: pa.StringArray) -> pa.StringArray:
    for one in known:
        ids = ids.filter(pc.invert(pc.is_in(ids, value_set=one)))
    return ids


def _rows(ids: pa.Array, reason: str, *, retired: bool = False) -> pa.Table:
    count = len(ids)
    values = [ids, pa.repeat(pa.scalar(retired), count), pa.repeat(pa.scalar(reason), count)]
    return pa.Table.from_arrays(values, schema=USED_IDS)


def _first_of_each(rows: pa.Table) -> pa.Table:
    """The rows, but of each id only the first."""
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    first = numbered.group_by("id").aggregate([("row", "min")]).column("row_min")
    return rows.take(first.sort())
