-- One row for each claim: as in flat_chains, with its quoted speech.
SELECT claim.*, speech.quote
FROM flat_chains AS claim
LEFT JOIN claim_speeches AS speech ON speech.claim_id = claim.claim_id
