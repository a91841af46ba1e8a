"""Rules of ids and references, over the whole dataset."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule
from allegata.rules.words import words
from allegata.schema import MODELS
from allegata.tables import Table, base_tables

E, W = Severity.ERROR, Severity.WARNING


def _with_id() -> list[Table]:
    return [table for table in base_tables().values() if table.key == ("id",)]


def _references() -> Iterator[tuple[Table, str]]:
    """Each column that refers to another record, with its table."""
    for table in base_tables().values():
        for column in table.columns:
            if column.name != "id" and column.is_reference:
                yield table, column.name


def _on_references(query: str, *, without: str = "") -> tuple[Check, ...]:
    """A check of each table that refers to others: the query over all its columns that do."""
    columns: dict[str, list[str]] = {}
    for table, column in _references():
        if table.name != without:
            columns.setdefault(table.name, []).append(column)
    return tuple(
        Check(name, " UNION ALL ".join(query.format(table=name, column=one) for one in found))
        for name, found in columns.items()
    )


def _duplicates(table: Table) -> Check:
    key = ", ".join(f'"{name}"' for name in table.key)
    shown = " || ' + ' || ".join(f'CAST("{name}" AS VARCHAR)' for name in table.key)
    return Check(
        table.name,
        f"SELECT t._row, {shown} AS value, '{table.name}' AS other_table, first_row AS other_row "
        f"FROM {table.name} t JOIN (SELECT {key}, min(_row) AS first_row FROM {table.name} "
        f"GROUP BY {key} HAVING count(*) > 1) d USING ({key}) WHERE t._row > first_row",
        field=table.key[-1],
    )


# An alias belongs to its actor and a role to its holder: neither makes use of the record, and no
# more does a revision, which speaks of it whatever becomes of it.
_BELONGS = {
    ("roles", "actor_id"),
    ("revisions", "record_id"),
    ("revisions", "merged_into"),
    *(
        (child.table, nested.key)
        for model in MODELS.values()
        for child, nested in model.children().values()
        if child.key != ("id",)
    ),
}


def _unused(name: str) -> Check:
    uses = " UNION ALL ".join(
        f'SELECT "{column}" AS id FROM {table.name}'
        for table, column in _references()
        if table.column(column).refers_to in (name, None) and (table.name, column) not in _BELONGS
    )
    return Check(
        name,
        f"SELECT _row, id AS value FROM {name} "
        f"WHERE id NOT IN (SELECT id FROM ({uses}) u WHERE id IS NOT NULL)",
        field="id",
    )


_LOADED = f"(^|-)({'|'.join(words('loaded'))})(-|$)"

RULES = (
    Rule(
        "ID_DUPLICATE",
        E,
        "No two records of a table have the same id, or the same key.",
        "An id that names two records names neither.",
        "- id: act-ann\n  …\n- id: act-ann\n  …",
        "Give one of them another id; if both are the same thing, keep one.",
        message="{value} is the key of another record of {table} already",
        other="the first record with this key",
        waivable=False,
        checks=tuple(_duplicates(table) for table in base_tables().values()),
    ),
    Rule(
        "ID_REUSED",
        E,
        "An id that was retired names no record again.",
        "Whoever cited the retired record would find another under its name.",
        "revisions:\n  - {release: 2025.3.0, record: evt-fire, change: retracted, reason: …}\n"
        "events:\n  - id: evt-fire",
        "Give the record a new id, or take the revision back if it was never released.",
        message="{value} was retired by a revision and cannot name a record again",
        other="the revision that retired it",
        waivable=False,
        checks=tuple(
            Check(
                table.name,
                "SELECT t._row, t.id AS value, 'revisions' AS other_table, "
                f"r.revision_row AS other_row FROM {table.name} t "
                "JOIN retired_ids r ON r.id = t.id",
                field="id",
            )
            for table in _with_id()
        ),
    ),
    Rule(
        "ID_LOADED",
        W,
        "An id holds no word that takes a side.",
        "Ids are ours, are shown everywhere and cannot be changed; they must not judge.",
        "- id: evt-terrorist-attack-on-the-lock",
        "Name the thing plainly: evt-alleged-attack-lock.",
        message='{value} holds the word "{word}", which takes a side',
        checks=tuple(
            Check(
                table.name,
                f"SELECT _row, id AS value, regexp_extract(id, '{_LOADED}', 2) AS word "
                f"FROM {table.name} WHERE regexp_matches(id, '{_LOADED}')",
                field="id",
            )
            for table in _with_id()
        ),
    ),
    Rule(
        "REF_UNKNOWN",
        E,
        "A reference names a record that exists.",
        "A reference to nothing breaks every join and every link.",
        "- id: rol-minister\n  actor: act-an   # the actor is act-ann",
        "Use the id that the message suggests, or write the missing record.",
        message="no record has the id {value}",
        waivable=False,
        checks=_on_references(
            "SELECT t._row, '{column}' AS field, t.\"{column}\" AS value FROM {table} t "
            'LEFT JOIN known_ids k ON k.id = t."{column}" '
            'LEFT JOIN retired_ids r ON r.id = t."{column}" '
            'WHERE t."{column}" IS NOT NULL AND k.id IS NULL AND r.id IS NULL'
        ),
    ),
    Rule(
        "REF_RETIRED",
        E,
        "A reference does not name a retracted or merged record.",
        "What was withdrawn must not live on through those who pointed to it.",
        "revisions:\n  - {release: 2025.3.0, record: act-ann, change: merged, "
        "merged_into: act-anna, reason: …}\nroles:\n  - {id: rol-minister, actor: act-ann, …}",
        "Refer to the record that took its place, or drop the reference.",
        message="{value} was retired by a revision{instead}",
        other="the revision that retired it",
        waivable=False,
        checks=_on_references(
            "SELECT t._row, '{column}' AS field, t.\"{column}\" AS value, "
            "'revisions' AS other_table, r.revision_row AS other_row, r.survivor AS nearest, "
            "coalesce('; ' || r.survivor || ' took its place', '') AS instead "
            'FROM {table} t JOIN retired_ids r ON r.id = t."{column}"',
            without="revisions",
        ),
    ),
    Rule(
        "RECORD_UNUSED",
        W,
        "Every actor, place, event and statement is referred to by another record.",
        "A record that nothing points to is a leftover, or a reference was forgotten.",
        "actors:\n  - id: act-ann   # no statement, role or claim speaks of act-ann",
        "Refer to it where it belongs, or delete it.",
        message="nothing refers to {value}",
        checks=tuple(_unused(name) for name in ("actors", "places", "events", "statements")),
        whole_only=True,
    ),
)
