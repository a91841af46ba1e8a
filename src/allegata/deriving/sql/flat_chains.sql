-- One row for each claim: as in flat_relays, with its chain as text.
SELECT
    claim.*,
    chain.chain,
    chain.chain_ids,
    chain.cues
FROM flat_relays AS claim
LEFT JOIN claim_chains AS chain ON chain.claim_id = claim.claim_id
