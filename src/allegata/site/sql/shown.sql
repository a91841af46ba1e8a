-- The claims that a list shows on a page, and their order there: as many as a page has room for.
SELECT section, id, part, claim_id, start
FROM (
    SELECT
        entries.*,
        row_number() OVER (
            PARTITION BY section, id, part ORDER BY turn, day NULLS LAST, start, claim_id
        ) AS number
    FROM entries
    WHERE part <> 'all' OR section = 'propositions'
) AS numbered
JOIN room ON number <= CASE WHEN part IN ('home', 'all') THEN room.cards ELSE room.lines END
