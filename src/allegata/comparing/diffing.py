"""Comparing two releases by SQL over their Parquet files, which may be larger than memory."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from allegata.comparing import sql
from allegata.comparing.model import (
    FieldDifference,
    PartDifference,
    RecordDifference,
    Side,
    Summary,
    TableDifference,
    Told,
    Value,
)
from allegata.comparing.schemas import SchemaDifference, schema_differences
from allegata.comparing.sql import Compared
from allegata.deriving import derived_tables
from allegata.engines import MEMORY_LIMIT
from allegata.reading import nearest
from allegata.releasing import (
    Manifest,
    Op,
    Release,
    ReleaseError,
    UnknownRecord,
    UnknownTable,
    open_release,
)
from allegata.releasing.catalog import ordinal
from allegata.releasing.deltas import register_released, session_over
from allegata.schema.links import Revision
from allegata.schema.types import PREFIXES
from allegata.schema.vocabularies import Change
from allegata.tables.session import Session

_ROWS_AT_ONCE = 2_048
_WANTED = "wanted_records"
_Row = dict[str, Any]


class Difference:
    """How two releases differ: table by table, and record by record.

    It keeps what it found in a temporary folder, which goes when it is closed or forgotten.
    """

    def __init__(
        self,
        summary: Summary,
        session: Session,
        listed: list[Compared],
        told: Compared | None,
        names: list[str],
        held: ExitStack,
    ) -> None:
        self.summary = summary
        """What differs, table by table."""
        self._session, self._listed, self._told, self._names = session, listed, told, names
        self._close = weakref.finalize(self, held.close)
        self.count = self._count()
        """How many records differ."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    @property
    def tables(self) -> list[TableDifference]:
        """How each table that was asked for differs, those included that do not."""
        return self.summary.tables

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return self.summary.is_same

    def records(self, most: int | None = None) -> Iterator[RecordDifference]:
        """The records that differ, by table and then by id; read one after another.

        Args:
            most: So many at most; all by default.
        """
        if not self.count:
            return
        limit = "" if most is None else f" ORDER BY rank, owner LIMIT {most}"
        self._session.create(_WANTED, f"SELECT * FROM ({sql.owners(self._listed)}){limit}")
        query = sql.all_values(self._listed, self._told, _WANTED)
        reader = self._session.stream(query, _ROWS_AT_ONCE)
        try:
            rows = (row for batch in reader for row in batch.to_pylist())
            for (rank, owner), of_record in groupby(rows, itemgetter("rank", "owner")):
                yield self._record(self._by_name(rank), owner, of_record)
        finally:
            reader.close()

    def _count(self) -> int:
        if not self._listed:
            return 0
        counted = self._session.fetch(f"SELECT count(*) FROM ({sql.owners(self._listed)})")
        return cast(int, counted.column(0)[0].as_py())

    def _by_name(self, rank: int) -> Compared:
        name = self._names[rank]
        return next(one for one in self._listed if name in (one.name, one.owner))

    def _record(self, found: Compared, owner: list[str], rows: Iterator[_Row]) -> RecordDifference:
        op, fields = Op.MOD, list[FieldDifference]()
        told, parts = list[Told](), list[PartDifference]()
        by_rank = {one.of.name: one for one in self._listed}
        for (part, key), group in groupby(rows, itemgetter("part", "part_key")):
            of_row = list(group)
            if part < 0:
                told.append(_revision(key[0], of_row))
            elif part == 0:
                op, fields = _op(of_row), _fields(by_rank[self._names[of_row[0]["rank"]]], of_row)
            else:
                nested = by_rank[self._names[part - 1]]
                named = dict(zip(nested.part_key, _key(nested, nested.part_key, key), strict=True))
                parts.append(
                    PartDifference(
                        table=nested.name,
                        key=named,
                        op=_op(of_row),
                        fields=_fields(nested, of_row),
                    )
                )
        is_own = found.owner == found.name
        values = _key(found, found.owner_key, owner) if is_own else owner
        return RecordDifference(
            table=found.owner,
            id=" ".join(str(value) for value in values),
            op=op,
            revisions=sorted(told, key=lambda one: ordinal(one.release)),
            fields=fields,
            parts=parts,
        )


