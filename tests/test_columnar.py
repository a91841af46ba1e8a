"""Reading lines in columns: what is vouched for is what strict pydantic accepts, value for value.

A million lines and more, by hand: ``ALLEGATA_CASES=1000000 pytest tests/test_columnar.py``.
"""

# ruff: noqa: RUF001 - texts are in many scripts

from __future__ import annotations

import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, Field, field_validator

from allegata.reading import read
from allegata.reading.columnar import Columnar, NotCompilable
from allegata.reading.columnar.plan import compiled
from allegata.schema import MODELS, Record
from allegata.schema.record import Parent
from allegata.schema.types import ClaimId, Nested
from columnar_cases import (
    Held,
    changed,
    hold,
    lines_of,
    mutated,
    odd_lines,
    see_same_rows,
    vouched_for,
)
from fuzz.fuzz_columnar import check
from model_records import records, whole_record
from odd_values import ODD_LINES

TABLES = list(MODELS)
FICTIONAL = Path(__file__).parent / "fictional"
CORPUS = Path(__file__).parent / "fuzz" / "corpus"
CASES = int(os.environ.get("ALLEGATA_CASES", "30000"))
"""How many mutated lines to try, beside some 70,000 odd ones that are always the same."""
_RECORDS, _MUTATIONS = 8, 60

CLAIM = whole_record("claims")


def line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


@pytest.mark.parametrize("table", TABLES)
def test_odd_values_keys_and_lists_are_as_the_model_has_them(table: str) -> None:
    odd = list(odd_lines(whole_record(table), MODELS[table]))
    known: dict[bytes, Record | None] = {}
    held = hold(Columnar.of(table), table, b"\n".join(odd), known=known)
    assert held.lines > 700
    assert held.right >= held.vouched > 0.6 * held.right
    # In small blocks a single odd line decides how all are read.
    for at in range(0, len(odd), 23):
        hold(Columnar.of(table), table, b"\n".join(odd[at : at + 2]), at, known=known)


@pytest.mark.parametrize("table", TABLES)
def test_odd_lines_alone_and_among_others(table: str) -> None:
    good = line(whole_record(table))
    for odd in ODD_LINES:
        for lines in ([odd], [good, odd, good], [odd, good], [good, odd]):
            held = hold(Columnar.of(table), table, b"\n".join(lines))
            assert held.vouched == lines.count(good) or b"\n" in odd or b"\r" in odd


