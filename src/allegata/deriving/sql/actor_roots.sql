-- One row for each actor: the topmost body above it, or itself where none is.
SELECT
    actor.id AS actor_id,
    coalesce(topmost.b, actor.id) AS root_id
FROM actors AS actor
LEFT JOIN (
    SELECT a, b FROM actors_above WHERE b NOT IN (SELECT a FROM actors_above)
) AS topmost ON topmost.a = actor.id
