-- One row for each body that has another directly above it: a below b.
-- A person is below nobody: what ties persons to bodies are their offices.
SELECT id AS a, parent_id AS b
FROM actors
WHERE parent_id IS NOT NULL AND kind <> 'person'
