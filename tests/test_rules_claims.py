"""Rules of statements, chains, claims and quotes: what breaks each, where, and what nearly does."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cases
from allegata.deriving import create_voices
from allegata.engines import Embedded
from allegata.rules import GROUPS, RULES, Problem
from allegata.schema import MODELS
from allegata.tables import build_tables
from cases import unmarked

GROUPS_HERE = ("Statements and chains", "Claims", "Quotes")
HERE = {rule.code for group in GROUPS_HERE for rule in GROUPS[group]}
"""The rules that this file has cases of."""

BASE = """\
actors:
  - {id: act-ann, kind: person, name: Ann}
  - {id: act-bob, kind: person, name: Bob}
  - {id: act-carl, kind: person, name: Carl}
  - {id: act-gazette, kind: outlet, name: Gazette}
  - {id: act-herald, kind: outlet, name: Herald}
  - {id: act-vellmark, kind: state, name: Vellmark}
  - {id: act-ministry, kind: organisation, name: Ministry, parent: act-vellmark}
  - {id: act-office, kind: organisation, name: Office, parent: act-vellmark}
roles:
  - {id: rol-carl, actor: act-carl, title: Clerk, org: act-ministry, start: "2025-03-02"}
events:
  - id: evt-fire
    label: Alleged fire
    type: other
    note: A fire.
    head: prp-fire
    propositions:
      - {id: prp-fire, text: A fire burns in the harbour., aspect: occurrence}
      - {id: prp-ship, text: A ship burns in the harbour., aspect: outcome}
"""
HASH = "a" * 64
ORIGINS = (
    "origins: [{importer: acts, importer_version: 1.0.0, file: acts.csv, row: 1, "
    f"file_sha256: {HASH}}}]"
)
QUOTE = f"{{role: content, start: 0, end: 10, sha256: {HASH}}}"


class Pair(NamedTuple):
    """A file beside a valid dataset that breaks a rule, and one that nearly breaks it.

    In the former ¦ marks each place where the rule is broken, and § each place that is shown with
    it.
    """

    code: str
    broken: str
    near: str


def case(**tables: list[str]) -> str:
    """A file with records of some tables."""
    lines = ["defaults: {method: human, coder: c1, coded: '2025-03-09'}"]
    for name, records in tables.items():
        lines += [f"{name}:", *(f"  - {record}" for record in records)]
    return "\n".join(lines) + "\n"


def statement(fields: str) -> str:
    """A statement: "ann letter" of Ann's by letter, "ann letter bob" to Bob, and further fields."""
    mark, rest = ("§", fields[1:]) if fields.startswith("§") else ("", fields)
    words, _, more = rest.partition(", ")
    name, channel, *audience = words.split()
    speaker = name.split("-")[0]
    to = ", ".join(
        f"{{actor: {'¦' * one.startswith('¦')}act-{one.strip('¦')}}}" for one in audience
    )
    record = f"{mark}{{id: stm-{name}, speaker: act-{speaker}, channel: {channel}"
    return record + (f", audience: [{to}]" if to else "") + (f", {more}" if more else "") + "}"


def claim(chain: str = "", fields: str = "", quotes: str = QUOTE) -> str:
    """The fields of a claim that its source makes by a chain ("ann bob": Ann's word, then Bob's).

    It asserts that there is a fire, unless the fields say otherwise.
    """
    hops = ", ".join(
        f"§{{statement: stm-{hop[1:]}}}"
        if hop.startswith("§")
        else f"{{statement: {'¦' * hop.startswith('¦')}stm-{hop.strip('¦')}}}"
        for hop in chain.split()
    )
    parts = ["stance: asserts"] if "stance:" not in fields else []
    parts += ["proposition: prp-fire"] if "proposition:" not in fields else []
    parts += [f"chain: [{hops}]"] if hops else []
    parts += [f"quotes: {'¦' * quotes.startswith('¦')}[{quotes.strip('¦')}]"] if quotes else []
    return ", ".join([*parts, *([fields] if fields else [])])


