-- One row for each proposition, stance and party (or outlet as publisher) that takes it: by how
-- many claims, what holds of all of them, and the one to lead to.
SELECT
    proposition_id,
    stance,
    holder_id,
    holder_name,
    as_publisher,
    CAST(count(*) AS INTEGER) AS claims,
    bool_and(own_voice) AS own_voice,
    bool_and(relayed) AS relayed,
    bool_and(ambiguous) AS ambiguous,
    arg_min(claim_id, (coalesce(published, DATE '9999-12-31'), claim_id)) AS claim_id
FROM facts
GROUP BY proposition_id, stance, holder_id, holder_name, as_publisher
