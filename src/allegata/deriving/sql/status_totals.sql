-- One row for each proposition and day on which something about it changes: how many there are of
-- each thing from that day on.
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
