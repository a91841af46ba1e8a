"""Tables that rules share beside the base tables.

The engine makes them before any rule is judged:

=======================  ===========================================================================
``unread_ids``           id: the ids of records that could not be read
``known_ids``            id: every id that a record has, those of ``unread_ids`` included, one of
                         two records twice
``retired_ids``          id, survivor, revision_row: what a revision retracted or merged
``last_hops``            claim_id, statement_id: the last hop of each chain
``time_window``          first_day, last_day: the dataset's plausible days (no row without them)
``entails_closure``      a, b: asserting proposition a commits to b, over any number of steps
``before_closure``       a, b: event a comes before event b, over any number of steps
``parents_closure``      a, b: actor or place a lies below b, over any number of steps
``republishes_closure``  a, b: source a republishes source b, over any number of steps
``before_<table>``       the rows of each base table in the release before, as the schema now has
                         them; only for rules with ``needs_previous``
``used_ids``             id, is_retired, reason: the ids that only withdrawn releases have used;
                         where there is a release before
``changed_ids``          id: the records that differ from the release before, in themselves or in
                         what is nested in them; only for rules with ``needs_previous``
``told_ids``             id: the records of which a revision speaks that the release before does
                         not have; only for rules with ``needs_previous``
``parties`` and what     as ``allegata.deriving`` makes them; only for rules with ``needs_parties``,
leads to it              which are passed over where parents run in a circle
=======================  ===========================================================================
"""

from __future__ import annotations

from allegata.schema import MODELS
from allegata.tables import LEDGER, base_tables

WORKING_TABLES = {
    "last_hops": "SELECT h.claim_id, h.statement_id FROM hops h JOIN (SELECT claim_id, "
    'max("position") AS "position" FROM hops GROUP BY claim_id) l '
    'ON l.claim_id = h.claim_id AND l."position" = h."position"',
    "retired_ids": "SELECT record_id AS id, max(merged_into) AS survivor, "
    "min(_row) AS revision_row FROM revisions "
    "WHERE change IN ('retracted', 'merged') GROUP BY record_id",
    "known_ids": " UNION ALL ".join(
        [f"SELECT id FROM {table.name}" for table in base_tables().values() if table.key == ("id",)]
        + ["SELECT id FROM unread_ids"]
    ),
}
"""Name -> query."""

CLOSURES = {
    "entails_closure": "SELECT subject_id AS a, object_id AS b FROM relations "
    "WHERE predicate = 'entails'",
    "before_closure": "SELECT subject_id AS a, object_id AS b FROM relations "
    "WHERE predicate = 'before'",
    "republishes_closure": "SELECT subject_id AS a, object_id AS b FROM relations "
    "WHERE predicate = 'republishes'",
    "parents_closure": "SELECT id AS a, parent_id AS b FROM actors WHERE parent_id IS NOT NULL "
    "UNION ALL SELECT id AS a, parent_id AS b FROM places WHERE parent_id IS NOT NULL",
}
"""Name -> query of the single steps."""


def _own_columns(table: str) -> list[str]:
    added = {column.name for column in LEDGER}
    return [one.name for one in base_tables()[table].columns if one.name not in added]


def _differing(table: str) -> str:
    """The ids of records that are in both releases with other values."""
    differs = " OR ".join(
        f'now."{name}" IS DISTINCT FROM before."{name}"' for name in _own_columns(table)
    )
    return (
        f"SELECT now.id FROM {table} now JOIN before_{table} before ON before.id = now.id "
        f"WHERE {differs}"
    )


def _differing_in(parent: str, table: str, key: str) -> str:
    """The ids of records whose nested records in a table are others than in the release before."""
    columns = ", ".join(f'"{name}"' for name in _own_columns(table))
    now, before = (f"SELECT {columns} FROM {name}" for name in (table, f"before_{table}"))
    either = f"({now} EXCEPT {before}) UNION ALL ({before} EXCEPT {now})"
    return (
        f"SELECT now.id FROM {parent} now JOIN before_{parent} before ON before.id = now.id "
        f'JOIN ({either}) nested ON nested."{key}" = before.id'
    )


HISTORY_TABLES = {
    "retired_ids": "SELECT id, max(survivor) AS survivor, min(revision_row) AS revision_row FROM "
    f"({WORKING_TABLES['retired_ids']} UNION ALL "
    "SELECT record_id AS id, merged_into AS survivor, CAST(NULL AS BIGINT) AS revision_row "
    "FROM before_revisions WHERE change IN ('retracted', 'merged') UNION ALL "
    "SELECT id, CAST(NULL AS VARCHAR) AS survivor, CAST(NULL AS BIGINT) AS revision_row "
    "FROM used_ids WHERE is_retired) retired GROUP BY id",
    "changed_ids": " UNION ".join(
        [
            *(_differing(table.name) for table in base_tables().values() if table.key == ("id",)),
            *(
                _differing_in(model.table, child.table, nested.key)
                for model in MODELS.values()
                for child, nested in model.children().values()
                if child.key != ("id",)
            ),
        ]
    ),
    "told_ids": "SELECT DISTINCT now.record_id AS id FROM revisions now "
    "LEFT JOIN before_revisions before ON before.record_id = now.record_id "
    "AND before.release = now.release WHERE before.record_id IS NULL",
}
"""Name -> query; where there is a release before, and in place of any of the same name above."""
