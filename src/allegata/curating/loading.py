"""From the text of a YAML record file to a tree with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from allegata.curating.tree import (
    Collection,
    Entry,
    Leaf,
    Mapping,
    Model,
    Sequence,
    Value,
    model_within,
)
from allegata.reading.parsing.nodes import Node

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")


class Comment(NamedTuple):
    """A comment; line and column count from 1."""

    line: int
    column: int
    text: str
    is_alone: bool
    """Whether nothing else stands in its line."""


@dataclass(eq=False)
class _Slot:
    """An entry and where it stands, for comments to be given to."""

    entry: Entry
    inside: tuple[Collection, ...]
    """The collections that it lies in, outermost first."""
    flow_end: tuple[int, int] | None
    """Where the brackets around it close; None outside of brackets."""
    content: Node


class Loader:
    """Makes the tree of one text."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._slots: list[_Slot] = []
        self._scalars: list[Node] = []

    def load(self, root: Node, model: Model | None) -> Value:
        """The tree of the document's value."""
        value = self._value(root, model, (), None, is_root=True)
        self._slots.sort(key=lambda slot: (slot.entry.line, slot.entry.column))
        self._give_comments()
        self._take_lines(value)
        return value

    def _value(
        self,
        node: Node,
        model: Model | None,
        inside: tuple[Collection, ...],
        flow_end: tuple[int, int] | None,
        *,
        is_root: bool = False,
    ) -> Value:
        if not isinstance(node.value, dict | list):
            self._scalars.append(node)
            return Leaf(node.value, node.written)
        is_flow = self._char(node) in "[{"
        if is_flow:
            flow_end = (node.end_line, node.end_column)
        column = None if flow_end else node.column
        if isinstance(node.value, list):
            items = Sequence(column=column, model=model)
            for item in node.value:
                entry = Entry(self._value(item, model, (*inside, items), flow_end))
                entry.line, entry.column = self._dash(node, item) if column else _start(item)
                self._add(entry, item, (*inside, items), flow_end)
            return items
        pairs = Mapping(column=column, model=model, is_file=is_root and model is None)
        for key, child in node.value.items():
            value = self._value(child, model_within(pairs, key), (*inside, pairs), flow_end)
            entry = Entry(value, key)
            assert child.key is not None
            self._scalars.append(child.key)
            entry.line, entry.column = _start(child.key)
            self._add(entry, child, (*inside, pairs), flow_end)
        return pairs

    def _add(
        self,
        entry: Entry,
        node: Node,
        inside: tuple[Collection, ...],
        flow_end: tuple[int, int] | None,
    ) -> None:
        inside[-1].entries.append(entry)
        self._slots.append(_Slot(entry, inside, flow_end, node))

    def _char(self, node: Node) -> str:
        return self._lines[node.line - 1][node.column - 1 : node.column]

    def _dash(self, items: Node, item: Node) -> tuple[int, int]:
        """Where the hyphen of an item stands."""
        line = item.line
        while line > items.line and self._lines[line - 1][items.column - 1 : items.column] != "-":
            line -= 1
        return line, items.column

    # Comments

    def _comments(self) -> Iterator[Comment]:
        spans: dict[int, list[tuple[int, int]]] = {}
        for node in self._scalars:
            for at in range(node.line, node.end_line + 1):
                begin = node.column - 1 if at == node.line else 0
                end = node.end_column - 1 if at == node.end_line else len(self._lines[at - 1])
                if self._is_block_text(node) and at == node.line:
                    end = begin + 1
                spans.setdefault(at, []).append((begin, end))
        for number, line in enumerate(self._lines, 1):
            within = spans.get(number, ())
            for found in _COMMENT.finditer(line):
                at = found.start()
                if not any(begin <= at < end for begin, end in within):
                    yield Comment(number, at + 1, line[at:].rstrip(), not line[:at].strip())
                    break

    def _is_block_text(self, node: Node) -> bool:
        return isinstance(node.value, str) and self._char(node) in ("|", ">")

    def _give_comments(self) -> None:
        """Give comments at the ends of lines to what they follow, others to what they precede."""
        comments = {one.line: one for one in self._comments()}
        alone = {line: one for line, one in comments.items() if one.is_alone}
        for one in comments.values():
            if not one.is_alone:
                self._give_to_line(one)
        texts = {
            line
            for node in self._scalars
            for line in range(node.line + 1, self._last_line(node) + 1)
        }
        waiting: list[Comment | None] = []
        behind: _Slot | None = None
        first: dict[int, _Slot] = {}
        last: dict[int, _Slot] = {}
        for slot in self._slots:
            first.setdefault(slot.entry.line, slot)
            last[slot.entry.line] = slot
        for number, line in enumerate(self._lines, 1):
            if number in first:
                _give(waiting, behind, first[number])
                waiting, behind = [], last[number]
            elif number in alone:
                waiting.append(alone[number])
            elif not line.strip() and number not in texts:
                waiting.append(None)
        _give(waiting, behind, None)

    def _give_to_line(self, one: Comment) -> None:
        place = (one.line, one.column)
        candidates = [
            slot
            for slot in self._slots
            if (slot.entry.line, slot.entry.column) < place
            and (slot.flow_end is None or slot.flow_end > place)
        ]
        if candidates and candidates[-1].entry.after is None:
            candidates[-1].entry.after = one.text
        elif candidates:
            candidates[-1].entry.before.append(one.text)
        elif self._slots:
            self._slots[0].entry.before.append(one.text)

    # Lines

    def _last_line(self, node: Node) -> int:
        if node.end_line > node.line and (self._is_block_text(node) or node.end_column == 1):
            last = node.end_line if node.end_column > 1 else node.end_line - 1
            while last > node.line and not self._lines[last - 1].strip():
                last -= 1
            return last
        return node.end_line

    def _take_lines(self, value: Value) -> None:
        """Note the lines of every entry that stands on lines of its own."""
        spans = {id(slot.entry): slot for slot in self._slots}
        firsts = [slot.entry.line for slot in self._slots]

        def last(entry: Entry) -> int:
            slot = spans[id(entry)]
            if isinstance(entry.value, Collection) and entry.value.column is not None:
                found = max([entry.line, *(last(one) for one in entry.value.entries)])
                found = max(found, entry.value.tail_line)
            else:
                found = max(entry.line, self._last_line(slot.content))
            if slot.flow_end is None:
                head = self._lines[entry.line - 1][entry.column - 1 :]
                entry.lines = [head, *self._lines[entry.line : found]]
            return found

        if isinstance(value, Collection) and firsts:
            for entry in value.entries:
                last(entry)


