-- One row an event: its turn among those that get a page of their own, by the better of its places
-- among the newest and among the most disputed.
SELECT
    id,
    row_number() OVER (ORDER BY least(newest, disputed), newest, id) AS turn
FROM (
    SELECT
        events.id,
        row_number() OVER (ORDER BY told.published DESC NULLS LAST, events.id) AS newest,
        row_number() OVER (
            ORDER BY coalesce(told.disputed, 0) DESC, coalesce(told.claims, 0) DESC, events.id
        ) AS disputed
    FROM events
    LEFT JOIN (
        SELECT home AS id, max(published) AS published, count(*) AS claims,
            count(DISTINCT proposition_id) FILTER (stance = 'denies') AS disputed
        FROM facts
        WHERE section = 'events'
        GROUP BY home
    ) AS told ON told.id = events.id
) AS placed
