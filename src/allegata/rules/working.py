"""Tables that rules share beside the base tables.

The engine makes them before any rule is judged:

=======================  ===========================================================================
``unread_ids``           id: the ids of records that could not be read
``known_ids``            id: every id that a record has, those of ``unread_ids`` included
``retired_ids``          id, survivor, revision_row: what a revision retracted or merged
``time_window``          first_day, last_day: the dataset's plausible days (no row without them)
``entails_closure``      a, b: asserting proposition a commits to b, over any number of steps
``before_closure``       a, b: event a comes before event b, over any number of steps
``parents_closure``      a, b: actor or place a lies below b, over any number of steps
``republishes_closure``  a, b: source a republishes source b, over any number of steps
``parties`` and what     as ``allegata.deriving`` makes them; only for rules with ``needs_parties``,
leads to it              which are passed over where parents run in a circle
=======================  ===========================================================================
"""

from __future__ import annotations

from allegata.tables import base_tables

WORKING_TABLES = {
    "retired_ids": "SELECT record_id AS id, max(merged_into) AS survivor, "
    "min(_row) AS revision_row FROM revisions "
    "WHERE change IN ('retracted', 'merged') GROUP BY record_id",
    "known_ids": " UNION ".join(
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
