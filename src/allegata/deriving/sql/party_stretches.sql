-- One row for each person and stretch of days, from from_day to before to_day, in which no office
-- begins or ends: how many parties the offices lead to, and the party if it is no more than one.
WITH edges AS (
    SELECT id AS actor_id, DATE '0001-01-01' AS day FROM actors WHERE kind = 'person'
    UNION
    SELECT id AS actor_id, DATE '9999-12-31' AS day FROM actors WHERE kind = 'person'
    UNION
    SELECT actor_id, from_day AS day FROM role_spans
    UNION
    SELECT actor_id, to_day AS day FROM role_spans
),
stretches AS (
    SELECT
        actor_id,
        day AS from_day,
        lead(day) OVER (PARTITION BY actor_id ORDER BY day) AS to_day
    FROM edges
)
SELECT
    stretch.actor_id,
    stretch.from_day,
    stretch.to_day,
    count(DISTINCT span.party_id) AS parties,
    coalesce(min(span.party_id), stretch.actor_id) AS party_id
FROM stretches AS stretch
LEFT JOIN role_spans AS span
    ON span.actor_id = stretch.actor_id
    AND span.from_day <= stretch.from_day
    AND span.to_day >= stretch.to_day
WHERE stretch.to_day IS NOT NULL
GROUP BY stretch.actor_id, stretch.from_day, stretch.to_day
