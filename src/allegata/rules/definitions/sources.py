"""Rules of sources: what each is, and how copies stand to their originals."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E, W = Severity.ERROR, Severity.WARNING

# Sources with one text are tied together if they go back to the same source, over any number of
# steps. Each but the first must be tied to one before it, so that all are tied to the first.
_DUPLICATE_TEXT = """
WITH origins AS (
    SELECT a, b FROM republishes_closure UNION SELECT id AS a, id AS b FROM sources
),
firsts AS (
    SELECT o.b, s.text_sha256, min(s._row) AS first_row
    FROM sources s JOIN origins o ON o.a = s.id
    GROUP BY o.b, s.text_sha256
),
tied AS (
    SELECT s._row, s.text_sha256, min(f.first_row) AS tied_row
    FROM sources s
    JOIN origins o ON o.a = s.id
    JOIN firsts f ON f.b = o.b AND f.text_sha256 = s.text_sha256
    GROUP BY s._row, s.text_sha256
),
compared AS (
    SELECT *, min(_row) OVER (PARTITION BY text_sha256) AS first_row FROM tied
)
SELECT
    c._row, c.text_sha256 AS value, s.id AS source,
    'sources' AS other_table, c.first_row AS other_row
FROM compared c JOIN sources s ON s._row = c.first_row
WHERE c._row > c.first_row AND c.tied_row = c._row
"""

RULES = (
    Rule(
        "SOURCE_DUPLICATE_TEXT",
        E,
        "Sources with the same text are tied by republishes.",
        "One text that is counted as two reports looks like two witnesses.",
        "- {id: src-a, text_sha256: 5f1c…}\n- {id: src-b, text_sha256: 5f1c…}",
        "Relate the copy to the original by republishes, or keep one of the two records.",
        message="the text is that of {source}, and no republishes ties the two",
        other="the first source with this text",
        checks=(Check("sources", _DUPLICATE_TEXT, field="text_sha256"),),
        whole_only=True,
    ),
    Rule(
        "SOURCE_PUBLISHER_KIND",
        E,
        "A publisher is not an unnamed actor.",
        "The publisher speaks where a chain is empty; a reader must be able to tell who that is.",
        "actors:\n  - {id: act-someone, kind: unnamed, …}\n"
        "sources:\n  - {id: src-a, publisher: act-someone, …}",
        "Name the outlet, the body or the person; for a post, the account's holder or the account.",
        message="{value} is an unnamed actor and cannot be a publisher",
        other="the publisher",
        checks=(
            Check(
                "sources",
                "SELECT s._row, a.id AS value, 'actors' AS other_table, a._row AS other_row "
                "FROM sources s JOIN actors a ON a.id = s.publisher_id WHERE a.kind = 'unnamed'",
                field="publisher_id",
            ),
        ),
    ),
    Rule(
        "SOURCE_UNCLAIMED",
        W,
        "A source has claims.",
        "A source that nothing was coded from is unfinished, or does not belong here.",
        "sources:\n  - id: src-a   # no claims",
        "Code what it says on the events of the dataset, or delete it.",
        message="no claim is coded from {value}",
        checks=(
            Check(
                "sources",
                "SELECT _row, id AS value FROM sources "
                "WHERE id NOT IN (SELECT source_id FROM claims)",
                field="id",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "REPUBLISH_DATE",
        W,
        "What republishes, rewrites, translates or corrects a source is not dated before it.",
        "A copy comes after its original: a date is wrong, or the relation the wrong way round.",
        'sources:\n  - {id: src-copy, published: "2025-03-03", …}\n'
        '  - {id: src-original, published: "2025-03-05", …}\n'
        "relations:\n  - {subject: src-copy, predicate: republishes, object: src-original}",
        "Turn the relation round if that is what is wrong, or mend the date.",
        message="{value} lies before {published}, the date of {original}, which it {predicate}",
        other="the relation between the two",
        checks=(
            Check(
                "sources",
                "SELECT c._row, c.published AS value, o.id AS original, o.published, r.predicate, "
                "'relations' AS other_table, r._row AS other_row FROM relations r "
                "JOIN sources c ON c.id = r.subject_id JOIN sources o ON o.id = r.object_id "
                "WHERE r.predicate IN ('republishes', 'rewrites', 'translates', 'corrects') "
                "AND c.published_latest < o.published_earliest",
                field="published",
            ),
        ),
    ),
)
