"""Rules of offices: who holds which, and for whom its holder speaks."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E = Severity.ERROR

# An office is certainly held from the last day on which it can have begun to the first on which
# it can have ended; where no such days are given, it is held throughout.
_OVERLAP = """
WITH held AS (
    SELECT
        _row, id, actor_id, title, coalesce(org_id, '') AS org,
        coalesce(start, '') AS begun, coalesce("end", '') AS ended,
        CASE WHEN start IS NULL THEN DATE '0001-01-01'
            ELSE coalesce(start_latest, DATE '9999-12-31') END AS first_day,
        CASE WHEN "end" IS NULL THEN DATE '9999-12-31'
            ELSE coalesce(end_earliest, DATE '0001-01-01') END AS last_day
    FROM roles
)
SELECT
    b._row,
    CASE WHEN b.begun = '' THEN 'title' ELSE 'start' END AS field,
    CASE WHEN b.begun = '' THEN b.title ELSE b.begun END AS value,
    b.title,
    b.actor_id AS actor,
    'roles' AS other_table,
    min(a._row) AS other_row
FROM held a
JOIN held b
    ON b.actor_id = a.actor_id
    AND b.org = a.org
    AND lower(b.title) = lower(a.title)
    AND b._row > a._row
    AND b.id <> a.id
WHERE (
        a.first_day < a.last_day AND b.first_day < b.last_day
        AND a.first_day < b.last_day AND b.first_day < a.last_day
    )
    OR (a.begun = b.begun AND a.ended = b.ended)
GROUP BY b._row, b.begun, b.title, b.actor_id
"""

_PARTY_AMBIGUOUS = """
SELECT
    s._row, s.speaker_id AS value, made.day,
    min(body.root_id) AS party, max(body.root_id) AS other_party,
    'roles' AS other_table, min(r._row) AS other_row
FROM statements s
JOIN statement_days made ON made.statement_id = s.id
JOIN actors holder ON holder.id = s.speaker_id AND holder.kind = 'person'
JOIN roles r
    ON r.actor_id = s.speaker_id
    AND (r.start_earliest IS NULL OR r.start_earliest <= made.day)
    AND (r.end_latest IS NULL OR r.end_latest >= made.day)
JOIN actor_roots body ON body.actor_id = r.org_id
WHERE s.on_behalf_of IS NULL
GROUP BY s._row, s.speaker_id, made.day
HAVING count(DISTINCT body.root_id) > 1
"""

RULES = (
    Rule(
        "ACTOR_ROLE_KIND",
        E,
        "Offices are held by persons.",
        "A body's place among others is its parent; only persons change whom they speak for.",
        "actors:\n  - {id: act-ministry, kind: organisation, …}\n"
        "roles:\n  - {id: rol-ministry, actor: act-ministry, …}",
        "Name the person who holds the office; for a body, set its parent instead.",
        message="{value} is of kind {kind}, and only a person holds an office",
        other="the holder",
        checks=(
            Check(
                "roles",
                "SELECT r._row, a.id AS value, a.kind, 'actors' AS other_table, "
                "a._row AS other_row FROM roles r JOIN actors a ON a.id = r.actor_id "
                "WHERE a.kind <> 'person'",
                field="actor_id",
            ),
        ),
    ),
    Rule(
        "ROLE_OVERLAP",
        E,
        "Nobody holds the same office in the same body twice at once.",
        "Two records of one term count its holder twice, and one of them goes stale.",
        '- {id: rol-one, actor: act-ann, title: Mayor, org: act-harl, start: "2020"}\n'
        '- {id: rol-two, actor: act-ann, title: Mayor, org: act-harl, start: "2024"}',
        'Keep one of them, or give the first its end: "[..2024]" where no more is known of it.',
        message="another record has {actor} as {title} at the same time",
        other="the other record of the office",
        checks=(Check("roles", _OVERLAP),),
    ),
    Rule(
        "ROLE_PARTY_AMBIGUOUS",
        E,
        "Where a speaker's offices lead to two parties, the statement says for whom it was made.",
        "Else what was said counts for no party at all.",
        "roles:\n  - {actor: act-ann, org: act-vellmark, …}\n"
        "  - {actor: act-ann, org: act-sornia, …}\n"
        "statements:\n  - {id: stm-ann, speaker: act-ann, …}   # no on_behalf_of",
        "State on_behalf_of as the source has it, or date the offices more closely.",
        message="on {day} the offices of {value} led to both {party} and {other_party}, and the "
        "statement does not say for whom it was made",
        other="one of the offices",
        checks=(Check("statements", _PARTY_AMBIGUOUS, field="speaker_id"),),
        needs_parties=True,
    ),
)
