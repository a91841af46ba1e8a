-- The rows of all_stances, each with replaced_day: the first day by which it is known that the
-- actor took a position on the proposition that is certainly later; and replaced_in_words_day, the
-- same but for what only follows from words on other propositions. Asking, declining and silence
-- are no positions, and what had been taken back when it became known replaces nothing.
WITH points AS (
    SELECT *, last_day AS at_day, 0 AS is_later, CAST(NULL AS DATE) AS later_day
    FROM part_all_stances
    UNION ALL
    SELECT *, first_day AS at_day, 1 AS is_later, known_day AS later_day
    FROM part_all_stances
    WHERE stance IN ('asserts', 'suggests', 'noncommittal', 'doubts', 'denies')
        AND (retracted_day IS NULL OR retracted_day > known_day)
),
-- From the last day to the first: what begins on a row's own last day comes after that row.
looked_back AS (
    SELECT
        *,
        min(later_day) OVER later AS replaced_day,
        min(CASE WHEN basis = 'worded' THEN later_day END) OVER later AS replaced_in_words_day
    FROM points
    WINDOW later AS (
        PARTITION BY proposition_id, actor_id
        ORDER BY at_day DESC, is_later
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
SELECT * FROM looked_back WHERE is_later = 0