def source(*claims: str, name: str = "b", fields: str = "", published: str = "2025-03-06") -> str:
    """A source that makes claims clm-b-0, clm-b-1, ... A claim that begins with ¦ or § is marked
    there, and one with ¦id at its id."""
    records = []
    for number, each in enumerate(claims):
        at_id = "¦" if each.startswith("¦id ") else ""
        each = each.removeprefix("¦id ")
        mark, rest = (each[0], each[1:]) if each[:1] in ("¦", "§") else ("", each)
        records.append(f"{mark}{{id: {at_id}clm-{name}-{number}, {rest}}}")
    kind = "" if "kind:" in fields else "kind: news_report, publisher: act-gazette, "
    mark, fields = ("§", fields[1:]) if fields.startswith("§") else ("", fields)
    more = f"{fields}, " if fields else ""
    return (
        f"{mark}{{id: src-{name}, {kind}{more}published: '{published}', lang: en, "
        f"claims: [{', '.join(records)}]}}"
    )


def said(*statements: str, chain: str = "", fields: str = "") -> str:
    """One claim that came by a chain of statements."""
    return case(
        statements=[statement(one) for one in statements],
        sources=[source(claim(chain, fields))],
    )


def claims(*each: str, **more: Any) -> str:
    """Claims of one source, which may refer to a word of Ann's and one of Bob's."""
    statements = ["ann speech", "bob interview", "ann-later press_exchange", "carl none"]
    return case(statements=[statement(one) for one in statements], sources=[source(*each, **more)])


def retracted(*before: str, said: str = "", chain: str = "ann-later") -> str:
    """Sources, and on 6 March one that says that Ann took back that there is a fire."""
    last = source(claim(chain, "stance: ¦retracts"), name="last")
    words = ["ann speech" + said, "ann-later press_exchange", "bob speech", "gazette letter ann"]
    return case(statements=[statement(one) for one in words], sources=[*before, last])


def quoted(*quotes: str, fields: str = "text_chars: 100") -> str:
    """A source of 100 characters with one claim and its quotes."""
    return case(sources=[source(claim(quotes=", ".join(quotes)), fields=fields)])


def quote(fields: str, role: str = "content", sha256: str = HASH) -> str:
    return f"{{role: {role}, {fields}, sha256: {sha256}}}"


def speech(start: int, words: str, mark: str = "") -> str:
    return quote(f"start: {start}, end: {start + len(words)}, exact: {mark}{words}", "speech")


TWO = "ann letter bob", "bob press_exchange"
CALL = "ann phone_call bob"
PUBLIC = ("press_exchange", "interview", "speech", "official_release", "social_post", "broadcast")
PRIVATE = {
    "phone_call": "unspecified",
    "meeting": "press_exchange",
    "messaging_app": "social_post",
    "letter": "interview",
    "request_for_comment": "speech",
}
ONE_WORD = "w " * 24 + "w"
HEARD = "vellmark official_release", "carl phone_call bob", "bob phone_call carl"

