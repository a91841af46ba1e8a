-- One row for each proposition and side, and each other proposition that to stand there commits to
-- a side of, with the propositions on the way.
SELECT
    substr(a, 1, length(a) - 1) AS from_id,
    substr(a, length(a), 1) AS from_side,
    substr(b, 1, length(b) - 1) AS to_id,
    substr(b, length(b), 1) AS to_side,
    replace(replace(path, '+', ''), '!', '') AS via
FROM proposition_paths
WHERE substr(a, 1, length(a) - 1) <> substr(b, 1, length(b) - 1)
