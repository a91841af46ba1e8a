"""Rules of origins: where records come from that an importer made."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E = Severity.ERROR

RULES = (
    Rule(
        "ORIGIN_UNPLACED",
        E,
        "An origin says where in its file it stands: by a row, by an id, or by both.",
        "Who doubts a record that an importer made must find what it was made from.",
        "origins:\n  - {importer: acled, importer_version: 1.0.0, file: acled.csv, file_sha256: …}",
        "Write the number of the row, or the id that the entry has in the file.",
        message="the origin of {value} names neither a row nor an id in its file",
        checks=(
            Check(
                "origins",
                'SELECT _row, record_id AS value FROM origins WHERE "row" IS NULL AND item IS NULL',
                field="file",
            ),
        ),
    ),
)
