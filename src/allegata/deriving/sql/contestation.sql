-- One row for each proposition and stretch of days, from valid_from to before valid_to, in which
-- nothing about it changes: its status, who is on which side, and how much stands behind it.
WITH running AS (
    SELECT
        proposition_id,
        day,
        sum(n_statements) OVER until_day AS n_statements,
        sum(n_sources_as_given) OVER until_day AS n_sources_as_given,
        sum(n_sources) OVER until_day AS n_sources,
        sum(n_relayed) OVER until_day AS n_relayed,
        sum(n_with_evidence) OVER until_day AS n_with_evidence,
        sum(n_worded_for) OVER until_day AS n_worded_for,
        sum(n_worded_against) OVER until_day AS n_worded_against,
        sum(n_worded_doubting) OVER until_day AS n_worded_doubting,
        sum(n_derived_for) OVER until_day AS n_derived_for,
        sum(n_derived_against) OVER until_day AS n_derived_against,
        sum(n_derived_doubting) OVER until_day AS n_derived_doubting,
        sum(worded_actors) OVER until_day AS worded_actors,
        sum(derived_actors) OVER until_day AS derived_actors
    FROM status_changes
    WINDOW until_day AS (
        PARTITION BY proposition_id
        ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
judged AS (
    SELECT
        running.*,
        parties.worded_for,
        parties.worded_against,
        parties.worded_doubting,
        parties.derived_for,
        parties.derived_against,
        parties.derived_doubting,
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
    FROM running
    LEFT JOIN party_lists AS parties
        ON parties.proposition_id = running.proposition_id AND parties.day = running.day
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
JOIN propositions AS proposition ON proposition.id = stretch.proposition_id
LEFT JOIN events AS event ON event.id = proposition.event_id
