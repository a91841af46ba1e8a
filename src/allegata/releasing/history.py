"""What each record's history is: when it first came out, when it last changed.

Vectorised: a record of the previous release is found by its id, and compared column by column.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from allegata.releasing.catalog import read_catalog
from allegata.releasing.release import Release, open_release
from allegata.schema.links import Revision
from allegata.schema.vocabularies import Change
from allegata.tables import LEDGER, base_tables

_FIRST, _CHANGED = (column.name for column in LEDGER)
_REVISIONS = Revision.table
_NEW = "New in this release."


def previous_release(out: str | Path, version: str) -> Release | None:
    """The newest release of a publishing folder that is older than a version, if there is one.

    Raises:
        ReleaseError: it cannot be read.
    """
    catalog = read_catalog(Path(out))
    entry = catalog.before(version) if catalog else None
    return open_release(out, entry.version) if entry else None


def with_ledger(
    tables: Mapping[str, pa.Table], previous: Release | None, version: str
) -> dict[str, pa.Table]:
    """The base tables with what publishing adds to them.

    A table whose records have an id gets ``first_release`` and ``last_changed``. A record that is
    not in the previous release gets a row in ``revisions``, unless it has one; the rows of
    earlier releases are kept.

    Args:
        tables: The tables made from records, without the columns of ``LEDGER``.
        previous: The release before this one.
        version: The version of this one.
    """
    found = dict(tables)
    new: list[pa.ChunkedArray] = []
    for name, spec in base_tables().items():
        if name in tables and LEDGER[0] in spec.columns:
            before = _table(previous, name)
            found[name] = _dated(tables[name], before, version)
            new.append(_new_ids(tables[name], before))
    if _REVISIONS in tables:
        found[_REVISIONS] = _revisions(
            tables[_REVISIONS], _table(previous, _REVISIONS), new, version
        )
    return found


def _table(release: Release | None, name: str) -> pa.Table | None:
    if release is None or name not in release.table_names:
        return None
    return release.table(name).arrow


def _new_ids(table: pa.Table, before: pa.Table | None) -> pa.ChunkedArray:
    ids = table.column("id")
    if before is None:
        return ids
    return ids.filter(pc.invert(pc.is_in(ids, value_set=before.column("id"))))


def _dated(table: pa.Table, before: pa.Table | None, version: str) -> pa.Table:
    now = pa.scalar(version, pa.string())
    if before is None:
        first = changed = pa.repeat(now, table.num_rows)
    else:
        then = before.take(pc.index_in(table.column("id"), value_set=before.column("id")))
        first = pc.fill_null(then.column(_FIRST), now)
        same = pc.and_(then.column(_FIRST).is_valid(), _same(table, then))
        changed = pc.if_else(same, then.column(_CHANGED), now)
    for column, values in zip(LEDGER, (first, changed), strict=True):
        table = table.append_column(column.arrow, values)
    return table


def _same(table: pa.Table, then: pa.Table) -> Any:
    """Whether each row has the values it had; a column that there was not held no value."""
    same: Any = pa.scalar(True)
    for name, column in zip(table.column_names, table.columns, strict=True):
        missing = column.is_null()
        if name in then.column_names:
            was = then.column(name)
            equal = pc.fill_null(pc.equal(column, was), False)
            missing = pc.and_(missing, was.is_null())
            same = pc.and_(same, pc.or_(equal, missing))
        else:
            same = pc.and_(same, missing)
    return same


def _revisions(
    written: pa.Table, before: pa.Table | None, new: list[pa.ChunkedArray], version: str
) -> pa.Table:
    rows = written
    if before is not None:
        rows = _added(rows, before.select(rows.column_names).cast(rows.schema))
    ids = pa.chunked_array([chunk for column in new for chunk in column.chunks], pa.string())
    filled = {
        "release": pa.repeat(pa.scalar(version), len(ids)),
        "record_id": ids,
        "change": pa.repeat(pa.scalar(Change.ADDED.value), len(ids)),
        "reason": pa.repeat(pa.scalar(_NEW), len(ids)),
    }
    columns = [filled.get(field.name, pa.nulls(len(ids), field.type)) for field in rows.schema]
    return _added(rows, pa.Table.from_arrays(columns, schema=rows.schema))


def _added(rows: pa.Table, others: pa.Table) -> pa.Table:
    """The rows, and those of the others whose key none of them has."""
    keys, other_keys = (
        pc.binary_join_element_wise(*(table.column(name) for name in Revision.key), "\n")
        for table in (rows, others)
    )
    unknown = pc.invert(pc.is_in(other_keys, value_set=keys))
    return pa.concat_tables([rows, others.filter(unknown)])
