"""Rules of relations between records, and of revisions."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule
from allegata.schema.types import PREFIXES
from allegata.schema.vocabularies import Predicate
from allegata.tables import base_tables

E = Severity.ERROR

DOMAINS = {
    "propositions": (Predicate.ENTAILS, Predicate.CONTRADICTS),
    "statements": (Predicate.REPLIES_TO,),
    "events": (Predicate.BEFORE, Predicate.PART_OF, Predicate.ALTERNATIVE_TO),
    "sources": (
        Predicate.REPUBLISHES,
        Predicate.REWRITES,
        Predicate.TRANSLATES,
        Predicate.CORRECTS,
    ),
}
"""Table -> the predicates that join two of its records."""

# Said once, these hold both ways.
_SYMMETRIC = f"('{Predicate.CONTRADICTS}', '{Predicate.ALTERNATIVE_TO}')"

_PREFIX_OF = {table: prefix for prefix, table in PREFIXES.items()}
_PREFIX_LENGTH = 4
_DOMAIN = "CASE predicate {} END".format(
    " ".join(
        f"WHEN '{predicate}' THEN '{_PREFIX_OF[table]}-'"
        for table, predicates in DOMAINS.items()
        for predicate in predicates
    )
)


def _outside_domain(side: str) -> Check:
    return Check(
        "relations",
        f"SELECT _row, {side} AS value, predicate, "
        f"'needs an id that begins with ' || {_DOMAIN} AS state FROM relations "
        f"WHERE substr({side}, 1, {_PREFIX_LENGTH}) <> {_DOMAIN}",
        field=side,
    )


def relation_circles(predicate: str) -> Check:
    """A check for circles of a relation, with a finding at each step.

    Any of the steps may be the wrong one. A record that is related to itself is none.
    """
    closure = f"{predicate}_closure"
    return Check(
        "relations",
        f"WITH steps AS (SELECT r._row, r.subject_id, r.object_id FROM relations r "
        f"JOIN {closure} back ON back.a = r.object_id AND back.b = r.subject_id "
        f"WHERE r.predicate = '{predicate}' AND r.subject_id <> r.object_id) "
        "SELECT here._row, here.object_id AS value, here.subject_id AS subject, "
        "'relations' AS other_table, min(next_step._row) AS other_row FROM steps here "
        "JOIN steps next_step ON next_step.subject_id = here.object_id "
        f"JOIN {closure} back ON back.a = next_step.object_id AND back.b = here.subject_id "
        "GROUP BY here._row, here.object_id, here.subject_id",
        field="object_id",
    )


# What commits to both sides of a contradiction, with the first relation by which it does.
_BOTH_SIDES = """
WITH committed AS (
    SELECT a, b FROM entails_closure UNION SELECT id AS a, id AS b FROM propositions
),
torn AS (
    SELECT r._row, r.subject_id, r.object_id, min(one.a) AS entailer
    FROM relations r
    JOIN committed one ON one.b = r.subject_id
    JOIN committed other ON other.b = r.object_id AND other.a = one.a
    WHERE r.predicate = 'contradicts' AND r.subject_id <> r.object_id
    GROUP BY r._row, r.subject_id, r.object_id
)
SELECT
    torn._row, torn.object_id AS value, torn.subject_id AS subject, torn.entailer,
    'relations' AS other_table, min(step._row) AS other_row
FROM torn
JOIN relations step ON step.predicate = 'entails' AND step.subject_id = torn.entailer
JOIN committed reached ON reached.a = step.object_id
    AND (reached.b = torn.object_id OR reached.b = torn.subject_id)
