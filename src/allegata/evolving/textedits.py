"""Edits of a document's text: what they do not concern stays as it is, to the last byte.

Comments, order, quotation marks and line breaks are the curator's own, so nothing is written anew:
the parser tells where a value stands, and there the text is changed. Block scalars and comments
make a YAML text too free for rules that are always right. So the text made is parsed again, and
counts only where it means what the same edits make of the plain values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from allegata.migrations import Add, Drop, Edit, Recode, Rename
from allegata.reading.parsing.nodes import Node
from allegata.reading.parsing.yamlfile import value_of

_PLAIN = re.compile("[a-z][a-z0-9_]*(-[a-z0-9_]+)*")
_COMMA = re.compile(r"\s*,\s*")
_COLON = re.compile(r"\s*:\s*")


class Uneditable(ValueError):  # noqa: N818 - it is not the program's error
    """A text cannot be edited at a place; the error has its line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


class Splice(NamedTuple):
    """A part of a text, and what stands there instead."""

    start: int
    end: int
    text: str


class Text:
    """A text whose places are known by line and column, as nodes have them."""

    def __init__(self, text: str, *, is_json: bool, first_line: int = 1) -> None:
        """Take note of where lines begin.

        Args:
            text: The text.
            is_json: Whether it is JSON; otherwise it is YAML.
            first_line: The number of its first line in its file.
        """
        self.text, self.is_json, self._first = text, is_json, first_line
        lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def splices(self, edit: Edit, found: Iterable[Node]) -> list[Splice]:
        """What an edit changes in some of the text's mappings, from the first place on.

        Raises:
            Uneditable: it cannot be made there.
        """
        return sorted(one for node in found for one in _SPLICES[type(edit)](self, edit, node))

    def line_of(self, splice: Splice) -> int:
        """The number of the line in which a part begins."""
        return self.text.count("\n", 0, splice.start) + self._first

    def spliced(self, splices: Iterable[Splice]) -> str:
        """The text with parts replaced that do not overlap."""
        text = self.text
        for one in sorted(splices, reverse=True):
            text = text[: one.start] + one.text + text[one.end :]
        return text

    def start(self, node: Node) -> int:
        """Where a value begins."""
        return self._starts[node.line - self._first] + node.column - 1

    def end(self, node: Node) -> int:
        """Where a value that is not in block style ends."""
        return self._starts[node.end_line - self._first] + node.end_column - 1

    def line(self, number: int) -> str:
        """A line, given its number in the file, without its end."""
        at = number - self._first
        return self.text[self._starts[at] : self._starts[at + 1] - 1]

    def line_start(self, number: int) -> int:
        """Where a line begins; past the last, where the text ends."""
        return min(self._starts[min(number - self._first, len(self._starts) - 1)], len(self.text))

    def lines_after(self, number: int) -> Iterator[tuple[int, str]]:
        """The lines behind one, with their numbers."""
        for other in range(number + 1, self._first + len(self._starts) - 1):
            yield other, self.line(other)

    def is_flow(self, node: Node) -> bool:
        """Whether a mapping stands between braces."""
        return self.text.startswith("{", self.start(node))

    def like(self, node: Node, new: str) -> Splice:
        """A name or a code in place of another, in the same quotation marks."""
        at = self.start(node)
        quote = self.text[at] if self.text[at] in "\"'" else ""
        return Splice(at, self.end(node), f"{quote}{new}{quote}")

    def written(self, value: Any) -> str:
        """A value as it is written where it is new."""
        if not self.is_json and isinstance(value, str) and _PLAIN.fullmatch(value):
            return value if value_of(value) == value else json.dumps(value)
        return json.dumps(value, ensure_ascii=False)


def _rename(text: Text, edit: Rename, node: Node) -> Iterator[Splice]:
    pairs = _pairs(node)
    if edit.old in pairs and edit.new not in pairs:
        yield text.like(_key(pairs[edit.old]), edit.new)


def _recode(text: Text, edit: Recode, node: Node) -> Iterator[Splice]:
    value = _pairs(node).get(edit.key)
    if value is not None and value.value == edit.old:
        yield text.like(value, edit.new)


