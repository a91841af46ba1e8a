"""Rules of quotes that need no source text: where they lie, and how much they publish."""

from __future__ import annotations

import unicodedata

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E = Severity.ERROR

MOST_WORDS = 25
"""How many words a published quote may have."""
MOST_OF_SOURCE = 5
"""The quotes of a source may publish one part in so many of its text."""

_SEPARATORS = "".join(
    char
    for char in map(chr, range(0x3001))
    if char.isspace() or unicodedata.category(char)[0] == "Z"
)
_BLANKS = f"length(exact) - length(translate(exact, '{_SEPARATORS}', ''))"
_WORDS = "len(regexp_extract_all(exact, '([^\\s\\p{Z}]+)', 1))"

# The same words of a source, published for two claims, are published once. Sources that stay within
# the budget also when they are counted twice are passed over at once.
_PUBLISHED = """
WITH published AS (
    SELECT
        q._row, q.exact, d.id AS source_id, d._row AS source_row, d.text_chars,
        CASE
            WHEN row_number() OVER (
                PARTITION BY d.id, q."start", q."end", q.exact ORDER BY q._row
            ) = 1 THEN length(q.exact)
            ELSE 0
        END AS chars
    FROM quotes q
    JOIN claims c ON c.id = q.claim_id
    JOIN sources d ON d.id = c.source_id
    WHERE q.exact IS NOT NULL AND c.source_id IN (
        SELECT d.id
        FROM quotes q
        JOIN claims c ON c.id = q.claim_id
        JOIN sources d ON d.id = c.source_id
        WHERE q.exact IS NOT NULL
        GROUP BY d.id, d.text_chars
        HAVING sum(length(q.exact)) * MOST > d.text_chars
    )
),
sums AS (
    SELECT
        _row, exact, source_row, text_chars, chars,
        sum(chars) OVER (PARTITION BY source_id ORDER BY _row) AS so_far
    FROM published
)
""".replace("MOST", str(MOST_OF_SOURCE))


RULES = (
    Rule(
        "QUOTE_RANGE",
        E,
        "A quote begins before it ends, and ends within the source's text.",
        "A span outside the text, or of no length, points to nothing.",
        "source: {…, text_chars: 900}\nquotes: [{role: content, start: 880, end: 910, sha256: …}]",
        "Find the words anew; positions count the code points of the canonical text.",
        message="the quote {state}",
        other="the source, with the length of its text",
        checks=(
            Check(
                "quotes",
                "SELECT q._row, q.\"start\" AS value, 'sources' AS other_table, "
                "min(d._row) AS other_row, 'begins where it ends, or behind that' AS state "
                "FROM quotes q LEFT JOIN claims c ON c.id = q.claim_id "
                'LEFT JOIN sources d ON d.id = c.source_id WHERE q."start" >= q."end" '
                'GROUP BY q._row, q."start"',
                field="start",
            ),
            Check(
                "quotes",
                "SELECT q._row, q.\"end\" AS value, 'sources' AS other_table, "
                "min(d._row) AS other_row, 'ends behind the end of the text' AS state "
                "FROM quotes q JOIN claims c ON c.id = q.claim_id "
                'JOIN sources d ON d.id = c.source_id WHERE q."end" > d.text_chars '
                'GROUP BY q._row, q."end"',
                field="end",
            ),
        ),
    ),
    Rule(
        "QUOTE_BUDGET",
        E,
        f"Only quoted speech is published in words: at most {MOST_WORDS} words a quote, and at "
        f"most {100 // MOST_OF_SOURCE} % of a source's text in all.",
        "The texts are other people's; short quotations are all that we may and need to print.",
        "quotes: [{role: content, exact: the reporter's own words, …}]",
        "Leave exact out, or point to a shorter span: position and hash anchor the claim as well.",
        message="the quote {state}",
        checks=(
            Check(
                "quotes",
                "SELECT _row, exact AS value, "
                f"'publishes more than {MOST_WORDS} words' AS state "
                # Counting blanks is quicker, and words are no more than they by one.
                f"FROM quotes WHERE {_BLANKS} >= {MOST_WORDS} AND {_WORDS} > {MOST_WORDS}",
                field="exact",
            ),
            Check(
                "quotes",
                "SELECT _row, exact AS value, 'publishes words in the role ' || role "
                "|| '; only speech may' AS state "
                "FROM quotes WHERE exact IS NOT NULL AND role <> 'speech'",
                field="exact",
            ),
            Check(
                "quotes",
                f"{_PUBLISHED} SELECT _row, exact AS value, 'sources' AS other_table, "
                "source_row AS other_row, 'brings what is published of its source over "
                f"{100 // MOST_OF_SOURCE} % of the text' AS state FROM sums "
                f"WHERE so_far * {MOST_OF_SOURCE} > text_chars "
                f"AND (so_far - chars) * {MOST_OF_SOURCE} <= text_chars",
                field="exact",
            ),
        ),
        other="the source, with the length of its text",
    ),
)
