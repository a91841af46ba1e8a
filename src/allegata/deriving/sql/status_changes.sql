-- One row for each proposition and day on which something about it changes, and one for the day
-- before all: by how much the number of each thing changes. Nothing is counted twice: of what makes
-- a thing known again, only the first day counts.
WITH statements_known AS (
    SELECT
        proposition_id,
        act_id,
        min(known_day) AS day,
        min(CASE WHEN NOT is_relayed THEN known_day END) AS direct_day,
        min(CASE WHEN has_evidence THEN known_day END) AS evidence_day
    FROM claim_acts
    GROUP BY proposition_id, act_id
),
counted AS (
    SELECT id AS proposition_id, DATE '0001-01-01' AS day, 'none' AS what, 0 AS n FROM propositions
    UNION ALL
    SELECT proposition_id, day, 'statement' AS what, 1 AS n FROM statements_known
    UNION ALL
    SELECT proposition_id, day, 'relayed' AS what, 1 AS n
    FROM statements_known
    WHERE direct_day IS NULL OR direct_day > day
    UNION ALL
    SELECT proposition_id, direct_day AS day, 'relayed' AS what, -1 AS n
    FROM statements_known
    WHERE direct_day > day
    UNION ALL
    SELECT proposition_id, evidence_day AS day, 'evidence' AS what, 1 AS n
    FROM statements_known
    WHERE evidence_day IS NOT NULL
    UNION ALL
    SELECT proposition_id, min(known_day) AS day, 'origin' AS what, 1 AS n
    FROM claim_acts
    GROUP BY proposition_id, origin_id
    UNION ALL
    SELECT proposition_id, min(known_day) AS day, 'source' AS what, 1 AS n
    FROM claim_acts
    GROUP BY proposition_id, source_id
    UNION ALL
    SELECT proposition_id, from_day AS day, layer || ' ' || side AS what, 1 AS n
    FROM side_spans
    UNION ALL
    SELECT proposition_id, to_day AS day, layer || ' ' || side AS what, -1 AS n
    FROM side_spans
    WHERE to_day < DATE '9999-12-31'
)
SELECT
    proposition_id,
    day,
    sum(CASE WHEN what = 'statement' THEN n ELSE 0 END) AS n_statements,
    sum(CASE WHEN what = 'source' THEN n ELSE 0 END) AS n_sources_as_given,
    sum(CASE WHEN what = 'origin' THEN n ELSE 0 END) AS n_sources,
    sum(CASE WHEN what = 'relayed' THEN n ELSE 0 END) AS n_relayed,
    sum(CASE WHEN what = 'evidence' THEN n ELSE 0 END) AS n_with_evidence,
    sum(CASE WHEN what = 'worded for' THEN n ELSE 0 END) AS n_worded_for,
    sum(CASE WHEN what = 'worded against' THEN n ELSE 0 END) AS n_worded_against,
    sum(CASE WHEN what = 'worded doubting' THEN n ELSE 0 END) AS n_worded_doubting,
    sum(CASE WHEN what = 'derived for' THEN n ELSE 0 END) AS n_derived_for,
    sum(CASE WHEN what = 'derived against' THEN n ELSE 0 END) AS n_derived_against,
    sum(CASE WHEN what = 'derived doubting' THEN n ELSE 0 END) AS n_derived_doubting,
    sum(CASE WHEN what = 'worded either' THEN n ELSE 0 END) AS worded_actors,
    sum(CASE WHEN what = 'derived either' THEN n ELSE 0 END) AS derived_actors
FROM counted
GROUP BY proposition_id, day
