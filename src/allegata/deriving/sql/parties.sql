-- One row for each actor and interval: the party that the actor counts for from valid_from to
-- before valid_to. Stretches that follow each other with the same party are one interval;
-- stretches with two parties are in none.
WITH marked AS (
    SELECT
        actor_id,
        from_day,
        to_day,
        party_id,
        CASE
            WHEN lag(party_id) OVER (PARTITION BY actor_id ORDER BY from_day) = party_id
                AND lag(to_day) OVER (PARTITION BY actor_id ORDER BY from_day) = from_day
                THEN 0
            ELSE 1
        END AS begins
    FROM party_stretches
    WHERE parties < 2
),
numbered AS (
    SELECT
        actor_id,
        from_day,
        to_day,
        party_id,
        sum(begins) OVER (PARTITION BY actor_id ORDER BY from_day) AS seq
    FROM marked
)
SELECT
    actor_id,
    CAST(seq AS INTEGER) AS seq,
    nullif(min(from_day), DATE '0001-01-01') AS valid_from,
    nullif(max(to_day), DATE '9999-12-31') AS valid_to,
    party_id
FROM numbered
GROUP BY actor_id, seq, party_id
UNION ALL
SELECT
    body.actor_id,
    1 AS seq,
    CAST(NULL AS DATE) AS valid_from,
    CAST(NULL AS DATE) AS valid_to,
    body.root_id AS party_id
FROM actor_roots AS body
JOIN actors AS actor ON actor.id = body.actor_id
WHERE actor.kind <> 'person'
