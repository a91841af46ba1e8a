"""Rules of single fields: constraints of the schema, found by the models."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Rule

E = Severity.ERROR

RULES = (
    Rule(
        "ID_FORMAT",
        E,
        "An id is its table's prefix and a slug of lower-case ASCII letters, digits and hyphens.",
        "Ids stand in addresses, file names and citations for decades.",
        "- id: evt-Border_Incident",
        "Write the prefix, then words joined by single hyphens: evt-border-incident.",
    ),
    Rule(
        "REF_WRONG_TABLE",
        E,
        "A reference names a record of the table that the field refers to.",
        "An id's prefix says what it names; another table's record cannot stand there.",
        "- id: src-a\n  publisher: plc-harbour",
        "Refer to a record with the prefix that the message names.",
    ),
    Rule(
        "FIELD_UNKNOWN",
        E,
        "A record holds no field that its table does not have.",
        "A misspelt field would be lost without a word.",
        "- id: act-a\n  nmae: Ann",
        "Use the field that the message suggests; the codebook lists all.",
    ),
    Rule(
        "FIELD_REQUIRED",
        E,
        "A record states every field that its table requires.",
        "A row without it could not be read as what the table promises.",
        "- id: act-a\n  name: Ann   # no kind",
        "Add the field.",
    ),
    Rule(
        "FIELD_TYPE",
        E,
        "A value has the type of its field: text is text, a number is a number.",
        "A value that is guessed at changes: 1.10 becomes 1.1, 2025 a number, no a false.",
        "- id: src-a\n  published: 2025",
        "Write the value in the type named; a number meant as text goes in quotes.",
    ),
    Rule(
        "FIELD_RANGE",
        E,
        "A value lies within the limits of its field: a length, a smallest or a largest number.",
        "Limits catch slips such as a page pasted into a name, and keep tables readable.",
        "- id: plc-a\n  lat: 123.4",
        "Write a value within the limits that the message names.",
    ),
    Rule(
        "NESTED_KEY",
        E,
        "A nested record takes its parent's key and its place in the list from where it stands.",
        "A record that says otherwise belongs to two parents at once.",
        "- id: src-a\n  claims:\n    - id: clm-a\n      source: src-b",
        "Leave the key out, or move the record to its own parent.",
    ),
    Rule(
        "ENUM_UNKNOWN",
        E,
        "A coded value is one of the codes of its field.",
        "Closed lists are what makes claims comparable.",
        "stance: denys",
        "Use the nearest code that the message names, or another of the field's codes.",
    ),
    Rule(
        "TEXT_NOT_CANONICAL",
        E,
        "Text is in Unicode normal form C, without control characters, characters that cannot be "
        "seen, direction overrides or stray blanks; words of a source keep what it prints.",
        "Invisible differences make equal names unequal and can show a reader what is not there.",
        'name: "Ann  Lee "',
        "Retype the text around the place that the message names.",
    ),
    Rule(
        "TIME_INVALID",
        E,
        "A time follows the time profile and names a day that exists.",
        "A date must be as precise as its source and no more, and every reader must agree on it.",
        'said: "29.12.2025"',
        "Write 2025, 2025-12, 2025-12-29 or 2025-12-29T14:05Z, an interval a/b, or [a..b].",
    ),
    Rule(
        "SOURCE_UNDATED",
        E,
        "A source says when it was published.",
        "The day of publication is the day from which what it reports counts as known.",
        "- id: src-a\n  kind: news_report   # no published",
        "Add the date of publication, as precisely as the document gives it.",
    ),
    Rule(
        "SOURCE_HASH_FORMAT",
        E,
        "A hash is 64 lower-case hexadecimal digits.",
        "Hashes are compared as text.",
        "text_sha256: SHA256:AB12…",
        "Compute the SHA-256 of the canonical text and write its digits.",
    ),
    Rule(
        "SOURCE_URL_INVALID",
        E,
        "An address is a whole http or https address in ASCII.",
        "Readers follow it, and nothing but a web address may become a link.",
        "url: javascript:alert(1)",
        "Write the whole address, with https:// and percent-encoding.",
    ),
    Rule(
        "LANG_INVALID",
        E,
        "A language is a tag of BCP 47 in its usual case.",
        "Tools compare tags as text: EN and eng do not match en.",
        "lang: english",
        "Write the tag: en, uk, pt-BR.",
    ),
    Rule(
        "COUNTRY_UNKNOWN",
        E,
        "A country is a code of ISO 3166-1 alpha-2.",
        "Names of countries vary and change; codes join with other data.",
        "country: UK",
        "Write the two capitals of the standard: GB.",
    ),
    Rule(
        "AUTHORITY_FORMAT",
        E,
        "An identifier of Wikidata, GeoNames, ISO 3166-2 or ORCID has its keeper's form.",
        "A malformed identifier joins with nothing.",
        "wikidata: https://www.wikidata.org/wiki/Q571",
        "Write the bare identifier: Q571.",
    ),
    Rule(
        "ORIGIN_RAW",
        E,
        "What an importer found is kept as a JSON object of one level, in ASCII, without blanks.",
        "One form, which every reader of JSON opens, lets what was found be held against what was "
        "made of it; escaped, nothing in it can act on who reads it.",
        'raw: \'{"Fatalities": "4"}\'   # a blank after the colon',
        "Write it as json.dumps(…, separators=(',', ':')) does in Python; of lists and objects "
        "within, the JSON as a text.",
    ),
)
