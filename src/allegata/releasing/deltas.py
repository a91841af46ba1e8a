"""Deltas: which rows of each table differ from the release before.

A release that has one before it holds ``delta/<table>.parquet`` for every table of which a row
differs; a table without a difference has no file and no entry in the manifest, as many readers
refuse a table without rows. The columns are ``op`` and then those of the table, sorted by its key.
Of a row that is gone only the key is given.

Who takes the table of the release before, without the rows whose key the delta has, and adds the
delta's rows but those with ``del``, has the table of this release, value for value, the columns
``first_release`` and ``last_changed`` included. Where the schema has changed in between, the table
before is first brought to the columns of now: one that it did not have, or had with another type,
is empty, and one that is no more is dropped. A table that the release before did not have, or that
had another key, begins without rows.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.engines import MEMORY_LIMIT, Embedded
from allegata.releasing.errors import NotARelease
from allegata.releasing.history import no_value
from allegata.releasing.manifest import TableEntry
from allegata.schema import Vocabulary
from allegata.tables import Column, Table
from allegata.tables.content_hash import type_name
from allegata.tables.ranges import stream_in_order
from allegata.tables.session import Session

DELTA = "delta"
_ROWS_AT_ONCE = 8_192


class Op(Vocabulary):
    """What became of a row since the release before."""

    ADD = "add", "The release before has no row of this key."
    MOD = "mod", "The release before has a row of this key with another value in some column."
    DEL = "del", "Only the release before has a row of this key; its other columns are empty here."


OP = Column("op", pa.string(), False, Op.definition(), vocabulary=Op)
"""The first column of every delta."""


def delta_table(spec: Table) -> Table:
    """What the delta of a table is: columns, key, descriptions.

    >>> from allegata.tables import base_tables
    >>> delta = delta_table(base_tables()["roles"])
    >>> delta.name, delta.key, [column.name for column in delta.columns][:3]
    ('delta_roles', ('id',), ['op', 'id', 'actor_id'])
    """
    return Table(
        f"{DELTA}_{spec.name}",
        f"A row of {spec.name} that differs from the release before.",
        spec.key,
        (OP, *(replace(one, nullable=one.name not in spec.key) for one in spec.columns)),
    )


@contextmanager
def session_over(*folders: Path, memory_limit: str = MEMORY_LIMIT) -> Iterator[Session]:
    """A session that may read the Parquet files below some folders, and no others."""
    with (
        tempfile.TemporaryDirectory(prefix="allegata-") as spilled,
        Embedded(Path(spilled), memory_limit, folders) as session,
    ):
        yield session


def register_released(session: Session, name: str, folder: Path, entry: TableEntry) -> None:
    """Make a table of a release known in a session that may read the release's folder.

    Args:
        session: The session.
        name: The name that it gets there.
        folder: The folder of the release.
        entry: What the release's manifest says of the table.

    Raises:
        NotARelease: the file is missing or damaged, or is not the table that the manifest tells of.
    """
    file = folder / entry.path
    try:
        schema = pq.read_schema(file)
    except FileNotFoundError:
        raise NotARelease(f"{file} is missing; the release is incomplete") from None
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, PermissionError):
            raise
        raise NotARelease(f"{file} is damaged: {error}") from None
    if schema.names != list(entry.columns):
        raise NotARelease(f"{file} does not have the columns that the manifest tells of")
    session.register(name, file)


def delta_query(
    spec: Table, before: TableEntry | None, older: str, newer: str, within: str = "true"
) -> str:
    """The rows of the delta of a table, in its order, as SQL.

    Args:
        spec: What the table is now.
        before: What the manifest of the release before says of it, if it had it.
        older: The name of its table in the session; not asked for where it has none to compare.
        newer: The name of the table of now in the session.
        within: A condition on the columns of the key: only rows that meet it are compared.
    """
    now, was = _compared(spec, before, older, newer)
    columns = [column.name for column in spec.columns]
    first = quoted(spec.key[0])
    values = ", ".join(
        f"coalesce(now.{name}, was.{name}) AS {name}" if name_ in spec.key else f"now.{name}"
        for name_, name in ((one, quoted(one)) for one in columns)
    )
    differs = " OR ".join(
        f"now.{quoted(one)} IS DISTINCT FROM was.{quoted(one)}"
        for one in columns
        if one not in spec.key
    )
    on = " AND ".join(f"now.{quoted(one)} = was.{quoted(one)}" for one in spec.key)
    missing = f"was.{first} IS NULL OR now.{first} IS NULL"
    return (
        f"SELECT CASE WHEN was.{first} IS NULL THEN '{Op.ADD}' "
        f"WHEN now.{first} IS NULL THEN '{Op.DEL}' ELSE '{Op.MOD}' END AS {OP.name}, {values} "
        f"FROM (SELECT * FROM ({now}) AS newer WHERE {within}) AS now "
        f"FULL JOIN (SELECT * FROM ({was}) AS older WHERE {within}) AS was ON {on} "
        f"WHERE {missing}{f' OR {differs}' if differs else ''} "
        f"ORDER BY {', '.join(quoted(one) for one in spec.key)}"
    )


def _compared(spec: Table, before: TableEntry | None, older: str, newer: str) -> tuple[str, str]:
    """The rows of now and those of before, with the columns of now, as SQL."""
    had = dict(before.columns) if before and is_comparable(spec, before) else {}
    now = ", ".join(quoted(one.name) for one in spec.columns)
    was = ", ".join(
        quoted(one.name)
        if had.get(one.name) == type_name(one.type)
        else f"{no_value(one.type)} AS {quoted(one.name)}"
        for one in spec.columns
    )
    source = f"FROM {quoted(older)}" if had else "WHERE false"
    return f"SELECT {now} FROM {quoted(newer)}", f"SELECT {was} {source}"


def is_comparable(spec: Table, before: TableEntry) -> bool:
    """Whether rows of now and of before are told apart by the same key."""
    return before.key == list(spec.key) and all(
        before.columns.get(name) == type_name(spec.column(name).type) for name in spec.key
    )


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it holds.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def differing(
    session: Session,
    spec: Table,
    before: TableEntry | None,
    older: str,
    newer: str,
    counts: Counter[str],
) -> pa.RecordBatchReader | None:
    """The rows of the delta of a table, as ``delta_query`` has them; None where there are none.

    Args:
        session: The session, which may be asked nothing else until all has been read.
        spec: What the table is now.
        before: What the manifest of the release before says of it, if it had it.
        older: The name of its table in the session.
        newer: The name of the table of now in the session.
        counts: Told how many rows of each ``op`` have been read.
    """

    def query(within: str) -> str:
        return delta_query(spec, before, older, newer, within)

    rows = " UNION ALL ".join(_compared(spec, before, older, newer))
    reader = stream_in_order(session, query, rows, spec.key, _ROWS_AT_ONCE)
    batches = (batch for batch in reader if batch.num_rows)
    first = next(batches, None)
    if first is None:
        return None

    def told() -> Iterator[pa.RecordBatch]:
        for batch in chain([first], batches):
            for one in pc.value_counts(batch.column(OP.name)).to_pylist():
                counts[one["values"]] += one["counts"]
            yield batch

    return pa.RecordBatchReader.from_batches(reader.schema, told())
