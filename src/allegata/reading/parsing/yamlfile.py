"""YAML 1.2 with the place of every value.

libyaml finds the tokens; what they mean is decided here by the core schema of YAML 1.2.2
(https://yaml.org/spec/1.2.2/, section 10.3): ``no`` is a text, ``12:30`` is a text, a date is a
text. Anchors, aliases, tags and further documents are refused, and so are duplicate keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from allegata.reading.parsing.nodes import MAX_DEPTH, Node, Reporter, Scalar, Unparsable

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,400}|0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def parse_yaml(text: str, report: Reporter) -> Node | None:
    """The document's value with its places; None when the file holds no document.

    Raises:
        Unparsable: the text is not YAML, or nests too deeply.
    """
    try:
        return _Builder(yaml.parse(text, Loader=yaml.CSafeLoader), report).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unparsable(f"{error.problem or error.context}", line, column) from None
    except yaml.YAMLError as error:
        raise Unparsable(str(error).splitlines()[0], 1, 1) from None


def value_of(text: str) -> Scalar:
    """What an unquoted scalar means.

    >>> [value_of(text) for text in ("no", "12:30", "0o17", "1e3", "2025-12-29", "~")]
    ['no', '12:30', 15, 1000.0, '2025-12-29', None]
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", "", 1))
    return text


class _Builder:
    def __init__(self, events: Iterator[yaml.Event], report: Reporter) -> None:
        self._events = events
        self._report = report

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._report(
                    "YAML_FEATURE", "a second document begins here; a file holds one", _node(event)
                )
                return root
            if isinstance(event, yaml.NodeEvent):
                root = self._value(event, 0)
        return root

    def _value(self, event: yaml.Event, depth: int) -> Node:
        node = _node(event)
        if depth > MAX_DEPTH:
            raise Unparsable(f"nests more than {MAX_DEPTH} levels deep", node.line, node.column)
        if isinstance(event, yaml.AliasEvent):
            self._report("YAML_FEATURE", "an alias (*) stands here; write the value out", node)
            return node
        if getattr(event, "anchor", None) is not None:
            self._report("YAML_FEATURE", "an anchor (&) stands here; write the value out", node)
        if getattr(event, "tag", None) is not None:
            self._report("YAML_FEATURE", "a tag (!) stands here; values have no tags", node)
        if isinstance(event, yaml.ScalarEvent):
            node.value = value_of(event.value) if event.implicit[0] else event.value
            if not isinstance(node.value, str):
                node.written = event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            node.value = self._items(node, depth)
        else:
            node.value = self._pairs(node, depth)
        return node

    def _items(self, node: Node, depth: int) -> list[Node]:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                _end(node, event)
                break
            items.append(self._value(event, depth + 1))
        return items

    def _pairs(self, node: Node, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                _end(node, event)
                break
            key, raw = self._value(event, depth + 1), getattr(event, "value", None)
            value = self._value(next(self._events), depth + 1)
            value.key = key
            if not isinstance(raw, str):
                self._report("FILE_SHAPE", "a key is a list or a mapping; keys are names", key)
            elif raw in pairs:
                first = pairs[raw].key or pairs[raw]
                self._report(
                    "KEY_DUPLICATE", f"the key stands in line {first.line} of this mapping too", key
                )
            else:
                pairs[raw] = value
        return pairs


def _node(event: yaml.Event) -> Node:
    node = Node(None, 0, 0, 0, 0)
    if event.start_mark:
        node.line, node.column = event.start_mark.line + 1, event.start_mark.column + 1
    _end(node, event)
    return node


def _end(node: Node, event: yaml.Event) -> None:
    if event.end_mark:
        node.end_line, node.end_column = event.end_mark.line + 1, event.end_mark.column + 1
