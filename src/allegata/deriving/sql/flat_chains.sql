-- One row for each claim: as in flat_statements, with its chain as text.
SELECT
    claim.*,
    chain.chain,
    chain.chain_ids,
    chain.cues,
    relay.claim_id IS NOT NULL AS relayed_by_other_party
FROM flat_statements AS claim
LEFT JOIN claim_chains AS chain ON chain.claim_id = claim.claim_id
LEFT JOIN claim_relays AS relay ON relay.claim_id = claim.claim_id
