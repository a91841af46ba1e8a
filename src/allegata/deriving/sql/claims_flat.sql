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
)
SELECT
    claim.id AS claim_id,
    claim.source_id,
    origin.origin_id,
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
    relay.claim_id IS NOT NULL AS relayed_by_other_party,
    statement.channel,
    statement.said,
    statement.said_earliest,
    statement.said_latest,
    chain.chain,
    chain.chain_ids,
    chain.cues,
    speeches.quote,
    standing.status_worded,
    standing.status_derived,
    claim.verdict,
    claim.note
FROM claims AS claim
JOIN sources AS source ON source.id = claim.source_id
JOIN source_origins AS origin ON origin.source_id = claim.source_id
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
LEFT JOIN claim_relays AS relay ON relay.claim_id = claim.id
LEFT JOIN contestation AS standing
    ON standing.proposition_id = claim.proposition_id AND standing.valid_to IS NULL
