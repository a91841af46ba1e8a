"""Rules of times, sources, offices, actors and places: what breaks each, where, and what nearly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

import cases
from allegata.rules import GROUPS, RULES, Problem
from cases import unmarked

GROUPS_HERE = ("Times", "Sources", "Offices", "Actors and places", "Origins")
HERE = {rule.code for group in GROUPS_HERE for rule in GROUPS[group]}
"""The rules that this file has cases of."""

DATASET = """\
name: a-dataset
title: A dataset
description: It serves as the ground for cases.
schema_version: 1.0.0
licence: {id: CC0-1.0, name: CC Zero, url: "https://example.org/cc0"}
creators: [{name: Ann}]
publisher: Ann
lang: en
window: {start: "2020-06-01", end: "2026-06-30"}
coverage: {sources: One., start: "2025-03-01", end: "2025-03-31"}
"""

BASE = """\
defaults: {method: human, coder: c1, coded: "2025-03-09"}
actors:
  - {id: act-ann, kind: person, name: Ann}
  - {id: act-gazette, kind: outlet, name: Gazette}
  - {id: act-officials, kind: unnamed, name: Officials}
  - {id: act-vellmark, kind: state, name: Vellmark}
  - {id: act-ministry, kind: organisation, name: Ministry, parent: act-vellmark}
  - {id: act-sornia, kind: state, name: Sornia, aliases: [{alias: Sornian Republic}]}
places:
  - {id: plc-harl, kind: city, name: Harl, country: GB, geonames: "1", wikidata: Q1}
events:
  - {id: evt-fire, label: Fire, type: other, note: Accident., time: "2025-03-03", head: prp-fire,
     propositions: [{id: prp-fire, text: A fire burns in Harl., aspect: occurrence}]}
sources:
  - {id: src-gazette, kind: news_report, publisher: act-gazette, published: "2025-03-05", lang: en,
     text_sha256: %s,
     claims: [{id: clm-gazette, proposition: prp-fire, stance: asserts}]}
""" % ("a" * 64)


class Pair(NamedTuple):
    """A file beside a valid dataset that breaks a rule, and one that nearly breaks it.

    In the former ¦ marks each place where the rule is broken, and § the place that is to be shown
    with it, unless that lies in the dataset.
    """

    code: str
    broken: str
    near: str


def rows(table: str, given: str, fields: Iterable[str]) -> str:
    """Records of a table: what all are given, with # for the number, and the fields of each."""
    lines = [f"{table}:\n"]
    for number, own in enumerate(fields):
        mark = "§" if own.startswith("§") else ""
        shared = given.replace("#", str(number))
        lines.append(f"  - {mark}{{{shared}, {own.removeprefix('§')}}}\n")
    return "".join(lines)


def roles(*fields: str) -> str:
    return rows("roles", "id: rol-#, actor: act-ann", fields)


def events(*fields: str) -> str:
    return rows("events", "id: evt-#, label: L, type: call", fields)


def places(*fields: str) -> str:
    return rows("places", "id: plc-#", fields)


IMPORTED = f"acts.csv, file_sha256: {'b' * 64}"


def origins(*fields: str) -> str:
    given = "record: act-ann, seq: 1#, importer: acts, importer_version: 1.0.0"
    return rows("origins", given, fields)


def actors(*fields: str) -> str:
    return rows("actors", "id: act-#", fields)


def speeches(*fields: str, speaker: str = "act-officials") -> str:
    """Statements of one speaker, who is marked with ¦ where the fields begin with it."""
    spoken = [
        f"{'§' * one.startswith('§')}speaker: {'¦' * one.startswith('¦')}{speaker}, "
        + one.lstrip("§¦")
        for one in fields
    ]
    return rows("statements", "id: stm-#, channel: speech", spoken)


def order(*steps: str) -> str:
    """Relations before: "0 ¦1" for evt-0 before evt-1, which is marked."""
    found = []
    for step in steps:
        subject, object_ = (
            f"¦evt-{end[1:]}" if end.startswith("¦") else f"evt-{end}"
            for end in step.removeprefix("§").split()
        )
        mark = "§" * step.startswith("§")
        found.append(f"{mark}subject: {subject}, object: {object_}")
    return rows("relations", "predicate: before", found)


