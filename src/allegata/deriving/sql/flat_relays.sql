-- One row for each claim: as in flat_statements, with whether it came through another party.
SELECT claim.*, relay.claim_id IS NOT NULL AS relayed_by_other_party
FROM flat_statements AS claim
LEFT JOIN part_claim_relays AS relay ON relay.claim_id = claim.claim_id
