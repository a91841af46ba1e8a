-- One row for each stretch of days of an actor on a proposition: what the actor took between
-- after_day (left out) and last_day is taken back, and since known_day that is known.
WITH days AS (
    SELECT proposition_id, actor_id, last_day, min(known_day) AS known_day
    FROM claim_acts
    WHERE stance = 'retracts'
    GROUP BY proposition_id, actor_id, last_day
)
SELECT
    proposition_id,
    actor_id,
    lag(last_day) OVER (PARTITION BY proposition_id, actor_id ORDER BY last_day) AS after_day,
    last_day,
    min(known_day) OVER (
        PARTITION BY proposition_id, actor_id
        ORDER BY last_day DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS known_day
FROM days