PAIRS = [
    # Statements and chains
    *(
        Pair(
            "STATEMENT_AUDIENCE_MISSING",
            said(f"ann ¦{channel}", chain="ann", fields=stance),
            said(f"ann {near}", f"bob {channel} ann", chain="ann bob", fields=stance),
        )
        for channel, near, stance in (
            ("phone_call", "letter", ""),
            ("meeting", "unspecified", ""),
            ("request_for_comment", "messaging_app", "stance: asks"),
        )
    ),
    Pair(
        "STATEMENT_SELF_ADDRESSED",
        said("§ann phone_call bob ¦ann", chain="ann"),
        said("ann phone_call bob", chain="ann"),
    ),
    Pair(
        "STATEMENT_ITERATED_DAY",
        said("ann speech, iterated: true, said: ¦'2025-03-04'", chain="ann"),
        said("ann speech, iterated: true, said: '2025-03-03/2025-03-04'", chain="ann"),
    ),
    Pair(
        "STATEMENT_ITERATED_DAY",
        said("ann speech, said: ¦'2025-03-04T10:00Z', iterated: true", chain="ann"),
        said("ann speech, iterated: true", chain="ann"),
    ),
    Pair(
        "STATEMENT_ITERATED_DAY",
        said("ann speech, said: ¦'[2025-03-04..2025-03-04]', iterated: true", chain="ann"),
        said("ann speech, said: '2025-03-04', iterated: false", chain="ann"),
    ),
    Pair(
        "STATEMENT_ITERATED_DAY",
        said("ann speech, said: ¦'2025-03-04~', iterated: true", chain="ann"),
        said("ann speech, said: '[..2025-03-04]', iterated: true", chain="ann"),
    ),
    Pair(
        "HOP_GAP",
        said(*TWO, chain="ann") + "hops:\n  - {claim: clm-b-0, position: ¦3, statement: stm-bob}\n",
        said(*TWO, chain="bob") + "hops:\n  - {claim: clm-b-0, position: 2, statement: stm-ann}\n",
    ),
    Pair(
        "HOP_GAP",
        said(*TWO) + "hops:\n  - {claim: clm-b-0, position: ¦2, statement: stm-bob}\n",
        said(*TWO) + "hops:\n  - {claim: clm-b-0, position: 1, statement: stm-bob}\n",
    ),
    Pair(
        "HOP_REPEATED",
        said(*TWO, chain="§bob ann ¦bob"),
        said(*TWO, "bob-later speech", chain="bob ann bob-later"),
    ),
    Pair("HOP_REPEATED", said(*TWO, chain="§bob ¦bob"), said(*TWO, chain="bob ann")),
    Pair(
        "HOP_SAME_SPEAKER",
        said("ann speech", "ann-later interview", chain="§ann-later ¦ann"),
        said("ann speech", "ann-later interview", "bob speech", chain="ann-later bob ann"),
    ),
    Pair(
        "HOP_SAME_SPEAKER",
        said("bob speech", "ann speech", "ann-x speech", chain="bob §ann-x ¦ann"),
        said("gazette request_for_comment bob", chain="gazette", fields="stance: asks"),
    ),
    *(
        Pair(
            "HOP_UNHEARD",
            said("carl press_exchange", f"§ann {channel} bob", chain="carl ¦ann", fields=stance),
            said("carl press_exchange", f"ann {near} bob", chain="carl ann"),
        )
        for channel, near in PRIVATE.items()
        for stance in ["stance: asks" if channel == "request_for_comment" else ""]
    ),
    Pair(
        "HOP_UNHEARD",
        said("carl speech", "bob speech", "§" + CALL, chain="bob carl ¦ann"),
        said("carl speech", "bob speech", CALL, chain="carl bob ann"),
    ),
    # The addressee, or one whose party an addressee is of at the time
    Pair(
        "HOP_UNHEARD",
        said(HEARD[0], "§bob phone_call carl, said: '2025-03-01'", chain="vellmark ¦bob"),
        said(HEARD[0], "bob phone_call carl, said: '2025-03-02'", chain="vellmark bob"),
    ),
    # One of the speaker's party
    Pair(
        "HOP_UNHEARD",
        said(HEARD[0], "§carl phone_call bob, said: '2025-03-01'", chain="vellmark ¦carl"),
        said("office speech", "carl phone_call bob, said: '2025-03-02'", chain="office carl"),
    ),
    Pair(
        "HOP_UNHEARD",
        said("bob speech", "§ann letter carl", chain="bob ¦ann"),
        said("bob speech, on_behalf_of: act-ministry", "ann letter carl", chain="bob ann"),
    ),
    # What an outlet passes on it has found out; a letter may be known to have no named addressee
    Pair(
        "HOP_UNHEARD",
        case(
            statements=[statement("§" + CALL)],
            sources=[
                source(claim("¦ann"), fields="kind: official_release, publisher: act-ministry")
            ],
        ),
        said(CALL, chain="ann"),
    ),
    Pair(
        "HOP_UNHEARD",
        said("carl speech", "§ann letter bob", chain="carl ¦ann"),
        said("carl speech", "ann letter", chain="carl ann"),
    ),
    # Claims
    Pair(
        "CHANNEL_STANCE",
        said("§carl none", chain="carl", fields="stance: ¦declines"),
        said("carl none", chain="carl", fields="stance: no_response"),
    ),
    Pair(
        "CHANNEL_STANCE",
        said("§carl unspecified", chain="carl", fields="stance: ¦no_response"),
        said("carl unspecified", chain="carl", fields="stance: declines"),
    ),
    Pair(
        "CHANNEL_STANCE",
        said("§carl none", "ann speech", chain="carl ann", fields="stance: ¦asserts"),
        said("carl none", "ann speech", chain="ann carl", fields="stance: no_response"),
    ),
    Pair(
        "CHANNEL_STANCE",
        said("§gazette request_for_comment bob", chain="gazette", fields="stance: ¦suggests"),
        said("gazette request_for_comment bob", chain="gazette", fields="stance: asks"),
    ),
    Pair(
        "CHANNEL_STANCE",
        said(
            "bob speech", "§ann request_for_comment bob", chain="bob ann", fields="stance: ¦denies"
        ),
        said("ann request_for_comment bob", "bob speech", chain="ann bob", fields="stance: denies"),
    ),
    Pair(
        "CHANNEL_STANCE",
        said("ann speech", "§bob speech", chain="ann bob", fields="stance: ¦no_response"),
        said("ann speech", "bob speech", chain="ann bob", fields="stance: asks"),
    ),
    Pair(
        "CLAIM_DUPLICATE",
        claims("§" + claim("ann bob"), "¦id " + claim("ann bob")),
        claims(claim("ann bob"), claim("bob ann"), claim("ann"), claim("bob"), claim()),
    ),
    Pair(
        "CLAIM_DUPLICATE",
        claims("§" + claim(), "¦id " + claim(fields="evidence: not_addressed, note: Again.")),
        claims(
            claim("ann"),
            claim("ann", "stance: suggests"),
            claim("ann", "proposition: prp-ship"),
        ),
    ),
    Pair(
        "CLAIM_DUPLICATE",
        claims(
            "§" + claim("ann"), claim("bob"), "¦id " + claim("ann"), "¦id " + claim("ann")
        ).replace("§", "§§"),
        case(
            statements=[statement("ann speech")],
            sources=[source(claim("ann")), source(claim("ann"), name="c")],
        ),
    ),
    Pair(
        "CLAIM_SELF_OPPOSED",
        claims("§" + claim("ann"), claim("ann", "stance: ¦denies")),
        claims(claim("ann"), claim("ann", "stance: doubts")),
    ),
    Pair(
        "CLAIM_SELF_OPPOSED",
        claims("§" + claim(fields="stance: denies"), claim(fields="stance: ¦asserts")),
        claims(claim(fields="stance: denies"), claim("ann")),
    ),
    Pair(
        "CLAIM_SELF_OPPOSED",
        claims(claim("bob"), "§" + claim("ann bob"), claim("ann bob", "stance: ¦denies")),
        claims(claim("ann"), claim("ann-later", "stance: denies")),
    ),
    Pair(
        "CLAIM_SELF_OPPOSED",
        claims("§" + claim("ann"), claim("bob"), claim("ann", "stance: ¦denies")),
        claims(claim("ann"), claim("ann", "stance: denies, proposition: prp-ship")),
    ),
    *(
        Pair(
            "OWN_VOICE_STANCE",
            claims(claim(fields=f"stance: ¦{stance}")),
            claims(claim(fields=f"stance: {near}")),
        )
        for stance, near in (
            ("asks", "asserts"),
            ("declines", "noncommittal"),
            ("no_response", "denies"),
            ("retracts", "doubts"),
        )
    ),
    Pair(
        "OWN_VOICE_STANCE",
        claims(claim(fields="stance: ¦declines")),
        claims(claim("bob", "stance: declines")),
    ),
    # The day of the retraction, and one day too late
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("ann"), published="2025-03-07")),
        retracted(source(claim("ann"), published="2025-03-06")),
    ),
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("ann"), published="2025-03-07"), said=", said: '2025-03-07'"),
        retracted(source(claim("ann"), published="2025-03-07"), said=", said: '2025-03-06'"),
    ),
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("bob"))),
        retracted(source(claim("bob ann", "stance: denies"), published="2025-03-01")),
    ),
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("ann", "proposition: prp-ship"))),
        retracted(source(claim("ann", "stance: noncommittal"))),
    ),
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("ann", "stance: asks"))),
        retracted(source(claim("ann", "stance: suggests"))),
    ),
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim("ann-later"))),
        retracted(source(claim("ann"), claim("bob"))),
    ),
    # An outlet that said it in its own voice, and takes it back in a letter
    Pair(
        "RETRACT_WITHOUT_PRIOR",
        retracted(source(claim(), fields="kind: other, publisher: act-herald"), chain="gazette"),
        retracted(source(claim()), chain="gazette"),
    ),
    *(
        Pair(
            "EVIDENCE_UNANCHORED",
            claims(claim(fields=f"evidence: ¦{evidence}")),
            claims(
                claim(
                    fields=f"evidence: {evidence}",
                    quotes=f"{QUOTE}, {quote('start: 5, end: 6', 'evidence')}",
                )
            ),
        )
        for evidence in ("offered", "none_offered")
    ),
    Pair(
        "EVIDENCE_UNANCHORED",
        claims(
            claim(
                fields="evidence: ¦withheld",
                quotes=f"{QUOTE}, {quote('start: 5, end: 6', 'context')}",
            ),
            claim("ann", "evidence: withheld", f"{QUOTE}, {quote('start: 5, end: 6', 'evidence')}"),
        ),
        claims(claim(fields="evidence: not_addressed")),
    ),
    Pair("CLAIM_UNANCHORED", claims("¦" + claim(quotes="")), claims(claim())),
    Pair(
        "CLAIM_UNANCHORED",
        claims(claim(quotes="¦" + quote("start: 1, end: 2", "context")), claim("ann")),
        claims(claim(quotes=quote("start: 1, end: 2", "speech"))),
    ),
    Pair(
        "CLAIM_UNANCHORED",
        claims(
            claim(
                fields="evidence: offered",
                quotes="¦" + quote("start: 1, end: 2", "evidence"),
            )
        ),
        claims(
            claim(
                fields="evidence: offered",
                quotes=f"{quote('start: 1, end: 2', 'evidence')}, {QUOTE}",
            )
        ),
    ),
    Pair(
        "AMBIGUITY_UNEXPLAINED",
        claims(claim(fields="clarity: ¦ambiguous")),
        claims(claim(fields="clarity: ambiguous, note: Two readings."), claim("ann")),
    ),
    *(
        Pair(
            "REVIEW_MISSING",
            claims(claim(fields=f"method: ¦{method}")),
            claims(claim(fields=f"method: {method}, reviewer: c2")),
        )
        for method in ("automatic", "assisted")
    ),
    Pair(
        "REVIEW_MISSING",
        claims(claim(fields="reviewer: ¦c1")),
        claims(claim(fields="method: human")),
    ),
    Pair(
        "REVIEW_MISSING",
        claims(claim(fields="method: automatic, reviewer: ¦c1")),
        claims(claim(fields="method: automatic, coder: c2, reviewer: c1")),
    ),
    Pair(
        "IMPORT_UNREVIEWED",
        claims(claim(fields=f"method: ¦automatic, {ORIGINS}")),
        claims(claim(fields=f"method: automatic, reviewer: c2, {ORIGINS}")),
    ),
    # Quotes
    Pair(
        "QUOTE_RANGE",
        quoted(quote("start: ¦5, end: 5"), fields="§text_chars: 100"),
        quoted(quote("start: 5, end: 6")),
    ),
    Pair(
        "QUOTE_RANGE",
        quoted(quote("start: 50, end: ¦101"), fields="§text_chars: 100"),
        quoted(quote("start: 50, end: 100")),
    ),
    Pair(
        "QUOTE_RANGE",
        quoted(quote("start: ¦7, end: 6"), fields="§title: T"),
        quoted(quote("start: 50, end: 2000"), fields="title: T"),
    ),
    Pair(
        "QUOTE_BUDGET",
        quoted(speech(0, ONE_WORD + " w", "¦"), fields="text_chars: 1000"),
        quoted(speech(0, ONE_WORD), fields="text_chars: 1000"),
    ),
    Pair(
        "QUOTE_BUDGET",
        quoted(speech(0, "w\u00a0" * 25 + "w", "¦"), fields="text_chars: 1000"),
        quoted(speech(0, "'" + " w-w" * 25 + "  '"), fields="text_chars: 1000"),
    ),
    *(
        Pair(
            "QUOTE_BUDGET",
            quoted(QUOTE, quote("start: 1, end: 3, exact: ¦ab", role)),
            quoted(QUOTE, quote("start: 1, end: 3", role)),
        )
        for role in ("content", "evidence", "context")
    ),
    Pair(
        "QUOTE_BUDGET",
        quoted(speech(0, "é" * 21, "¦"), fields="§text_chars: 100"),
        quoted(speech(0, "😀" * 20)),
    ),
    Pair(
        "QUOTE_BUDGET",
        quoted(
            speech(0, "abcdefghij"),
            speech(10, "abcdefghijk", "¦"),
            speech(30, "abcd"),
            fields="§text_chars: 100",
        ),
        quoted(speech(0, "abcdefghij"), speech(10, "abcdefghij")),
    ),
    Pair(
        "QUOTE_BUDGET",
        quoted(speech(0, "a" * 20), speech(20, "b", "¦"), fields="§text_chars: 104"),
        quoted(speech(0, "a" * 20), speech(20, "b"), fields="text_chars: 105"),
    ),
    # The same words for two claims; two sources with a budget each; a text of unknown length
    Pair(
        "QUOTE_BUDGET",
        claims(
            claim(quotes=speech(0, "a" * 20)),
            claim("ann", quotes=speech(1, "a" * 20, "¦")),
            fields="§text_chars: 100",
        ),
        claims(
            claim(quotes=speech(0, "a" * 20)),
            claim("ann", quotes=speech(0, "a" * 20)),
            fields="text_chars: 100",
        ),
    ),
    Pair(
        "QUOTE_BUDGET",
        case(
            sources=[
                source(claim(quotes=speech(0, "a" * 20)), fields="text_chars: 100"),
                source(claim(quotes=speech(0, "a" * 21, "¦")), name="c", fields="§text_chars: 100"),
            ]
        ),
        quoted(speech(0, "a" * 60), fields="title: T"),
    ),
]


