"""Whether rows say of their releases what the release before shows."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.engines import Embedded
from allegata.releasing import Manifest, Release
from allegata.releasing.deltas import quoted
from allegata.releasing.history import create_before, create_ledger
from allegata.tables import LEDGER, base_tables
from allegata.verifying.finding import Finding
from allegata.verifying.rows import Query, found_rows

_FIRST, _CHANGED = (column.name for column in LEDGER)


def check_ledger(session: Embedded, has: set[str], manifest: Manifest) -> Iterator[Finding]:
    """Check what needs no other release: that a row first came out before it last changed.

    Where the release is the first, every row came out in it.
    """
    this = _as_numbers(f"'{manifest.version}'")
    first, changed = _as_numbers(_FIRST), _as_numbers(_CHANGED)
    wrong = f"{first} IS NULL OR {changed} IS NULL OR {first} > {changed} OR {changed} > {this}"
    if manifest.previous is None:
        wrong = f"{_FIRST} <> '{manifest.version}' OR {_CHANGED} <> '{manifest.version}'"
    queries = [
        _query(
            manifest,
            name,
            f"SELECT id, {_FIRST} || ', ' || {_CHANGED} AS found_value "
            f"FROM {quoted(name)} WHERE {wrong}",
            "its first_release and last_changed cannot be",
            "HISTORY_WRONG",
        )
        for name in sorted(_with_ledger() & has)
    ]
    yield from found_rows(session, queries)


def check_history(session: Embedded, manifest: Manifest, previous: Release) -> Iterator[Finding]:
    """Compare with the release before.

    Args:
        session: A session with all base tables of the release.
        manifest: The manifest of the release.
        previous: The release before it.
    """
    create_before(session, previous)
    create_ledger(session, manifest.version, has_previous=True, note=None)
    queries = [
        _query(
            manifest,
            name,
            f"SELECT id, now.{_FIRST} || ', ' || now.{_CHANGED} AS found_value, "
            f"due.{_FIRST} || ', ' || due.{_CHANGED} AS expected_value "
            f"FROM {quoted(name)} AS now JOIN ledger_{name} AS due USING (id) "
            f"WHERE now.{_FIRST} <> due.{_FIRST} OR now.{_CHANGED} <> due.{_CHANGED}",
            "its first_release and last_changed are not what the release before shows",
            "HISTORY_WRONG",
        )
        for name in sorted(_with_ledger())
    ]
    yield from found_rows(session, [*queries, *_revisions(manifest)])


def _revisions(manifest: Manifest) -> Iterator[Query]:
    """The revisions of the release before are kept, and each change since has one."""
    tables = sorted(_with_ledger())
    now = " UNION ALL ".join(f"SELECT id FROM {quoted(name)}" for name in tables)
    before = " UNION ALL ".join(f"SELECT id FROM before_{name}" for name in tables)
    lost = (
        'SELECT "release", record_id FROM before_revisions AS before ANTI JOIN revisions AS now '
        'USING ("release", record_id, change, reason)'
    )
    yield _query(
        manifest, "revisions", lost,
        "a revision of an earlier release is gone, or says something else now", "HISTORY_WRONG",
        ("release", "record_id"),
    )  # fmt: skip
    told = f"SELECT record_id AS id FROM revisions WHERE \"release\" = '{manifest.version}'"
    for what, ids in (
        ("is new", f"({now}) AS it ANTI JOIN ({before}) AS other USING (id)"),
        ("has changed", "changed_ids AS it"),
        ("is gone", f"({before}) AS it ANTI JOIN ({now}) AS other USING (id)"),
    ):
        yield _query(
            manifest,
            "revisions",
            f"SELECT it.id FROM {ids} ANTI JOIN ({told}) AS told ON told.id = it.id",
            f"a record {what} since {manifest.previous}, and no revision says so",
            "REVISION_WRONG",
        )


def _query(
    manifest: Manifest,
    table: str,
    sql: str,
    told: str,
    code: str,
    key: tuple[str, ...] = ("id",),
) -> Query:
    entry = manifest.table(table)
    assert entry is not None  # it has been read
    return Query(sql, key, Finding(code, told, entry.path, table))


def _with_ledger() -> set[str]:
    return {name for name, spec in base_tables().items() if LEDGER[0] in spec.columns}


def _as_numbers(version: str) -> str:
    """A version as SQL that compares it by its numbers; NULL where it is none."""
    return (
        f"CASE WHEN regexp_full_match({version}, '[0-9]{{1,6}}[.][0-9]{{1,6}}[.][0-9]{{1,6}}') "
        f"THEN list_transform(string_split({version}, '.'), lambda x: x::INTEGER) END"
    )
