-- One row for each actor whose body in actor_roots has another above it.
SELECT here.actor_id
FROM actor_roots AS here
JOIN actors AS body ON body.id = here.root_id
WHERE body.parent_id IS NOT NULL AND body.kind <> 'person'
