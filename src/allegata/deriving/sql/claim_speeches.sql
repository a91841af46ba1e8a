-- One row for each claim of which quoted speech is published: its passages in their order.
SELECT
    claim_id,
    array_to_string(
        list_transform(
            list_sort(list(struct_pack(seq := seq, words := exact))),
            lambda passage: passage.words
        ),
        ' – '
    ) AS quote
FROM part_quotes
WHERE role = 'speech' AND exact IS NOT NULL
GROUP BY claim_id
