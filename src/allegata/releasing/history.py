"""What each record's history is: when it first came out, when it last changed, and why.

All is told by SQL in a session that has the base tables and those of the release before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from allegata.engines import Before
from allegata.releasing.catalog import read_catalog, version_after
from allegata.releasing.mapping import is_earlier, old_codes, old_names
from allegata.releasing.release import Release, open_release
from allegata.releasing.withdrawing.ids import USED_IDS, used_ids
from allegata.rules import HISTORY_TABLES
from allegata.schema.links import Revision
from allegata.schema.vocabularies import Change
from allegata.tables import LEDGER, Table, base_tables
from allegata.tables.session import Session

MOST_REASONS = 50
"""So many reasons are given for each kind of change, and the rest counted."""
MOST_RECORDS = 20
"""So many records are named for each reason, and the rest counted."""

_FIRST, _CHANGED = (column.name for column in LEDGER)
_NEW = "New in this release."


def previous_release(out: str | Path, version: str) -> Release | None:
    """The newest release of a publishing folder that is older than a version, if there is one.

    Those that were withdrawn are passed over: what they hold may be what had to go.

    Raises:
        ReleaseError: it cannot be read.
    """
    catalog = read_catalog(Path(out))
    entry = catalog.before(version) if catalog else None
    return open_release(out, entry.version) if entry else None


def before(out: str | Path, *, is_judged: bool = True) -> Before | None:
    """What is to be compared with, for what is to be published next.

    Args:
        out: A publishing folder, or the folder of one release.
        is_judged: Whether rules compare with it.

    Raises:
        ReleaseError: there is none, or it cannot be read.
    """
    if catalog := read_catalog(Path(out)):
        return before_version(out, version_after(catalog.newest() or ""), is_judged=is_judged)
    return before_of(open_release(out), is_judged=is_judged)


def before_version(out: str | Path, version: str, *, is_judged: bool = True) -> Before | None:
    """What is to be compared with, for what is to be published as a version.

    Args:
        out: A publishing folder.
        version: The version.
        is_judged: Whether rules compare with it.

    Returns:
        The newest older release that has not been withdrawn, with the ids that others have used;
        None where nothing has been published before.

    Raises:
        ReleaseError: it cannot be read.
    """
    catalog = read_catalog(Path(out))
    if catalog is None or catalog.before(version, standing=False) is None:
        return None
    previous = previous_release(out, version)
    create = partial(create_before, previous=previous, used=used_ids(Path(out), catalog, version))
    return Before(previous.path if previous else Path(out), create, is_judged=is_judged)


def before_of(release: Release, *, is_judged: bool = True) -> Before:
    """A release, as the one before what is to be published next."""
    return Before(release.path, partial(create_before, previous=release), is_judged=is_judged)


def create_before(session: Session, previous: Release | None, used: pa.Table | None = None) -> None:
    """Make the base tables of the release before known in a session, as ``before_<table>``.

    Where it has an earlier schema, columns and codes have the names that they have now. A column
    or a table that it does not have is empty; but a column that is never empty has the value that
    the record has now, so that no record is taken for changed because the schema was.

    Args:
        session: The session.
        previous: The release before; without one, all tables are empty.
        used: The ids that only withdrawn releases know (``used_ids``), if there are any.
    """
    session.register("used_ids", USED_IDS.empty_table() if used is None else used)
    for name, spec in base_tables().items():
        entry = previous.manifest.table(name) if previous else None
        if previous and entry:
            session.register(f"released_{name}", previous.file(entry.path))
            version = previous.manifest.schema_version
            session.view(f"before_{name}", _as_now(spec, set(entry.columns), version))
        else:
            session.register(f"before_{name}", spec.schema.empty_table())


def _as_now(spec: Table, has: set[str], version: str) -> str:
    """The rows of a table of the release before, which has some columns, as the schema is now."""
    then = old_names(spec.name, version) if is_earlier(version) else {}
    place = {one.name: one.name if one.name in has else then.get(one.name) for one in spec.columns}
    values, from_now = [], False
    for one in spec.columns:
        value = f'released."{place[one.name]}"'
        if place[one.name] in has:
            for old, new in old_codes(spec.name, one.name, version).items():
                value = f"CASE WHEN {value} = '{old}' THEN '{new}' ELSE {value} END"
        elif one.nullable or one in LEDGER:
            value = no_value(one.type)
        else:
            value, from_now = f'now."{one.name}"', True
        values.append(f'{value} AS "{one.name}"')
    query = f"SELECT {', '.join(values)} FROM released_{spec.name} AS released"
    if not from_now:
        return query
    same = " AND ".join(f'now."{key}" = released."{place[key]}"' for key in spec.key)
    return f"{query} LEFT JOIN {spec.name} AS now ON {same}"


def no_value(kind: object) -> str:
    """What stands in SQL for a value that is missing, of a published column type."""
    names = {"string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "double": "DOUBLE"}
    names |= {"date32[day]": "DATE", "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}
    return f"CAST(NULL AS {names[str(kind)]})"


def create_ledger(session: Session, version: str, *, has_previous: bool, note: str | None) -> None:
    """Make the base tables as they are published, in a session that has them: ``ledger_<table>``.

    A table whose records have an id gets ``first_release`` and ``last_changed``. A record that is
    not in the previous release gets a row in ``revisions``, unless it has one; so does, where
    there is a note, one that has changed or is gone. The rows of earlier releases are kept. An id
    that only a withdrawn release has used gets one that retires it, unless a record has it.

    Args:
        session: The session; with a previous release, one that has ``before_<table>``.
        version: The version of this release.
        has_previous: Whether there is a release before it, of which the session has the tables;
            all of them may be empty, as where each earlier release has been withdrawn.
        note: Why records have changed that have no revision of their own.
    """
    if has_previous:
        for name in ("changed_ids", "told_ids"):
            session.create(name, HISTORY_TABLES[name])
    for name, spec in base_tables().items():
        own = [one.name for one in spec.columns if one not in LEDGER]
        columns = ", ".join(f'now."{column}"' for column in own)
        if name == Revision.table:
            session.view(f"ledger_{name}", _revisions(version, has_previous, note))
        elif LEDGER[0] not in spec.columns:
            session.view(f"ledger_{name}", f"SELECT {columns} FROM {name} AS now")
        elif has_previous:
            session.view(f"ledger_{name}", _dated(name, columns, version))
        else:
            dates = f"'{version}' AS {_FIRST}, '{version}' AS {_CHANGED}"
            session.view(f"ledger_{name}", f"SELECT {columns}, {dates} FROM {name} AS now")


def _dated(name: str, columns: str, version: str) -> str:
    return (
        f"SELECT {columns}, coalesce(before.{_FIRST}, '{version}') AS {_FIRST}, "
        f"CASE WHEN before.id IS NULL OR changed.id IS NOT NULL THEN '{version}' "
        f"ELSE before.{_CHANGED} END AS {_CHANGED} FROM {name} AS now "
        f"LEFT JOIN before_{name} AS before ON before.id = now.id "
        "LEFT JOIN changed_ids AS changed ON changed.id = now.id"
    )


def _revisions(version: str, has_previous: bool, note: str | None) -> str:
    """The rows written, those of earlier releases, and those that this release adds."""
    columns = ", ".join(f'"{one.name}"' for one in base_tables()[Revision.table].columns)
    key = ", ".join(f'"{name}"' for name in Revision.key)
    ids = " UNION ALL ".join(f"SELECT id FROM {name}" for name in _with_id())
    before = " UNION ALL ".join(f"SELECT id FROM before_{name}" for name in _with_id())
    new = f"SELECT id FROM ({ids}) AS now"
    parts = [f"SELECT {columns} FROM {Revision.table}"]
    if has_previous:
        new += f" ANTI JOIN ({before}) AS before USING (id)"
        parts.append(
            f"SELECT {columns} FROM before_{Revision.table} AS before "
            f"ANTI JOIN {Revision.table} AS now USING ({key})"
        )
    parts.append(_added(version, new, Change.ADDED, _quoted(_NEW)))
    if has_previous:
        parts.append(_added(version, _lost(ids), Change.RETRACTED, "it.reason"))
    if has_previous and note is not None:
        untold = "SELECT it.id FROM ({}) AS it ANTI JOIN told_ids AS told USING (id)"
        gone = f"SELECT id FROM ({before}) AS before ANTI JOIN ({ids}) AS now USING (id)"
        changed = untold.format("SELECT id FROM changed_ids")
        parts.append(_added(version, changed, Change.CHANGED, _quoted(note)))
        parts.append(_added(version, untold.format(gone), Change.RETRACTED, _quoted(note)))
    return " UNION ALL ".join(parts)


def _lost(ids: str) -> str:
    """The ids that only withdrawn releases have used, with the reason why they are no more."""
    retired = " UNION ALL ".join(
        f"SELECT record_id AS id FROM {name} WHERE change IN ('retracted', 'merged')"
        for name in (Revision.table, f"before_{Revision.table}")
    )
    return (
        f"SELECT used.id, used.reason FROM used_ids AS used ANTI JOIN ({ids}) AS now USING (id) "
        f"ANTI JOIN ({retired}) AS retired USING (id)"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _added(version: str, ids: str, change: Change, reason: str) -> str:
    """A row for each of some ids, unless one is written for it in this release."""
    return (
        f"SELECT '{version}' AS \"release\", it.id AS record_id, '{change}' AS change, "
        f"CAST(NULL AS VARCHAR) AS merged_into, {reason} AS reason FROM ({ids}) AS it "
        f"ANTI JOIN (SELECT record_id AS id FROM {Revision.table} "
        f"WHERE \"release\" = '{version}') AS written USING (id)"
    )


def _with_id() -> Iterable[str]:
    return [name for name, spec in base_tables().items() if spec.key == ("id",)]


@dataclass(frozen=True)
class Reason:
    """Records of which a release tells the same, for the same reason."""

    reason: str
    count: int
    """How many there are."""
    records: tuple[tuple[str, str | None], ...]
    """The first of them, and what each was merged into."""


@dataclass(frozen=True)
class Revised:
    """What became of records in a release."""

    change: Change
    """What happened to them."""
    count: int
    """To how many of them."""
    reasons: tuple[Reason, ...]
    """Why, the commonest reasons first; of very many the rest is only counted."""


def revised(session: Session, revisions: str, version: str) -> list[Revised]:
    """What the revisions of a release tell of it.

    Args:
        session: A session that has the table of revisions.
        revisions: Its name there.
        version: The version of the release.
    """
    here = f'FROM {revisions} WHERE "release" = {_quoted(version)}'
    counts = session.fetch(f"SELECT change, count(*) AS n {here} GROUP BY change").to_pylist()
    of = {one["change"]: one["n"] for one in counts}
    return [
        Revised(change, of[change], tuple(_reasons(session, f"{here} AND change = '{change}'")))
        for change in Change
        if change in of
    ]


def _reasons(session: Session, here: str) -> Iterator[Reason]:
    """The commonest reasons of some revisions, each asked for apart: there may be millions."""
    counts = session.fetch(
        f"SELECT reason, count(*) AS n {here} GROUP BY reason "
        f"ORDER BY n DESC, reason LIMIT {MOST_REASONS}"
    )
    for one in counts.to_pylist():
        named = session.fetch(
            f"SELECT record_id, merged_into {here} AND reason = {_quoted(one['reason'])} "
            f"ORDER BY record_id LIMIT {MOST_RECORDS}"
        )
        records = tuple((row["record_id"], row["merged_into"]) for row in named.to_pylist())
        yield Reason(one["reason"], one["n"], records)
