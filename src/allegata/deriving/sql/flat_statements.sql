-- One row for each claim: as in flat_speakers, with the last statement of its chain.
SELECT
    claim.*,
    statement.channel,
    statement.said,
    statement.said_earliest,
    statement.said_latest
FROM flat_speakers AS claim
LEFT JOIN part_hops AS hop ON hop.claim_id = claim.claim_id AND hop.position = claim.depth
LEFT JOIN statements AS statement ON statement.id = hop.statement_id
