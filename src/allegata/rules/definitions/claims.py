"""Rules of claims: what is coded of them, and what anchors them."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E, W = Severity.ERROR, Severity.WARNING

# Claims of one source on one proposition, each with its chain: only these can be alike.
_ALIKE = (
    "SELECT c._row, c.id, c.source_id, c.proposition_id, c.stance FROM claims c "
    "JOIN (SELECT source_id, proposition_id FROM claims "
    "GROUP BY source_id, proposition_id HAVING count(*) > 1) several "
    "ON several.source_id = c.source_id AND several.proposition_id = c.proposition_id"
)
_WITH_CHAINS = (
    "SELECT c._row, c.id, c.source_id, c.proposition_id, c.stance, "
    f"coalesce(h.chain, '') AS chain FROM ({_ALIKE}) c LEFT JOIN (SELECT claim_id, "
    "array_to_string(list_transform(list_sort(list(struct_pack("
    'position := "position", statement_id := statement_id))), '
    "lambda hop: hop.statement_id), ' ') AS chain FROM hops "
    f"WHERE claim_id IN (SELECT id FROM ({_ALIKE}) c) GROUP BY claim_id) h "
    "ON h.claim_id = c.id"
)

# Each claim with the speaker whose stance it is, and the days on which it can have been taken. The
# source's own days stand in for a statement that is not dated.
_TAKEN = (
    "SELECT c._row, c.proposition_id, c.stance, s.id AS statement_id, "
    "coalesce(s.speaker_id, d.publisher_id) AS speaker_id, "
    "coalesce(CASE WHEN s.said IS NULL THEN d.published_earliest ELSE s.said_earliest END, "
    "DATE '0001-01-01') AS first_day, "
    "coalesce(least(s.said_latest, d.published_latest), DATE '9999-12-31') AS last_day "
    "FROM claims c JOIN sources d ON d.id = c.source_id "
    "LEFT JOIN last_hops l ON l.claim_id = c.id "
    "LEFT JOIN statements s ON s.id = l.statement_id"
)


# What an importer made is anchored by its origin: the file, the row and what stands there.
_BY_HAND = "c.id NOT IN (SELECT record_id FROM origins)"


def _unanchored(roles: str, condition: str, field: str, value: str) -> Check:
    """A check for claims that no quote of some roles belongs to."""
    return Check(
        "claims",
        f"SELECT c._row, {value} AS value, '{field}' AS field, c.id AS claim FROM claims c "
        f"LEFT JOIN quotes q ON q.claim_id = c.id AND q.role IN {roles} "
        f"WHERE {condition} AND q.claim_id IS NULL",
    )


RULES = (
    Rule(
        "CHANNEL_STANCE",
        E,
        "Silence goes with no_response and with nothing else; what is put by a request for "
        "comment is asked.",
        "One who stayed silent has said nothing, and one who asks has not answered.",
        "statements: [{id: stm-a, speaker: act-ann, channel: none}]\n"
        "claims: [{…, stance: declines, chain: [{statement: stm-a}]}]",
        "Mend the stance or the channel; a refusal that was spoken has the channel by which it "
        "was.",
        message="{value} does not go with {statement}, whose channel is {channel}",
        other="the statement",
        checks=(
            Check(
                "claims",
                "SELECT c._row, c.stance AS value, s.id AS statement, s.channel, "
                "'statements' AS other_table, s._row AS other_row FROM claims c "
                "JOIN hops h ON h.claim_id = c.id JOIN statements s ON s.id = h.statement_id "
                "LEFT JOIN last_hops l ON l.claim_id = c.id "
                "AND l.statement_id = h.statement_id "
                "WHERE (s.channel = 'none' AND c.stance <> 'no_response') "
                "OR (l.claim_id IS NOT NULL AND (c.stance = 'no_response' AND s.channel <> 'none' "
                "OR c.stance <> 'asks' AND s.channel = 'request_for_comment'))",
                field="stance",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "CLAIM_DUPLICATE",
        E,
        "A source makes a claim of one chain, proposition and stance once.",
        "Counted twice, one report looks like two.",
        "- {id: clm-a, proposition: prp-a, stance: asserts, chain: [{statement: stm-a}]}\n"
        "- {id: clm-b, proposition: prp-a, stance: asserts, chain: [{statement: stm-a}]}",
        "Keep the first, and give it the other's quotes.",
        message="{value} repeats another claim: same source, chain, proposition and stance",
        other="the first of them",
        checks=(
            Check(
                "claims",
                "SELECT _row, id AS value, 'claims' AS other_table, first_row AS other_row FROM ("
                "SELECT _row, id, min(_row) OVER (PARTITION BY source_id, chain, proposition_id, "
                f"stance) AS first_row FROM ({_WITH_CHAINS}) w) c WHERE first_row < _row",
                field="id",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "CLAIM_SELF_OPPOSED",
        W,
        "A source does not report, by one chain, that a proposition is both asserted and denied.",
        "Mostly one of the two has the wrong proposition, chain or stance.",
        "- {id: clm-a, proposition: prp-a, stance: asserts, chain: [{statement: stm-a}]}\n"
        "- {id: clm-b, proposition: prp-a, stance: denies, chain: [{statement: stm-a}]}",
        "Check both; if a speaker changed sides, the two are two statements.",
        message="{claim} {value} what another claim of the same source and chain takes the other "
        "side on",
        other="the claim that it opposes",
        checks=(
            Check(
                "claims",
                "SELECT _row, stance AS value, id AS claim, 'claims' AS other_table, "
                "opposed AS other_row FROM (SELECT _row, stance, id, "
                "CASE stance WHEN 'denies' THEN min(CASE WHEN stance = 'asserts' THEN _row END) "
                "OVER (PARTITION BY source_id, chain, proposition_id) "
                "WHEN 'asserts' THEN min(CASE WHEN stance = 'denies' THEN _row END) "
                "OVER (PARTITION BY source_id, chain, proposition_id) END AS opposed "
                f"FROM ({_WITH_CHAINS}) w) c WHERE opposed < _row",
                field="stance",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "OWN_VOICE_STANCE",
        E,
        "A source does not ask, decline, stay silent or retract in its own voice.",
        "These are acts towards somebody, and so statements; a correction is a relation between "
        "two sources.",
        "- {id: clm-a, proposition: prp-a, stance: asks}   # no chain",
        "Add the statement by which it was done to the chain; an outlet may be its speaker.",
        message="{claim} has the stance {value} and no chain",
        checks=(
            Check(
                "claims",
                "SELECT c._row, c.stance AS value, c.id AS claim FROM claims c "
                "LEFT JOIN hops h ON h.claim_id = c.id WHERE h.claim_id IS NULL "
                "AND c.stance IN ('asks', 'declines', 'no_response', 'retracts')",
                field="stance",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "RETRACT_WITHOUT_PRIOR",
        E,
        "Who retracts has taken a stance on the proposition before.",
        "A retraction removes an earlier stance; with none on record it removes nothing.",
        "- {id: clm-a, proposition: prp-a, stance: retracts, chain: [{statement: stm-ann}]}   "
        "# no claim tells of an earlier stance of Ann's",
        "Code the earlier stance (the source that tells of the retraction tells of it, too), or "
        "use denies.",
        message="{speaker} retracts, and no claim tells of an earlier stance of theirs on "
        "{proposition}",
        checks=(
            Check(
                "claims",
                "SELECT act._row, act.stance AS value, act.speaker_id AS speaker, "
                f"act.proposition_id AS proposition FROM ({_TAKEN}) act LEFT JOIN ({_TAKEN}) prior "
                "ON prior.speaker_id = act.speaker_id "
                "AND prior.proposition_id = act.proposition_id "
                "AND prior.stance IN ('asserts', 'suggests', 'noncommittal', 'doubts', 'denies') "
                "AND coalesce(prior.statement_id, '') <> act.statement_id "
                "AND prior.first_day <= act.last_day "
                "WHERE act.stance = 'retracts' AND act.statement_id IS NOT NULL "
                "AND prior._row IS NULL",
                field="stance",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "EVIDENCE_UNANCHORED",
        E,
        "Where a source is coded as speaking of evidence, a quote of role evidence shows where.",
        "What is said of evidence weighs much, and must be as checkable as the claim.",
        "- {id: clm-a, evidence: withheld, quotes: [{role: content, …}]}",
        "Add the quote, or leave evidence out if the source says nothing of it.",
        message="evidence is {value}, and no quote of role evidence shows where the source says so",
        checks=(
            _unanchored("('evidence')", "c.evidence <> 'not_addressed'", "evidence", "c.evidence"),
        ),
        whole_only=True,
    ),
    Rule(
        "CLAIM_UNANCHORED",
        E,
        "A claim has a quote of role speech or content, or an origin in other data.",
        "Without either nobody can check that the source says it.",
        "- {id: clm-a, proposition: prp-a, stance: asserts}   # no quotes",
        "Point a quote at the words that carry the claim.",
        message="no quote of {claim} points to the words that carry it",
        checks=(_unanchored("('speech', 'content')", _BY_HAND, "quotes", "CAST(NULL AS VARCHAR)"),),
        whole_only=True,
    ),
    Rule(
        "AMBIGUITY_UNEXPLAINED",
        E,
        "The note of an ambiguous claim says why it is ambiguous.",
        "A reader who is told that a coding could be otherwise must be told how.",
        "- {id: clm-a, clarity: ambiguous}   # no note",
        "Say in note which readings are open.",
        message="{claim} is {value}, and no note says why",
        checks=(
            Check(
                "claims",
                "SELECT _row, clarity AS value, id AS claim FROM claims "
                "WHERE clarity = 'ambiguous' AND note IS NULL",
                field="clarity",
            ),
        ),
    ),
    Rule(
        "REVIEW_MISSING",
        E,
        "What a machine has coded or drafted is reviewed, and nobody reviews their own coding.",
        "A second pair of eyes is what the dataset promises its readers.",
        "defaults: {method: automatic, coder: c1}   # no reviewer",
        "Have somebody else check the claim, and enter them as reviewer.",
        message="{claim}, coded by {coder} by the method {method}, {state}",
        checks=tuple(
            Check(
                "claims",
                f"SELECT _row, {field} AS value, id AS claim, coder, method, '{state}' AS state "
                f"FROM claims WHERE {condition}",
                field=field,
            )
            for field, state, condition in (
                (
                    "method",
                    "has no reviewer",
                    "(method = 'assisted' OR method = 'automatic' "
                    "AND id NOT IN (SELECT record_id FROM origins)) AND reviewer IS NULL",
                ),
                ("reviewer", "is reviewed by its own coder", "reviewer = coder"),
            )
        ),
    ),
    Rule(
        "IMPORT_UNREVIEWED",
        W,
        "A claim that an importer made has a reviewer.",
        "A mapping reads every row alike; that it reads them rightly is for a person to say.",
        "- {id: clm-a, method: automatic, origins: [{importer: gdelt-events, …}]}   # no reviewer",
        "Hold some of the records against their origins, and enter who did so as reviewer.",
        message="{claim} was made by an importer and has no reviewer",
        checks=(
            Check(
                "claims",
                "SELECT _row, method AS value, id AS claim FROM claims WHERE method = 'automatic' "
                "AND reviewer IS NULL AND id IN (SELECT record_id FROM origins)",
                field="method",
            ),
        ),
    ),
)
