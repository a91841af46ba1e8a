-- The examples on the page of queries. Each begins with a line "-- Theme: title".

-- Who says what: who takes which stance on which proposition
SELECT proposition_text, stance, party_name, count(*) AS claims
FROM claims_flat
WHERE party_name IS NOT NULL
GROUP BY ALL
ORDER BY proposition_text, stance, party_name;

-- Who says what: propositions that one party asserts and another denies
SELECT proposition_text,
       list_sort(list(DISTINCT party_name) FILTER (stance = 'asserts')) AS asserted_by,
       list_sort(list(DISTINCT party_name) FILTER (stance = 'denies')) AS denied_by
FROM claims_flat
GROUP BY proposition_id, proposition_text
HAVING len(asserted_by) > 0 AND len(denied_by) > 0
ORDER BY proposition_text;

-- Chains: how many steps lie between a source and who is said to speak
SELECT depth, voice, count(*) AS claims, count(DISTINCT source_id) AS sources
FROM claims_flat
GROUP BY ALL
ORDER BY depth, voice;

-- Chains: what is known only through another party
SELECT chain, party_name, stance, proposition_text, claim_id
FROM claims_flat
WHERE relayed_by_other_party
ORDER BY claim_id;

-- Evidence: what claims are said to rest on
SELECT evidence, clarity, count(*) AS claims
FROM claims_flat
GROUP BY ALL
ORDER BY claims DESC, evidence, clarity;

-- Numbers: what amounts are given for the same thing
SELECT p.event_id, p.text, p.low, p.high, p.unit, count(c.claim_id) AS claims
FROM propositions AS p
LEFT JOIN claims_flat AS c ON c.proposition_id = p.id
WHERE p.low IS NOT NULL OR p.high IS NOT NULL
GROUP BY ALL
ORDER BY p.event_id, p.unit, p.low, p.high, p.text;

-- Time: where each disputed matter stood on a day
SELECT event_label, proposition_text, status_worded, valid_from
FROM contestation
WHERE is_head
  AND (valid_from IS NULL OR valid_from <= TIMESTAMP '2026-06-01')
  AND (valid_to IS NULL OR valid_to > TIMESTAMP '2026-06-01')
ORDER BY event_label, proposition_text;

-- Time: claims by the month of the source
SELECT strftime(date_trunc('month', published_earliest), '%Y-%m') AS month, count(*) AS claims
FROM claims_flat
GROUP BY ALL
ORDER BY month;

-- Sources: how much each publisher's sources say
SELECT publisher_name, count(DISTINCT source_id) AS sources, count(*) AS claims
FROM claims_flat
GROUP BY ALL
ORDER BY claims DESC, publisher_name;
