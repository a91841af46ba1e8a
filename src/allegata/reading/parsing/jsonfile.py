"""JSON (RFC 8259) with the place of every value; duplicate keys are refused."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from allegata.reading.parsing.nodes import MAX_DEPTH, Node, Reporter, Unparsable

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_INT = 400  # longer ones take long to read, and no field holds one
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


def parse_json(text: str, report: Reporter, line: int = 1) -> Node | None:
    """The document's value with its places; None when there is none.

    Args:
        text: The document.
        report: Told of duplicate keys.
        line: The number of the document's first line in its file.

    Raises:
        Unparsable: the text is not JSON, or nests too deeply.
    """
    parser = _Parser(text, report, line)
    parser.skip()
    if parser.at == len(text):
        return None
    node = parser.value(0)
    parser.skip()
    if parser.at < len(text):
        raise parser.unparsable("something follows the document's value")
    return node


class _Parser:
    def __init__(self, text: str, report: Reporter, line: int) -> None:
        self._text, self._report, self.at = text, report, 0
        self._line, self._line_start, self._seen = line, 0, 0

    def skip(self) -> None:
        self.at = _BLANK.match(self._text, self.at).end()  # type: ignore[union-attr]

    def value(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.unparsable(f"nests more than {MAX_DEPTH} levels deep")
        line, column = self._position()
        node = Node(None, line, column, line, column)
        head = self._text[self.at : self.at + 1]
        if head == "{":
            self._pairs(node, depth)
        elif head == "[":
            self._items(node, depth)
        elif head == '"':
            node.value = self._string()
        else:
            begin = self.at
            node.value = self._word_or_number()
            node.written = self._text[begin : self.at]
        node.end_line, node.end_column = self._position()
        return node

    def _items(self, node: Node, depth: int) -> None:
        items: list[Node] = []
        node.value = items
        while self._goes_on("]", first=not items):
            items.append(self.value(depth + 1))

    def _pairs(self, node: Node, depth: int) -> None:
        pairs: dict[str, Node] = {}
        node.value = pairs
        first = True
        while self._goes_on("}", first=first):
            first = False
            if self._text[self.at : self.at + 1] != '"':
                raise self.unparsable("a key in double quotes is expected")
            key = self.value(depth + 1)
            self.skip()
            self._take(":")
            self.skip()
            value = self.value(depth + 1)
            value.key = key
            if key.value in pairs:
                line = (pairs[str(key.value)].key or key).line
                self._report(
                    "KEY_DUPLICATE", f"the key stands in line {line} of this object too", key
                )
            pairs.setdefault(str(key.value), value)

    def _goes_on(self, close: str, *, first: bool) -> bool:
        """Step over an opening bracket or a comma; False, having stepped over the closing one."""
        if first:
            self.at += 1
        self.skip()
        if self._text.startswith(close, self.at):
            self.at += 1
            return False
        if not first:
            self._take(",")
            self.skip()
        return True

    def _take(self, mark: str) -> None:
        if not self._text.startswith(mark, self.at):
            raise self.unparsable(f"{mark!r} is expected")
        self.at += 1

    def _string(self) -> str:
        begin = self.at
        try:
            value, self.at = scanstring(self._text, self.at + 1, True)
        except ValueError as error:
            self.at = min(getattr(error, "pos", self.at), len(self._text))
            raise self.unparsable(getattr(error, "msg", "not a string")) from None
        if not value.isascii() and (half := _SURROGATE.search(value)):
            self.at = begin
            raise self.unparsable(f"half of a surrogate pair, U+{ord(half[0]):04X}, in a string")
        return str(value)

    def _word_or_number(self) -> int | float | bool | None:
        for word, meaning in _WORDS.items():
            if self._text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        found = _NUMBER.match(self._text, self.at)
        is_float = found and (found[2] or found[3])
        if not found or (not is_float and len(found[0]) > _LONGEST_INT):
            raise self.unparsable("a value is expected")
        self.at = found.end()
        return float(found[0]) if is_float else int(found[1])

    def _position(self) -> tuple[int, int]:
        """Line and column of the place reached; places are asked for in rising order."""
        breaks = self._text.count("\n", self._seen, self.at)
        if breaks:
            self._line += breaks
            self._line_start = self._text.rfind("\n", 0, self.at) + 1
        self._seen = self.at
        return self._line, self.at - self._line_start + 1

    def unparsable(self, message: str) -> Unparsable:
        return Unparsable(message, *self._position())