def _start(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _give(lines: list[Comment | None], behind: _Slot | None, ahead: _Slot | None) -> None:
    """Give the lines between two entries to the later one, or to what ends with the earlier.

    A comment that stands further in than what follows speaks of what came before. None stands
    for an empty line.
    """
    blank: list[str] = []
    furthest = float("inf")
    for one in lines:
        if one is None:
            blank = [""]
            continue
        furthest = min(furthest, one.column)
        ending = _ending_at(behind, ahead, furthest)
        if ending:
            ending.tail += [*blank, one.text]
            ending.tail_line = one.line
        elif ahead:
            furthest = 0
            ahead.entry.before += [*(blank if behind or ahead.entry.before else []), one.text]
        blank = []
    if ahead and behind:
        ahead.entry.before += blank


def _ending_at(behind: _Slot | None, ahead: _Slot | None, column: float) -> Collection | None:
    """The innermost collection that ends between two entries and whose entries begin there."""
    if behind is None or (ahead and column <= ahead.entry.column):
        return None
    own: tuple[Collection, ...] = (
        (behind.entry.value,) if isinstance(behind.entry.value, Collection) else ()
    )
    still = ahead.inside if ahead else ()
    ending: list[Collection] = [
        one for one in (*behind.inside, *own) if one not in still and one.column is not None
    ]
    fitting = [one.column or 0 for one in ending if (one.column or 0) <= column]
    if fitting:
        return next(one for one in ending if one.column == fitting[-1])
    return ending[0] if ending and not ahead else None
