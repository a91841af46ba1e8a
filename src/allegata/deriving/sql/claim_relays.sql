-- One row for each claim whose words came through another party than the speaker's: that of an
-- earlier statement in its chain or, where the text is an official release, that of its publisher.
SELECT DISTINCT relay.claim_id
FROM claim_voices AS relay
JOIN claim_voices AS last ON last.claim_id = relay.claim_id AND last.is_last
JOIN claims AS claim ON claim.id = relay.claim_id
JOIN text_origins AS text ON text.source_id = claim.source_id
JOIN sources AS source ON source.id = text.origin_id
WHERE (relay.position > 0 OR source.kind = 'official_release')
    AND coalesce(relay.party_id, relay.speaker_id) <> coalesce(last.party_id, last.speaker_id)
