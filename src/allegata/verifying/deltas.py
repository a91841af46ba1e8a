"""Whether the delta of each table is its difference from the release before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from allegata.engines import Embedded
from allegata.releasing import DeltaEntry, Manifest, Release
from allegata.releasing.deltas import OP, Op, delta_table, differing, quoted
from allegata.releasing.manifest import TableEntry
from allegata.tables import Table
from allegata.tables.content_hash import ContentHash
from allegata.tables.parquet import conformed
from allegata.verifying.files import Files
from allegata.verifying.finding import Finding
from allegata.verifying.rows import Query, found_rows
from allegata.verifying.specs import Specs
from allegata.verifying.tables import check_delta


def check_delta_files(
    files: Files, manifest: Manifest, specs: Specs
) -> tuple[dict[str, Path], list[Finding]]:
    """Check the file of each delta by itself.

    Returns:
        Table -> file, of those that can be read as they should be; and what is wrong.
    """
    good, findings = {}, list(_named(manifest))
    for entry in manifest.deltas:
        spec, file = specs.tables.get(entry.table), files.good(entry.path)
        if spec is None or file is None:
            continue
        found = list(check_delta(file, entry, delta_table(spec), manifest))
        findings += found
        if not {one.code for one in found} & {"PARQUET_DAMAGED", "COLUMNS_WRONG", "TYPE_WRONG"}:
            good[entry.table] = file
    return good, findings


def _named(manifest: Manifest) -> Iterator[Finding]:
    names = Counter(entry.table for entry in manifest.deltas)
    tables = {entry.name for entry in manifest.tables}
    for name, count in names.items():
        if count > 1 or name not in tables:
            told = f"the manifest tells of a delta of {name} twice, or of no such table"
            yield Finding("DELTA_WRONG", told, "manifest.json", name)
    if manifest.deltas and manifest.previous is None:
        told = "there are deltas, and no release before that they differ from"
        yield Finding("DELTA_WRONG", told, "manifest.json")


def check_delta_rows(session: Embedded, delta: DeltaEntry, spec: Table) -> Iterator[Finding]:
    """Whether a delta's rows are counted rightly, and are those that the table has now.

    Args:
        session: A session with the table under its name, and its delta as ``delta_<table>``.
        delta: What the manifest says of the delta.
        spec: What the table is.
    """
    name, key = quoted(f"delta_{spec.name}"), ", ".join(quoted(one) for one in spec.key)
    rows = session.fetch(f"SELECT {OP.name}, count(*) AS n FROM {name} GROUP BY ALL").to_pylist()
    counts = {row[OP.name]: row["n"] for row in rows}
    expected = {Op.ADD: delta.added, Op.MOD: delta.changed, Op.DEL: delta.removed}
    found = {op: counts.pop(op, 0) for op in expected}
    if counts or found != expected:
        yield Finding(
            "DELTA_WRONG",
            "the manifest counts other rows",
            delta.path,
            spec.name,
            expected=_counted(expected),
            found=_counted({**found, **counts}),
        )
    columns = ", ".join(quoted(column.name) for column in spec.columns)
    live = f"SELECT {columns} FROM {name} WHERE {OP.name} <> '{Op.DEL}'"
    dead = f"SELECT {key} FROM {name} WHERE {OP.name} = '{Op.DEL}'"
    table = f"SELECT {columns} FROM {quoted(spec.name)}"
    odd = f"SELECT {key} FROM ({live} EXCEPT ALL {table}) AS odd"
    there = f"SELECT {key} FROM ({dead}) AS gone SEMI JOIN ({table}) AS now USING ({key})"
    told = {"a row is not the one that the table has": odd, "a row told of as gone is there": there}
    yield from found_rows(
        session,
        [
            Query(sql, spec.key, Finding("DELTA_WRONG", what, delta.path, spec.name))
            for what, sql in told.items()
        ],
    )


def check_deltas(
    session: Embedded, manifest: Manifest, specs: Specs, previous: Release
) -> Iterator[Finding]:
    """Whether each delta is the difference from the release before, which is computed anew.

    Args:
        session: A session with the tables of the release under their names; it may read those of
            the release before.
        manifest: The manifest of the release.
        specs: What the tables are.
        previous: The release before it.
    """
    deltas = {entry.table: entry for entry in manifest.deltas}
    for entry in manifest.tables:
        spec, delta = specs.tables.get(entry.name), deltas.get(entry.name)
        if spec is None:
            continue
        was = previous.manifest.table(spec.name)
        if was:
            session.register("older", previous.file(was.path))
        found = _hash(session, spec, was)
        if found != (delta.content_hash if delta else None):
            yield Finding(
                "DELTA_WRONG",
                f"it is not the difference from {previous.version}"
                if delta
                else f"rows differ from {previous.version}, and there is no delta",
                delta.path if delta else entry.path,
                spec.name,
                expected=found or "no difference",
                found=delta.content_hash if delta else None,
            )


def _hash(session: Embedded, table: Table, was: TableEntry | None) -> str | None:
    """The content hash of the delta of a table, computed anew; None where nothing differs."""
    rows = differing(session, table, was, "older", table.name, Counter())
    if rows is None:
        return None
    spec = delta_table(table)
    with ContentHash(spec.schema) as content:
        for batch in rows:
            content.update(conformed(pa.Table.from_batches([batch]), spec))
        return content.hexdigest()


def _counted(counts: dict[Any, int]) -> str:
    return ", ".join(f"{op} {n}" for op, n in counts.items())
