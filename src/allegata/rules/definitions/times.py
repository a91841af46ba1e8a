"""Rules of time: what must have come before what.

A time is as precise as its source, so two of them are held to conflict only where no days that
they can mean agree: 2025 does not come before 2025-03.
"""

from __future__ import annotations

from collections.abc import Iterator

from allegata.rules.definitions.links import relation_circles
from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule
from allegata.tables import base_tables

E, W = Severity.ERROR, Severity.WARNING


def _times() -> Iterator[tuple[str, str]]:
    """Each column that holds a time of the profile, with its table."""
    for table in base_tables().values():
        names = [column.name for column in table.columns]
        yield from ((table.name, name) for name in names if f"{name}_earliest" in names)


# The bounds do not tell how precise an interval's end is, but no end is less so than a year.
def _implausible(table: str, name: str) -> Check:
    return Check(
        table,
        f'SELECT t._row, t."{name}" AS value, w.first_day, w.last_day '
        f"FROM {table} t CROSS JOIN time_window w "
        f"WHERE t.{name}_latest < w.first_day OR t.{name}_earliest > w.last_day "
        f"OR extract(YEAR FROM t.{name}_earliest) < extract(YEAR FROM w.first_day) "
        f"OR extract(YEAR FROM t.{name}_latest) > extract(YEAR FROM w.last_day)",
        field=name,
    )


def _off_occasion(conflict: str) -> Check:
    return Check(
        "statements",
        "SELECT s._row, s.said AS value, o.id AS occasion, o.time AS occasion_time, "
        "'events' AS other_table, o._row AS other_row "
        f"FROM statements s JOIN events o ON o.id = s.occasion_id WHERE {conflict}",
        field="said",
    )


# A statement has one finding, with the first of the sources, however many sources report it.
_AFTER_SOURCE = """
WITH reports AS (
    SELECT h.statement_id, c.source_id FROM hops h JOIN claims c ON c.id = h.claim_id
    UNION
    SELECT id AS statement_id, source_id FROM statements WHERE source_id IS NOT NULL
),
late AS (
    SELECT
        s._row, s.said AS value, o.id AS source, o.published, o._row AS other_row,
        row_number() OVER (PARTITION BY s.id, s._row ORDER BY o.published_latest, o._row) AS nth
    FROM statements s
    JOIN reports r ON r.statement_id = s.id
    JOIN sources o ON o.id = r.source_id
    WHERE s.said_earliest > o.published_latest
)
SELECT _row, value, source, published, 'sources' AS other_table, other_row
FROM late WHERE nth = 1
"""

# Open bounds of publication tell nothing of whether a source came before the event.
_EVENT_AFTER_SOURCES = """
WITH told AS (
    SELECT p.event_id, c.source_id
    FROM propositions p JOIN claims c ON c.proposition_id = p.id
    UNION
    SELECT s.occasion_id AS event_id, c.source_id
    FROM statements s JOIN hops h ON h.statement_id = s.id JOIN claims c ON c.id = h.claim_id
),
dated AS (
    SELECT
        e.id, e._row, e.time AS value, e.time_earliest,
        o.id AS source, o.published, o._row AS other_row,
        coalesce(o.published_latest, DATE '9999-12-31') AS day
    FROM events e
    JOIN told t ON t.event_id = e.id
    JOIN sources o ON o.id = t.source_id
),
ranked AS (
    SELECT
        id, _row, value, time_earliest, source, published, other_row, day,
        row_number() OVER (PARTITION BY id, _row ORDER BY day DESC, other_row) AS nth
    FROM dated
)
SELECT _row, value, source, published, 'sources' AS other_table, other_row
FROM ranked
WHERE nth = 1 AND day < time_earliest
    AND id NOT IN (
        SELECT event_id FROM propositions WHERE aspect = 'forecast' AND event_id IS NOT NULL
    )
"""

# Of the pairs in conflict only those are shown that do not follow from another such pair: one
# wrong date would else be told of once for each later event.
_BEFORE_TIME_CONFLICT = """
WITH circles AS (SELECT a FROM before_closure WHERE a = b),
conflicts AS (
    SELECT p.a, p.b, x.time AS time, y.time AS later_time, y._row AS other_row
    FROM before_closure p JOIN events x ON x.id = p.a JOIN events y ON y.id = p.b
    WHERE x.time_earliest > y.time_latest
        AND p.a NOT IN (SELECT a FROM circles) AND p.b NOT IN (SELECT a FROM circles)
),
implied AS (
    SELECT k.a, p.b FROM conflicts k JOIN before_closure p ON p.a = k.b
    UNION
    SELECT p.a, k.b FROM conflicts k JOIN before_closure p ON p.b = k.a
),
reach AS (SELECT a, b FROM before_closure UNION SELECT id AS a, id AS b FROM events)
SELECT
    min(r._row) AS _row, k.a AS value, k.time, k.b AS later, k.later_time,
    'events' AS other_table, k.other_row
FROM conflicts k
LEFT JOIN implied i ON i.a = k.a AND i.b = k.b
JOIN relations r ON r.subject_id = k.a AND r.predicate = 'before'
JOIN reach onward ON onward.a = r.object_id AND onward.b = k.b
WHERE i.a IS NULL
GROUP BY k.a, k.time, k.b, k.later_time, k.other_row
"""

