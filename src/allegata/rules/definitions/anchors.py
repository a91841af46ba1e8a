"""Rules of anchors: found by holding quotes against the texts of sources at hand."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Rule

E = Severity.ERROR

RULES = (
    Rule(
        "SOURCE_TEXT_MISMATCH",
        E,
        "The text at hand is the one that was coded: it has the hash and the length stated.",
        "Positions in another text point at other words.",
        "- id: src-a   # its text was edited after coding\n  text_sha256: 5feceb66ffc8…",
        "Bring back the text that was coded, or code the changed text anew and state its hash.",
    ),
    Rule(
        "QUOTE_MISMATCH",
        E,
        "The words at a quote's position have its hash and, where given, are its exact words.",
        "An anchor that points elsewhere proves nothing.",
        'quotes: [{role: speech, start: 12, end: 15, sha256: …, exact: "yes"}]   # it says no',
        "Write the position, the hash or the words that the message names.",
    ),
)
