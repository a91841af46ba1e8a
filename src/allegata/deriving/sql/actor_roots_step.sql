-- One row for each actor: a body above it, twice as far up as in actor_roots or topmost.
SELECT
    here.actor_id,
    coalesce(above.root_id, here.root_id) AS root_id
FROM actor_roots AS here
LEFT JOIN actor_roots AS above ON above.actor_id = here.root_id
