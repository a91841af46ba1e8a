-- One row for each claim with a chain: the chain as text, its statements' ids and its cues, each
-- outermost first. A statement reads "Ann Lee (phone call, 2025-03-04, “told”)".
WITH steps AS (
    SELECT
        hop.claim_id,
        hop.position,
        hop.statement_id,
        coalesce(hop.cue, '–') AS cue,
        speaker.name AS speaker_name,
        concat_ws(
            ', ',
            CASE statement.channel
                WHEN 'unspecified' THEN NULL
                WHEN 'none' THEN 'silence'
                ELSE replace(statement.channel, '_', ' ')
            END,
            statement.said,
            '“' || hop.cue || '”'
        ) AS details
    FROM part_hops AS hop
    JOIN statements AS statement ON statement.id = hop.statement_id
    JOIN actors AS speaker ON speaker.id = statement.speaker_id
),
chains AS (
    SELECT
        claim_id,
        list_sort(
            list(
                struct_pack(
                    position := position,
                    words := speaker_name
                        || CASE WHEN details = '' THEN '' ELSE ' (' || details || ')' END,
                    statement_id := statement_id,
                    cue := cue
                )
            )
        ) AS steps
    FROM steps
    GROUP BY claim_id
)
SELECT
    claim_id,
    array_to_string(list_transform(steps, lambda step: step.words), ' › ') AS chain,
    array_to_string(list_transform(steps, lambda step: step.statement_id), ' ') AS chain_ids,
    array_to_string(list_transform(steps, lambda step: step.cue), ' › ') AS cues
FROM chains
