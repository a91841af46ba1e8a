-- One row for each voice that a claim came through: at position 0 the publisher of its source, or
-- of the original where that is a copy; at 1 and above the speaker of that statement in its chain.
-- is_last marks the one whose stance the claim is; party_id is empty where the speaker's offices
-- lead to two parties.
WITH voices AS (
    SELECT
        claim.id AS claim_id,
        0 AS position,
        source.publisher_id AS speaker_id,
        CAST(NULL AS VARCHAR) AS on_behalf_of,
        coalesce(source.published_latest, source.published_earliest) AS day
    FROM claims AS claim
    JOIN text_origins AS text ON text.source_id = claim.source_id
    JOIN sources AS source ON source.id = text.origin_id
    UNION ALL
    SELECT
        hop.claim_id,
        hop.position,
        statement.speaker_id,
        statement.on_behalf_of,
        made.day
    FROM hops AS hop
    JOIN statements AS statement ON statement.id = hop.statement_id
    JOIN statement_days AS made ON made.statement_id = hop.statement_id
)
SELECT
    voice.claim_id,
    voice.position,
    voice.speaker_id,
    coalesce(spoken_for.root_id, party.party_id) AS party_id,
    lead(voice.position) OVER (PARTITION BY voice.claim_id ORDER BY voice.position) IS NULL
        AS is_last
FROM voices AS voice
LEFT JOIN actor_roots AS spoken_for ON spoken_for.actor_id = voice.on_behalf_of
LEFT JOIN parties AS party
    ON party.actor_id = voice.speaker_id
    AND (party.valid_from IS NULL OR party.valid_from <= voice.day)
    AND (party.valid_to IS NULL OR party.valid_to > voice.day)