RULES = (
    Rule(
        "TIME_REVERSED",
        E,
        "What has a beginning and an end does not end before it begins.",
        "A reversed interval spans no day and drops out of every search by date.",
        'time: "2025-12-30/2025-12-29"\n- {id: rol-minister, start: "2025", end: "2023-06", …}',
        "Swap the two ends, or mend the wrong one; a time of day counts by its day in UTC.",
        message="{value} lies before {begun}, the {beginning}",
        checks=(
            Check(
                "roles",
                'SELECT _row, "end" AS value, start AS begun, '
                "'beginning of the office' AS beginning "
                "FROM roles WHERE start_earliest > end_latest",
                field="end",
            ),
            Check(
                "sources",
                "SELECT _row, retrieved AS value, published AS begun, "
                "'day of publication' AS beginning "
                "FROM sources WHERE CAST(retrieved AS DATE) < published_earliest",
                field="retrieved",
            ),
        ),
    ),
    Rule(
        "TIME_IMPLAUSIBLE",
        E,
        "A time lies within the window that dataset.yaml declares.",
        "A slip such as the year 0025 is a valid date, and puts a record where nobody looks.",
        'window: {start: "2020-01-01", end: "2026-12-31"}   # in dataset.yaml\nsaid: 0025-12-29',
        "Mend the time, or widen the window if the dataset does speak of such days.",
        message="{value} lies outside the days from {first_day} to {last_day} of the dataset",
        checks=tuple(_implausible(table, name) for table, name in _times()),
    ),
    Rule(
        "STATEMENT_AFTER_SOURCE",
        E,
        "A statement was made no later than a source that reports it was published.",
        "Nobody can report what has not been said yet: one of the dates is wrong, or the chain.",
        'sources:\n  - {id: src-a, published: "2025-03-03", …}   # a claim\'s chain has stm-ann\n'
        'statements:\n  - {id: stm-ann, said: "2025-03-04", …}',
        "Mend the date that is wrong, or take the statement out of the chain; where zones make "
        "the difference, write the time with its zone.",
        message="{value} lies after {published}, when {source} was published, which reports it",
        other="the source that reports it",
        checks=(Check("statements", _AFTER_SOURCE, field="said"),),
    ),
    Rule(
        "STATEMENT_BEFORE_OCCASION",
        E,
        "A statement was made no earlier than its occasion.",
        "What is said in a call is said during the call.",
        'events:\n  - {id: evt-call, time: "2025-03-04", …}\n'
        'statements:\n  - {id: stm-ann, occasion: evt-call, said: "2025-03-03", …}',
        "Mend the date that is wrong, or name another occasion.",
        message="{value} lies before {occasion_time}, the time of {occasion}",
        other="the occasion",
        checks=(_off_occasion("s.said_latest < o.time_earliest"),),
    ),
    Rule(
        "STATEMENT_AFTER_OCCASION",
        E,
        "A statement was made no later than its occasion.",
        "What is said after a call belongs to another occasion, such as remarks on the call.",
        'events:\n  - {id: evt-call, time: "2025-03-04", …}\n'
        'statements:\n  - {id: stm-ann, occasion: evt-call, said: "2025-03-05", …}',
        "Mend the date that is wrong, or name another occasion.",
        message="{value} lies after {occasion_time}, the time of {occasion}",
        other="the occasion",
        checks=(_off_occasion("s.said_earliest > o.time_latest"),),
    ),
    Rule(
        "EVENT_AFTER_SOURCES",
        W,
        "An event that all its sources came before has a proposition of aspect forecast.",
        "A source can only foretell what comes after it; as a rule the event's year is wrong.",
        'sources:\n  - {id: src-a, published: "2025-03-03", …}   # the only one on evt-fire\n'
        'events:\n  - {id: evt-fire, time: "2026-03-02", …}',
        "Mend the event's time, or code what was foretold as a forecast.",
        message="{value} lies after every source on it; the last, {source}, is of {published}",
        other="the last source on it",
        checks=(Check("events", _EVENT_AFTER_SOURCES, field="time"),),
        whole_only=True,
    ),
    Rule(
        "BEFORE_CYCLE",
        E,
        "No event comes, through others, before itself.",
        "Events in a circle have no order.",
        "relations:\n  - {subject: evt-fire, predicate: before, object: evt-call}\n"
        "  - {subject: evt-call, predicate: before, object: evt-fire}",
        "Drop or turn round the relation that is wrong.",
        message="{subject} is said to come before {value}, which comes before {subject}",
        other="the next step of the circle",
        waivable=False,
        checks=(relation_circles("before"),),
    ),
    Rule(
        "BEFORE_TIME_CONFLICT",
        E,
        "An event that comes before another, also through others, has no later time.",
        "The order and the dates cannot both be right.",
        'events:\n  - {id: evt-fire, time: "2025-03-05", …}\n'
        '  - {id: evt-call, time: "2025-03-04", …}\n'
        "relations:\n  - {subject: evt-fire, predicate: before, object: evt-call}",
        "Mend the date that is wrong, or drop or turn round the relation.",
        message="{value} ({time}) is said to come before {later} ({later_time}), and its time is "
        "later",
        other="the event that is said to come later",
        checks=(Check("relations", _BEFORE_TIME_CONFLICT, field="subject_id"),),
    ),
)
