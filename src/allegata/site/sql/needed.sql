-- One row for each record that could have a page: the turn of the first event that needs it.
SELECT section, id, min(turn) AS turn
FROM (
    SELECT 'events' AS section, id, turn FROM ranked
    UNION ALL SELECT 'sources', facts.source_id, ranked.turn
        FROM facts JOIN ranked ON facts.section = 'events' AND ranked.id = facts.home
    UNION ALL SELECT 'actors', facts.speaker_id, ranked.turn
        FROM facts JOIN ranked ON facts.section = 'events' AND ranked.id = facts.home
    UNION ALL SELECT 'actors', facts.holder_id, ranked.turn
        FROM facts JOIN ranked ON facts.section = 'events' AND ranked.id = facts.home
    UNION ALL SELECT 'actors', participants.actor_id, ranked.turn
        FROM participants JOIN ranked ON ranked.id = participants.event_id
    UNION ALL SELECT 'places', events.place_id, ranked.turn
        FROM events JOIN ranked ON ranked.id = events.id WHERE events.place_id IS NOT NULL
    UNION ALL SELECT 'propositions', propositions.id, ranked.turn
        FROM propositions JOIN ranked ON ranked.id = propositions.event_id
    UNION ALL SELECT 'sources', id, NULL FROM sources
    UNION ALL SELECT 'actors', id, NULL FROM actors
    UNION ALL SELECT 'places', id, NULL FROM places
    UNION ALL SELECT 'propositions', id, NULL FROM propositions
) AS wanted
GROUP BY section, id