def copied(*relations: str) -> str:
    """Relations between sources: "b republishes c"."""
    found = []
    for relation in relations:
        subject, predicate, object_ = relation.removeprefix("§").split()
        mark = "§" * relation.startswith("§")
        found.append(f"{mark}subject: src-{subject}, predicate: {predicate}, object: src-{object_}")
    return rows("relations", "note: N", found)


def claim(name: str, *statements: str, on: str = "prp-fire") -> str:
    chain = ", ".join(f"{{statement: {one}}}" for one in statements)
    return (
        f"{{id: clm-{name}, proposition: {on}, stance: asserts, method: human, coder: c1, "
        f"coded: '2025-03-09', chain: [{chain}]}}"
    )


def source(name: str, fields: str, *claims: str, mark: str = "") -> str:
    publisher = "" if "publisher:" in fields else "publisher: act-gazette, "
    return (
        f"  - {mark}{{id: src-{name}, kind: other, {publisher}lang: en, {fields}, "
        f"claims: [{', '.join(claims or [claim(name)])}]}}\n"
    )


def sources(*each: str) -> str:
    return "sources:\n" + "".join(each)


def said(fields: str, published: str, *, mark: str = "§") -> str:
    """A statement that a source reports."""
    return (
        f"statements:\n  - {{id: stm-a, speaker: act-ann, channel: speech, {fields}}}\n"
        + sources(source("b", f"published: '{published}'", claim("b", "stm-a"), mark=mark))
    )


def text(*names: str, marked: Iterable[str] = (), first: str = "") -> str:
    """Sources with one text, marked where it is shown to be another's."""
    return sources(
        *(
            source(
                name,
                f"published: '2025', text_sha256: {'¦' * (name in marked)}{'b' * 64}",
                mark="§" if name == first else "",
            )
            for name in names
        )
    )


CLERK, VELLMARK = "title: Clerk", "title: Minister, org: act-ministry"
CALL = "time: '2025-03-04'"
FORETOLD = (
    "propositions:\n  - {id: prp-0, text: The call ends., aspect: %s, event: evt-%s}\n"
    "  - {id: prp-1, text: The call is short., aspect: attribute, event: evt-0}\n"
)
HARBOUR = "kind: site, name: Harbour"

