"""The schema: tables and columns as published, vocabularies, strictness, JSON Schema."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import jsonschema_rs
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from allegata.reading import read
from allegata.reading.parsing.yamlfile import parse_yaml
from allegata.rules import RULES
from allegata.schema import (
    MODELS,
    Actor,
    Claim,
    Event,
    Place,
    Proposition,
    Quote,
    Record,
    Source,
    Vocabulary,
    vocabularies,
)
from allegata.schema.dataset import Dataset
from allegata.schema.jsonschema import dataset_file_schema, record_file_schema
from allegata.schema.record import description, marks
from allegata.schema.text import canonical_text, sha256_of, what_is_not_canonical
from allegata.schema.types import PREFIXES, Breaks
from allegata.tables import base_tables, build_tables, record_schema

FICTIONAL = Path(__file__).parent / "fictional"

# Written out from the description of the model, not from the code. `?` nullable, `@` a time of
# the profile (three columns), `*` a key; types other than text follow a colon.
EXPECTED = {
    "sources": "*id kind publisher_id title? licence? url? archive_url? published@ "
    "retrieved:timestamp? lang text_sha256? text_chars:int32? note?",
    "actors": "*id kind name parent_id? country? wikidata? note?",
    "actor_aliases": "*actor_id *alias lang?",
    "roles": "*id actor_id title org_id? start@? end@? note?",
    "places": "*id name kind parent_id? country? iso_3166_2? geonames? wikidata? lat:double? "
    "lon:double? note?",
    "events": "*id label type time@? place_id? head_id? note?",
    "participants": "*event_id *actor_id *role",
    "propositions": "*id text aspect event_id? actor_id? place_id? time@? low:double? "
    "high:double? unit? note?",
    "statements": "*id speaker_id channel on_behalf_of? occasion_id? said@? iterated:bool lang? "
    "source_id? note?",
    "audience": "*statement_id *actor_id",
    "claims": "*id source_id proposition_id stance evidence clarity method verdict? coder "
    "reviewer? coded:date32 note?",
    "hops": "*claim_id *position:int32 statement_id cue?",
    "quotes": "*claim_id *seq:int32 role start:int32 end:int32 sha256 exact? translation?",
    "relations": "*subject_id *predicate *object_id source_id? note?",
    "origins": "*record_id *seq:int32 importer importer_version mapping? mapping_version? file "
    "file_sha256 row:int32? item? raw? licence?",
    "revisions": "*release *record_id change merged_into? reason",
}
ARROW = {
    "": pa.string(),
    "int32": pa.int32(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}


def expected_columns(words: str) -> Iterator[tuple[str, pa.DataType, bool]]:
    for word in words.split():
        name, _, kind = word.strip("*?").partition(":")
        yield name.strip("@"), ARROW[kind.strip("?")], word.endswith("?")
        if name.endswith("@"):
            yield name.strip("@") + "_earliest", pa.date32(), True
            yield name.strip("@") + "_latest", pa.date32(), True


@pytest.mark.parametrize("table", EXPECTED)
def test_a_table_has_the_columns_of_the_model(table: str) -> None:
    found = [(field.name, field.type, field.nullable) for field in record_schema(table)]
    assert found == list(expected_columns(EXPECTED[table]))
    keys = tuple(word.strip("*").split(":")[0] for word in EXPECTED[table].split() if "*" in word)
    assert base_tables()[table].key == keys


def test_there_are_these_tables_and_no_others() -> None:
    assert list(base_tables()) == list(MODELS) == list(EXPECTED)


def test_publishing_adds_two_columns_to_every_table_with_ids() -> None:
    for name, table in base_tables().items():
        added = [
            column.name for column in table.columns if column.name not in record_schema(name).names
        ]
        assert added == (["first_release", "last_changed"] if table.key == ("id",) else [])


def test_every_field_column_and_table_says_what_it_is() -> None:
    for table in base_tables().values():
        assert len(table.definition) > 20
        for column in table.columns:
            assert re.fullmatch(r"[A-Z].+[.)]", column.description), (table.name, column.name)
            assert column.arrow.metadata == {b"description": column.description.encode()}
        assert table.model is not None
        for field in table.model.__pydantic_fields__.values():
            assert description(field), (table.name, field)


def test_columns_have_only_types_that_every_reader_opens() -> None:
    used = {column.type for table in base_tables().values() for column in table.columns}
    assert used == set(ARROW.values())


VOCABULARIES = {
    "SourceKind": "news_report wire_report official_release transcript social_post fact_check "
    "investigation court_document other",
    "ActorKind": "person state organisation outlet unnamed",
    "PlaceKind": "site city region country area",
    "EventType": "attack call meeting press_exchange negotiation armed_conflict "
    "election_campaign transfer movement legal_act other",
    "ParticipantRole": "initiator target party host",
    "Aspect": "occurrence agent target means place time quantity outcome motive confirmation "
    "authenticity characterization reaction forecast attribute",
    "Channel": "phone_call meeting press_exchange interview speech official_release social_post "
    "messaging_app letter broadcast request_for_comment none unspecified",
    "Stance": "asserts suggests noncommittal doubts denies asks declines no_response retracts",
    "Evidence": "not_addressed offered promised withheld none_offered",
    "Clarity": "clear ambiguous",
    "Method": "human assisted automatic",
    "QuoteRole": "speech content evidence context",
    "Predicate": "entails contradicts replies_to before part_of alternative_to republishes "
    "rewrites translates corrects",
    "Change": "added changed retracted merged",
}


def all_vocabularies() -> dict[str, type[Vocabulary]]:
    """Those of records; what is derived has some of its own."""
    return {
        name: kind
        for name, kind in vars(vocabularies).items()
        if isinstance(kind, type) and kind is not Vocabulary
    }


def test_vocabularies_hold_these_codes() -> None:
    found = {name: " ".join(kind) for name, kind in all_vocabularies().items()}
    assert found == VOCABULARIES


def test_every_code_has_its_rule_and_every_vocabulary_its_meaning() -> None:
    for name, kind in all_vocabularies().items():
        assert len(kind.definition()) > 20, name
        assert all(len(code.rule) > 10 and code.rule.endswith(".") for code in kind), name
        assert len({code.rule for code in kind}) == len(kind), f"{name}: two codes, one rule"


def test_every_vocabulary_of_records_is_the_type_of_a_column() -> None:
    used = {c.vocabulary for table in base_tables().values() for c in table.columns}
    assert used - {None} == set(all_vocabularies().values())


CLAIM = {
    "id": "clm-a",
    "source": "src-a",
    "proposition": "prp-a",
    "stance": "asserts",
    "method": "human",
    "coder": "c1",
    "coded": "2025-03-04",
}
SOURCE = {
    "id": "src-a",
    "kind": "news_report",
    "publisher": "act-a",
    "published": "2025-03",
    "lang": "en",
}
QUOTE = {"role": "content", "start": 0, "end": 5, "sha256": "0" * 64}


def without(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in keys}


def test_nested_records_take_keys_and_positions_from_their_parents() -> None:
    chain = [{"statement": "stm-a"}, {"statement": "stm-b", "cue": "told"}]
    claim = without(CLAIM, "source") | {"chain": chain, "quotes": [QUOTE, QUOTE]}
    source = Source.model_validate(SOURCE | {"claims": [claim]})
    rows = [
        (row.table, *(getattr(row, name) for name in row.key)) for row in source.own_and_nested()
    ]
    assert rows == [
        ("sources", "src-a"),
        ("claims", "clm-a"),
        ("hops", "clm-a", 1),
        ("hops", "clm-a", 2),
        ("quotes", "clm-a", 1),
        ("quotes", "clm-a", 2),
    ]
    assert source.claims[0].source_id == "src-a"


def test_a_nested_record_may_repeat_its_key_but_not_contradict_it() -> None:
    alias = {"alias": "Annie", "actor": "act-a"}
    actor = {"id": "act-a", "kind": "person", "name": "Ann"}
    assert Actor.model_validate(actor | {"aliases": [alias]}).aliases[0].actor_id == "act-a"
    assert errors(Actor, actor | {"aliases": [alias | {"actor": "act-b"}]}) == [
        ("aliases", 0, "actor")
    ]


@pytest.mark.parametrize("position", [2, True, 1.0, "1"])
def test_a_position_that_is_not_the_place_in_the_list_is_refused(position: object) -> None:
    claim = CLAIM | {"chain": [{"statement": "stm-a", "position": position}]}
    assert errors(Claim, claim) == [("chain", 0, "position")]


def errors(model: type[BaseModel], value: object) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as error:
        model.model_validate(value)
    return [details["loc"] for details in error.value.errors()]


PLACE = {"id": "plc-a", "kind": "site", "name": "A"}
PROPOSITION = {"id": "prp-a", "text": "A burns.", "aspect": "occurrence"}


@pytest.mark.parametrize(
    ("model", "record", "field", "value"),
    [
        (Source, SOURCE, "title", 2025),
        (Source, SOURCE, "title", True),
        (Source, SOURCE, "title", ""),
        (Source, SOURCE, "title", "x" * 501),
        (Source, SOURCE, "title", ["a"]),
        (Source, SOURCE, "published", 2025),
        (Source, SOURCE, "published", None),
        (Source, SOURCE, "published", date(2025, 3, 1)),
        (Source, SOURCE, "text_chars", "12"),
        (Source, SOURCE, "text_chars", 12.0),
        (Source, SOURCE, "text_chars", True),
        (Source, SOURCE, "text_chars", -1),
        (Source, SOURCE, "text_chars", 2**31),
        (Source, SOURCE, "text_chars", 10**300),
        (Source, SOURCE, "retrieved", "2025-03-04"),
        (Source, SOURCE, "retrieved", "2025-03-04T10:00:00"),
        (Source, SOURCE, "retrieved", "2025-03-04T10:00:60Z"),
        (Source, SOURCE, "retrieved", "1767016800"),
        (Source, SOURCE, "retrieved", 1767016800),
        (Source, SOURCE, "retrieved", "2025-03-04T10:00:00Z\n"),
        (Source, SOURCE, "lang", "EN"),
        (Source, SOURCE, "lang", "english"),
        (Source, SOURCE, "url", "javascript:alert(1)"),
        (Source, SOURCE, "url", "https://"),
        (Source, SOURCE, "url", "https://example.org/a b"),
        (Source, SOURCE, "url", 'https://example.org/"onclick="x'),
        (Source, SOURCE, "url", "https://example.org/<script>"),
        (Source, SOURCE, "url", "https://user@example.org/"),
        (Source, SOURCE, "url", "https://example.org/ä"),
        (Source, SOURCE, "url", "https://example.org/\n"),
        (Source, SOURCE, "url", "https://-/"),
        (Source, SOURCE, "url", "https://a..b/"),
        (Source, SOURCE, "url", "https://a-.org/"),
        (Source, SOURCE, "url", "https://%41/"),
        (Source, SOURCE, "url", f"https://{'a' * 64}.org/"),
        (Source, SOURCE, "url", "https://example.org:0/"),
        (Source, SOURCE, "url", "https://example.org:65536/"),
        (Source, SOURCE, "url", "https://example.org:99999/"),
        (Source, SOURCE, "text_sha256", "A" * 64),
        (Source, SOURCE, "text_sha256", "a" * 63),
        (Source, SOURCE, "id", "src-a\n"),
        (Source, SOURCE, "id", "src-"),
        (Source, SOURCE, "id", "src--a"),
        (Source, SOURCE, "id", "src-ä"),
        (Source, SOURCE, "id", "src-" + "a" * 120),
        (Source, SOURCE, "id", "src-../../etc"),
        (Source, SOURCE, "extra", 1),
        (Source, SOURCE, "publisher_id", "act-a"),
        (Claim, CLAIM, "stance", "Asserts"),
        (Claim, CLAIM, "stance", 1),
        (Claim, CLAIM, "coded", "2025-3-4"),
        (Claim, CLAIM, "coded", "2025-02-29"),
        (Claim, CLAIM, "coded", "0000-01-01"),
        (Claim, CLAIM, "coded", datetime(2025, 3, 4, tzinfo=UTC)),
        (Claim, CLAIM, "coder", "Coder One"),
        (Claim, CLAIM, "verdict", "two\nlines"),
        (Claim, CLAIM, "chain", {"statement": "stm-a"}),
        (Place, PLACE, "lat", 90.5),
        (Place, PLACE, "lat", "12"),
        (Place, PLACE, "lat", True),
        (Place, PLACE, "lon", float("nan")),
        (Place, PLACE, "country", "ru"),
        (Place, PLACE, "country", "XX"),
        (Place, PLACE, "iso_3166_2", "RU-ZZZ"),
        (Place, PLACE, "geonames", 5),
        (Place, PLACE, "geonames", "0"),
        (Place, PLACE, "wikidata", "Q0"),
        (Place, PLACE, "name", "A\u200b"),
        (Proposition, PROPOSITION, "low", float("nan")),
        (Proposition, PROPOSITION, "low", float("inf")),
        (Proposition, PROPOSITION, "high", float("-inf")),
        (Proposition, PROPOSITION, "low", 10**400),
        (Proposition, PROPOSITION, "low", "2"),
        (Quote, QUOTE | {"claim": "clm-a", "seq": 1}, "seq", 0),
        (Quote, QUOTE | {"claim": "clm-a", "seq": 1}, "exact", ""),
    ],
)
def test_a_value_is_taken_as_it_is_written_or_refused(
    model: type[Record], record: dict[str, Any], field: str, value: object
) -> None:
    model.model_validate(record)
    found = errors(model, record | {field: value})
    assert (field,) in found


def test_values_that_are_taken() -> None:
    taken = Source.model_validate(
        SOURCE
        | {
            "retrieved": "2025-03-04T01:30:00.25+03:00",
            "url": "https://example.org:8080/a/(b)?q='x'&r=[1]#c%20d",
            "lang": "pt-BR",
            "title": "Ärger\u00a0« naïf »",
        }
    )
    assert taken.retrieved == datetime(2025, 3, 3, 22, 30, 0, 250000, tzinfo=UTC)
    assert Proposition.model_validate(PROPOSITION | {"low": 90}).low == 90.0
    place = PLACE | {"lat": -90, "lon": 180.0, "country": "RU", "iso_3166_2": "RU-NGR"}
    assert Place.model_validate(place).lat == -90.0


def test_records_become_rows_of_flat_tables() -> None:
    event = {
        "id": "evt-a",
        "label": "Alleged fire",
        "type": "other",
        "time": "../2025-03",
        "participants": [{"actor": "act-a", "role": "party"}],
        "propositions": [PROPOSITION],
    }
    tables = build_tables([Event.model_validate(event)])
    assert list(tables) == list(MODELS)
    assert tables["participants"].to_pylist() == [
        {"event_id": "evt-a", "actor_id": "act-a", "role": "party"}
    ]
    row = tables["events"].to_pylist()[0]
    assert (row["time"], row["time_earliest"], row["time_latest"]) == (
        "../2025-03",
        None,
        date(2025, 3, 31),
    )
    assert tables["propositions"]["event_id"].to_pylist() == ["evt-a"]
    assert all(table.schema.equals(record_schema(name)) for name, table in tables.items())
    assert sum(table.num_rows for table in tables.values()) == 3


# Patterns


def patterns() -> dict[str, str]:
    """Every pattern of the schema, and where it is."""
    found: dict[str, str] = {}

    def visit(schema: Any, path: str) -> None:
        if isinstance(schema, dict):
            if isinstance(schema.get("pattern"), str):
                found.setdefault(schema["pattern"], path)
            for key, value in schema.items():
                visit(value, f"{path}/{key}")

    for model in (*MODELS.values(), Dataset):
        visit(TypeAdapter(model).json_schema(), model.__name__)
    return found


# Anchors at the ends; ASCII literals, classes and groups; repeats of up to three digits.
_PORTABLE = re.compile(
    r"\^(?:[A-Za-z0-9:,/_~%@ ()|?*+\"-]|\\[.\[\]\\]|\[(?:[^\\\[\]]|\\[\[\].])+\]"
    r"|\{[0-9]{1,3}(?:,[0-9]{1,3})?\})+\$"
)


@pytest.mark.parametrize("pattern", patterns())
def test_a_pattern_means_the_same_in_three_engines(pattern: str) -> None:
    assert pattern.isascii()
    assert _PORTABLE.fullmatch(pattern), pattern
    assert "(?" not in pattern


@pytest.mark.parametrize("pattern", patterns())
@settings(max_examples=25)
@given(st.data())
def test_three_engines_agree_on_texts_near_a_pattern(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern[1:-1], fullmatch=True))
    at = data.draw(st.integers(0, len(text)))
    char = data.draw(st.sampled_from("٣é\n-Zz_ \u212a0") | st.characters(codec="utf-8"))
    changed = [text, text[:at] + char + text[at:], text[:at] + text[at + 1 :], text + "\n"]
    python = [re.fullmatch(pattern[1:-1], each) is not None for each in changed]
    re2 = pc.match_substring_regex(pa.array(changed), pattern).to_pylist()
    assert python == re2 == [in_rust(pattern, each) for each in changed]


def in_rust(pattern: str, text: str) -> bool:
    try:
        adapter(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


@cache
def adapter(pattern: str) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])


def test_every_code_that_the_schema_breaks_is_a_rule() -> None:
    used = {
        mark.code
        for model in MODELS.values()
        for field in model.__pydantic_fields__.values()
        for mark in marks(field)
        if isinstance(mark, Breaks)
    }
    assert used
    assert used <= set(RULES)


def test_every_table_with_ids_has_a_prefix() -> None:
    assert sorted(PREFIXES.values()) == sorted(n for n, m in MODELS.items() if m.key == ("id",))
    for prefix, table in PREFIXES.items():
        pattern = MODELS[table].model_json_schema()["properties"]["id"]["pattern"]
        assert re.match(pattern, f"{prefix}-a-1")
        assert not re.match(pattern, "xxx-a-1")


# JSON Schema


def plain(path: Path) -> Any:
    node = parse_yaml(path.read_text(encoding="utf-8"), pytest.fail)
    assert node is not None
    return node.plain()


def fictional() -> dict[str, Any]:
    files = sorted(FICTIONAL.rglob("*.yaml"))
    return {path.name: plain(path) for path in files if path.name != "dataset.yaml"}


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(record_file_schema())


def test_json_schemas_are_valid_drafts() -> None:
    for schema in (record_file_schema(), dataset_file_schema()):
        jsonschema_rs.meta.validate(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        json.dumps(schema, allow_nan=False)


def test_json_schema_accepts_the_fictional_dataset(
    validator: jsonschema_rs.Draft202012Validator,
) -> None:
    assert len(fictional()) > 3
    for name, document in fictional().items():
        assert [str(error) for error in validator.iter_errors(document)] == [], name
    dataset = jsonschema_rs.Draft202012Validator(dataset_file_schema())
    assert dataset.is_valid(plain(FICTIONAL / "dataset.yaml"))


def everything() -> dict[str, Any]:
    """All records of the fictional dataset as one file."""
    whole: dict[str, Any] = {}
    for document in fictional().values():
        for table, records in document.items():
            if isinstance(records, list):
                whole.setdefault(table, []).extend(records)
            else:
                whole[table] = records
    return whole


def first_with(whole: dict[str, Any], table: str, field: str) -> dict[str, Any]:
    return next(record for record in whole[table] if record.get(field))


DAMAGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "unknown table": lambda w: w.update(actor=[]),
    "unknown field": lambda w: w["actors"][0].update(nmae="x"),
    "missing field": lambda w: w["actors"][0].pop("kind"),
    "unknown code": lambda w: w["actors"][0].update(kind="robot"),
    "number for a text": lambda w: w["actors"][0].update(name=5),
    "null for a text": lambda w: w["actors"][0].update(name=None),
    "malformed id": lambda w: w["actors"][0].update(id="act-Ann"),
    "id of another table": lambda w: w["roles"][0].update(actor="plc-a"),
    "time outside the profile": lambda w: w["sources"][0].update(published="3 March"),
    "latitude": lambda w: w["places"][0].update(lat=91),
    "negative position": lambda w: w["sources"][0].update(text_chars=-1),
    "empty text": lambda w: w["places"][0].update(name=""),
    "record that is a text": lambda w: w["actors"].append("act-a"),
    "table that is a mapping": lambda w: w.update(actors={}),
    "list that is null": lambda w: w["sources"][0].update(claims=None),
    "nested: unknown code": lambda w: first_with(w, "sources", "claims")["claims"][0].update(
        stance="denys"
    ),
    "nested: missing field": lambda w: first_with(w, "sources", "claims")["claims"][0].pop(
        "proposition"
    ),
    "nested twice: unknown field": lambda w: first_with(w, "sources", "claims")["claims"][0][
        "quotes"
    ][0].update(text="x"),
    "default of another kind": lambda w: w["defaults"].update(method="guess"),
    "default that is none": lambda w: w["defaults"].update(stance="denies"),
}


def test_the_file_of_everything_is_valid(
    validator: jsonschema_rs.Draft202012Validator, tmp_path: Path
) -> None:
    assert validator.is_valid(everything())
    file = tmp_path / "whole.json"
    file.write_text(json.dumps(everything()), encoding="utf-8")
    assert read([file]).complete


@pytest.mark.parametrize("damage", DAMAGE)
def test_json_schema_and_reader_refuse_the_same_damage(
    damage: str,
    validator: jsonschema_rs.Draft202012Validator,
    tmp_path: Path,
) -> None:
    whole = deepcopy(everything())
    DAMAGE[damage](whole)
    assert not validator.is_valid(whole)
    file = tmp_path / "whole.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert not read([file]).complete


def test_json_schema_says_what_fields_and_codes_mean() -> None:
    schema = record_file_schema()
    claim = schema["$defs"]["Claim"]
    assert claim["properties"]["coded"]["description"] == "The day on which the claim was coded."
    assert {"const": "denies", "description": vocabularies.Stance.DENIES.rule} in schema["$defs"][
        "Stance"
    ]["oneOf"]
    assert "source" not in schema["$defs"]["NestedClaim"]["properties"]


# Canonical text

unicode_text = st.text(st.characters(codec="utf-8"))


@given(unicode_text)
def test_canonical_text_is_stable_and_one_for_all_line_ends(text: str) -> None:
    once = canonical_text(text.encode())
    assert canonical_text(once.encode()) == once
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    assert canonical_text(unix.replace("\n", "\r\n").encode()) == once


def test_canonical_text_changes_nothing_else() -> None:
    kept = '\ufeff“curly” and "straight"  twice \u00a0 \t fi ﬁ ①\n\n'
    assert canonical_text(kept.encode()) == kept
    with pytest.raises(UnicodeDecodeError):
        canonical_text("é".encode("latin-1"))
    assert sha256_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\x00b", "control character U+0000 at character 2"),
        ("a\x1b[31m", "control character U+001B"),
        ("a\x9bm", "control character U+009B"),
        ("a\u2028b", "control character U+2028"),
        ("a\u200bb", "has U+200B at character 2"),
        ("a\u00adb", "has U+00AD at character 2"),
        ("a\u2060b", "has U+2060"),
        ("a\U000e0041b", "has U+E0041"),
        ("\u3164", "has U+3164 at character 1"),
        ("a\uffa0", "has U+FFA0"),
        ("a\ufdd0b", "has U+FDD0"),
        ("a\ufffe", "has U+FFFE"),
        ("a\U0010ffff", "has U+10FFFF"),
        ("a\ufffdb", "has U+FFFD"),
        ("\ue000", "has U+E000"),
        ("a\U00100000", "has U+100000"),
        ("\ufe0f", "stray variation selector at character 1"),
        ("a \ufe0f", "stray variation selector at character 3"),
        ("a\ufe0f\ufe0f", "stray variation selector at character 3"),
        ("\u200d\u200e", "holds nothing that can be seen"),
        ("a\u202eb", "direction override U+202E"),
        ("a\u2066b", "direction override U+2066"),
        ("cafe\u0301", "normal form C"),
        (" a", "stray blanks at character 1"),
        ("a ", "stray blanks at character 2"),
        ("a\u00a0\u00a0b", "stray blanks at character 2"),
        ("a\tb", "stray blanks"),
        ("a \nb", "stray blanks"),
        ("a\n\n\nb", "stray blanks"),
        ("a\n", "stray blanks"),
    ],
)
def test_what_may_not_stand_in_a_record(text: str, found: str) -> None:
    assert found in (what_is_not_canonical(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "“Ann”",
        "\u0627\u200f\u0628",
        "\u0646\u200c\u0647",
        "a\n\nb",
        "naïve",
        "👩\u200d🚀",
        "\u2764\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "\u845b\U000e0100",
        "\u0600\u0661",
    ],
)
def test_what_may_stand_in_a_record(text: str) -> None:
    assert what_is_not_canonical(text) is None


SEEN_OR_NEEDED = {
    *map(chr, (0x061C, 0x200C, 0x200D, 0x200E, 0x200F)),
    *map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD)),
}
"""Format characters that join letters, direct a line, or show a sign around numbers."""


def test_all_other_characters_that_are_not_seen_are_refused() -> None:
    every = [chr(point) for point in range(0x80, 0x110000)]
    taken = {char for char in every if what_is_not_canonical(f"a{char}a") is None}
    hidden = {char for char in every if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")}
    assert taken & hidden == SEEN_OR_NEEDED
    letters = {char for char in every if unicodedata.category(char)[0] in "LN"}
    fillers = set("\u115f\u1160\u3164\uffa0")
    composed = {char for char in letters if not unicodedata.is_normalized("NFC", f"a{char}a")}
    assert letters - taken == fillers | composed


@pytest.mark.parametrize("text", ["soft\u00adhyphen", "a\u200bb", "\ue000", "a\ufffd", "a\u2060"])
def test_words_of_a_source_keep_what_it_prints(text: str) -> None:
    assert what_is_not_canonical(text, verbatim=True) is None


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\x00", "a\U000e0041", "a\uffff", "a\ufeff", "\ufe0f"]
)
def test_words_of_a_source_hide_nothing(text: str) -> None:
    assert what_is_not_canonical(text, verbatim=True) is not None


@given(unicode_text)
def test_verbatim_text_keeps_its_blanks_and_nothing_worse(text: str) -> None:
    if what_is_not_canonical(text) is None:
        assert what_is_not_canonical(text, verbatim=True) is None
    if what_is_not_canonical(text, verbatim=True) is None:
        assert canonical_text(text.encode()) == text
