-- One row for each proposition and day on which something about it changes, if any party is then on
-- a side: the ids of the parties on each side from that day on.
WITH sides AS (
    SELECT
        change.proposition_id,
        change.day,
        span.layer || '_' || span.side AS side,
        array_to_string(list_sort(list(span.holder_id)), ' ') AS party_ids
    FROM status_changes AS change
    JOIN side_spans AS span
        ON span.proposition_id = change.proposition_id
        AND span.from_day <= change.day
        AND span.to_day > change.day
    WHERE span.side <> 'either'
    GROUP BY change.proposition_id, change.day, span.layer, span.side
)
SELECT
    proposition_id,
    day,
    max(CASE WHEN side = 'worded_for' THEN party_ids END) AS worded_for,
    max(CASE WHEN side = 'worded_against' THEN party_ids END) AS worded_against,
    max(CASE WHEN side = 'worded_doubting' THEN party_ids END) AS worded_doubting,
    max(CASE WHEN side = 'derived_for' THEN party_ids END) AS derived_for,
    max(CASE WHEN side = 'derived_against' THEN party_ids END) AS derived_against,
    max(CASE WHEN side = 'derived_doubting' THEN party_ids END) AS derived_doubting
FROM sides
GROUP BY proposition_id, day
