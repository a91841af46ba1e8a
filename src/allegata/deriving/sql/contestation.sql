-- One row for each proposition and stretch of days, from valid_from to before valid_to, in which
-- nothing about it changes: its status, who is on which side, and how much stands behind it.
WITH judged AS (
    SELECT
        totals.*,
        -- Days as text are ten characters, so the greatest of these is the last that there was.
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.worded_for) OVER until_day, 11), ''
        ) AS worded_for,
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.worded_against) OVER until_day, 11), ''
        ) AS worded_against,
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.worded_doubting) OVER until_day, 11), ''
        ) AS worded_doubting,
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.derived_for) OVER until_day, 11), ''
        ) AS derived_for,
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.derived_against) OVER until_day, 11), ''
        ) AS derived_against,
        nullif(
            substr(max(CAST(parties.day AS VARCHAR) || parties.derived_doubting) OVER until_day, 11), ''
        ) AS derived_doubting,
        CASE
            WHEN n_worded_for > 0 AND n_worded_against > 0 AND worded_actors > 1 THEN 'contested'
            WHEN n_worded_against > 0 AND n_worded_for = 0 THEN 'denied'
            WHEN n_worded_doubting > 0 THEN 'doubted'
            WHEN n_worded_for > 0 AND n_worded_against = 0 THEN 'asserted'
            WHEN n_statements > 0 OR n_worded_for > 0 THEN 'open'
            ELSE 'unaddressed'
        END AS status_worded,
        CASE
            WHEN n_derived_for > 0 AND n_derived_against > 0 AND derived_actors > 1 THEN 'contested'
            WHEN n_derived_against > 0 AND n_derived_for = 0 THEN 'denied'
            WHEN n_derived_doubting > 0 THEN 'doubted'
            WHEN n_derived_for > 0 AND n_derived_against = 0 THEN 'asserted'
            WHEN n_statements > 0 OR n_derived_for > 0 THEN 'open'
            ELSE 'unaddressed'
        END AS status_derived
    FROM status_totals AS totals
    LEFT JOIN party_lists AS parties
        ON parties.proposition_id = totals.proposition_id AND parties.day = totals.day
    WINDOW until_day AS (
        PARTITION BY totals.proposition_id
        ORDER BY totals.day
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
compared AS (
    SELECT
        *,
        lag(told) OVER (PARTITION BY proposition_id ORDER BY day) AS told_before
    FROM (
        SELECT
            *,
            concat_ws(
                '|',
                status_worded,
                status_derived,
                coalesce(worded_for, ''),
                coalesce(worded_against, ''),
                coalesce(worded_doubting, ''),
                coalesce(derived_for, ''),
                coalesce(derived_against, ''),
                coalesce(derived_doubting, ''),
                CAST(n_worded_for AS VARCHAR),
                CAST(n_worded_against AS VARCHAR),
                CAST(n_worded_doubting AS VARCHAR),
                CAST(n_derived_for AS VARCHAR),
                CAST(n_derived_against AS VARCHAR),
                CAST(n_derived_doubting AS VARCHAR),
                CAST(n_statements AS VARCHAR),
                CAST(n_sources_as_given AS VARCHAR),
                CAST(n_sources AS VARCHAR),
                CAST(n_relayed AS VARCHAR),
                CAST(n_with_evidence AS VARCHAR)
            ) AS told
        FROM judged
    ) AS with_words
),
stretches AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY proposition_id ORDER BY day) AS seq,
        lead(day) OVER (PARTITION BY proposition_id ORDER BY day) AS next_day
    FROM compared
    WHERE told_before IS NULL OR told <> told_before
)
SELECT
    stretch.proposition_id,
    CAST(stretch.seq AS INTEGER) AS seq,
    proposition.event_id,
    event.label AS event_label,
    coalesce(event.head_id = proposition.id, false) AS is_head,
    proposition.aspect,
    proposition.text AS proposition_text,
    nullif(stretch.day, DATE '0001-01-01') AS valid_from,
    stretch.next_day AS valid_to,
    stretch.status_worded,
    stretch.status_derived,
    stretch.worded_for,
    stretch.worded_against,
    stretch.worded_doubting,
    stretch.derived_for,
    stretch.derived_against,
    stretch.derived_doubting,
    CAST(stretch.n_worded_for AS INTEGER) AS n_worded_for,
    CAST(stretch.n_worded_against AS INTEGER) AS n_worded_against,
    CAST(stretch.n_worded_doubting AS INTEGER) AS n_worded_doubting,
    CAST(stretch.n_derived_for AS INTEGER) AS n_derived_for,
    CAST(stretch.n_derived_against AS INTEGER) AS n_derived_against,
    CAST(stretch.n_derived_doubting AS INTEGER) AS n_derived_doubting,
    CAST(stretch.n_statements AS INTEGER) AS n_statements,
    CAST(stretch.n_sources AS INTEGER) AS n_sources,
    CAST(stretch.n_sources_as_given AS INTEGER) AS n_sources_as_given,
    CAST(stretch.n_relayed AS INTEGER) AS n_relayed,
    CAST(stretch.n_with_evidence AS INTEGER) AS n_with_evidence
FROM stretches AS stretch
JOIN part_propositions AS proposition ON proposition.id = stretch.proposition_id
LEFT JOIN events AS event ON event.id = proposition.event_id
