-- The rows of worded_stances, and one for each stance that follows from one of them. What follows
-- is taken back with what it follows from, and by a retraction on its own proposition.
SELECT * FROM worded_stances
UNION ALL
SELECT
    path.to_id AS proposition_id,
    taken.actor_id,
    taken.party_id,
    CASE
        WHEN taken.stance IN ('asserts', 'denies')
            THEN CASE path.to_side WHEN '+' THEN 'asserts' ELSE 'denies' END
        ELSE CASE path.to_side WHEN '+' THEN 'suggests' ELSE 'doubts' END
    END AS stance,
    'derived' AS basis,
    taken.proposition_id AS from_proposition_id,
    path.via,
    taken.first_day,
    taken.last_day,
    taken.known_day,
    taken.claim_id,
    least(taken.retracted_day, back.known_day) AS retracted_day
FROM worded_stances AS taken
JOIN commitments AS path
    ON path.from_id = taken.proposition_id
    AND path.from_side = CASE
        WHEN taken.stance IN ('asserts', 'suggests') THEN '+'
        WHEN taken.stance IN ('doubts', 'denies') THEN '!'
    END
LEFT JOIN retractions AS back
    ON back.proposition_id = path.to_id
    AND back.actor_id = taken.actor_id
    AND back.last_day >= taken.first_day
    AND (back.after_day IS NULL OR back.after_day < taken.first_day)
