-- One row a claim: what it counts for, whose it is, and the page that it has its place on.
SELECT
    claims.id AS claim_id,
    claims.source_id,
    flat.origin_id,
    claims.proposition_id,
    claims.stance,
    claims.clarity = 'ambiguous' AS ambiguous,
    flat.depth = 0 AS own_voice,
    flat.relayed_by_other_party AS relayed,
    flat.speaker_id,
    speakers.kind = 'outlet' AND (flat.depth = 0 OR flat.speaker_id = sources.publisher_id)
        AS as_publisher,
    -- Where the speaker's offices lead to two parties, nobody but the speaker can be named.
    CASE
        WHEN speakers.kind = 'outlet' AND (flat.depth = 0 OR flat.speaker_id = sources.publisher_id)
            OR flat.party_id IS NULL THEN flat.speaker_id
        ELSE flat.party_id
    END AS holder_id,
    CASE
        WHEN speakers.kind = 'outlet' AND (flat.depth = 0 OR flat.speaker_id = sources.publisher_id)
            OR flat.party_id IS NULL THEN flat.speaker_name
        ELSE flat.party_name
    END AS holder_name,
    flat.published_latest AS published,
    coalesce(spans.start, 0) AS start,
    CASE
        WHEN propositions.event_id IS NOT NULL THEN 'events'
        WHEN propositions.actor_id IS NOT NULL THEN 'actors'
        WHEN propositions.place_id IS NOT NULL THEN 'places'
        ELSE 'sources'
    END AS section,
    coalesce(
        propositions.event_id, propositions.actor_id, propositions.place_id, claims.source_id
    ) AS home
FROM claims
JOIN claims_flat AS flat ON flat.claim_id = claims.id
JOIN propositions ON propositions.id = claims.proposition_id
JOIN sources ON sources.id = claims.source_id
JOIN actors AS speakers ON speakers.id = flat.speaker_id
LEFT JOIN (SELECT claim_id, min(start) AS start FROM quotes GROUP BY claim_id) AS spans
    ON spans.claim_id = claims.id
