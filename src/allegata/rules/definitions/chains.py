"""Rules of statements, and of the chains that they make."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E, W = Severity.ERROR, Severity.WARNING

_ADDRESSED = "('phone_call', 'meeting', 'request_for_comment')"
# What is said through these reaches those whom it is addressed to. Where the source does not say
# how a thing was said, nobody can say who heard it.
_PRIVATE = "('phone_call', 'meeting', 'messaging_app', 'letter', 'request_for_comment')"


def _party(voice: str) -> str:
    """Whom a voice speaks for; itself where its offices lead to two parties."""
    return f"coalesce({voice}.party_id, {voice}.speaker_id)"


RULES = (
    Rule(
        "STATEMENT_AUDIENCE_MISSING",
        E,
        "A call, a conversation or a request for comment names at least one addressee.",
        "Whether a speaker's words are known from the other side only hangs on who heard them.",
        "- {id: stm-a, speaker: act-ann, channel: phone_call}   # no audience",
        "Name the addressees, or write channel: unspecified if the source does not say how it was "
        "said.",
        message="a statement by {value} has addressees, and {statement} names none",
        checks=(
            Check(
                "statements",
                "SELECT s._row, s.channel AS value, s.id AS statement FROM statements s "
                "LEFT JOIN audience a ON a.statement_id = s.id "
                f"WHERE s.channel IN {_ADDRESSED} AND a.statement_id IS NULL",
                field="channel",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "STATEMENT_SELF_ADDRESSED",
        E,
        "A speaker is not among the addressees of the statement.",
        "It is a slip: mostly the two sides of a call were confused.",
        "- {id: stm-a, speaker: act-ann, channel: phone_call, audience: [{actor: act-ann}]}",
        "Name the other side.",
        message="{value} speaks, and cannot be an addressee as well",
        other="the statement",
        checks=(
            Check(
                "audience",
                "SELECT a._row, a.actor_id AS value, 'statements' AS other_table, "
                "s._row AS other_row FROM audience a "
                "JOIN statements s ON s.id = a.statement_id AND s.speaker_id = a.actor_id",
                field="actor_id",
            ),
        ),
    ),
    Rule(
        "STATEMENT_ITERATED_DAY",
        E,
        "A statement that was made more than once is dated by more than one day, or not at all.",
        "A single day for what was said repeatedly is one of its days at best.",
        '- {id: stm-a, speaker: act-ann, channel: speech, iterated: true, said: "2025-03-04"}',
        "Write the interval over which it was said, or make a statement of each occasion.",
        message="{value} is a single day, and the statement was made more than once",
        checks=(
            Check(
                "statements",
                "SELECT _row, said AS value FROM statements "
                "WHERE iterated AND said_earliest = said_latest",
                field="said",
            ),
        ),
    ),
    Rule(
        "HOP_GAP",
        E,
        "The positions of a chain's hops run from 1 without a gap.",
        "A gap means a lost hop, and so a claim that another speaker's is taken for.",
        "hops:\n  - {claim: clm-a, position: 1, statement: stm-a}\n"
        "  - {claim: clm-a, position: 3, statement: stm-b}",
        "Add the hop that is missing, or number those that are there from 1.",
        message="{claim} has a hop at {value} and none right before it",
        checks=(
            Check(
                "hops",
                'SELECT h._row, h."position" AS value, h.claim_id AS claim FROM hops h '
                "LEFT JOIN hops before ON before.claim_id = h.claim_id "
                'AND before."position" = h."position" - 1 '
                'WHERE h."position" > 1 AND before.claim_id IS NULL',
                field="position",
            ),
        ),
        whole_only=True,
    ),
    Rule(
        "HOP_REPEATED",
        E,
        "A statement stands in a chain once.",
        "Nobody reports a speech act within itself.",
        "chain: [{statement: stm-a}, {statement: stm-b}, {statement: stm-a}]",
        "Take it out where it does not belong; the two may be two statements of one speaker.",
        message="{value} stands in the chain of {claim} already",
        other="where it stands first",
        checks=(
            Check(
                "hops",
                "SELECT _row, statement_id AS value, claim_id AS claim, 'hops' AS other_table, "
                "first_row AS other_row FROM (SELECT *, first_value(_row) OVER ("
                'PARTITION BY claim_id, statement_id ORDER BY "position", _row) AS first_row '
                "FROM hops) h WHERE _row <> first_row",
                field="statement_id",
            ),
        ),
    ),
    Rule(
        "HOP_SAME_SPEAKER",
        E,
        "Two statements of one speaker do not follow each other in a chain.",
        "Who tells of words of their own says them again: a chain has one hop for one speaker.",
        "chain:\n  - {statement: stm-ann-to-the-press}\n  - {statement: stm-ann-in-the-call}",
        "Keep the statement that the source reports; the other one carries a claim of its own.",
        message="{value} and the statement that reports it are both of {speaker}",
        other="the hop that reports it",
        checks=(
            Check(
                "hops",
                'WITH steps AS (SELECT h._row, h.claim_id, h."position", h.statement_id, '
                "s.speaker_id FROM hops h JOIN statements s ON s.id = h.statement_id "
                'WHERE h.claim_id IN (SELECT claim_id FROM hops WHERE "position" > 1)) '
                "SELECT inner_hop._row, inner_hop.statement_id AS value, "
                "inner_hop.speaker_id AS speaker, 'hops' AS other_table, "
                "outer_hop._row AS other_row FROM steps inner_hop "
                "JOIN steps outer_hop ON outer_hop.claim_id = inner_hop.claim_id "
                'AND outer_hop."position" = inner_hop."position" - 1 '
                "AND outer_hop.speaker_id = inner_hop.speaker_id "
                "AND outer_hop.statement_id <> inner_hop.statement_id",
                field="statement_id",
            ),
        ),
    ),
    Rule(
        "HOP_UNHEARD",
        W,
        "Who passes on what was said in private is its addressee, or of the addressee's or the "
        "speaker's party.",
        "Somebody else knows it from a further voice, which the chain then leaves out.",
        "chain:\n  - {statement: stm-bob-to-the-press}\n"
        "  - {statement: stm-ann-to-carl, cue: told}   # a call in which Bob had no part",
        "Add the hop between the two, name the addressee, or write channel: unspecified.",
        message="{teller} passes on {value}, and is neither addressed by it nor of the party of "
        "anyone who is, nor of the speaker's",
        other="the statement with its addressees",
        checks=(
            Check(
                "hops",
                "SELECT h._row, h.statement_id AS value, teller.speaker_id AS teller, "
                "'statements' AS other_table, min(s._row) AS other_row FROM hops h "
                f"JOIN statements s ON s.id = h.statement_id AND s.channel IN {_PRIVATE} "
                "JOIN claim_voices teller ON teller.claim_id = h.claim_id "
                'AND teller."position" = h."position" - 1 '
                "JOIN claim_voices said ON said.claim_id = h.claim_id "
                'AND said."position" = h."position" '
                "JOIN claims c ON c.id = h.claim_id JOIN sources d ON d.id = c.source_id "
                "JOIN statement_days made ON made.statement_id = s.id "
                "JOIN audience a ON a.statement_id = s.id "
                "LEFT JOIN parties p ON p.actor_id = a.actor_id "
                "AND (p.valid_from IS NULL OR p.valid_from <= made.day) "
                "AND (p.valid_to IS NULL OR p.valid_to > made.day) "
                # An outlet passes on what it has found out; a body's release, what it took part in.
                "WHERE (teller.\"position\" > 0 OR d.kind = 'official_release') "
                "AND teller.speaker_id <> said.speaker_id "
                f"AND {_party('teller')} <> {_party('said')} "
                "GROUP BY h._row, h.statement_id, teller.speaker_id "
                "HAVING max(CASE WHEN a.actor_id = teller.speaker_id "
                f"OR coalesce(p.party_id, a.actor_id) = {_party('teller')} THEN 1 ELSE 0 END) = 0",
                field="statement_id",
            ),
        ),
        whole_only=True,
        needs_parties=True,
    ),
)