PAIRS = [
    # Times
    Pair(
        "TIME_REVERSED", roles(f"{CLERK}, start: ¦2025/2024"), roles(f"{CLERK}, start: 2024/2025")
    ),
    Pair(
        "TIME_REVERSED",
        roles(f"{CLERK}, start: '2025-01', end: ¦'2024-12-31'"),
        roles(f"{CLERK}, start: '2025-01-31', end: '2025-01'"),
    ),
    Pair(
        "TIME_REVERSED",
        roles(f"{CLERK}, start: '[2025..]', end: ¦'2024'"),
        roles(f"{CLERK}, start: '[..2025]', end: '2024'"),
    ),
    Pair(
        "TIME_REVERSED",
        sources(source("b", "published: '2025-03-05', retrieved: ¦2025-03-04T23:59:59Z")),
        sources(source("b", "published: '2025-03-05', retrieved: 2025-03-05T00:00:00Z")),
    ),
    Pair(
        "TIME_REVERSED",
        sources(source("b", "published: '2025-03', retrieved: ¦2025-02-28T23:00:00Z")),
        sources(source("b", "published: 2025-03-01T00:30+03:00, retrieved: 2025-02-28T23:00:00Z")),
    ),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦'0025-03-03'"), events("time: '2020-06-01'")),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦'2020-05'"), events("time: '2020'")),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦'2026-07-01'"), events("time: '2026-06-30'")),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦2019/2025"), events("time: 2020/2026")),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦'[2025..2027]'"), events("time: '[2025..]'")),
    Pair("TIME_IMPLAUSIBLE", events("time: ¦'../2027'"), events("time: '../2026'")),
    Pair(
        "TIME_IMPLAUSIBLE",
        roles(f"{CLERK}, start: ¦'2019', end: ¦'2027-01-01'"),
        roles(f"{CLERK}, start: '2020', end: '2026'"),
    ),
    Pair("TIME_IMPLAUSIBLE", speeches("said: ¦'2205-03-03'"), speeches("said: '2025-03-03'")),
    Pair("TIME_IMPLAUSIBLE", sources(source("b", "published: ¦'2052'")), text("b")),
    Pair("STATEMENT_AFTER_SOURCE", said("said: ¦'2025-03-06'", "2025-03-05"), said("", "2025")),
    Pair(
        "STATEMENT_AFTER_SOURCE",
        said("said: ¦'2025-03-06T00:00Z'", "2025-03-05"),
        said("said: '2025-03-06T00:00+00:01'", "2025-03-05"),
    ),
    Pair(
        "STATEMENT_AFTER_SOURCE",
        said("said: ¦'[2025-03-06..]'", "[..2025-03-05]"),
        said("said: '[2025-03-05..]'", "[..2025-03-05]"),
    ),
    Pair(
        "STATEMENT_AFTER_SOURCE",
        said("said: ¦'2025'", "2024-12-31"),
        said("said: '2025-12-31'", "2025"),
    ),
    Pair(
        "STATEMENT_AFTER_SOURCE",
        speeches("said: ¦'2025-03-06', source: src-gazette", speaker="act-ann"),
        speeches("said: '2025-03-05', source: src-gazette", speaker="act-ann"),
    ),
    Pair(  # of the sources that report it the first is shown, whatever its place in the file
        "STATEMENT_AFTER_SOURCE",
        said("said: ¦'2025-03-06'", "2025-03-05", mark="")
        + source("c", "published: '2025-03-04'", claim("c", "stm-a"), mark="§")
        + source("d", "published: '2025-03-06'", claim("d", "stm-a")),
        said("said: '2025-03-04'", "2025-03-05", mark="")
        + source("c", "published: '2025-03-04'", claim("c", "stm-a")),
    ),
    Pair(
        "STATEMENT_BEFORE_OCCASION",
        events(f"§{CALL}") + speeches("occasion: evt-0, said: ¦'2025-03-03'"),
        events(CALL) + speeches("occasion: evt-0, said: '[2025-03-03..2025-03-04]'"),
    ),
    Pair(
        "STATEMENT_BEFORE_OCCASION",
        events("§time: 2025-03/..") + speeches("occasion: evt-0, said: ¦'2025-02'"),
        events("time: ../2025-03") + speeches("occasion: evt-0, said: '2025-02'"),
    ),
    Pair(
        "STATEMENT_AFTER_OCCASION",
        events(f"§{CALL}") + speeches("occasion: evt-0, said: ¦'2025-03-05'"),
        events(CALL) + speeches("occasion: evt-0, said: '2025-03'"),
    ),
    Pair(
        "STATEMENT_AFTER_OCCASION",
        events("§time: '2024'") + speeches("occasion: evt-0, said: ¦'2025'"),
        events("time: 2024/..") + speeches("occasion: evt-0, said: '2025'"),
    ),
    Pair(
        "EVENT_AFTER_SOURCES",
        events("time: ¦'2025-03-06'")
        + FORETOLD % ("outcome", "0")
        + sources(
            source("b", "published: '2025-03-04'", claim("b", on="prp-0")),
            source("c", "published: '2025-03-05'", claim("c", on="prp-1"), mark="§"),
        ),
        events("time: '2025-03-06'")
        + FORETOLD % ("outcome", "0")
        + sources(
            source("b", "published: '2025-03-04'", claim("b", on="prp-0")),
            source("c", "published: '2025-03-06'", claim("c", on="prp-1")),
        ),
    ),
    Pair(
        "EVENT_AFTER_SOURCES",
        events("time: ¦'[2025-03-06..]'")
        + FORETOLD % ("forecast", "fire")
        + sources(source("b", "published: '2025-03-05'", claim("b", on="prp-1"), mark="§")),
        events("time: '2025-03-06'")
        + FORETOLD % ("forecast", "0")
        + sources(source("b", "published: '2025-03-05'", claim("b", on="prp-1"))),
    ),
    Pair(
        "EVENT_AFTER_SOURCES",
        events("time: ¦'2026'") + said("occasion: evt-0", "2025"),
        events("time: '2026'") + said("occasion: evt-0", "[2025..]"),
    ),
    Pair(
        "EVENT_AFTER_SOURCES",
        events("time: ¦'2025-03-06'") + said("occasion: evt-0", "2025-03-05"),
        events("time: '2025-03-06'") + speeches("occasion: evt-0"),
    ),
    Pair(
        "BEFORE_CYCLE",
        events("", "") + order("§0 ¦1", "§1 ¦0"),
        events("", "") + order("0 1", "0 1"),
    ),
    Pair(
        "BEFORE_CYCLE",
        events("", "", "", "", "") + order("0 1", "§1 ¦2", "§2 ¦3", "§3 ¦1", "3 4"),
        events("", "", "", "", "") + order("0 1", "1 2", "2 3", "1 3", "3 4"),
    ),
    Pair(
        "BEFORE_CYCLE",
        events("", "") + order("§0 ¦1", "§1 ¦0"),
        events("", "") + order("0 1") + "  - {subject: evt-1, predicate: part_of, object: evt-0}\n",
    ),
    Pair(
        "BEFORE_TIME_CONFLICT",
        events("time: '2025-03-05'", f"§{CALL}") + order("¦0 1"),
        events("time: '2025-03-04'", CALL) + order("0 1"),
    ),
    Pair(
        "BEFORE_TIME_CONFLICT",
        events("time: '2025-04'", "", "§time: '2025-03'") + order("1 2", "¦0 1"),
        events("time: '2025-03'", "", "time: '2025'") + order("1 2", "0 1"),
    ),
    Pair(
        "BEFORE_TIME_CONFLICT",
        events("time: '[2025-04..]'", "§time: '../2025-03'", "time: '2025-03'")
        + order("¦0 1", "1 2", "0 2"),
        events("time: '[..2025-04]'", "time: '2025-03/..'", "time: '2025-03'")
        + order("0 1", "0 2"),
    ),
    Pair(  # one wrong date is told of once, not for each event beyond
        "BEFORE_TIME_CONFLICT",
        events("time: '2025-04'", "§time: '2025-03'", "time: '2025-03'") + order("¦0 1", "1 2"),
        events("time: '2025-03'", "time: '2025-03'", "time: '2025-03'") + order("0 1", "1 2"),
    ),
    Pair(
        "BEFORE_TIME_CONFLICT",
        events("time: '2025-03'", "time: '2025-03'", "§time: '2025-02'") + order("0 1", "¦1 2"),
        events("time: '2025-03'", "time: '2025-03'", "time: '2025'") + order("0 1", "1 2"),
    ),
    # Sources
    Pair("SOURCE_DUPLICATE_TEXT", text("b", "c", marked="c", first="b"), text("b")),
    Pair(
        "SOURCE_DUPLICATE_TEXT",
        text("b", "c", "d", marked="bd").replace("b" * 64, "a" * 64)
        + copied("c republishes gazette", "d rewrites b"),
        text("b", "c", "d").replace("b" * 64, "a" * 64)
        + copied("b republishes gazette", "gazette republishes c", "d republishes gazette"),
    ),
    Pair(  # two pairs of copies, each tied within itself
        "SOURCE_DUPLICATE_TEXT",
        text("b", "c", "d", "e", marked="d", first="b")
        + copied("c republishes b", "e republishes d"),
        text("b", "c", "d", "e") + copied("b republishes e", "e republishes d", "d republishes c"),
    ),
    Pair(  # an original beyond those that have the text
        "SOURCE_DUPLICATE_TEXT",
        text("b", "c", marked="c", first="b") + copied("b republishes gazette"),
        text("b", "c") + copied("b republishes gazette", "c republishes gazette"),
    ),
    Pair(
        "SOURCE_PUBLISHER_KIND",
        sources(source("b", "published: '2025', publisher: ¦act-officials")),
        sources(source("b", "published: '2025', publisher: act-ann")),
    ),
    Pair(
        "SOURCE_UNCLAIMED",
        sources(source("¦b", "published: '2025'", "")).replace("id: src-¦", "id: ¦src-"),
        sources(source("b", "published: '2025'")),
    ),
    Pair(
        "REPUBLISH_DATE",
        sources(source("b", "published: ¦'2025-03-04'")) + copied("§b republishes gazette"),
        sources(source("b", "published: '2025-03-05'")) + copied("b republishes gazette"),
    ),
    Pair(
        "REPUBLISH_DATE",
        sources(source("b", "published: ¦'2025-03-04'")) + copied("§b translates gazette"),
        sources(source("b", "published: '2025-03-04'")) + copied("gazette corrects b"),
    ),
    Pair(
        "REPUBLISH_DATE",
        sources(source("b", "published: ¦'[..2025-02]'")) + copied("§b corrects gazette"),
        sources(source("b", "published: '2025-03~'")) + copied("b corrects gazette"),
    ),
    # Offices
    Pair(
        "ACTOR_ROLE_KIND",
        "roles:\n  - {id: rol-a, actor: ¦act-ministry, title: T}\n",
        "roles:\n  - {id: rol-a, actor: act-ann, title: T, org: act-ministry}\n",
    ),
    Pair(
        "ACTOR_ROLE_KIND",
        "roles:\n  - {id: rol-a, actor: ¦act-officials, title: T}\n",
        "roles:\n  - {id: rol-a, actor: act-ann, title: T}\n",
    ),
    Pair(  # no times at all
        "ROLE_OVERLAP",
        roles(f"§{CLERK}", "title: ¦clerk"),
        roles(CLERK, f"{CLERK}, org: act-ministry", "title: Chief clerk"),
    ),
    Pair(  # the first has no end
        "ROLE_OVERLAP",
        roles(f"§{CLERK}, start: '2021'", f"{CLERK}, start: ¦'2023'"),
        roles(f"{CLERK}, start: '2021', end: '[..2023]'", f"{CLERK}, start: '2023'"),
    ),
    Pair(  # a term that ends in the year, or on the day, on which the next begins
        "ROLE_OVERLAP",
        roles(f"§{CLERK}, start: '2021', end: '2023-02'", f"{CLERK}, start: ¦'2023-01'"),
        roles(f"{CLERK}, start: '2021', end: '2023'", f"{CLERK}, start: '2023'"),
    ),
    Pair(
        "ROLE_OVERLAP",
        roles(f"§{CLERK}, start: '2021', end: '2023-05-02'", f"{CLERK}, start: ¦'2023-05-01'"),
        roles(f"{CLERK}, start: '2021', end: '2023-05-01'", f"{CLERK}, start: '2023-05-01'"),
    ),
    Pair(
        "ROLE_OVERLAP",
        roles(f"§{CLERK}, end: '2025'", f"{CLERK}, start: ¦'2021', end: '2022'"),
        roles(f"{CLERK}, start: '[2022..]', end: '2025'", f"{CLERK}, start: '2021', end: '2022'"),
    ),
    Pair(  # the same words, though no day is certain
        "ROLE_OVERLAP",
        roles(f"§{CLERK}, start: '2021', end: '2021'", f"{CLERK}, start: ¦'2021', end: '2021'"),
        roles(f"{CLERK}, start: '2021', end: '2021'", f"{CLERK}, start: '2021'"),
    ),
    Pair(
        "ROLE_PARTY_AMBIGUOUS",
        roles(f"§{VELLMARK}", "title: T, org: act-sornia")
        + said("said: '2025-03-03'", "2025", mark="").replace("speaker: ", "speaker: ¦"),
        roles(VELLMARK, "title: T, org: act-sornia")
        + said("said: '2025-03-03', on_behalf_of: act-sornia", "2025"),
    ),
    Pair(  # an office counts for the whole of the year in which it ends
        "ROLE_PARTY_AMBIGUOUS",
        roles(f"§{VELLMARK}, end: '2025'", "title: T, org: act-sornia, start: '2025-06'")
        + said("said: '2025-06'", "2025-07", mark="").replace("speaker: ", "speaker: ¦"),
        roles(f"{VELLMARK}, end: '2025-05'", "title: T, org: act-sornia, start: '2025-06'")
        + said("said: '2025-06'", "2025-07"),
    ),
    Pair(  # without a day of its own, a statement was made by the day it was reported
        "ROLE_PARTY_AMBIGUOUS",
        roles(f"§{VELLMARK}, start: '2025-03-05'", "title: T, org: act-sornia")
        + said("", "2025-03-05", mark="").replace("speaker: ", "speaker: ¦"),
        roles(f"{VELLMARK}, start: '2025-03-06'", "title: T, org: act-sornia")
        + said("", "2025-03-05"),
    ),
    Pair(  # two bodies of one party, and an office without a body
        "ROLE_PARTY_AMBIGUOUS",
        roles("§title: T, org: act-vellmark", "title: T, org: act-gazette")
        + said("", "2025", mark="").replace("speaker: ", "speaker: ¦"),
        roles("title: T, org: act-vellmark", VELLMARK, CLERK) + said("", "2025"),
    ),
    # Actors and places
    Pair(
        "PARENT_CYCLE", places(f"{HARBOUR}, parent: ¦plc-0"), places(f"{HARBOUR}, parent: plc-harl")
    ),
    Pair(
        "PARENT_CYCLE",
        actors(
            "kind: organisation, name: A, parent: act-1",
            "§kind: organisation, name: B, parent: ¦act-2",
            "§kind: organisation, name: C, parent: ¦act-1",
        ),
        actors(
            "kind: organisation, name: A, parent: act-2",
            "kind: organisation, name: B, parent: act-2",
            "kind: organisation, name: C, parent: act-ministry",
        ),
    ),
    Pair(
        "ACTOR_PARENT_KIND",
        actors("kind: person, name: A, parent: ¦act-ministry"),
        actors("kind: unnamed, name: A, parent: act-ministry"),
    ),
    Pair(
        "ACTOR_PARENT_KIND",
        actors("kind: state, name: A, parent: ¦act-vellmark"),
        actors("kind: organisation, name: A, parent: act-vellmark"),
    ),
    Pair(
        "ACTOR_PARENT_KIND",
        actors("kind: organisation, name: A, parent: ¦act-officials"),
        actors("kind: outlet, name: A, parent: act-gazette"),
    ),
    Pair(
        "AUTHORITY_DUPLICATE",
        actors("§kind: person, name: A, wikidata: Q2", "kind: state, name: B, wikidata: ¦Q2"),
        actors("kind: person, name: A, wikidata: Q1", "kind: state, name: B, wikidata: Q12"),
    ),
    Pair(
        "AUTHORITY_DUPLICATE",
        places(f"{HARBOUR}, wikidata: ¦Q1, geonames: ¦'1'"),
        places(f"{HARBOUR}, wikidata: Q2, geonames: '11'"),
    ),
    Pair(
        "NAME_COLLISION",
        places("kind: region, name: ¦HARL"),
        places("kind: region, name: Harl region") + actors("kind: organisation, name: Harl"),
    ),
    Pair(
        "NAME_COLLISION",
        actors("§kind: person, name: Ångström", "kind: person, name: ¦ÅNGSTRÖM"),
        actors("kind: person, name: Ångström", "kind: person, name: Angstrom"),
    ),
    Pair(
        "NAME_COLLISION",
        actors("§kind: person, name: A, aliases: [{alias: ¦ann}]").replace("§", ""),
        actors("kind: person, name: A, aliases: [{alias: a}]"),
    ),
    Pair(
        "NAME_COLLISION",
        actors("kind: person, name: A, aliases: [{alias: ¦sornian republic}, {alias: B}]"),
        actors("kind: person, name: A, aliases: [{alias: B}, {alias: b}]"),
    ),
    Pair(
        "UNNAMED_REUSED",
        events("", "") + speeches("§occasion: evt-0", "¦occasion: evt-1"),
        events("", "") + speeches("occasion: evt-0", "occasion: evt-0"),
    ),
    Pair(
        "UNNAMED_REUSED",
        events("", "") + speeches("§occasion: evt-0", "¦occasion: evt-1"),
        events("", "") + speeches("occasion: evt-0", "occasion: evt-1", speaker="act-ann"),
    ),
    Pair(
        "UNNAMED_REUSED",
        speeches("§said: '2025-03-03'", "¦said: '2025-03-04'"),
        speeches("said: '2025-03-03'", "said: '[2025-03-03..2025-03-04]'", ""),
    ),
    Pair(
        "UNNAMED_REUSED",
        events("time: '2025-03'")
        + speeches("§said: '2025-03-04', occasion: evt-0", "¦said: '2025-03-03'"),
        events("time: '2025-03'")
        + speeches("said: '2025-03-04', occasion: evt-0", "said: '2025-03-03', occasion: evt-0"),
    ),
    Pair(
        "UNNAMED_REUSED",
        events("", "") + "statements:\n"
        "  - §{id: stm-a, speaker: act-officials, channel: speech, occasion: evt-0}\n"
        "  - {id: stm-b, speaker: act-ann, channel: speech, occasion: evt-1, "
        "audience: [{actor: ¦act-officials}]}\n",
        events("", "")
        + "statements:\n  - {id: stm-a, speaker: act-officials, channel: speech, occasion: evt-0}\n"
        "  - {id: stm-b, speaker: act-ann, channel: speech, occasion: evt-0, "
        "audience: [{actor: act-officials}]}\n",
    ),
    Pair(
        "SUBDIVISION_MISMATCH",
        places(f"{HARBOUR}, country: UA, iso_3166_2: ¦RU-NGR"),
        places(
            f"{HARBOUR}, country: RU, iso_3166_2: RU-NGR", "kind: city, name: B, iso_3166_2: RU-NGR"
        ),
    ),
    Pair(
        "PLACE_PARENT_FINER",
        places("kind: region, name: A, parent: ¦plc-harl"),
        places(f"{HARBOUR}, parent: plc-harl"),
    ),
    Pair(
        "PLACE_PARENT_FINER",
        places("§kind: region, name: A", "kind: country, name: B, parent: ¦plc-0"),
        places("kind: region, name: A", "kind: region, name: B, parent: plc-0"),
    ),
    Pair(
        "PLACE_PARENT_FINER",
        places(f"§{HARBOUR}", "kind: city, name: B, parent: ¦plc-0"),
        places("kind: area, name: A", "kind: country, name: B, parent: plc-0")
        + f"  - {{id: plc-x, {HARBOUR}}}\n  - {{id: plc-y, kind: area, name: Y, parent: plc-x}}\n",
    ),
    Pair(
        "PLACE_COORD_PAIR",
        places(f"{HARBOUR}, lat: ¦0", f"{HARBOUR} 2, lon: ¦0.5"),
        places(f"{HARBOUR}, lat: 0, lon: 0", f"{HARBOUR} 2"),
    ),
    *(
        Pair(
            "PLACE_TOO_PRECISE",
            places(f"kind: {wide}, name: A, lat: ¦1, lon: 2"),
            places(f"kind: {narrow}, name: A, lat: 1, lon: 2"),
        )
        for wide, narrow in (("region", "site"), ("country", "city"), ("area", "site"))
    ),
    Pair(
        "ORIGIN_UNPLACED",
        origins(f"file: ¦{IMPORTED}", f"row: 4, item: a-4, file: {IMPORTED}"),
        origins(f"row: 4, file: {IMPORTED}", f"item: a-4, file: {IMPORTED}"),
    ),
]


