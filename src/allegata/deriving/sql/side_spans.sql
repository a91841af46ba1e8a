-- One row for each party, side of a proposition and stretch of days, from from_day to before
-- to_day, in which it is on that side without a gap: by what is said on the proposition itself
-- (layer worded), or by all that follows as well (layer derived). The side either has actors, not
-- parties: those who are for or against. The last day of the calendar stands for an open end.
WITH standing AS (
    SELECT
        proposition_id, 'worded' AS layer, actor_id, party_id, stance, valid_from, worded_to AS to_day
    FROM stances
    WHERE basis = 'worded'
    UNION ALL
    SELECT
        proposition_id, 'derived' AS layer, actor_id, party_id, stance, valid_from, valid_to AS to_day
    FROM stances
),
sided AS (
    SELECT
        proposition_id,
        layer,
        CASE
            WHEN stance IN ('asserts', 'suggests') THEN 'for'
            WHEN stance = 'denies' THEN 'against'
            ELSE 'doubting'
        END AS side,
        actor_id,
        party_id,
        valid_from AS from_day,
        coalesce(to_day, DATE '9999-12-31') AS to_day
    FROM standing
    WHERE stance IN ('asserts', 'suggests', 'doubts', 'denies')
        AND (to_day IS NULL OR to_day > valid_from)
),
held AS (
    SELECT proposition_id, layer, side, party_id AS holder_id, from_day, max(to_day) AS to_day
    FROM sided
    GROUP BY proposition_id, layer, side, party_id, from_day
    UNION ALL
    SELECT
        proposition_id, layer, 'either' AS side, actor_id AS holder_id, from_day,
        max(to_day) AS to_day
    FROM sided
    WHERE side <> 'doubting'
    GROUP BY proposition_id, layer, actor_id, from_day
),
reached AS (
    SELECT
        *,
        max(to_day) OVER (
            PARTITION BY proposition_id, layer, side, holder_id
            ORDER BY from_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_to
    FROM held
),
numbered AS (
    SELECT
        *,
        sum(CASE WHEN covered_to >= from_day THEN 0 ELSE 1 END) OVER (
            PARTITION BY proposition_id, layer, side, holder_id
            ORDER BY from_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch
    FROM reached
)
SELECT
    proposition_id,
    layer,
    side,
    holder_id,
    min(from_day) AS from_day,
    max(to_day) AS to_day
FROM numbered
GROUP BY proposition_id, layer, side, holder_id, stretch
