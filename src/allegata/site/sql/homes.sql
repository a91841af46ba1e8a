-- One row a proposition: the page that it has its place on (none where it is about no record), and
-- whether that page has room for it.
SELECT
    id AS proposition_id,
    section,
    home,
    row_number() OVER (PARTITION BY section, home ORDER BY claims DESC, id) <= 200 AS placed
FROM (
    SELECT
        propositions.id,
        CASE
            WHEN event_id IS NOT NULL THEN 'events'
            WHEN actor_id IS NOT NULL THEN 'actors'
            WHEN place_id IS NOT NULL THEN 'places'
        END AS section,
        coalesce(event_id, actor_id, place_id) AS home,
        coalesce(amounts.claims, 0) AS claims
    FROM propositions
    LEFT JOIN amounts
        ON amounts.section = 'propositions' AND amounts.part = 'all' AND amounts.id = propositions.id
) AS told
