-- Functions that SQL made from mappings uses.
-- What may act on a reader or cannot be seen is left out; blanks are single.
CREATE MACRO visible(t) AS regexp_replace(regexp_replace(nfc_normalize(t),
    '[\x{0000}-\x{0008}\x{000b}-\x{001f}\x{007f}-\x{009f}\x{2028}\x{2029}]+', ' ', 'g'),
    '[\x{ad}\x{70f}\x{115f}\x{1160}\x{180e}\x{200b}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{3164}\x{fe00}-\x{fe0f}\x{feff}\x{ffa0}\x{fff0}-\x{ffff}\x{fdd0}-\x{fdef}\x{e000}-\x{f8ff}\x{e0000}-\x{10ffff}]+',
    '', 'g');
CREATE MACRO line_of(t) AS CASE
    WHEN regexp_full_match(t, '[!-~]+( [!-~]+)*') THEN t
    ELSE nullif(nfc_normalize(trim(regexp_replace(visible(t), '[\s\p{Z}]+', ' ', 'g'))), '') END;
CREATE MACRO text_of(t) AS line_of(t);
CREATE MACRO cut(t, longest) AS CASE
    WHEN length(t) <= longest THEN t ELSE rtrim(t[1:CAST(longest AS BIGINT) - 1]) || '…' END;
CREATE MACRO number_of(t) AS CASE
    WHEN regexp_full_match(trim(t), '-?[0-9]{1,15}([.][0-9]+)?([eE][+-]?[0-9]{1,2})?')
    THEN try_cast(trim(t) AS DOUBLE) END;
CREATE MACRO time_of(t, shape) AS CASE
    WHEN regexp_full_match(t, shape)
        AND NOT list_contains(list_transform(regexp_extract_all(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}'),
            lambda d: try_cast(d AS DATE) IS NULL), TRUE)
        AND NOT contains(t, '0000-') THEN t END;
CREATE MACRO slug_of(t) AS CASE
    WHEN regexp_full_match(t, '[0-9]{1,20}') THEN t || '-'
    WHEN regexp_matches(lower(t), getvariable('loaded')) THEN ''
    ELSE coalesce(nullif(trim(regexp_replace(lower(strip_accents(t))[1:48], '[^a-z0-9]+', '-', 'g'),
        '-'), '') || '-', '') END;
-- Texts as JSON in ASCII, as json.dumps of Python writes them.
CREATE MACRO escaped(c) AS CASE
    WHEN c = '"' THEN '\"' WHEN c = '\' THEN '\\' WHEN c BETWEEN ' ' AND '~' THEN c
    WHEN c = chr(10) THEN '\n' WHEN c = chr(13) THEN '\r' WHEN c = chr(9) THEN '\t'
    WHEN unicode(c) < 65536 THEN printf('\u%04x', unicode(c))
    ELSE printf('\u%04x', 55296 + ((unicode(c) - 65536) >> 10))
        || printf('\u%04x', 56320 + ((unicode(c) - 65536) & 1023)) END;
CREATE MACRO json_text(t) AS CASE
    WHEN t IS NULL THEN 'null'
    WHEN regexp_full_match(t, '[ !#-\[\]-~]*') THEN '"' || t || '"'
    ELSE '"' || array_to_string(list_transform(string_split(t, ''), lambda c: escaped(c)), '')
        || '"' END;
-- The same of texts that need no escapes.
CREATE MACRO json_plain(t) AS coalesce('"' || t || '"', 'null');