def diff(
    old: Release | str | Path,
    new: Release | str | Path,
    *,
    tables: Iterable[str] | None = None,
    record: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> Difference:
    """Compare two releases of a dataset, also of other versions of the schema.

    Rows are told apart by the key of their table. A column that only one of the releases has, or
    that has another type in each, is told of and not compared; a table whose key is another is
    told of and its rows are not compared. Where only one has a table, all its rows are new or gone.

    Args:
        old: A release, or its folder.
        new: The release to compare with it, or its folder; it need not be the later one.
        tables: The tables that are wanted; by default all. The records that are listed are by
            default those of base tables, with the rows that are nested in them; what the table of
            revisions tells is told with the records that it speaks of.
        record: The id of a record, if only that is wanted.
        memory_limit: How much memory the tables may take, such as ``500MB``.

    Raises:
        ReleaseError: one cannot be read, or they are of different datasets.
        UnknownTable: neither has a table of that name.
        UnknownRecord: neither has a record of that id.
        OSError: the disk is full, or a file may not be read.
    """
    before, after = (one if isinstance(one, Release) else open_release(one) for one in (old, new))
    for release in (before, after):
        release.bring()
    if before.dataset.name != after.dataset.name:
        raise ReleaseError(
            f"{before.path} is a release of {before.dataset.name}, and {after.path} of "
            f"{after.dataset.name}: only releases of one dataset are compared"
        )
    every = schema_differences(before.manifest, after.manifest)
    names = [one.name for one in every]
    wanted = None if tables is None else set(tables)
    _require_tables(wanted or (), names)
    listed = [name for name in names if (_has_records(name) if wanted is None else name in wanted)]
    shown = names if wanted is None and record is None else listed
    with ExitStack() as stack:
        session = stack.enter_context(
            session_over(before.path, after.path, memory_limit=memory_limit)
        )
        known = {one.name: one for one in sql.compared(every)}
        for one in known.values():
            for name, release, entry in (("old", before, one.of.old), ("new", after, one.of.new)):
                if entry:
                    register_released(session, f"{name}_{one.name}", release.path, entry)
        counts = {name: _counts(session, known[name], record) for name in shown if name in known}
        if record and not any(map(any, counts.values())):
            _require_known(session, record, known)
        summary = Summary(
            dataset=after.dataset.name,
            old=_side(before.manifest),
            new=_side(after.manifest),
            tables=[_table(one, counts.get(one.name)) for one in every if one.name in shown],
        )
        revisions = known.get(Revision.table)
        told = revisions if revisions and revisions.of.old and revisions.of.new else None
        return Difference(
            summary,
            session,
            [known[name] for name in listed if any(counts.get(name, ()))],
            told,
            names,
            stack.pop_all(),
        )


def _require_tables(tables: Iterable[str], known: list[str]) -> None:
    for name in tables:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise UnknownTable(f"neither release has a table {name!r}{hint}")


def _has_records(name: str) -> bool:
    """Whether what differs in a table is listed without being asked for."""
    return name != Revision.table and name not in derived_tables()


def _counts(session: Session, table: Compared, record: str | None) -> tuple[int, int, int]:
    """How many rows are new, changed and gone; they are kept where there are any."""
    old, new = table.of.old, table.of.new
    if old and new and (old.columns, old.content_hash) == (new.columns, new.content_hash):
        return (0, 0, 0)
    session.create(f"differing_{table.name}", sql.differing(table, record))
    rows = session.fetch(f'SELECT op, count(*) AS n FROM "differing_{table.name}" GROUP BY op')
    found = {row["op"]: row["n"] for row in rows.to_pylist()}
    return (found.get(Op.ADD, 0), found.get(Op.MOD, 0), found.get(Op.DEL, 0))


def _require_known(session: Session, record: str, tables: Mapping[str, Compared]) -> None:
    """See that one of the releases has a record of that id."""
    ids: list[str] = []
    mine = PREFIXES.get(record.partition("-")[0])
    for one in tables.values():
        if one.key != ["id"] or mine not in (None, one.name):
            continue
        for side, entry in (("old", one.of.old), ("new", one.of.new)):
            if entry:
                ids += session.fetch(f'SELECT id FROM "{side}_{one.name}"').column(0).to_pylist()
    if record not in ids:
        near = nearest(record, sorted(set(ids)))
        hint = f"; did you mean {near}?" if near else ""
        raise UnknownRecord(f"neither release has a record {record!r}{hint}")


def _side(manifest: Manifest) -> Side:
    return Side(
        version=manifest.version, schema_version=manifest.schema_version, date=manifest.date
    )


def _table(of: SchemaDifference, counts: tuple[int, int, int] | None) -> TableDifference:
    added, changed, removed = counts or (None, None, None)
    return TableDifference(
        table=of.name,
        old_rows=of.old.rows if of.old else None,
        new_rows=of.new.rows if of.new else None,
        added=added,
        changed=changed,
        removed=removed,
        columns_added=of.columns_added,
        columns_removed=of.columns_removed,
        columns_retyped=of.columns_retyped,
    )


def _op(rows: list[_Row]) -> Op:
    return {op.value: op for op in Op}[rows[0]["op"]]


def _fields(table: Compared, rows: list[_Row]) -> list[FieldDifference]:
    old, new = table.of.old, table.of.new
    return [
        FieldDifference(
            field=row["field"],
            old=_value(row["was"], old.columns.get(row["field"], "") if old else ""),
            new=_value(row["now"], new.columns.get(row["field"], "") if new else ""),
        )
        for row in rows
        if row["field"] is not None
    ]


def _key(table: Compared, columns: Iterable[str], texts: list[str]) -> list[Value]:
    kinds = (table.types[name] for name in columns)
    return [_value(text, kind) for text, kind in zip(texts, kinds, strict=True)]


def _value(text: str | None, kind: str) -> Value:
    """A value from its text, as JSON has it."""
    if text is None:
        return None
    if kind == "int32":
        return int(text)
    if kind == "float64":
        return float(text)
    return text == "true" if kind == "bool" else text


def _revision(release: str, rows: list[_Row]) -> Told:
    values = {row["field"]: row["now"] for row in rows}
    change = {one.value: one for one in Change}[rows[0]["op"]]
    return Told(release=release, change=change, **values)
