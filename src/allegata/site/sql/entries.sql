-- One row for each list that a claim stands in: the list's page (section and id), its name, and
-- the order in which claims are taken where there are too many. On the page where they have their
-- place, the first of each party and stance come before any second, so that no side is left out.
SELECT section, home AS id, 'home' AS part, claim_id,
    row_number() OVER (
        PARTITION BY proposition_id, stance, holder_id, as_publisher
        ORDER BY published NULLS LAST, claim_id
    ) AS turn,
    published AS day, 0 AS start
FROM facts
UNION ALL
SELECT 'propositions', proposition_id, 'all', claim_id,
    row_number() OVER (
        PARTITION BY proposition_id, stance, holder_id, as_publisher
        ORDER BY published NULLS LAST, claim_id
    ),
    published, 0
FROM facts
UNION ALL
SELECT 'sources', source_id, CASE WHEN own_voice THEN 'own-voice' ELSE 'relays' END, claim_id,
    0, NULL, start
FROM facts
UNION ALL
SELECT 'sources', source_id, 'all', claim_id, 0, NULL, start FROM facts
UNION ALL
SELECT 'actors', speaker_id, 'all', claim_id, 0, NULL, 0 FROM facts
UNION ALL
SELECT 'actors', speaker_id, 'own-voice', claim_id, 0, NULL, 0 FROM facts WHERE own_voice
UNION ALL
SELECT 'actors', speaker_id, 'says', claim_id, 0, NULL, 0 FROM facts
WHERE NOT own_voice AND NOT relayed
UNION ALL
SELECT 'actors', speaker_id, 'said-to-say', claim_id, 0, NULL, 0 FROM facts WHERE relayed
UNION ALL
SELECT 'actors', holder_id, 'on-its-behalf', claim_id, 0, NULL, 0 FROM facts
WHERE holder_id <> speaker_id AND NOT as_publisher
UNION ALL
SELECT DISTINCT 'actors', statements.speaker_id, 'passes-on', hops.claim_id, 0, CAST(NULL AS DATE), 0
FROM hops
JOIN statements ON statements.id = hops.statement_id
JOIN (SELECT claim_id, max(position) AS last FROM hops GROUP BY claim_id) AS chains
    ON chains.claim_id = hops.claim_id AND hops.position < chains.last