def problems_of(folder: Path, case: str) -> list[Problem]:
    """What the rules of these groups find in the dataset with one file more."""
    return cases.problems_of(folder, HERE, dataset=DATASET, base=BASE, case=case)


def test_the_ground_of_all_cases_is_sound(tmp_path: Path) -> None:
    assert cases.problems_of(tmp_path, HERE, dataset=DATASET, base=BASE) == []


IDS = [f"{pair.code}-{number}" for number, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_breaks_a_rule_is_found_in_its_place(pair: Pair, tmp_path: Path) -> None:
    case, marks = unmarked(pair.broken)
    others = marks["§"]
    file = str(tmp_path / "case.yaml")
    problems = problems_of(tmp_path, case)
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in problems] == [
        (pair.code, file, *place) for place in marks["¦"]
    ]
    related = [one for problem in problems for one in problem.related]
    assert {one.message for one in related} <= {RULES[pair.code].other}
    if others:
        shown = [(one.place.file, one.place.line, one.place.column) for one in related]
        assert sorted(shown) == [(file, *other) for other in others]
    elif RULES[pair.code].other and pair.broken != SELF_PARENT:
        assert {Path(one.place.file).name for one in related} == {"base.yaml"}
        assert len(related) == len(problems)


SELF_PARENT = places(f"{HARBOUR}, parent: ¦plc-0")


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_what_nearly_breaks_a_rule_is_not_found(pair: Pair, tmp_path: Path) -> None:
    assert problems_of(tmp_path, unmarked(pair.near)[0]) == []


