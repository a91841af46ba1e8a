-- One row for each proposition and source that tells of it, and for each original of such sources:
-- since when. what is source or origin.
SELECT proposition_id, 'source' AS what, source_id AS id, min(known_day) AS day
FROM part_claim_acts
GROUP BY proposition_id, source_id
UNION ALL
SELECT proposition_id, 'origin' AS what, origin_id AS id, min(known_day) AS day
FROM part_claim_acts
GROUP BY proposition_id, origin_id
