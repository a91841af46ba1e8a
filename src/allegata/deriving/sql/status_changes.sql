-- One row for each proposition and day on which something about it changes, and one for the day
-- before all: by how much the number of each thing changes. Nothing is counted twice: of what makes
-- a thing known again, only the first day counts. A side is coded by its first letter behind that
-- of its layer, and what ends has a minus before it.
WITH changes AS (
    SELECT id AS proposition_id, DATE '0001-01-01' AS day, 'none' AS what FROM part_propositions
    UNION ALL
    SELECT proposition_id, day, 'statement' AS what FROM known_statements
    UNION ALL
    SELECT proposition_id, day, 'relayed' AS what
    FROM known_statements
    WHERE direct_day IS NULL OR direct_day > day
    UNION ALL
    SELECT proposition_id, direct_day AS day, '-relayed' AS what
    FROM known_statements
    WHERE direct_day > day
    UNION ALL
    SELECT proposition_id, evidence_day AS day, 'evidence' AS what
    FROM known_statements
    WHERE evidence_day IS NOT NULL
    UNION ALL
    SELECT proposition_id, day, what FROM known_sources
    UNION ALL
    SELECT
        proposition_id, from_day AS day, substr(layer, 1, 1) || substr(side, 1, 1) AS what
    FROM side_spans
    UNION ALL
    SELECT
        proposition_id, to_day AS day, '-' || substr(layer, 1, 1) || substr(side, 1, 1) AS what
    FROM side_spans
    WHERE to_day < DATE '9999-12-31'
)
SELECT
    proposition_id,
    day,
    count(CASE WHEN what = 'statement' THEN 1 END) AS n_statements,
    count(CASE WHEN what = 'source' THEN 1 END) AS n_sources_as_given,
    count(CASE WHEN what = 'origin' THEN 1 END) AS n_sources,
    count(CASE WHEN what = 'relayed' THEN 1 END)
        - count(CASE WHEN what = '-relayed' THEN 1 END) AS n_relayed,
    count(CASE WHEN what = 'evidence' THEN 1 END) AS n_with_evidence,
    count(CASE WHEN what = 'wf' THEN 1 END)
        - count(CASE WHEN what = '-wf' THEN 1 END) AS n_worded_for,
    count(CASE WHEN what = 'wa' THEN 1 END)
        - count(CASE WHEN what = '-wa' THEN 1 END) AS n_worded_against,
    count(CASE WHEN what = 'wd' THEN 1 END)
        - count(CASE WHEN what = '-wd' THEN 1 END) AS n_worded_doubting,
    count(CASE WHEN what = 'df' THEN 1 END)
        - count(CASE WHEN what = '-df' THEN 1 END) AS n_derived_for,
    count(CASE WHEN what = 'da' THEN 1 END)
        - count(CASE WHEN what = '-da' THEN 1 END) AS n_derived_against,
    count(CASE WHEN what = 'dd' THEN 1 END)
        - count(CASE WHEN what = '-dd' THEN 1 END) AS n_derived_doubting,
    count(CASE WHEN what = 'we' THEN 1 END)
        - count(CASE WHEN what = '-we' THEN 1 END) AS worded_actors,
    count(CASE WHEN what = 'de' THEN 1 END)
        - count(CASE WHEN what = '-de' THEN 1 END) AS derived_actors
FROM changes
GROUP BY proposition_id, day
