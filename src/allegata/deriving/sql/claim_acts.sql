-- One row for each claim, as far as it bears on who stands where: who takes which stance, for
-- whom, between which days, and from which day on that is known. act_id is the statement or, in a
-- source's own voice, the text by which the stance is taken; origin_id is what the source copies.
SELECT
    claim.id AS claim_id,
    claim.proposition_id,
    last.speaker_id AS actor_id,
    coalesce(last.party_id, last.speaker_id) AS party_id,
    claim.stance,
    coalesce(statement.id, text.origin_id) AS act_id,
    claim.source_id,
    origin.origin_id,
    CASE
        WHEN statement.id IS NULL
            THEN coalesce(voice.published_earliest, voice.published_latest)
        ELSE least(coalesce(statement.said_earliest, made.day), made.day)
    END AS first_day,
    CASE
        WHEN statement.id IS NULL
            THEN coalesce(voice.published_latest, voice.published_earliest)
        ELSE made.day
    END AS last_day,
    coalesce(source.published_latest, source.published_earliest) AS known_day,
    relay.claim_id IS NOT NULL AS is_relayed,
    claim.evidence = 'offered' AS has_evidence
FROM claims AS claim
JOIN sources AS source ON source.id = claim.source_id
JOIN text_origins AS text ON text.source_id = claim.source_id
JOIN sources AS voice ON voice.id = text.origin_id
JOIN source_origins AS origin ON origin.source_id = claim.source_id
JOIN claim_voices AS last ON last.claim_id = claim.id AND last.is_last
LEFT JOIN hops AS hop ON hop.claim_id = claim.id AND hop.position = last.position
LEFT JOIN statements AS statement ON statement.id = hop.statement_id
LEFT JOIN statement_days AS made ON made.statement_id = hop.statement_id
LEFT JOIN claim_relays AS relay ON relay.claim_id = claim.id
