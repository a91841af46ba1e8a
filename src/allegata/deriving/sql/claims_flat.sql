-- One row for each claim, with the names, times and texts of what it refers to.
SELECT
    claim.claim_id,
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
    claim.speaker_id,
    speaker.name AS speaker_name,
    claim.party_id,
    party.name AS party_name,
    claim.stance,
    claim.evidence,
    claim.clarity,
    claim.method,
    claim.depth,
    CASE claim.depth WHEN 0 THEN 'own' WHEN 1 THEN 'direct' ELSE 'relayed' END AS voice,
    claim.relayed_by_other_party,
    claim.channel,
    claim.said,
    claim.said_earliest,
    claim.said_latest,
    claim.chain,
    claim.chain_ids,
    claim.cues,
    claim.quote,
    standing.status_worded,
    standing.status_derived,
    claim.verdict,
    claim.note
FROM flat_quotes AS claim
JOIN sources AS source ON source.id = claim.source_id
JOIN source_origins AS origin ON origin.source_id = claim.source_id
JOIN actors AS publisher ON publisher.id = source.publisher_id
JOIN propositions AS proposition ON proposition.id = claim.proposition_id
LEFT JOIN events AS event ON event.id = proposition.event_id
JOIN actors AS speaker ON speaker.id = claim.speaker_id
LEFT JOIN actors AS party ON party.id = claim.party_id
LEFT JOIN contestation AS standing
    ON standing.proposition_id = claim.proposition_id AND standing.valid_to IS NULL
