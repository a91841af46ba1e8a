-- One row for each claim: the claim with the speaker whose stance it is.
SELECT
    claim.id AS claim_id,
    claim.source_id,
    claim.proposition_id,
    claim.stance,
    claim.evidence,
    claim.clarity,
    claim.method,
    claim.verdict,
    claim.note,
    last.speaker_id,
    last.party_id,
    last.position AS depth
FROM part_claims AS claim
JOIN part_claim_voices AS last ON last.claim_id = claim.id AND last.is_last