@st.composite
def _blocks(draw: st.DrawFn) -> tuple[str, list[bytes]]:
    table = draw(st.sampled_from(TABLES))
    made = draw(st.lists(records(table), min_size=_RECORDS, max_size=_RECORDS))
    choices = random.Random(draw(st.integers(0, 2**32)))
    written = [
        json.dumps(record, ensure_ascii=draw(st.booleans()), separators=separators).encode()
        for record in made
        for separators in [draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :  ")]))]
    ]
    lines = []
    for record, one in zip(made, written, strict=True):
        lines += [one, *(mutated(one, choices) for _ in range(_MUTATIONS // 2))]
        lines += [changed(record, choices) for _ in range(_MUTATIONS // 2)]
    return table, lines


def test_records_and_their_mutations() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=CASES // (_RECORDS * (_MUTATIONS + 1)) + 1,
        suppress_health_check=list(HealthCheck),
    )
    @given(_blocks(), st.integers(0, 2**40))
    def compare(block: tuple[str, list[bytes]], first: int) -> None:
        table, lines = block
        known: dict[bytes, Record | None] = {}
        held = hold(Columnar.of(table), table, b"\n".join(lines), first, known)
        seen.update(held._asdict())
        for at in range(0, len(lines), 61):
            hold(Columnar.of(table), table, b"\n".join(lines[at : at + 2]) + b"\n", at, known)

    compare()
    assert seen["lines"] >= CASES
    assert seen["vouched"] > 0.5 * seen["right"] > 0


def test_the_fictional_dataset_is_read_in_columns_alone() -> None:
    found = read([FICTIONAL])
    for table, model in MODELS.items():
        rows = found.table(table).select(list(model.columns())).to_pylist()
        records = [model.model_validate(row, by_name=True) for row in rows]
        lines = [record.model_dump_json().encode() for record in records]
        block = b"\n".join(lines)
        assert hold(Columnar.of(table), table, block) == Held(len(lines), len(lines), len(lines))


SCRIPTS = [
    "Атака на резиденцию в Новгородской области — «не было»",
    "Речник заявив: її не було, п’ятниця",
    "Der Sprecher sagte: „größer als üblich“ …",
    "Le porte-parole a déclaré : « c’est faux » – œuvre",
    "Ο εκπρόσωπος είπε ότι δεν έγινε",
    "הדובר אמר שזה לא קרה",
    "قال المتحدث إن ذلك لم يحدث",
    "发言人说没有发生",
    "대변인은 그런 일이 없었다고 말했다",
    "スポークスマンは否定した",
    "प्रवक्ता ने कहा",
    "Người phát ngôn phủ nhận",
    "Rzecznik zaprzeczył, że doszło do ataku",
    "🙂 emoji ❤️ and 1,5 % ± 3 °C",
]


def test_plain_text_of_many_scripts_is_read_in_columns_alone() -> None:
    quote = {"role": "speech", "start": 0, "end": 1, "sha256": "0" * 64}
    lines = [
        json.dumps(
            {**CLAIM, "note": text, "quotes": [{**quote, "exact": text}]}, ensure_ascii=escaped
        ).encode()
        for text in SCRIPTS
        for escaped in (False, True)
    ]
    assert hold(Columnar.of("claims"), "claims", b"\n".join(lines)).vouched == len(lines)


@pytest.mark.parametrize(
    ("block", "refused"),
    [
        (b"", []),
        (b"\n", [7]),
        (b"\n\n", [7, 8]),
        (b"{}", [7]),
        (line(CLAIM), []),
        (line(CLAIM) + b"\n", []),
        (line(CLAIM) + b"\r\n", []),
        (line(CLAIM) + b"\r\n" + line(CLAIM) + b"\r\n", []),
        (line(CLAIM) + b"\n\n" + line(CLAIM), [8]),
        (line(CLAIM) + b"\n" + line(CLAIM) + line(CLAIM) + b"\n" + line(CLAIM), [8]),
        (b"null\n" + line(CLAIM) + b"\n", [7]),
        (b"null", [7]),
    ],
)
def test_ends_of_lines_and_of_blocks(block: bytes, refused: list[int]) -> None:
    part = Columnar.of("claims").read_lines(block, 7)
    assert part.refused == refused
    count = len(lines_of(block))
    assert part.tables["claims"].num_rows == count - len(refused)
    assert part.tables["hops"].num_rows == 2 * (count - len(refused))


FAULTS = {
    "unknown field": {**CLAIM, "extra": 1},
    "unknown field of a quote": {**CLAIM, "quotes": [{**CLAIM["quotes"][0], "extra": None}]},
    "number for text": {**CLAIM, "note": 1},
    "text for number": {**CLAIM, "quotes": [{**CLAIM["quotes"][0], "start": "0"}]},
    "fraction for whole number": {**CLAIM, "quotes": [{**CLAIM["quotes"][0], "start": 1.0}]},
    "too large for 64 bits": {**CLAIM, "quotes": [{**CLAIM["quotes"][0], "end": 2**70}]},
    "unknown code": {**CLAIM, "stance": "asserted"},
    "missing": {key: value for key, value in CLAIM.items() if key != "source"},
    "null in a list": {**CLAIM, "chain": [None]},
    "position": {**CLAIM, "chain": [{**CLAIM["chain"][0], "position": 2}]},
}


def test_a_faulty_line_costs_no_other() -> None:
    good = line(CLAIM)
    faulty = [line(record) for record in FAULTS.values()]
    faulty += [
        good[:-1],
        good[:-1] + b',"id":"clm-a"}',
        good + b",",
        b"",
        good + good,
        b"\xff" + good,
    ]
    faulty += [good.replace(b'"stance"', b'"\\u0073tance":null,"stance"')]
    faulty += [
        good.replace(b', "stance"', b'{ "stance"'),
        good.replace(b', "stance"', b' "stance"'),
    ]
    lines = [part for odd in faulty for part in (good, odd)] * 3 + [good]
    held = hold(Columnar.of("claims"), "claims", b"\n".join(lines))
    assert held == Held(len(lines), 3 * len(faulty) + 1, 3 * len(faulty) + 1)


def test_nested_records_have_their_place_on_the_line() -> None:
    claim = {key: value for key, value in CLAIM.items() if key != "source"}
    claims = [{**claim, "id": f"clm-{at}"} for at in range(3)]
    claims[1] = {key: value for key, value in claims[1].items() if key != "chain"}
    source = {**whole_record("sources"), "claims": claims}
    empty = {**source, "claims": []}
    part = Columnar.of("sources").read_lines(b"\n".join(map(line, (source, empty, source))), 10)
    assert part.refused == []
    hops = part.tables["hops"].select(["claim_id", "position", "_line", "_index"]).to_pylist()
    one = [("clm-0", 1, 0), ("clm-0", 2, 1), ("clm-2", 1, 2), ("clm-2", 2, 3)]
    assert [tuple(row.values()) for row in hops] == [
        (claim, position, number, index) for number in (10, 12) for claim, position, index in one
    ]


def test_two_threads_read_as_one_does() -> None:
    odd = list(odd_lines(CLAIM, MODELS["claims"]))
    blocks = [b"\n".join(odd[at : at + 200]) for at in range(0, 4000, 200)]
    reader = Columnar.of("claims")
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda block: reader.read_lines(block, 0), blocks))
    for block, part in zip(blocks, together, strict=True):
        alone = reader.read_lines(block, 0)
        assert part.refused == alone.refused
        assert part.tables == alone.tables


def test_a_text_of_20_megabytes_and_a_bomb_of_depth() -> None:
    long, deep = {**CLAIM, "note": "a" * 20_000_000}, b'{"chain":' + b"[" * 1_000_000
    block = b"\n".join([line(CLAIM), line(long), line(CLAIM), deep, deep + b"]" * 1_000_000 + b"}"])
    assert hold(Columnar.of("claims"), "claims", block).vouched == 2


class _Strange(Record):
    table: ClassVar = "claims"
    id: ClaimId


def _strange(name: str, annotation: Any, default: Any = ...) -> type[Record]:
    space = {"__annotations__": {name: annotation}, "__module__": __name__}
    return type("Strange", (_Strange,), space if default is ... else {**space, name: default})


class _Checked(_Strange):
    @field_validator("id")
    @classmethod
    def _check(cls, value: str) -> str:
        return value


class _Childless(_Strange):
    chain: Annotated[list[_Strange], Nested("id")] = []


class _OfStranges(Parent):
    table: ClassVar = "events"
    id: ClaimId
    chain: Annotated[list[_Strange], Field(max_length=2), Nested("id")] = []


@pytest.mark.parametrize(
    "model",
    [
        _Checked,
        _Childless,
        _OfStranges,
        _strange("n", int),
        _strange("n", Annotated[int, Field(ge=0, le=9, multiple_of=2)]),
        _strange("n", Annotated[float, AfterValidator(abs)]),
        _strange("n", str | int),
        _strange("n", list[str]),
        _strange("n", bytes),
        _strange("n", str, Field(default_factory=str)),
    ],
)
def test_what_has_no_equal_in_columns_is_not_read_in_columns(
    model: type[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "claims", model)
    with pytest.raises(NotCompilable):
        Columnar.of.__func__.__wrapped__(Columnar, "claims")


def test_see_same_rows_sees_a_difference() -> None:
    part = Columnar.of("claims").read_lines(line(CLAIM), 1)
    assert vouched_for(part, 1, 1) == [1]
    right = MODELS["claims"].model_validate_json(line(CLAIM))
    see_same_rows(part, "claims", {1: right})
    other = MODELS["claims"].model_validate_json(line({**CLAIM, "note": "other"}))
    for wrong in ({1: other}, {2: right}, {}, {1: right, 2: right}):
        with pytest.raises(AssertionError):
            see_same_rows(part, "claims", wrong)


def test_every_table_can_be_read_in_columns() -> None:
    assert {table: type(Columnar.of(table)) for table in TABLES} == dict.fromkeys(TABLES, Columnar)
    assert pa.types.is_int64(Columnar.of("hops").read_lines(b"", 0).tables["hops"]["_line"].type)


@pytest.mark.parametrize("case", sorted(CORPUS.iterdir()), ids=lambda path: path.stem)
def test_the_fuzz_target_finds_nothing_in_its_corpus(case: Path) -> None:
    check(case.read_bytes())


def test_only_times_and_codes_from_registers_are_asked_about_one_by_one() -> None:
    asked = {leaf.name for table in TABLES for leaf in compiled(table).leaves if leaf.tests is None}
    times = {"time", "said", "start", "end", "published", "retrieved", "coded"}
    assert asked == times | {"lang", "country", "iso_3166_2"}
