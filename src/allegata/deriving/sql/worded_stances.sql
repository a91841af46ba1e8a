-- One row for each stance that an actor takes in so many words, at one time and for one party:
-- since when it is known, by which claim it became so, and since when it is known to be taken back.
WITH taken AS (
    SELECT
        proposition_id,
        actor_id,
        party_id,
        stance,
        first_day,
        last_day,
        min(known_day) AS known_day,
        -- Days as text are ten characters, so this is the first claim of the first day, of a copy
        -- only where it is of no original.
        substr(
            min(
                CAST(known_day AS VARCHAR)
                || CASE WHEN source_id = origin_id THEN '0' ELSE '1' END
                || claim_id
            ),
            12
        ) AS claim_id
    FROM claim_acts
    WHERE stance <> 'retracts'
    GROUP BY proposition_id, actor_id, party_id, stance, first_day, last_day
)
SELECT
    taken.proposition_id,
    taken.actor_id,
    taken.party_id,
    taken.stance,
    'worded' AS basis,
    taken.proposition_id AS from_proposition_id,
    CAST(NULL AS VARCHAR) AS via,
    taken.first_day,
    taken.last_day,
    taken.known_day,
    taken.claim_id,
    back.known_day AS retracted_day
FROM taken
LEFT JOIN retractions AS back
    ON back.proposition_id = taken.proposition_id
    AND back.actor_id = taken.actor_id
    AND back.last_day >= taken.first_day
    AND (back.after_day IS NULL OR back.after_day < taken.first_day)
