-- One row for each proposition, layer, side and day on which a party takes the side or leaves it:
-- the ids of its parties from that day on; an empty text where there are none, or more than {most}.
WITH edges AS (
    SELECT proposition_id, layer, side, day, sum(n) AS n
    FROM (
        SELECT proposition_id, layer, side, from_day AS day, 1 AS n FROM side_spans
        UNION ALL
        SELECT proposition_id, layer, side, to_day AS day, -1 AS n FROM side_spans
    ) AS edge
    WHERE side <> 'either' AND day < DATE '9999-12-31'
    GROUP BY proposition_id, layer, side, day
),
totals AS (
    SELECT
        *,
        sum(n) OVER (
            PARTITION BY proposition_id, layer, side
            ORDER BY day
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS parties
    FROM edges
)
SELECT
    total.proposition_id,
    total.layer,
    total.side,
    total.day,
    array_to_string(list_sort(list(span.holder_id)), ' ') AS party_ids
FROM totals AS total
JOIN side_spans AS span
    ON span.proposition_id = total.proposition_id
    AND span.layer = total.layer
    AND span.side = total.side
    AND span.from_day <= total.day
    AND span.to_day > total.day
WHERE total.parties BETWEEN 1 AND {most}
GROUP BY total.proposition_id, total.layer, total.side, total.day
UNION ALL
SELECT proposition_id, layer, side, day, '' AS party_ids
FROM totals
WHERE parties NOT BETWEEN 1 AND {most}