def problems_of(folder: Path, text: str) -> list[Problem]:
    """What the rules of this file find in the dataset with a further file."""
    return cases.problems_of(folder, HERE, base=BASE, case=text)


def test_the_ground_of_all_cases_is_sound(tmp_path: Path) -> None:
    assert cases.problems_of(tmp_path, HERE, base=BASE) == []


IDS = [f"{pair.code}-{number}" for number, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_breaks_a_rule_is_found_in_its_place(pair: Pair, tmp_path: Path) -> None:
    text, marks = unmarked(pair.broken)
    file = str(tmp_path / "case.yaml")
    problems = problems_of(tmp_path, text)
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in problems] == [
        (pair.code, file, *place) for place in marks["¦"]
    ]
    shown = [one for problem in problems for one in problem.related]
    places = [(one.place.file, one.place.line, one.place.column) for one in shown]
    assert sorted(places) == [(file, *place) for place in marks["§"]]
    assert {one.message for one in shown} <= {RULES[pair.code].other}


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_nearly_breaks_a_rule_is_not_found(pair: Pair, tmp_path: Path) -> None:
    assert problems_of(tmp_path, unmarked(pair.near)[0]) == []


def test_every_rule_of_these_groups_has_a_case() -> None:
    assert {pair.code for pair in PAIRS} == HERE


