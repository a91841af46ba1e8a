-- One row for each statement in a chain: the last day on which it can have been made, that is
-- the last day of its own time or the day on which it was first reported, whichever is earlier.
SELECT
    statement.id AS statement_id,
    least(
        statement.said_latest,
        min(coalesce(source.published_latest, source.published_earliest))
    ) AS day
FROM statements AS statement
JOIN hops AS hop ON hop.statement_id = statement.id
JOIN claims AS claim ON claim.id = hop.claim_id
JOIN sources AS source ON source.id = claim.source_id
GROUP BY statement.id, statement.said_latest