def _add(text: Text, edit: Add, node: Node) -> Iterator[Splice]:
    pairs = _pairs(node)
    if edit.key in pairs:
        return
    key = json.dumps(edit.key) if text.is_json else edit.key
    written = f"{key}: {text.written(edit.value)}"
    if text.is_flow(node):
        yield _added_in_flow(text, list(pairs.values()), node, key, text.written(edit.value))
        return
    first = next(iter(pairs.values()))
    first_key = _key(first)
    indent = " " * (first_key.column - 1)
    is_short = first_key.line == first.line == first.end_line and not isinstance(
        first.value, dict | list
    )
    if is_short:
        at = text.line_start(first_key.line) + len(text.line(first_key.line))
        yield Splice(at, at, f"\n{indent}{written}")
    else:
        at = text.start(first_key)
        yield Splice(at, at, f"{written}\n{indent}")


def _added_in_flow(text: Text, values: list[Node], node: Node, key: str, value: str) -> Splice:
    """Behind the first pair, separated as the first two are."""
    if not values:
        at = text.start(node) + 1
        return Splice(at, at, f"{key}: {value}")
    first = values[0]
    comma, colon = ", ", text.text[text.end(_key(first)) : text.start(first)]
    if len(values) > 1:
        between = text.text[text.end(first) : text.start(_key(values[1]))]
        comma = between if _COMMA.fullmatch(between) else comma
    colon = colon if _COLON.fullmatch(colon) else ": "
    at = text.end(first)
    return Splice(at, at, f"{comma}{key}{colon}{value}")


def _drop(text: Text, edit: Drop, node: Node) -> Iterator[Splice]:
    pairs = _pairs(node)
    if edit.key not in pairs:
        return
    values = list(pairs.values())
    at, value = list(pairs).index(edit.key), pairs[edit.key]
    key = _key(value)
    if text.is_flow(node):
        yield _dropped_in_flow(text, values, at)
        return
    if len(values) == 1:
        raise Uneditable(key.line, f"{edit.key} is all that stands there")
    if not text.line(key.line)[: key.column - 1].strip():
        last = _last_line(text, value)
        yield Splice(text.line_start(key.line), text.line_start(last + 1), "")
    elif at + 1 < len(values):  # it stands behind the hyphen of a list, where the next one goes
        yield Splice(text.start(key), text.start(_key(values[at + 1])), "")
    else:
        raise Uneditable(key.line, f"{edit.key} does not stand on a line of its own")


def _dropped_in_flow(text: Text, values: list[Node], at: int) -> Splice:
    key = _key(values[at])
    if at + 1 < len(values):
        return Splice(text.start(key), text.start(_key(values[at + 1])), "")
    begin = text.end(values[at - 1]) if at else text.start(key)
    return Splice(begin, text.end(values[at]), "")


def _last_line(text: Text, value: Node) -> int:
    """The last line of a value in a mapping in block style; blanks and comments are not its."""
    key = _key(value)
    opening = text.text[text.start(value) : text.start(value) + 1]
    is_block_text = isinstance(value.value, str) and opening in ("|", ">")
    is_block = isinstance(value.value, dict | list) and opening not in ("{", "[")
    if not is_block_text and not is_block:
        return max(key.line, value.end_line if text.end(value) > text.start(value) else 0)
    last, column = key.line, key.column - 1
    for number, line in text.lines_after(key.line):
        indent = len(line) - len(line.lstrip(" "))
        is_item = is_block and indent == column and line[indent:].startswith("- ")
        if line.strip() and indent <= column and not is_item:
            break
        if line.strip() and (is_block_text or not line[indent:].startswith("#")):
            last = number
    return last


def _pairs(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _key(value: Node) -> Node:
    assert value.key is not None, "a mapping's value knows its key"
    return value.key


_SPLICES: dict[type, Callable[[Text, Any, Node], Iterator[Splice]]] = {
    Rename: _rename,
    Recode: _recode,
    Add: _add,
    Drop: _drop,
}