def test_a_default_that_breaks_a_rule_is_told_of_at_the_claims_that_take_it(tmp_path: Path) -> None:
    text = claims(claim()).replace("method: human", "method: automatic")
    (problem,) = problems_of(tmp_path, text)
    assert (problem.code, problem.field, problem.value) == ("REVIEW_MISSING", "method", "automatic")
    assert text.splitlines()[problem.place.line - 1][problem.place.column - 1 :].startswith(
        "{id: clm-b-0"
    )


# HOP_UNHEARD against a slow reference in plain Python

# Eve has no office; Dan holds one from 3 March on; the bureau is a body of the state.
PEOPLE = ["eve", "dan", "state", "bureau", "press"]
PLACES_OF_SPEECH = ["phone_call", "letter", "speech", "unspecified"]
WORDS = st.lists(
    st.fixed_dictionaries(
        {
            "speaker": st.sampled_from(PEOPLE),
            "channel": st.sampled_from(PLACES_OF_SPEECH),
            "day": st.sampled_from([2, 3, None]),
            "audience": st.sets(st.sampled_from(PEOPLE), max_size=2),
            "for": st.sampled_from([None, None, "bureau"]),
        }
    ),
    min_size=1,
    max_size=3,
)
SOURCE_KINDS = st.sampled_from(["news_report", "official_release"])