GROUP BY torn._row, torn.object_id, torn.subject_id, torn.entailer
"""


def _merger(state: str, condition: str, nearest: str = "CAST(NULL AS VARCHAR)") -> Check:
    return Check(
        "revisions",
        f"SELECT r._row, r.merged_into AS value, r.record_id AS merged, {state} AS state, "
        f"{nearest} AS nearest FROM revisions r "
        f"LEFT JOIN retired_ids gone ON gone.id = r.merged_into WHERE {condition}",
        field="merged_into",
    )


RULES = (
    Rule(
        "RELATION_DOMAIN",
        E,
        "A relation joins two different records of the table that its predicate is for, once.",
        "What a predicate says of other records, or of one and the same, means nothing.",
        "relations:\n  - {subject: evt-fire, predicate: entails, object: prp-fire}",
        "Use a predicate that is for these records, or name the records that it is for.",
        message="{predicate} {state}",
        other="the relation that says it already",
        checks=(
            _outside_domain("subject_id"),
            _outside_domain("object_id"),
            Check(
                "relations",
                "SELECT _row, object_id AS value, predicate, "
                "'cannot hold between a record and itself' AS state FROM relations "
                "WHERE subject_id = object_id",
                field="object_id",
            ),
            Check(
                "relations",
                "SELECT new._row, new.object_id AS value, new.predicate, "
                "'holds both ways and is said the other way round already' AS state, "
                "'relations' AS other_table, min(old._row) AS other_row FROM relations new "
                "JOIN relations old ON old.subject_id = new.object_id "
                "AND old.object_id = new.subject_id AND old.predicate = new.predicate "
                f"AND old._row < new._row WHERE new.predicate IN {_SYMMETRIC} "
                "AND new.subject_id <> new.object_id "
                "GROUP BY new._row, new.object_id, new.predicate",
                field="object_id",
            ),
        ),
    ),
    Rule(
        "ENTAILS_CYCLE",
        E,
        "No proposition entails, through others, itself.",
        "Propositions that entail each other are one proposition, written twice.",
        "relations:\n  - {subject: prp-a, predicate: entails, object: prp-b}\n"
        "  - {subject: prp-b, predicate: entails, object: prp-a}",
        "Drop the relation that does not hold; if all hold, merge the propositions.",
        message="{subject} is said to entail {value}, which entails {subject}",
        other="the next step of the circle",
        waivable=False,
        checks=(relation_circles("entails"),),
    ),
    Rule(
        "ENTAILS_CONTRADICTS",
        E,
        "No proposition entails, also through others, both sides of a contradiction.",
        "Whoever asserts it would at once deny what they are committed to.",
        "relations:\n  - {subject: prp-a, predicate: entails, object: prp-b}\n"
        "  - {subject: prp-a, predicate: contradicts, object: prp-b}",
        "Drop the relation that does not hold.",
        message="{subject} is said to contradict {value}, and who asserts {entailer} commits to "
        "both",
        other="what it is said to entail",
        checks=(Check("relations", _BOTH_SIDES, field="object_id"),),
    ),
    Rule(
        "MERGE_TARGET",
        E,
        "A merger names the record that took the place of the one it retired: another of the same "
        "table that is still there.",
        "Whoever cited the old record must be led to what stands for it, in one step.",
        "revisions:\n  - {release: 2025.3.0, record: act-ann, change: merged, reason: …}   "
        "# no merged_into",
        "Write the surviving record's id; after a second merger, change the first one's target "
        "too.",
        message="the revision of {merged} {state}",
        checks=(
            _merger(
                "'is a merger and does not say into what'",
                "r.change = 'merged' AND r.merged_into IS NULL",
            ),
            _merger(
                "'is no merger and names a record that it was merged into'",
                "r.change <> 'merged' AND r.merged_into IS NOT NULL",
            ),
            _merger(
                "'names a record of another table, ' || r.merged_into",
                f"r.change = 'merged' AND substr(r.merged_into, 1, {_PREFIX_LENGTH}) "
                f"<> substr(r.record_id, 1, {_PREFIX_LENGTH})",
            ),
            _merger(
                "'names ' || r.merged_into || ', which was retired itself'",
                "r.change = 'merged' AND gone.id IS NOT NULL",
                "CASE WHEN gone.survivor <> r.record_id THEN gone.survivor END",
            ),
        ),
    ),
    Rule(
        "REVISION_MISSING",
        E,
        "A record that differs from the last release, or is gone since, has a revision that says "
        "why.",
        "Whoever used the last release must be able to learn what became of each record; an id "
        "that vanishes without a word breaks what cites it.",
        "actors:\n  - id: act-ann   # renamed since the last release; no revision says so",
        "Write a revision of the record for the coming release, with the change and the reason; "
        "or give one reason for all changes when publishing (--note).",
        message="{value} {state} since the last release, and no revision says why",
        needs_previous=True,
        whole_only=True,
        waivable=False,
        checks=tuple(
            Check(
                table.name,
                f"SELECT t._row, t.id AS value, 'has changed' AS state FROM {table.name} t "
                "JOIN changed_ids c ON c.id = t.id LEFT JOIN told_ids r ON r.id = t.id "
                "WHERE r.id IS NULL "
                "UNION ALL "
                "SELECT CAST(NULL AS BIGINT) AS _row, before.id AS value, 'is gone' AS state "
                f"FROM before_{table.name} before LEFT JOIN {table.name} t ON t.id = before.id "
                "LEFT JOIN told_ids r ON r.id = before.id WHERE t.id IS NULL AND r.id IS NULL",
                field="id",
            )
            for table in base_tables().values()
            if table.key == ("id",)
        ),
    ),
)
