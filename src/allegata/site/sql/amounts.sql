-- One row a list of claims: how many claims, sources, statements and parties are in it.
SELECT
    entries.section,
    entries.id,
    entries.part,
    CAST(count(*) AS INTEGER) AS claims,
    CAST(count(DISTINCT facts.origin_id) AS INTEGER) AS sources,
    CAST(count(DISTINCT facts.source_id) AS INTEGER) AS sources_as_given,
    CAST(coalesce(any_value(told.statements), 0) AS INTEGER) AS statements,
    CAST(count(DISTINCT facts.holder_id) FILTER (NOT facts.as_publisher) AS INTEGER) AS parties
FROM entries
JOIN facts ON facts.claim_id = entries.claim_id
LEFT JOIN (
    SELECT entries.section, entries.id, entries.part, count(DISTINCT hops.statement_id) AS statements
    FROM entries
    JOIN hops ON hops.claim_id = entries.claim_id
    GROUP BY entries.section, entries.id, entries.part
) AS told
    ON told.section = entries.section AND told.id = entries.id AND told.part = entries.part
GROUP BY entries.section, entries.id, entries.part
