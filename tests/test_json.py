"""JSON record files: the same values as any JSON parser, with the place of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegata.reading.parsing.jsonfile import parse_json
from allegata.reading.parsing.nodes import MAX_DEPTH, Node, Unparsable

Report = tuple[str, str, int, int]

unicode_text = st.text(st.characters(codec="utf-8"), max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | unicode_text
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(unicode_text, inner, max_size=4),
    max_leaves=12,
)
layouts = st.sampled_from([None, 0, 2, "\t"])


def parsed(text: str) -> tuple[Node | None, list[Report]]:
    reports: list[Report] = []
    node = parse_json(
        text, lambda code, message, at: reports.append((code, message, at.line, at.column))
    )
    return node, reports


def everything(node: Node) -> Iterator[Node]:
    """The node, its keys, and all that is within."""
    yield node
    inside = list(node.value.values()) if isinstance(node.value, dict) else node.value
    for child in inside if isinstance(inside, list) else ():
        if child.key:
            yield child.key
        yield from everything(child)


def source_of(node: Node, text: str) -> str:
    """What stands between the places of a node."""
    lines = text.split("\n")
    if node.line == node.end_line:
        return lines[node.line - 1][node.column - 1 : node.end_column - 1]
    first, last = lines[node.line - 1][node.column - 1 :], lines[node.end_line - 1]
    return "\n".join([first, *lines[node.line : node.end_line - 1], last[: node.end_column - 1]])


@given(values, layouts, st.booleans())
def test_values_are_those_of_the_standard_library(
    value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    node, reports = parsed(text)
    assert node is not None
    assert repr(node.plain()) == repr(json.loads(text))
    assert reports == []


@given(values, layouts, st.booleans())
def test_what_stands_at_a_place_is_the_value(
    value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    text = " \n " + json.dumps(value, indent=indent, ensure_ascii=ascii_only) + "\n"
    node, _ = parsed(text)
    assert node is not None
    for each in everything(node):
        assert repr(json.loads(source_of(each, text))) == repr(each.plain())


@given(st.text() | st.text('[]{}",:\\ \n01.eE+-tfnrue/ud8', max_size=30))
def test_any_text_is_read_as_json_or_refused(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=no_constant)
    except ValueError:
        assert refusal(text) or not text.strip()
        return
    if refused := refusal(text):
        assert "surrogate" in str(refused)
        return
    node, reports = parsed(text)
    assert node is not None
    assert reports or repr(node.plain()) == repr(expected)


def no_constant(name: str) -> None:
    raise ValueError(name)


def refusal(text: str) -> Unparsable | None:
    try:
        parsed(text)
    except Unparsable as error:
        return error
    return None


@given(values, st.data())
def test_a_damaged_document_is_read_or_refused_at_a_place_in_it(
    value: Any, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=1)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :]
    if refused := refusal(text):
        lines = text.split("\n")
        assert 1 <= refused.node.line <= len(lines)
        assert 1 <= refused.node.column <= len(lines[refused.node.line - 1]) + 1


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[1,\n 2,]", (2, 4), "a value is expected"),
        ('{"a": 1,}', (1, 9), "a key in double quotes is expected"),
        ("{a: 1}", (1, 2), "a key in double quotes is expected"),
        ('{"a" 1}', (1, 6), "':' is expected"),
        ("[1 2]", (1, 4), "',' is expected"),
        ("[1] [2]", (1, 5), "something follows the document's value"),
        ('{\n "a": "b\n"}', (2, 9), "Invalid control character at"),
        ('["a', (1, 2), "Unterminated string starting at"),
        ('["\\x"]', (1, 3), "Invalid \\escape"),
        ('["é", "\\ud83d"]', (1, 7), "half of a surrogate pair, U+D83D, in a string"),
        ("NaN", (1, 1), "a value is expected"),
        ("[Infinity]", (1, 2), "a value is expected"),
        ("[01]", (1, 3), "',' is expected"),
        ("[+1]", (1, 2), "a value is expected"),
        ("[.5]", (1, 2), "a value is expected"),
        ("['a']", (1, 2), "a value is expected"),
        ("[1, // no\n 2]", (1, 5), "a value is expected"),
        ("[" + "1" * 401 + "]", (1, 2), "a value is expected"),
        ("[", (1, 2), "a value is expected"),
        ("[" * 100_000, (1, MAX_DEPTH + 2), f"nests more than {MAX_DEPTH} levels deep"),
        ('{"a":' * 100_000, (1, 5 * MAX_DEPTH + 2), f"nests more than {MAX_DEPTH} levels deep"),
    ],
)
def test_where_and_why_a_document_is_refused(
    text: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(Unparsable) as error:
        parsed(text)
    assert (error.value.node.line, error.value.node.column) == place
    assert str(error.value).startswith(message)


def test_a_key_that_stands_twice_is_reported_and_its_first_value_kept() -> None:
    node, reports = parsed('{"a": 1,\n "b": 2,\n "a": 3}')
    assert reports == [("KEY_DUPLICATE", "the key stands in line 1 of this object too", 3, 2)]
    assert node is not None
    assert node.plain() == {"a": 1, "b": 2}


def test_a_blank_file_holds_nothing() -> None:
    assert parsed(" \n\t\r\n") == (None, [])


def test_a_long_document_is_read_in_time() -> None:
    text = json.dumps({"actors": [{"id": f"act-{n}", "note": "x" * 50} for n in range(20_000)]})
    big = json.dumps({"note": "x" * 10_000_000})
    assert parsed(text)[0] is not None
    assert parsed(big)[0] is not None
