-- One row for each source: what it is a copy of, over any number of steps of {copies}, or itself
-- where it is none. Of several originals it is the one published first, then the first by id;
-- sources that are said to copy each other in a circle count as copies of the first of them.
WITH copied AS (
    SELECT a AS source_id, b AS origin_id FROM {copies}
    UNION
    SELECT a AS source_id, a AS origin_id FROM {copies}
),
ranked AS (
    SELECT
        copied.source_id,
        copied.origin_id,
        row_number() OVER (
            PARTITION BY copied.source_id
            ORDER BY
                CASE WHEN further.a IS NULL THEN 0 ELSE 1 END,
                coalesce(origin.published_latest, origin.published_earliest),
                origin.id
        ) AS place
    FROM copied
    JOIN sources AS origin ON origin.id = copied.origin_id
    LEFT JOIN (SELECT DISTINCT a FROM {copies} WHERE a <> b) AS further
        ON further.a = copied.origin_id
)
SELECT source_id, origin_id FROM ranked WHERE place = 1
UNION ALL
SELECT id AS source_id, id AS origin_id
FROM sources
WHERE id NOT IN (SELECT a FROM {copies})
