"""Rules of record files: found while reading them."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Rule

E = Severity.ERROR

RULES = (
    Rule(
        "FILE_UNREADABLE",
        E,
        "Every record file can be opened and is of a kind that is read.",
        "A file that is passed over in silence is lost data.",
        "data/claims.yaml is a folder, a broken link, or not permitted to be read",
        "Mend the path or the permission, or move what is not a record file out of the folder.",
    ),
    Rule(
        "FILE_ENCODING",
        E,
        "A record file is UTF-8, line ends LF, without byte order mark or control characters.",
        "The same bytes must be the same text on every machine; positions and hashes depend on it.",
        "a file saved as Latin-1, with CRLF line ends, or with a NUL in it",
        "Save the file as UTF-8 without BOM, line ends LF (with Git: `* text eol=lf` in "
        ".gitattributes).",
    ),
    Rule(
        "FILE_EMPTY",
        E,
        "A record file holds at least one record.",
        "An empty file is more often a slip, such as a failed save, than a wish.",
        "# a comment and nothing else",
        "Write the records, or delete the file.",
    ),
    Rule(
        "FILE_SYNTAX",
        E,
        "A record file is valid YAML 1.2 or JSON.",
        "What cannot be parsed cannot be read at all.",
        'actors:\n  - id: act-a\n    name: "Ann',
        "Mend the syntax at the place shown; the cause often stands in the line before.",
    ),
    Rule(
        "FILE_SHAPE",
        E,
        "A record file maps names of tables to lists of records, and records are mappings.",
        "One shape for all files lets any file hold any tables.",
        "actors:\n  id: act-a",
        "Write the table's name, then a list: each record begins with a hyphen.",
    ),
    Rule(
        "YAML_FEATURE",
        E,
        "A record file uses no anchors, aliases, tags or further documents.",
        "They let a small file grow without bound, or a value be what it does not look like.",
        "actors: &all\n  - id: act-a\nplaces: *all",
        "Write the values out; to state a value once for a file, use `defaults`.",
    ),
    Rule(
        "KEY_DUPLICATE",
        E,
        "A mapping holds each key once.",
        "Parsers disagree on which of two values counts, so one would vanish unseen.",
        "- id: act-a\n  name: Ann\n  name: Anna",
        "Keep one of the two.",
    ),
    Rule(
        "TABLE_UNKNOWN",
        E,
        "Each name at the top of a record file is a table's.",
        "Records under a misspelt name would be passed over.",
        "actor:\n  - id: act-a",
        "Use a table's name: the codebook lists them.",
    ),
    Rule(
        "SCHEMA_VERSION",
        E,
        "A file declares a schema version that this version of Allegata can read.",
        "A file written for another schema could be read as something that it does not say.",
        'schema_version: "9.0.0"',
        "Use a version of Allegata that knows the schema, or migrate the file.",
    ),
    Rule(
        "WAIVER_WRONG",
        E,
        "A waiver names a rule that can be waived.",
        "What a table cannot be read without is no matter of judgement.",
        "waivers:\n  - {record: act-ann, rule: ID_DUPLICATE, reason: Both are right.}",
        "Name another rule, or mend the record.",
    ),
    Rule(
        "WAIVER_UNUSED",
        E,
        "A waiver is for something that the record does.",
        "A waiver that outlives its cause would hide the next slip.",
        "waivers:\n  - {record: act-ann, rule: RECORD_UNUSED, reason: …}   # act-ann is used",
        "Delete the waiver.",
    ),
    Rule(
        "DATASET_MISSING",
        E,
        "A dataset that is published has a file dataset.yaml in its folder.",
        "A release without a title, a licence and a scope cannot be cited or reused.",
        "data/ holds record files and no dataset.yaml",
        "Write dataset.yaml; the error names what it must state.",
    ),
)
