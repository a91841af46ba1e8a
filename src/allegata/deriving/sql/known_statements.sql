-- One row for each proposition and statement, or text in its own voice, that speaks to it: since when
-- it is known, since when otherwise than through another party, and since when with evidence.
SELECT
    proposition_id,
    act_id,
    min(known_day) AS day,
    min(CASE WHEN NOT is_relayed THEN known_day END) AS direct_day,
    min(CASE WHEN has_evidence THEN known_day END) AS evidence_day
FROM part_claim_acts
GROUP BY proposition_id, act_id
