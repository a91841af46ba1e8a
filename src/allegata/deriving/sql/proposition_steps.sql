-- One row for each single step from a stance to what it commits to. A proposition with + behind it
-- stands for holding that it is so, one with ! for holding that it is not.
SELECT subject_id || '+' AS a, object_id || '+' AS b FROM relations WHERE predicate = 'entails'
UNION ALL
SELECT object_id || '!' AS a, subject_id || '!' AS b FROM relations WHERE predicate = 'entails'
UNION ALL
SELECT subject_id || '+' AS a, object_id || '!' AS b FROM relations WHERE predicate = 'contradicts'
UNION ALL
SELECT object_id || '+' AS a, subject_id || '!' AS b FROM relations WHERE predicate = 'contradicts'
