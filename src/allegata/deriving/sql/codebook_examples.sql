-- One row for each code in the column {field}: a claim that shows it, of clear wording if any is.
SELECT
    "{field}" AS code,
    coalesce(min(CASE WHEN clarity = 'clear' THEN claim_id END), min(claim_id)) AS claim_id
FROM claims_flat
WHERE "{field}" IS NOT NULL
GROUP BY "{field}"