def party(actor: str, day: int) -> str:
    if actor == "dan":
        return "state" if day >= 3 else "dan"
    return "state" if actor == "bureau" else actor


def unheard(words: list[dict[str, Any]], publisher: str, kind: str) -> set[int]:
    """The hops, from 0, that the one before them cannot have heard."""
    found = set()
    teller, speaks_for = publisher, party(publisher, 4)
    for number, word in enumerate(words):
        day = word["day"] or 4
        own = party(word["for"] or word["speaker"], day)
        hearers = {word["speaker"], *word["audience"]}
        parties = {own, *(party(actor, day) for actor in word["audience"])}
        judged = (number or kind == "official_release") and word["audience"]
        if (
            judged
            and word["channel"] in PRIVATE
            and teller not in hearers
            and speaks_for not in parties
        ):
            found.add(number)
        teller, speaks_for = word["speaker"], own
    return found


@settings(max_examples=100)
@given(WORDS, st.sampled_from(PEOPLE), SOURCE_KINDS)
def test_what_was_not_heard_agrees_with_a_slow_reference(
    words: list[dict[str, Any]], publisher: str, kind: str
) -> None:
    kinds = {"eve": "person", "dan": "person", "state": "state", "press": "outlet"}
    rows: dict[str, list[dict[str, Any]]] = {
        "actors": [
            {
                "id": f"act-{name}",
                "name": name,
                "kind": kinds.get(name, "organisation"),
                "parent": "act-state" if name == "bureau" else None,
            }
            for name in PEOPLE
        ],
        "roles": [
            {
                "id": "rol-dan",
                "actor": "act-dan",
                "title": "T",
                "org": "act-bureau",
                "start": "2025-03-03",
            }
        ],
        "statements": [
            {
                "id": f"stm-{number}",
                "speaker": f"act-{word['speaker']}",
                "channel": word["channel"],
                "said": word["day"] and f"2025-03-0{word['day']}",
                "on_behalf_of": word["for"] and f"act-{word['for']}",
                "audience": [{"actor": f"act-{name}"} for name in sorted(word["audience"])],
            }
            for number, word in enumerate(words)
        ],
        "sources": [
            {
                "id": "src-a",
                "kind": kind,
                "publisher": f"act-{publisher}",
                "published": "2025-03-04",
                "lang": "en",
            }
        ],
        "claims": [
            {
                "id": "clm-a",
                "source": "src-a",
                "proposition": "prp-a",
                "stance": "asserts",
                "method": "human",
                "coder": "c1",
                "coded": "2025-03-05",
                "chain": [{"statement": f"stm-{number}"} for number in range(len(words))],
            }
        ],
    }
    records = [MODELS[name].model_validate(row) for name, each in rows.items() for row in each]
    (one,) = RULES["HOP_UNHEARD"].checks
    with Embedded() as session:
        for name, table in build_tables(records).items():
            row = pa.array(range(table.num_rows), pa.int64())
            session.register(name, table.append_column("_row", row))
        create_voices(session)
        found = {finding["_row"] for finding in session.fetch(one.sql).to_pylist()}
    assert found == unheard(words, publisher, kind)
