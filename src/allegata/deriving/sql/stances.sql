-- One row for each stance that an actor is known, at some time, to hold or to be committed to.
WITH ended AS (
    SELECT
        *,
        least(retracted_day, replaced_day) AS end_day,
        CASE WHEN basis = 'worded' THEN least(retracted_day, replaced_in_words_day) END
            AS end_in_words_day
    FROM replaced_stances
    WHERE retracted_day IS NULL OR retracted_day > known_day
),
bounded AS (
    SELECT
        *,
        -- What was replaced before it became known stood for no day: it ends where it begins.
        CASE WHEN end_day < known_day THEN known_day ELSE end_day END AS valid_to,
        CASE WHEN end_in_words_day < known_day THEN known_day ELSE end_in_words_day END
            AS worded_to
    FROM ended
)
SELECT
    proposition_id,
    actor_id,
    CAST(
        row_number() OVER (
            PARTITION BY proposition_id, actor_id
            ORDER BY
                known_day, first_day, last_day, stance, from_proposition_id, party_id, claim_id
        ) AS INTEGER
    ) AS seq,
    stance,
    basis,
    party_id,
    from_proposition_id,
    via,
    first_day AS taken_earliest,
    last_day AS taken_latest,
    known_day AS valid_from,
    valid_to,
    worded_to,
    claim_id
FROM bounded
WHERE valid_to IS NULL
    OR valid_to > known_day
    OR (basis = 'worded' AND (worded_to IS NULL OR worded_to > known_day))