def test_every_rule_of_these_groups_has_a_case() -> None:
    assert {pair.code for pair in PAIRS} == HERE


FIRST = {pair.code: pair for pair in reversed(PAIRS) if RULES[pair.code].checks}
SAYS = {
    "TIME_REVERSED": ("end", "2024-12-31 lies before 2025-01, the beginning of the office"),
    "TIME_IMPLAUSIBLE": (
        "time",
        "0025-03-03 lies outside the days from 2020-06-01 to 2026-06-30 of the dataset",
    ),
    "STATEMENT_AFTER_SOURCE": (
        "said",
        "2025-03-06 lies after 2025-03-05, when src-b was published, which reports it",
    ),
    "STATEMENT_BEFORE_OCCASION": ("said", "2025-03-03 lies before 2025-03-04, the time of evt-0"),
    "STATEMENT_AFTER_OCCASION": ("said", "2025-03-05 lies after 2025-03-04, the time of evt-0"),
    "EVENT_AFTER_SOURCES": (
        "time",
        "2025-03-06 lies after every source on it; the last, src-c, is of 2025-03-05",
    ),
    "BEFORE_CYCLE": ("object", "evt-0 is said to come before evt-1, which comes before evt-0"),
    "BEFORE_TIME_CONFLICT": (
        "subject",
        "evt-0 (2025-03-05) is said to come before evt-1 (2025-03-04), and its time is later",
    ),
    "SOURCE_DUPLICATE_TEXT": (
        "text_sha256",
        "the text is that of src-b, and no republishes ties the two",
    ),
    "SOURCE_PUBLISHER_KIND": (
        "publisher",
        "act-officials is an unnamed actor and cannot be a publisher",
    ),
    "SOURCE_UNCLAIMED": ("id", "no claim is coded from src-b"),
    "REPUBLISH_DATE": (
        "published",
        "2025-03-04 lies before 2025-03-05, the date of src-gazette, which it republishes",
    ),
    "ACTOR_ROLE_KIND": (
        "actor",
        "act-ministry is of kind organisation, and only a person holds an office",
    ),
    "ROLE_OVERLAP": ("title", "another record has act-ann as clerk at the same time"),
    "ROLE_PARTY_AMBIGUOUS": (
        "speaker",
        "on 2025-03-03 the offices of act-ann led to both act-sornia and act-vellmark, "
        "and the statement does not say for whom it was made",
    ),
    "PARENT_CYCLE": ("parent", "plc-0 lies below plc-0 and cannot be its parent"),
    "ACTOR_PARENT_KIND": (
        "parent",
        "an actor of kind person cannot lie below act-ministry, of kind organisation",
    ),
    "AUTHORITY_DUPLICATE": ("wikidata", "Q2 is the identifier of act-0 too"),
    "NAME_COLLISION": ("name", "plc-0 shares HARL with plc-harl"),
    "UNNAMED_REUSED": (
        "speaker",
        "act-officials is unnamed and belongs to another occasion already",
    ),
    "SUBDIVISION_MISMATCH": ("iso_3166_2", "RU-NGR is not a subdivision of UA"),
    "PLACE_PARENT_FINER": ("parent", "a region does not lie in a city such as plc-harl"),
    "PLACE_COORD_PAIR": ("lat", "0.0 stands alone; lon is missing"),
    "PLACE_TOO_PRECISE": ("lat", "a place of kind region has no coordinates"),
    "ORIGIN_UNPLACED": ("file", "the origin of act-ann names neither a row nor an id in its file"),
}


@pytest.mark.parametrize("code", SAYS)
def test_a_problem_names_the_field_and_says_what_is_wrong(code: str, tmp_path: Path) -> None:
    case, _ = unmarked(PAIRS[1].broken if code == "TIME_REVERSED" else FIRST[code].broken)
    problem = problems_of(tmp_path, case)[0]
    assert (problem.field, problem.message) == SAYS[code]


def test_every_rule_of_these_groups_has_a_message_tried() -> None:
    assert set(SAYS) == HERE
