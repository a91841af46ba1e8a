"""Kinds of damage to a sound dataset, each with the rule that it breaks and the places of that.

A function does one damage somewhere, and gives back where the problem is to be shown.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allegata.rules import RULES
from allegata.schema import MODELS, Record
from allegata.schema.record import marks, plain_type
from allegata.schema.types import PREFIXES, Edtf, Ref
from allegata.schema.vocabulary import Vocabulary
from trees import Found, Raw, Spot, Trees, Twin

Doing = Callable[[Trees], Spot | list[Spot]]


@dataclass(frozen=True)
class Damage:
    """One kind of damage."""

    code: str
    do: Doing
    also: frozenset[str]
    """Codes of what the damage cannot but bring with it."""
    with_texts: bool

    @property
    def name(self) -> str:
        return f"{self.code}-{self.do.__name__.strip('_')}"


DAMAGES: list[Damage] = []


def breaks(code: str, *also: str, with_texts: bool = False) -> Callable[[Doing], Doing]:
    """Enter a function as a kind of damage that breaks a rule."""

    def enter(do: Doing) -> Doing:
        DAMAGES.append(Damage(code, do, frozenset(also), with_texts))
        return do

    return enter


# What fields are


def _field(record: Found, name: str) -> Any:
    for column, info in record.model.__pydantic_fields__.items():
        if (info.alias or column) == name:
            return info
    return None


def _fields(trees: Trees, fits: Callable[[Found, str, Any], object]) -> list[tuple[Found, str]]:
    """Each field that is written of a record, ids and nested lists left out, if it fits."""
    return [
        (record, name)
        for record in trees.each()
        for name in record.fields
        if name != "id" and name not in record.model.children()
        if fits(record, name, _field(record, name))
    ]


def _of_type(wanted: type) -> Callable[[Found, str, Any], bool]:
    def fits(record: Found, name: str, info: Any) -> bool:
        kind = plain_type(info)
        return isinstance(kind, type) and issubclass(kind, wanted)

    return fits


def _is_marked(kind: type) -> Callable[[Found, str, Any], bool]:
    return lambda record, name, info: any(isinstance(mark, kind) for mark in marks(info))


def _is_prose(record: Found, name: str, info: Any) -> bool:
    return name in ("name", "title", "label", "text", "note", "alias", "cue", "unit")


def _is_number(record: Found, name: str, info: Any) -> bool:
    return plain_type(info) in (int, float)


def _refers(trees: Trees) -> list[tuple[Found, str]]:
    """Each reference of a record to another, by a field that takes ids of one table."""
    return [
        (record, name)
        for record, name in _fields(trees, _is_marked(Ref))
        if _table_of(record, name) is not None
    ]


def _table_of(record: Found, name: str) -> str | None:
    (mark,) = (one for one in marks(_field(record, name)) if isinstance(one, Ref))
    return mark.table


def _prefix(table: str) -> str:
    return next(prefix for prefix, name in PREFIXES.items() if name == table)


def _required(model: type[Record], given: str = "") -> set[str]:
    return {
        info.alias or name
        for name, info in model.__pydantic_fields__.items()
        if info.is_required() and name not in (given, "id")
    }


# Record files


@breaks("FILE_SYNTAX", "REF_UNKNOWN")
def a_value_that_no_value_can_begin_with(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, Raw(trees.pick(["@", "`x`", "%a"])))


@breaks("FILE_ENCODING", "REF_UNKNOWN")
def a_byte_or_a_character_that_no_file_holds(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, Raw(trees.pick(["\x07", "\0", "\udcff"])))


@breaks("FILE_EMPTY", "REF_UNKNOWN")
def a_file_saved_empty(trees: Trees) -> Spot:
    name = trees.file()
    trees.files[name] = trees.pick([None, {}, {"defaults": {"coder": "c1"}}])
    return Spot(name)


@breaks("FILE_SHAPE", "REF_UNKNOWN")
def a_table_that_is_no_list(trees: Trees) -> Spot:
    file = trees.file()
    table = trees.pick([name for name in trees.files[file] if name in MODELS])
    trees.files[file][table] = trees.pick(["x", 1, {"id": "act-x"}])
    return Spot(file, (table,))


@breaks("FILE_SHAPE", "REF_UNKNOWN")
def a_record_that_is_no_mapping(trees: Trees) -> Spot:
    record = trees.one()
    record.siblings[int(str(record.path[-1]))] = trees.pick(["x", 1, ["x"]])
    return record.at()


@breaks("YAML_FEATURE", "FILE_SYNTAX", "REF_UNKNOWN", "FIELD_REQUIRED")
def an_anchor_an_alias_or_a_tag(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, Raw(trees.pick(["&a x", "*a", "!!str x"])))


@breaks("KEY_DUPLICATE")
def a_key_twice(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, lambda *_: True))
    twin = Twin(name)
    record.fields[twin] = record.fields[name]
    return record.key(twin)


@breaks("TABLE_UNKNOWN", "REF_UNKNOWN")
def a_misspelt_table(trees: Trees) -> Spot:
    file = trees.file()
    table = trees.pick([name for name in trees.files[file] if name in MODELS])
    tree = trees.files[file]
    trees.files[file] = {name + "s" * (name == table): tree[name] for name in tree}
    return Spot(file, (table + "s",), of_key=True)


@breaks("SCHEMA_VERSION", "REF_UNKNOWN")
def a_later_schema(trees: Trees) -> Spot:
    file = trees.pick(sorted(trees.files))
    trees.files[file]["schema_version"] = trees.pick(["9.0.0", "1.99.0", "1"])
    return Spot(file, ("schema_version",))


@breaks("WAIVER_UNUSED")
def a_waiver_of_what_the_record_does_not_do(trees: Trees) -> Spot:
    rule = trees.pick([rule.code for rule in RULES.values() if rule.can_be_waived])
    return _waive(trees, rule)


@breaks("WAIVER_WRONG")
def a_waiver_of_what_cannot_be_waived(trees: Trees) -> Spot:
    rule = trees.pick([rule.code for rule in RULES.values() if not rule.can_be_waived])
    return _waive(trees, trees.pick([rule, "NO_SUCH_RULE"]))


def _waive(trees: Trees, rule: str) -> Spot:
    file, record = trees.file(), trees.one(*PREFIXES.values())
    trees.files[file]["waivers"] = [{"record": record.id, "rule": rule, "reason": "It is so."}]
    return Spot(file, ("waivers", 0, "rule"))


# Fields


@breaks("FIELD_REQUIRED")
def a_required_field_removed(trees: Trees) -> Spot:
    found = [
        (record, name)
        for record in trees.each()
        for name in sorted(_required(record.model) & set(record.fields) - {"published"})
    ]
    record, name = trees.pick(found)
    del record.fields[name]
    return record.at()


@breaks("FIELD_REQUIRED", "REF_UNKNOWN")
def an_id_removed(trees: Trees) -> Spot:
    record = trees.one(*PREFIXES.values())
    del record.fields["id"]
    return record.at()


@breaks("FIELD_REQUIRED")
def a_default_removed(trees: Trees) -> list[Spot]:
    file = trees.pick([name for name, tree in trees.files.items() if "defaults" in tree])
    del trees.files[file]["defaults"][trees.pick(["method", "coder", "coded"])]
    return [claim.at() for claim in trees.each("claims") if claim.file == file]


@breaks("SOURCE_UNDATED")
def a_source_without_a_date(trees: Trees) -> Spot:
    source = trees.one("sources")
    del source.fields["published"]
    return source.at()


@breaks("FIELD_UNKNOWN")
def a_field_that_there_is_not(trees: Trees) -> Spot:
    record = trees.one()
    name = trees.pick(["nots", "actor_id", "ñ", "ids"])
    record.fields[name] = "x"
    return record.key(name)


@breaks("FIELD_TYPE")
def a_number_for_a_text(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, trees.pick([7, 1.5, True, ["x"]]))


@breaks("FIELD_TYPE")
def a_text_for_a_number(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_number))
    return record.set(name, trees.pick(["7", "x", True]))


@breaks("FIELD_RANGE")
def a_text_that_is_empty(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, trees.pick(["", "x" * 10_001]))


@breaks("FIELD_RANGE")
def a_number_beyond_its_limits(trees: Trees) -> Spot:
    fields = _fields(trees, lambda record, name, info: name in ("start", "end", "lat", "lon"))
    record, name = trees.pick([one for one in fields if one[0].model.table != "roles"])
    return record.set(name, trees.pick([-181, -(10**6)]))


@breaks("NESTED_KEY")
def another_parent_than_the_one_it_is_nested_in(trees: Trees) -> Spot:
    record = trees.one(where=lambda record: record.parent)
    assert record.parent
    nested = record.parent.model.children()[str(record.path[-2])][1]
    other = _prefix(record.parent.model.table) + "-other"
    return record.set(nested.key.removesuffix("_id"), other)


@breaks("NESTED_KEY")
def another_number_than_the_place_in_the_list(trees: Trees) -> Spot:
    record = trees.one("hops", "quotes")
    return record.set({"hops": "position", "quotes": "seq"}[record.model.table], 9)


@breaks("ENUM_UNKNOWN")
def a_code_that_there_is_not(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _of_type(Vocabulary)))
    return record.set(name, record.fields[name] + trees.pick(["s", "-", " "]))


@breaks("ID_FORMAT", "REF_UNKNOWN")
def an_id_that_is_none(trees: Trees) -> Spot:
    record = trees.one(*PREFIXES.values())
    wrong = trees.pick([record.id.upper(), record.id + "-", record.id[4:], record.id + "ñ"])
    return record.set("id", wrong)


@breaks("ID_FORMAT")
def a_reference_that_is_no_id(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Ref)))
    return record.set(name, trees.pick([str.upper, str.title])(record.fields[name]))


@breaks("REF_WRONG_TABLE")
def a_reference_to_a_record_of_another_table(trees: Trees) -> Spot:
    record, name = trees.pick(_refers(trees))
    tables = [table for table in PREFIXES.values() if table != _table_of(record, name)]
    return record.set(name, trees.one(*tables).id)


@breaks("TEXT_NOT_CANONICAL")
def a_character_that_cannot_be_seen(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    text = record.fields[name]
    at = trees.pick(range(len(text)))
    return record.set(name, text[:at] + trees.pick(["\u202e", "\u0007", "\u2066"]) + text[at:])


@breaks("TEXT_NOT_CANONICAL")
def a_letter_in_two_parts(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_prose))
    return record.set(name, record.fields[name] + "e\u0301")


@breaks("TIME_INVALID")
def a_time_that_is_none(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Edtf)))
    return record.set(name, trees.pick(["29.12.2025", "2025-02-29", "2025-13", "yesterday", ""]))


@breaks("TIME_REVERSED")
def an_interval_that_ends_before_it_begins(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Edtf)))
    return record.set(name, trees.pick(["2025-03-05/2025-03-04", "[2025..2024]"]))


@breaks("SOURCE_HASH_FORMAT")
def a_hash_that_is_none(trees: Trees) -> Spot:
    record = trees.one("sources", "quotes")
    name = "text_sha256" if record.model.table == "sources" else "sha256"
    return record.set(name, trees.pick([str.upper, lambda text: text[1:]])(record.fields[name]))


@breaks("SOURCE_URL_INVALID")
def an_address_that_is_none(trees: Trees) -> Spot:
    source = trees.one("sources")
    wrong = trees.pick(["javascript:alert(1)", "www.example.org", "https://example.org/a b"])
    return source.set(trees.pick(["url", "archive_url"]), wrong)


@breaks("LANG_INVALID")
def a_language_that_is_none(trees: Trees) -> Spot:
    record = trees.one("sources", "statements", "actor_aliases")
    return record.set("lang", trees.pick(["english", "EN", "en_GB"]))


@breaks("COUNTRY_UNKNOWN")
def a_country_that_is_none(trees: Trees) -> Spot:
    return trees.one("actors", "places").set("country", trees.pick(["UK", "XX", "gb", "GBR"]))


@breaks("AUTHORITY_FORMAT")
def an_identifier_of_the_wrong_form(trees: Trees) -> Spot:
    place = trees.one("places")
    name = trees.pick(["wikidata", "geonames", "iso_3166_2"])
    return place.set(name, trees.pick(["Q0", "https://example.org/Q5", "RU-ZZZ"]))


# Ids and references


@breaks(
    "ID_DUPLICATE",
    *("CLAIM_DUPLICATE", "EVENT_TWO_HEADS", "EVENT_HEAD_WRONG", "PROPOSITION_DUPLICATE"),
    *("SOURCE_DUPLICATE_TEXT", "CLAIM_UNANCHORED", "EVIDENCE_UNANCHORED"),
)
def a_record_written_twice(trees: Trees) -> Spot:
    record = trees.one(*PREFIXES.values())
    children = record.model.children()
    own = {name: value for name, value in record.fields.items() if name not in children}
    record.siblings.append(own)
    return Spot(record.file, (*record.path[:-1], len(record.siblings) - 1, "id"))


@breaks("ID_DUPLICATE")
def a_key_written_twice(trees: Trees) -> Spot:
    record = trees.one("participants", "audience", "relations", "actor_aliases")
    record.siblings.append(dict(record.fields))
    last = {"participants": "role", "audience": "actor", "relations": "object"}
    name = last.get(record.model.table, "alias")
    return Spot(record.file, (*record.path[:-1], len(record.siblings) - 1, name))


@breaks("ID_REUSED", "REF_RETIRED")
def an_id_that_was_retired(trees: Trees) -> Spot:
    record = trees.one("claims", "roles")
    _revise(trees, record.id, "retracted")
    return record.at("id")


def _revise(trees: Trees, record: str, change: str, **more: str) -> Found:
    revision = {"release": "2025.3.0", "record": record, "change": change, "reason": "A slip."}
    (found,) = trees.add("revisions", {**revision, **more})
    return found


# What refers to nothing is not about what it was about: rules that follow the reference may tell
# of that as well.
_AFTER_LOST_REFERENCE = (
    *("RECORD_UNUSED", "PROPOSITION_UNCLAIMED", "PROPOSITION_SUBJECTLESS", "SOURCE_UNCLAIMED"),
    *("PARTICIPANT_UNBACKED", "HOP_UNHEARD", "RETRACT_WITHOUT_PRIOR", "EVENT_DUPLICATE_SUSPECT"),
    *("STATEMENT_AUDIENCE_MISSING", "SOURCE_DUPLICATE_TEXT", "EVENT_AFTER_SOURCES"),
)


@breaks("REF_UNKNOWN", *_AFTER_LOST_REFERENCE)
def a_reference_to_nothing(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Ref)))
    old = record.fields[name]
    return record.set(name, trees.pick([old + "x", old[:4] + "nobody"]))


@breaks("REF_RETIRED", *_AFTER_LOST_REFERENCE)
def a_reference_to_what_was_merged(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Ref)))
    old = record.fields[name]
    _revise(trees, old[:4] + "old", "merged", merged_into=old)
    return record.set(name, old[:4] + "old")


@breaks("RECORD_UNUSED")
def a_record_that_nothing_refers_to(trees: Trees) -> Spot:
    table, fields = trees.pick(
        [
            ("actors", {"id": "act-new", "kind": "person", "name": "Someone new"}),
            ("places", {"id": "plc-new", "kind": "area", "name": "Somewhere new"}),
            ("events", {"id": "evt-new", "label": "Something new", "type": "call"}),
            ("statements", {"id": "stm-new", "speaker": "act-sornia", "channel": "speech"}),
        ]
    )
    return trees.add(table, fields)[0].at("id")


@breaks("ID_LOADED")
def a_word_in_an_id_that_takes_a_side(trees: Trees) -> Spot:
    role = trees.one("roles")
    return role.set("id", trees.pick(["rol-terrorist", "rol-head-of-the-regime"]))


# Times


@breaks("TIME_REVERSED", "HOP_UNHEARD", "ROLE_OVERLAP")
def an_office_that_ends_before_it_begins(trees: Trees) -> Spot:
    return trees.one("roles").set("end", trees.pick(["2019", "2019-12-31", "[..2019-06]"]))


@breaks("TIME_REVERSED")
def a_source_fetched_before_it_was_published(trees: Trees) -> Spot:
    return trees.one("sources").set("retrieved", "2025-03-02T23:59:59Z")


@breaks(
    "TIME_IMPLAUSIBLE",
    *("TIME_REVERSED", "STATEMENT_BEFORE_OCCASION", "STATEMENT_AFTER_OCCASION"),
    *("STATEMENT_AFTER_SOURCE", "EVENT_AFTER_SOURCES", "BEFORE_TIME_CONFLICT", "REPUBLISH_DATE"),
    *("RETRACT_WITHOUT_PRIOR", "HOP_UNHEARD", "ROLE_PARTY_AMBIGUOUS", "STATEMENT_ITERATED_DAY"),
)
def a_year_far_off(trees: Trees) -> Spot:
    record, name = trees.pick(_fields(trees, _is_marked(Edtf)))
    return record.set(name, trees.pick(["0025-03-03", "2052", "2018-12-31"]))


def _reported(trees: Trees) -> set[str]:
    return {hop.fields["statement"] for hop in trees.each("hops")}


@breaks("STATEMENT_AFTER_SOURCE", "STATEMENT_AFTER_OCCASION", "RETRACT_WITHOUT_PRIOR")
def a_statement_later_than_its_report(trees: Trees) -> Spot:
    reported = _reported(trees)
    statement = trees.one("statements", where=lambda one: one.id in reported)
    return statement.set("said", trees.pick(["2025-03-08/2025-03-09", "[2025-03-08..]"]))


@breaks("STATEMENT_BEFORE_OCCASION")
def a_statement_earlier_than_its_occasion(trees: Trees) -> Spot:
    statement = trees.one("statements", where=lambda one: "occasion" in one.fields)
    return statement.set("said", trees.pick(["2025-03-02", "2025-02"]))


@breaks("STATEMENT_AFTER_OCCASION", "STATEMENT_AFTER_SOURCE", "RETRACT_WITHOUT_PRIOR")
def a_statement_later_than_its_occasion(trees: Trees) -> Spot:
    statement = trees.one("statements", where=lambda one: "occasion" in one.fields)
    return statement.set("said", "2025-03-07")


@breaks("EVENT_AFTER_SOURCES", "STATEMENT_BEFORE_OCCASION", "BEFORE_TIME_CONFLICT")
def an_event_later_than_its_sources(trees: Trees) -> Spot:
    foretold = {one.parent and one.parent.id for one in _of_aspect(trees, "forecast")}
    event = trees.one("events", where=lambda one: one.id not in foretold)
    return event.set("time", trees.pick(["2025-03-08", "2025-04"]))


@breaks("BEFORE_CYCLE")
def an_order_in_a_circle(trees: Trees) -> list[Spot]:
    steps = _related(trees, "before")
    (last,) = trees.add(
        "relations",
        {
            "subject": steps[-1].fields["object"],
            "predicate": "before",
            "object": trees.pick(steps).fields["subject"],
        },
    )
    steps = _related(trees, "before")
    return [one.at("object") for one in _circle(steps, last)]


def _related(trees: Trees, predicate: str) -> list[Found]:
    return [one for one in trees.each("relations") if one.fields["predicate"] == predicate]


def _circle(steps: list[Found], last: Found) -> list[Found]:
    """The steps, each by one way on, that lead from what a relation leads to back to it."""
    found, here = [last], last.fields["object"]
    while here != last.fields["subject"]:
        (step,) = (one for one in steps if one.fields["subject"] == here)
        found.append(step)
        here = step.fields["object"]
    return found


@breaks("BEFORE_TIME_CONFLICT")
def an_order_turned_round(trees: Trees) -> Spot:
    relation = trees.pick(_related(trees, "before"))
    _turn_round(relation.fields)
    return relation.at("subject")


def _turn_round(relation: dict[str, Any]) -> None:
    relation["subject"], relation["object"] = relation["object"], relation["subject"]


# Sources


@breaks("SOURCE_DUPLICATE_TEXT")
def a_copy_that_is_tied_to_nothing(trees: Trees) -> Spot:
    (relation,) = _related(trees, "republishes")
    if trees.pick([True, False]):
        relation.siblings.remove(relation.fields)
    else:
        relation.fields["predicate"] = "translates"
    first, second = (one.id for one in trees.each("sources") if one.fields["lang"] == "es")
    assert {first, second} == {relation.fields["subject"], relation.fields["object"]}
    return next(one.at("text_sha256") for one in trees.each("sources") if one.id == second)


@breaks("SOURCE_DUPLICATE_TEXT")
def a_text_that_another_source_has(trees: Trees) -> Spot:
    first, second = trees.two("sources", where=lambda one: one.fields["lang"] == "en")
    return second.set("text_sha256", first.fields["text_sha256"])


@breaks("SOURCE_PUBLISHER_KIND", "RECORD_UNUSED")
def a_publisher_whom_nobody_names(trees: Trees) -> Spot:
    unnamed = trees.one("actors", where=lambda one: one.fields["kind"] == "unnamed")
    return trees.one("sources").set("publisher", unnamed.id)


@breaks("SOURCE_UNCLAIMED")
def a_source_without_claims(trees: Trees) -> Spot:
    source = trees.one("sources")
    new = {**source.fields, "id": "src-new", "claims": []}
    del new["text_sha256"]
    return trees.add("sources", new)[0].at("id")


@breaks("REPUBLISH_DATE")
def a_copy_earlier_than_its_original(trees: Trees) -> Spot:
    earlier = trees.one("sources", where=lambda one: one.fields["published"] < "2025-03-05")
    later = trees.one("sources", where=lambda one: one.fields["published"] >= "2025-03-05")
    predicate = trees.pick(["republishes", "rewrites", "translates", "corrects"])
    relation = {"subject": earlier.id, "predicate": predicate, "object": later.id}
    trees.add("relations", relation)
    return earlier.at("published")


# Offices


@breaks(
    "ACTOR_ROLE_KIND",
    *("RECORD_UNUSED", "HOP_UNHEARD", "ROLE_PARTY_AMBIGUOUS"),
)
def an_office_of_a_body(trees: Trees) -> Spot:
    body = trees.one("actors", where=lambda one: one.fields["kind"] != "person")
    return trees.one("roles").set("actor", body.id)


@breaks("ROLE_OVERLAP")
def an_office_held_twice_at_once(trees: Trees) -> Spot:
    role = trees.one("roles")
    (copied,) = trees.add("roles", {**role.fields, "id": "rol-new"}, file=role.file)
    return copied.at("start")


@breaks("ROLE_PARTY_AMBIGUOUS", "HOP_UNHEARD")
def an_office_on_the_other_side(trees: Trees) -> list[Spot]:
    speaker, side = trees.pick(
        [("act-maren-osk", "act-sornia"), ("act-dario-fenn", "act-vellmark")]
    )
    trees.add("roles", {"id": "rol-new", "actor": speaker, "title": "Adviser", "org": side})
    said = [one for one in trees.each("statements") if one.fields["speaker"] == speaker]
    return [one.at("speaker") for one in said]


# Actors and places


@breaks("PARENT_CYCLE", "ACTOR_PARENT_KIND")
def a_parent_of_itself(trees: Trees) -> Spot:
    record = trees.one("actors", "places", where=lambda one: one.fields["kind"] != "person")
    return record.set("parent", record.id)


@breaks("PARENT_CYCLE", "PLACE_PARENT_FINER", "ACTOR_PARENT_KIND")
def a_parent_below_its_child(trees: Trees) -> list[Spot]:
    child = trees.one("actors", "places", where=lambda one: "parent" in one.fields)
    by_id = {one.id: one for one in trees.each("actors", "places")}
    parent = by_id[child.fields["parent"]]
    parent.set("parent", child.id)
    return [child.at("parent"), parent.at("parent")]


@breaks("ACTOR_PARENT_KIND", "HOP_UNHEARD", "ROLE_PARTY_AMBIGUOUS")
def a_person_with_a_parent(trees: Trees) -> Spot:
    person = trees.one("actors", where=lambda one: one.fields["kind"] in ("person", "state"))
    body = trees.one("actors", where=lambda one: one.fields["kind"] == "outlet")
    return person.set("parent", body.id)


@breaks("AUTHORITY_DUPLICATE")
def an_identifier_that_another_has(trees: Trees) -> Spot:
    first, second = trees.two(trees.pick(["actors", "places"]))
    first.set("wikidata", "Q571")
    return second.set("wikidata", "Q571")


@breaks("NAME_COLLISION")
def a_name_that_another_has(trees: Trees) -> Spot:
    first, second = trees.two(trees.pick(["actors", "places"]))
    return second.set("name", trees.pick([str.upper, str.lower, str])(first.fields["name"]))


@breaks("UNNAMED_REUSED", "RECORD_UNUSED")
def an_official_of_two_days(trees: Trees) -> Spot:
    said = {"speaker": "act-sornian-official-tornavoz-2025-03-05", "channel": "speech"}
    first = {**said, "id": "stm-first", "said": "2025-03-04"}
    second = {**said, "id": "stm-second", "said": trees.pick(["2025-03-03", "2025-03-05"])}
    return trees.add("statements", first, second)[1].at("speaker")


@breaks("SUBDIVISION_MISMATCH")
def a_region_of_another_country(trees: Trees) -> Spot:
    place = trees.one("places")
    place.set("country", trees.pick(["GB", "UA"]))
    return place.set("iso_3166_2", "RU-NGR")


@breaks("PLACE_PARENT_FINER", "PLACE_TOO_PRECISE")
def a_place_wider_than_its_parent(trees: Trees) -> Spot:
    place = trees.one("places", where=lambda one: "parent" in one.fields)
    place.set("kind", "country")
    return place.at("parent")


@breaks("PLACE_COORD_PAIR")
def half_of_the_coordinates(trees: Trees) -> Spot:
    place = trees.one("places", where=lambda one: one.fields["kind"] in ("site", "city"))
    one, other = trees.pick([("lat", "lon"), ("lon", "lat")])
    place.fields.pop(other, None)
    return place.set(one, trees.pick([0.0, 1.5]))


@breaks("PLACE_TOO_PRECISE", "PLACE_PARENT_FINER")
def coordinates_of_an_area(trees: Trees) -> Spot:
    place = trees.one("places")
    place.set("kind", trees.pick(["area", "region", "country"]))
    place.set("lon", 1.5)
    return place.set("lat", 0.0)


# Events


def _of_aspect(trees: Trees, *aspects: str) -> list[Found]:
    return [one for one in trees.each("propositions") if one.fields["aspect"] in aspects]


def _headed(one: Found) -> bool:
    return "head" in one.fields


@breaks("EVENT_HEAD_MISSING")
def an_event_without_its_head(trees: Trees) -> Spot:
    event = trees.one("events", where=_headed)
    del event.fields["head"]
    return event.at()


@breaks("EVENT_HEAD_WRONG", "EVENT_LABEL_UNHEDGED")
def a_head_that_is_another_proposition(trees: Trees) -> Spot:
    event = trees.one("events", where=_headed)
    other = trees.one("propositions", where=lambda one: one.id != event.fields["head"])
    return event.set("head", other.id)


@breaks("EVENT_TWO_HEADS", "EVENT_AFTER_SOURCES", "PARTICIPANT_UNBACKED", "PROPOSITION_DUPLICATE")
def an_event_with_two_heads(trees: Trees) -> Spot:
    event = trees.one("events", where=lambda one: len(one.fields.get("propositions", [])) > 1)
    own = event.fields["propositions"]
    heads = [number for number, one in enumerate(own) if one["id"] == event.fields["head"]]
    number = trees.pick([one for one in range(len(own)) if one not in heads])
    own[number]["aspect"] = "occurrence"
    return Spot(event.file, (*event.path, "propositions", number, "aspect"))


@breaks("EVENT_DUPLICATE_SUSPECT", "RECORD_UNUSED")
def an_event_under_two_ids(trees: Trees) -> Spot:
    event = trees.one("events", where=lambda one: one.fields.get("participants"))
    left_out = ("head", "propositions")
    new = {name: value for name, value in event.fields.items() if name not in left_out}
    new["id"] = "evt-new"
    if new["type"] == "attack":
        new["participants"] = [{**one, "role": "party"} for one in new["participants"]]
    new["time"] = trees.pick([new["time"], "2025-03", "2025"])
    return trees.add("events", new, file=event.file)[0].at("id")


@breaks("EVENT_LABEL_UNHEDGED")
def a_label_of_what_somebody_denies(trees: Trees) -> Spot:
    heads = {one.fields["head"]: one for one in trees.each("events") if _headed(one)}
    claim = trees.one(
        "claims",
        where=lambda one: one.fields["proposition"] in heads and one.fields["stance"] == "asserts",
    )
    claim.set("stance", "denies")
    event = heads[claim.fields["proposition"]]
    return event.set("label", trees.pick(["Matter at the lock", "Matter that was not alledged"]))


@breaks("PARTICIPANT_UNBACKED")
def a_participant_whom_nobody_accuses(trees: Trees) -> Spot:
    event = trees.one("events", where=lambda one: one.fields["type"] == "attack")
    named = [one["actor"] for one in event.fields["participants"]]
    actor = trees.one("actors", where=lambda one: one.id not in named)
    role = trees.pick(["initiator", "target"])
    event.fields["participants"].append({"actor": actor.id, "role": role})
    return Spot(event.file, (*event.path, "participants", len(named), "actor"))


# Propositions


@breaks("PROPOSITION_DUPLICATE")
def a_sentence_written_twice(trees: Trees) -> Spot:
    first, second = trees.two("propositions")
    text = first.fields["text"]
    return second.set("text", trees.pick([text, text.upper(), text.replace(" ", ", ")]))


def _rewrite(trees: Trees, words: str, where: Callable[[Found], object]) -> Spot:
    proposition = trees.one("propositions", where=where)
    before = proposition.fields["text"].split()
    at = trees.pick(range(1, len(before)))
    return proposition.set("text", " ".join([*before[:at], words, *before[at:]]))


@breaks("PROPOSITION_NEGATIVE")
def a_negation(trees: Trees) -> Spot:
    return _rewrite(trees, trees.pick(["not", "never", "didn't"]), lambda _: True)


@breaks("PROPOSITION_ATTRIBUTED")
def an_attribution(trees: Trees) -> Spot:
    return _rewrite(trees, trees.pick(["(according to Ann)", "reportedly"]), lambda _: True)


@breaks("PROPOSITION_LOADED")
def a_word_that_takes_a_side(trees: Trees) -> Spot:
    label = "characterization"
    word = trees.pick(["terrorist", "heroic", "regime-led"])
    return _rewrite(trees, word, lambda one: one.fields["aspect"] != label)


@breaks("PROPOSITION_SUBJECTLESS")
def a_sentence_about_nothing(trees: Trees) -> Spot:
    proposition = trees.one("propositions", where=lambda one: not one.parent)
    for name in ("actor", "place"):
        proposition.fields.pop(name, None)
    return proposition.at()


_SLOTS = {"agent": ["actor"], "place": ["place"], "quantity": ["low", "high"]}


@breaks("PROPOSITION_SLOT", "PARTICIPANT_UNBACKED")
def an_empty_slot(trees: Trees) -> Spot:
    proposition = trees.pick(_of_aspect(trees, *_SLOTS))
    for name in _SLOTS[proposition.fields["aspect"]]:
        proposition.fields.pop(name, None)
    return proposition.at()


@breaks("VALUE_REVERSED")
def limits_in_the_wrong_order(trees: Trees) -> Spot:
    proposition = trees.pick(_of_aspect(trees, "quantity"))
    proposition.set("high", 1.5)
    return proposition.set("low", trees.pick([1.75, 90]))


@breaks("VALUE_UNIT_MISSING")
def a_number_of_nothing(trees: Trees) -> Spot:
    proposition = trees.pick(_of_aspect(trees, "quantity"))
    del proposition.fields["unit"]
    return proposition.at("low")


@breaks("PROPOSITION_UNCLAIMED")
def a_sentence_that_nobody_says(trees: Trees) -> Spot:
    place = trees.one("places")
    new = {"id": "prp-new", "text": "A gull sits there.", "aspect": "attribute", "place": place.id}
    return trees.add("propositions", new)[0].at("id")


# Statements and chains


@breaks("STATEMENT_AUDIENCE_MISSING", "RECORD_UNUSED")
def a_call_to_nobody(trees: Trees) -> Spot:
    private = ("phone_call", "meeting", "request_for_comment")
    statement = trees.one("statements", where=lambda one: one.fields["channel"] in private)
    del statement.fields["audience"]
    return statement.at("channel")


@breaks("STATEMENT_SELF_ADDRESSED", "RECORD_UNUSED", "HOP_UNHEARD")
def a_call_to_oneself(trees: Trees) -> Spot:
    addressee = trees.one("audience")
    assert addressee.parent
    return addressee.set("actor", addressee.parent.fields["speaker"])


@breaks("STATEMENT_ITERATED_DAY")
def a_day_on_which_it_was_said_repeatedly(trees: Trees) -> Spot:
    dated = [one for one in trees.each("statements") if len(one.fields.get("said", "")) == 10]
    statement = trees.pick(dated)
    statement.set("iterated", True)
    return statement.at("said")


_CHANGED_CHAIN = (
    *("CHANNEL_STANCE", "RETRACT_WITHOUT_PRIOR", "STATEMENT_AFTER_SOURCE", "HOP_UNHEARD"),
    *("CLAIM_DUPLICATE", "CLAIM_SELF_OPPOSED", "RECORD_UNUSED"),
)


def _chained(one: Found) -> bool:
    return bool(one.fields.get("chain"))


def _hop(claim: Found, number: int) -> Spot:
    return Spot(claim.file, (*claim.path, "chain", number, "statement"))


@breaks("HOP_GAP", *_CHANGED_CHAIN)
def a_hop_too_far(trees: Trees) -> Spot:
    claim = trees.one("claims", where=_chained)
    used = [hop["statement"] for hop in claim.fields["chain"]]
    statement = trees.one("statements", where=lambda one: one.id not in used)
    position = len(used) + trees.pick([2, 3])
    hop = {"claim": claim.id, "position": position, "statement": statement.id}
    return trees.add("hops", hop)[0].at("position")


@breaks("HOP_REPEATED", *_CHANGED_CHAIN)
def a_statement_twice_in_a_chain(trees: Trees) -> Spot:
    claim = trees.one("claims", where=_chained)
    chain = claim.fields["chain"]
    chain.append({"statement": trees.pick(chain)["statement"]})
    return _hop(claim, len(chain) - 1)


@breaks("HOP_SAME_SPEAKER", *_CHANGED_CHAIN)
def a_speaker_who_reports_themselves(trees: Trees) -> Spot:
    speaker = {one.id: one.fields["speaker"] for one in trees.each("statements")}
    found = []
    for claim in trees.each("claims"):
        used = [hop["statement"] for hop in claim.fields.get("chain", [])]
        others = [one for one in speaker if used and one not in used]
        found += [(claim, one) for one in others if speaker[one] == speaker[used[-1]]]
    claim, statement = trees.pick(found)
    claim.fields["chain"].append({"statement": statement})
    return _hop(claim, len(claim.fields["chain"]) - 1)


@breaks("HOP_UNHEARD", "STATEMENT_AFTER_SOURCE")
def a_call_that_a_stranger_tells_of(trees: Trees) -> Spot:
    claim = trees.one("claims", where=lambda one: len(one.fields.get("chain", [])) == 2)
    claim.fields["chain"][0]["statement"] = "stm-lask-post-2025-03-03"
    return _hop(claim, 1)


# Claims


_CHANGED_STANCE = (
    *("EVENT_LABEL_UNHEDGED", "RETRACT_WITHOUT_PRIOR", "CLAIM_DUPLICATE", "CLAIM_SELF_OPPOSED"),
)


@breaks("CHANNEL_STANCE", *_CHANGED_STANCE)
def an_answer_by_a_question_or_by_silence(trees: Trees) -> Spot:
    claim = trees.one("claims", where=lambda one: one.fields["stance"] in ("asks", "no_response"))
    channel = {one.id: one.fields["channel"] for one in trees.each("statements")}
    last = channel[claim.fields["chain"][-1]["statement"]]
    if last in ("none", "request_for_comment"):
        return claim.set("stance", trees.pick(["asserts", "denies", "declines"]))
    return claim.set("stance", "no_response")


@breaks("CLAIM_DUPLICATE")
def a_claim_written_twice(trees: Trees) -> Spot:
    claim = trees.one("claims")
    claim.siblings.append({**copy.deepcopy(claim.fields), "id": "clm-new"})
    return Spot(claim.file, (*claim.path[:-1], len(claim.siblings) - 1, "id"))


@breaks("CLAIM_SELF_OPPOSED", "EVENT_LABEL_UNHEDGED")
def a_claim_and_its_opposite(trees: Trees) -> Spot:
    opposite = {"asserts": "denies", "denies": "asserts"}
    claim = trees.one("claims", where=lambda one: one.fields["stance"] in opposite)
    new = {"id": "clm-new", "stance": opposite[claim.fields["stance"]]}
    claim.siblings.append({**copy.deepcopy(claim.fields), **new})
    return Spot(claim.file, (*claim.path[:-1], len(claim.siblings) - 1, "stance"))


@breaks("OWN_VOICE_STANCE", *_CHANGED_STANCE)
def an_outlet_that_asks_in_its_own_voice(trees: Trees) -> Spot:
    claim = trees.one("claims", where=lambda one: not _chained(one))
    return claim.set("stance", trees.pick(["asks", "declines", "no_response", "retracts"]))


@breaks("RETRACT_WITHOUT_PRIOR", *_CHANGED_STANCE)
def a_retraction_of_nothing(trees: Trees) -> Spot:
    speaker = {one.id: one.fields["speaker"] for one in trees.each("statements")}

    def taken(claim: Found) -> tuple[str, str]:
        last = claim.fields["chain"][-1]["statement"]
        return speaker[last], claim.fields["proposition"]

    claims = [one for one in trees.each("claims") if _chained(one)]
    all_taken = [taken(one) for one in claims]
    answers = ("asserts", "denies", "doubts", "suggests")
    alone = [one for one in claims if all_taken.count(taken(one)) == 1]
    return trees.pick([one for one in alone if one.fields["stance"] in answers]).set(
        "stance", "retracts"
    )


@breaks("EVIDENCE_UNANCHORED")
def evidence_that_no_quote_shows(trees: Trees) -> Spot:
    claim = trees.one("claims")
    claim.fields["quotes"] = [one for one in claim.fields["quotes"] if one["role"] != "evidence"]
    return claim.set("evidence", trees.pick(["offered", "promised", "withheld", "none_offered"]))


@breaks("CLAIM_UNANCHORED")
def a_claim_that_no_quote_shows(trees: Trees) -> Spot:
    claim = trees.one("claims")
    for quote in claim.fields["quotes"]:
        if quote["role"] in ("speech", "content"):
            quote["role"] = "context"
            quote.pop("exact", None)
    return claim.at("quotes")


@breaks("CLAIM_UNANCHORED", "EVIDENCE_UNANCHORED")
def a_claim_without_quotes(trees: Trees) -> Spot:
    claim = trees.one("claims")
    del claim.fields["quotes"]
    return claim.at()


@breaks("AMBIGUITY_UNEXPLAINED")
def an_ambiguity_without_a_word(trees: Trees) -> Spot:
    claim = trees.one("claims")
    claim.fields.pop("note", None)
    return claim.set("clarity", "ambiguous")


@breaks("REVIEW_MISSING")
def a_review_of_ones_own(trees: Trees) -> Spot:
    return trees.one("claims").set("reviewer", "c1")


@breaks("REVIEW_MISSING")
def a_draft_of_a_machine_that_nobody_saw(trees: Trees) -> Spot:
    claim = trees.one("claims")
    claim.set("reviewer", None)
    return claim.set("method", trees.pick(["assisted", "automatic"]))


# Quotes and anchors


@breaks("QUOTE_RANGE")
def a_quote_that_ends_before_it_begins(trees: Trees) -> Spot:
    quote = trees.one("quotes")
    fields = quote.fields
    fields["start"], fields["end"] = fields["end"], trees.pick([fields["start"], fields["end"]])
    return quote.at("start")


@breaks("QUOTE_RANGE")
def a_quote_beyond_the_text(trees: Trees) -> Spot:
    quote = trees.one("quotes")
    assert quote.parent
    assert quote.parent.parent
    return quote.set("end", quote.parent.parent.fields["text_chars"] + trees.pick([1, 1000]))


@breaks("QUOTE_BUDGET")
def a_quote_of_many_words(trees: Trees) -> Spot:
    quote = trees.one("quotes", where=lambda one: one.fields["role"] == "speech")
    return quote.set("exact", "a " * 25 + "b")


@breaks("QUOTE_BUDGET")
def words_of_the_reporter(trees: Trees) -> Spot:
    quote = trees.one("quotes", where=lambda one: one.fields["role"] != "speech")
    return quote.set("exact", "in their own words")


@breaks("QUOTE_MISMATCH", with_texts=True)
def a_quote_that_slipped(trees: Trees) -> Spot:
    quote = trees.one("quotes")
    by = trees.pick([-2, -1, 1, 2])
    quote.set("start", quote.fields["start"] + by)
    quote.set("end", quote.fields["end"] + by)
    assert quote.parent
    return quote.at("sha256")


@breaks("QUOTE_MISMATCH", with_texts=True)
def a_quote_with_another_hash(trees: Trees) -> Spot:
    return trees.one("quotes").set("sha256", trees.pick("0123456789abcdef") * 64)


@breaks("QUOTE_MISMATCH", with_texts=True)
def a_quote_of_other_words(trees: Trees) -> Spot:
    quote = trees.one("quotes", where=lambda one: "exact" in one.fields)
    words = quote.fields["exact"]
    return quote.set("exact", trees.pick([words[:-1], words + ".", words.upper()]))


@breaks("SOURCE_TEXT_MISMATCH", with_texts=True)
def another_text_than_the_one_at_hand(trees: Trees) -> Spot:
    return trees.one("sources").set("text_sha256", trees.pick("0123456789abcdef") * 64)


@breaks("SOURCE_TEXT_MISMATCH", with_texts=True)
def another_length_than_that_of_the_text(trees: Trees) -> Spot:
    source = trees.one("sources")
    return source.set("text_chars", source.fields["text_chars"] + trees.pick([1, 100]))


# Relations and revisions


@breaks("RELATION_DOMAIN", *_AFTER_LOST_REFERENCE, "BEFORE_TIME_CONFLICT")
def a_predicate_of_another_table(trees: Trees) -> list[Spot]:
    relation = trees.one("relations")
    of = {"evt": "before", "stm": "replies_to", "prp": "entails", "src": "corrects"}
    own = relation.fields["subject"][:3]
    relation.set("predicate", trees.pick([name for table, name in of.items() if table != own]))
    return [relation.at("subject"), relation.at("object")]


@breaks("RELATION_DOMAIN", *_AFTER_LOST_REFERENCE)
def a_relation_to_itself(trees: Trees) -> Spot:
    relation = trees.one("relations")
    return relation.set("object", relation.fields["subject"])


@breaks("RELATION_DOMAIN")
def a_relation_said_both_ways(trees: Trees) -> Spot:
    both_ways = ("contradicts", "alternative_to")
    relation = trees.one("relations", where=lambda one: one.fields["predicate"] in both_ways)
    new = dict(relation.fields)
    _turn_round(new)
    return trees.add("relations", new, file=relation.file)[0].at("object")


@breaks("ENTAILS_CYCLE", "ENTAILS_CONTRADICTS")
def an_entailment_turned_round_as_well(trees: Trees) -> list[Spot]:
    relation = trees.pick(_related(trees, "entails"))
    new = dict(relation.fields)
    _turn_round(new)
    (added,) = trees.add("relations", new, file=relation.file)
    return [relation.at("object"), added.at("object")]


@breaks("ENTAILS_CONTRADICTS")
def a_contradiction_of_what_is_entailed(trees: Trees) -> Spot:
    relation = trees.pick(_related(trees, "entails"))
    new = {**relation.fields, "predicate": "contradicts"}
    if trees.pick([True, False]):
        _turn_round(new)
    return trees.add("relations", new)[0].at("object")


@breaks("MERGE_TARGET")
def a_merger_into_nothing(trees: Trees) -> Spot:
    return _revise(trees, "act-old", "merged").at()


@breaks("MERGE_TARGET")
def a_merger_into_another_table(trees: Trees) -> Spot:
    other = trees.one("places", "events", "claims")
    return _revise(trees, "act-old", "merged", merged_into=other.id).at("merged_into")


@breaks("MERGE_TARGET")
def a_merger_into_what_was_retired(trees: Trees) -> Spot:
    _revise(trees, "act-older", "retracted")
    return _revise(trees, "act-old", "merged", merged_into="act-older").at("merged_into")


# Origins


@breaks("ORIGIN_UNPLACED")
def an_origin_that_stands_nowhere(trees: Trees) -> Spot:
    origin = trees.one("origins")
    for name in ("row", "item"):
        origin.fields.pop(name, None)
    return origin.at("file")


@breaks("ORIGIN_RAW")
def raw_values_in_another_form(trees: Trees) -> Spot:
    wrong = trees.pick(["", "{}", "[1]", '{"a": 1}', '{"a":{"b":1}}', '{"a":"ä"}', '{"a":01}'])
    return trees.one("origins").set("raw", wrong)
