"""What each record's history is: when it first came out, when it last changed, and why.

All is told by SQL in a session that has the base tables and those of the release before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from allegata.engines import Before
from allegata.releasing.catalog import read_catalog
from allegata.releasing.release import Release, open_release
from allegata.rules import HISTORY_TABLES
from allegata.schema.links import Revision
from allegata.schema.vocabularies import Change
from allegata.tables import LEDGER, base_tables
from allegata.tables.session import Session

_FIRST, _CHANGED = (column.name for column in LEDGER)
_NEW = "New in this release."


def previous_release(out: str | Path, version: str) -> Release | None:
    """The newest release of a publishing folder that is older than a version, if there is one.

    Raises:
        ReleaseError: it cannot be read.
    """
    catalog = read_catalog(Path(out))
    entry = catalog.before(version) if catalog else None
    return open_release(out, entry.version) if entry else None


def before(out: str | Path, *, is_judged: bool = True) -> Before:
    """The latest release of a publishing folder, for what is to be published next.

    Args:
        out: A publishing folder, or the folder of one release.
        is_judged: Whether rules compare with it.

    Raises:
        ReleaseError: there is none, or it cannot be read.
    """
    return before_of(open_release(out), is_judged=is_judged)


def before_of(release: Release, *, is_judged: bool = True) -> Before:
    """A release, as the one before what is to be published next."""
    return Before(release.path, partial(create_before, previous=release), is_judged=is_judged)


def create_before(session: Session, previous: Release) -> None:
    """Make the base tables of the release before known in a session, as ``before_<table>``.

    A column or a table that it does not have is empty.
    """
    for name, spec in base_tables().items():
        entry = previous.manifest.table(name)
        has = set(entry.columns) if entry else set()
        columns = ", ".join(
            f'"{one.name}"' if one.name in has else f'{no_value(one.type)} AS "{one.name}"'
            for one in spec.columns
        )
        if entry:
            session.register(f"released_{name}", previous.file(entry.path))
            session.view(f"before_{name}", f"SELECT {columns} FROM released_{name}")
        else:
            session.register(f"before_{name}", spec.schema.empty_table())


def no_value(kind: object) -> str:
    """What stands in SQL for a value that is missing, of a published column type."""
    names = {"string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "double": "DOUBLE"}
    names |= {"date32[day]": "DATE", "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}
    return f"CAST(NULL AS {names[str(kind)]})"


def create_ledger(session: Session, version: str, *, has_previous: bool, note: str | None) -> None:
    """Make the base tables as they are published, in a session that has them: ``ledger_<table>``.

    A table whose records have an id gets ``first_release`` and ``last_changed``. A record that is
    not in the previous release gets a row in ``revisions``, unless it has one; so does, where
    there is a note, one that has changed or is gone. The rows of earlier releases are kept.

    Args:
        session: The session; with a previous release, one that has ``before_<table>``.
        version: The version of this release.
        has_previous: Whether there is a release before it.
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
    parts.append(_added(version, new, Change.ADDED, _NEW))
    if has_previous and note is not None:
        untold = "SELECT it.id FROM ({}) AS it ANTI JOIN told_ids AS told USING (id)"
        gone = f"SELECT id FROM ({before}) AS before ANTI JOIN ({ids}) AS now USING (id)"
        changed = untold.format("SELECT id FROM changed_ids")
        parts.append(_added(version, changed, Change.CHANGED, note))
        parts.append(_added(version, untold.format(gone), Change.RETRACTED, note))
    return " UNION ALL ".join(parts)


def _added(version: str, ids: str, change: Change, reason: str) -> str:
    """A row for each of some ids, unless one is written for it in this release."""
    quoted = reason.replace("'", "''")
    return (
        f"SELECT '{version}' AS \"release\", it.id AS record_id, '{change}' AS change, "
        f"CAST(NULL AS VARCHAR) AS merged_into, '{quoted}' AS reason FROM ({ids}) AS it "
        f"ANTI JOIN (SELECT record_id AS id FROM {Revision.table} "
        f"WHERE \"release\" = '{version}') AS written USING (id)"
    )


def _with_id() -> Iterable[str]:
    return [name for name, spec in base_tables().items() if spec.key == ("id",)]
