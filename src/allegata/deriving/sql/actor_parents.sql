-- One row for each actor: the body directly above it, or itself where none is.
-- A person is below nobody: what ties persons to bodies are their offices.
SELECT
    id AS actor_id,
    CASE WHEN kind <> 'person' THEN coalesce(parent_id, id) ELSE id END AS root_id
FROM actors
