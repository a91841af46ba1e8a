-- One row for each proposition and day on which a party takes a side or leaves one: the parties on
-- each side on which anything changes, and nothing for the others.
SELECT
    proposition_id,
    day,
    max(CASE WHEN layer = 'worded' AND side = 'for' THEN party_ids END)
        AS worded_for,
    max(CASE WHEN layer = 'worded' AND side = 'against' THEN party_ids END)
        AS worded_against,
    max(CASE WHEN layer = 'worded' AND side = 'doubting' THEN party_ids END)
        AS worded_doubting,
    max(CASE WHEN layer = 'derived' AND side = 'for' THEN party_ids END)
        AS derived_for,
    max(CASE WHEN layer = 'derived' AND side = 'against' THEN party_ids END)
        AS derived_against,
    max(CASE WHEN layer = 'derived' AND side = 'doubting' THEN party_ids END)
        AS derived_doubting
FROM side_lists
GROUP BY proposition_id, day
