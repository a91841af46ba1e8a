"""YAML record files: YAML 1.2 and no more, with the place of every value."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from allegata.reading.parsing.nodes import MAX_DEPTH, Node, Unparsable
from allegata.reading.parsing.yamlfile import parse_yaml, value_of

Report = tuple[str, int, int]

# What may stand in a YAML file as it is; a record file's other characters are refused earlier.
printable = st.characters(
    codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"
)
texts = st.text(printable, max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def parsed(text: str) -> tuple[Node | None, list[Report]]:
    reports: list[Report] = []
    node = parse_yaml(text, lambda code, _, at: reports.append((code, at.line, at.column)))
    return node, reports


def scalars_of(node: Node) -> Iterator[Node]:
    if isinstance(node.value, dict):
        for child in node.value.values():
            assert child.key is not None
            yield child.key
            yield from scalars_of(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from scalars_of(child)
    else:
        yield node


def source_of(node: Node, text: str) -> str:
    assert node.line == node.end_line
    return text.split("\n")[node.line - 1][node.column - 1 : node.end_column - 1]


@given(values, st.sampled_from([None, 1, 4]))
def test_json_means_in_yaml_what_it_means_in_json(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    node, reports = parsed(text)
    assert node is not None
    assert repr(node.plain()) == repr(json.loads(text))
    assert reports == []
    for each in scalars_of(node):
        assert repr(json.loads(source_of(each, text))) == repr(each.plain())


@given(values, st.booleans())
def test_what_stands_at_a_place_is_the_value(value: Any, flow: bool) -> None:
    text = "# ä 😀\n" + yaml.safe_dump(
        value, default_flow_style=flow, width=math.inf, allow_unicode=True
    )
    node, reports = parsed(text)
    assert node is not None
    assert reports == []
    for each in scalars_of(node):
        if each.line == each.end_line:
            alone, _ = parsed(source_of(each, text))
            assert repr(each.plain()) == repr(alone.plain() if alone else None), text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("n", "n"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("false", False),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("", None),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("0o17", 15),
        ("017", 17),
        ("0O17", "0O17"),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("+1", 1),
        ("-0", 0),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5e-1", -0.05),
        (".", "."),
        ("1e", "1e"),
        ("e1", "e1"),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("+.INF", math.inf),
        (".iNF", ".iNF"),
        ("inf", "inf"),
        ("2025-12-29", "2025-12-29"),
        ("2025-12-29T14:05:00Z", "2025-12-29T14:05:00Z"),
        ("2025", 2025),
        ("1.10", 1.1),
        ('"true"', "true"),
        ("'null'", "null"),
        ('""', ""),
        ('"\\u00e9\\x41\\U0001F600\\/"', "éA😀/"),
        ("'it''s'", "it's"),
        ("=", "="),
        ("<<", "<<"),
        ("１２", "１２"),  # noqa: RUF001 - full-width digits are no number
        ("1" * 401, math.inf),
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(text: str, value: object) -> None:
    node, reports = parsed(f"a: {text}\n")
    assert node is not None
    found = node.at(["a"]).value
    assert (found, type(found)) == (value, type(value))
    assert reports == []


def test_not_a_number_is_a_number_of_its_kind() -> None:
    assert all(math.isnan(float(str(value_of(text)))) for text in (".nan", ".NaN", ".NAN"))


def test_what_is_no_text_keeps_how_it_is_written() -> None:
    node, _ = parsed("[0x1F, TRUE, .nan, 1.10, ~, '5', x, \"true\"]")
    assert node is not None
    assert isinstance(node.value, list)
    written = [each.written for each in node.value]
    assert written == ["0x1F", "TRUE", ".nan", "1.10", "~", None, None, None]


def test_block_scalars_and_folding() -> None:
    node, _ = parsed("a: |\n  x\n   y\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  k\n\n")
    assert node is not None
    assert node.plain() == {"a": "x\n y\n", "b": "one two\nthree", "c": "k\n\n"}
    assert (node.at(["b"]).line, node.at(["b"]).column) == (5, 4)


@pytest.mark.parametrize(
    ("text", "reports", "value"),
    [
        ("a: 1\nb: 2\na: 3\n", [("KEY_DUPLICATE", 3, 1)], {"a": 1, "b": 2}),
        ("a: 1\n'a': 3\n", [("KEY_DUPLICATE", 2, 1)], {"a": 1}),
        (
            "- {a: 1, a: 2, a: 3}\n",
            [("KEY_DUPLICATE", 1, 10), ("KEY_DUPLICATE", 1, 16)],
            [{"a": 1}],
        ),
        ("a: &x 1\n", [("YAML_FEATURE", 1, 4)], {"a": 1}),
        (
            "a: &x [1]\nb: *x\n",
            [("YAML_FEATURE", 1, 4), ("YAML_FEATURE", 2, 4)],
            {"a": [1], "b": None},
        ),
        ("&x a: 1\n", [("YAML_FEATURE", 1, 1)], {"a": 1}),
        ("a: !!str 1\n", [("YAML_FEATURE", 1, 4)], {"a": "1"}),
        ("a: !!python/object/apply:os.system [x]\n", [("YAML_FEATURE", 1, 4)], {"a": ["x"]}),
        ("--- !<tag:x.org,2000:y> {a: 1}\n", [("YAML_FEATURE", 1, 5)], {"a": 1}),
        ("a: 1\n---\nb: 2\n", [("YAML_FEATURE", 2, 1)], {"a": 1}),
        ("? [1, 2]\n: x\n", [("FILE_SHAPE", 1, 3)], {}),
        ("? {a: 1}\n: x\n", [("FILE_SHAPE", 1, 3)], {}),
        ("<<: {a: 1}\nb: 2\n", [], {"<<": {"a": 1}, "b": 2}),
        ("1: x\ntrue: y\n", [], {"1": "x", "true": "y"}),
        ("%YAML 1.1\n---\na: no\n", [], {"a": "no"}),
    ],
)
def test_what_goes_beyond_plain_values_is_reported(
    text: str, reports: list[Report], value: object
) -> None:
    node, found = parsed(text)
    assert found == reports
    assert node is not None
    assert node.plain() == value


def test_a_billion_laughs_stay_small() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    node, reports = parsed("l0: &l0 [lol]\n" + "\n".join(levels))
    assert node is not None
    assert len(repr(node.plain())) < 10_000
    assert {code for code, _, _ in reports} == {"YAML_FEATURE"}


@pytest.mark.parametrize("bomb", ["[", "{a: ", "- ", "? ", "a:\n ", "[{a: ["])
def test_a_deep_document_is_refused(bomb: str) -> None:
    text = bomb * 100_000
    if "\n" in bomb:
        text = "".join(f"{' ' * n}a:\n" for n in range(MAX_DEPTH + 5))
    with pytest.raises(Unparsable, match=f"nests more than {MAX_DEPTH} levels deep"):
        parsed(text)


def test_a_document_may_nest_as_deep_as_the_limit() -> None:
    node, _ = parsed("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert node is not None


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x" * 10_000_000,
        'a: "' + "x y\n  " * 2_000_000 + '"',
        "a: |\n" + "  x\n" * 1_000_000,
        "#" * 10_000_000 + "\na: 1",
        "'" * 2_000_000,
        "a" + ":a" * 1_000_000,
        "\n" * 5_000_000 + "a: 1",
    ],
    ids=["plain", "quoted", "block", "comment", "quotes", "colons", "blank"],
)
def test_a_huge_scalar_is_read_in_time(text: str) -> None:
    assert parsed(text)[0] is not None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c\n", (1, 5)),
        ("a: [1, 2\n", (2, 1)),
        ("a:\n\t- b\n", (2, 1)),
        ('a: "x\n', (2, 1)),
        ("a: 'x\n\n", (3, 1)),
        ("a: @x\n", (1, 4)),
        ("a: x\n b: y\n", (2, 3)),
        ('a: "\\ud83d"\n', (1, 7)),
        ("a: %x\n", (1, 4)),
        ("é: {x: [1}\n", (1, 10)),
        ("a: 1\n...\nb\n", (3, 1)),
    ],
)
def test_where_a_document_is_refused(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unparsable) as error:
        parsed(text)
    assert (error.value.node.line, error.value.node.column) == place


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n...\n", "%YAML 1.2\n---\n"])
def test_a_document_without_a_value(text: str) -> None:
    node, reports = parsed(text)
    assert node is None or node.value is None
    assert reports == []


DOCUMENT = """\
defaults: {method: human, coder: c1}
sources:
  - id: src-a   # a note
    title: "A \\u00e9 'title'"
    note: >-
      Folded
      text
    claims:
      - {id: clm-a, quotes: [{start: 0, end: 5}], coded: '2025-01-01'}
? key
: [~, 1e3, |-
"""


@given(st.text() | st.text("[]{}\"',:\\ \n-?&*!|>%@#~ab01.", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refused(text)


@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    text = DOCUMENT
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        new = data.draw(st.text("[]{}\"',:\\ \n\t-?&*!|>%@#~a0.", max_size=3) | st.text(max_size=2))
        text = text[:at] + new + text[at + data.draw(st.integers(0, 5)) :]
    read_or_refused(text)


def read_or_refused(text: str) -> None:
    try:
        node, _ = parsed(text)
    except Unparsable as error:
        places = [error.node]
    else:
        places = list(scalars_of(node)) if node else []
    if not set(text) & set("\r\x85\u2028\u2029"):  # refused before the text is parsed
        lines = text.split("\n")
        for place in places:
            assert 1 <= place.line <= place.end_line <= len(lines) + 1
            assert place.column >= 1
