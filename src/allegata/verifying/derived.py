"""Whether the derived tables are what follows from the base tables: they are made anew."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from allegata.deriving import DerivingError, create_derived, derived_tables
from allegata.engines import Embedded
from allegata.releasing import Manifest
from allegata.releasing.deltas import quoted
from allegata.tables import Table
from allegata.tables.content_hash import ContentHash
from allegata.tables.parquet import TableError, conformed
from allegata.verifying.finding import Finding
from allegata.verifying.rows import Query, found_rows

_ROWS_AT_ONCE = 8_192


def check_derived(session: Embedded, manifest: Manifest) -> Iterator[Finding]:
    """Derive the derived tables anew and compare.

    Args:
        session: A session with the base tables under their names, and the derived tables of the
            release as ``released_<table>``.
        manifest: The manifest of the release.
    """
    try:
        create_derived(session)
    except DerivingError as error:
        told = f"the base tables contradict themselves: {error}"
        yield Finding("DERIVED_WRONG", told, manifest.tables[0].path)
        return
    for name, spec in derived_tables().items():
        entry = manifest.table(name)
        if entry is None:
            continue
        try:
            is_same = _hash(session, spec) == entry.content_hash
        except TableError as error:  # base tables with a fault of their own
            told = f"it cannot be made from the base tables: {error}"
            yield Finding("DERIVED_WRONG", told, entry.path, name)
            continue
        if not is_same:
            yield from _difference(session, spec, entry.path)


def _hash(session: Embedded, spec: Table) -> str:
    rows = session.stream(f"SELECT {_list(spec)} FROM {quoted(spec.name)}", _ROWS_AT_ONCE)
    with ContentHash(spec.schema) as content:
        for batch in rows:
            content.update(conformed(pa.Table.from_batches([batch]), spec))
        return content.hexdigest()


def _difference(session: Embedded, spec: Table, path: str) -> Iterator[Finding]:
    key = ", ".join(quoted(name) for name in spec.key)
    ours = f"SELECT {_list(spec)} FROM {quoted(spec.name)}"
    theirs = f"SELECT {_list(spec)} FROM {quoted('released_' + spec.name)}"
    differing = f"({ours} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {ours})"
    sql = f"SELECT DISTINCT {key} FROM ({differing}) AS odd"
    told = "a row is not what follows from the base tables"
    finding = Finding("DERIVED_WRONG", told, path, spec.name)
    yield from found_rows(session, [Query(sql, spec.key, finding)])


def _list(spec: Table) -> str:
    return ", ".join(quoted(column.name) for column in spec.columns)
