-- One row for each claim, with the names, times and texts of what it refers to.
WITH speeches AS (
    SELECT
        claim_id,
        array_to_string(
            list_transform(
                list_sort(list(struct_pack(seq := seq, words := exact))),
                lambda passage: passage.words
            ),
            ' – '
        ) AS quote
    FROM quotes
    WHERE role = 'speech' AND exact IS NOT NULL
    GROUP BY claim_id
),
relays AS (
    SELECT DISTINCT relay.claim_id
    FROM claim_voices AS relay
    JOIN claim_voices AS last ON last.claim_id = relay.claim_id AND last.is_last
    JOIN claims AS claim ON claim.id = relay.claim_id
    JOIN sources AS source ON source.id = claim.source_id
    WHERE (relay.position > 0 OR source.kind = 'official_release')
        AND coalesce(relay.party_id, relay.speaker_id) <> coalesce(last.party_id, last.speaker_id)
)
SELECT
    claim.id AS claim_id,
    claim.source_id,
    source.kind AS source_kind,
    source.title AS source_title,
    source.lang AS source_lang,
    source.publisher_id,
    publisher.name AS publisher_name,
    source.published,
    source.published_earliest,
    source.published_latest,
    proposition.event_id,
    event.label AS event_label,
    claim.proposition_id,
    proposition.text AS proposition_text,
    proposition.aspect,
    last.speaker_id,
    speaker.name AS speaker_name,
    last.party_id,
    party.name AS party_name,
    claim.stance,
    claim.evidence,
    claim.clarity,
    claim.method,
    last.position AS depth,
    CASE last.position WHEN 0 THEN 'own' WHEN 1 THEN 'direct' ELSE 'relayed' END AS voice,
    relays.claim_id IS NOT NULL AS relayed_by_other_party,
    statement.channel,
    statement.said,
    statement.said_earliest,
    statement.said_latest,
    chain.chain,
    chain.chain_ids,
    chain.cues,
    speeches.quote,
    claim.verdict,
    claim.note
FROM claims AS claim
JOIN sources AS source ON source.id = claim.source_id
JOIN actors AS publisher ON publisher.id = source.publisher_id
JOIN propositions AS proposition ON proposition.id = claim.proposition_id
LEFT JOIN events AS event ON event.id = proposition.event_id
JOIN claim_voices AS last ON last.claim_id = claim.id AND last.is_last
JOIN actors AS speaker ON speaker.id = last.speaker_id
LEFT JOIN actors AS party ON party.id = last.party_id
LEFT JOIN hops AS hop ON hop.claim_id = claim.id AND hop.position = last.position
LEFT JOIN statements AS statement ON statement.id = hop.statement_id
LEFT JOIN claim_chains AS chain ON chain.claim_id = claim.id
LEFT JOIN speeches ON speeches.claim_id = claim.id
LEFT JOIN relays ON relays.claim_id = claim.id
