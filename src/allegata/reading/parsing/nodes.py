"""Values with the places where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allegata.rules import Place

MAX_DEPTH = 64
"""How deeply a record file may nest; the schema needs seven levels."""

Scalar = str | int | float | bool | None


@dataclass(slots=True)
class Node:
    """A value of a record file; lines and columns count from 1."""

    value: Scalar | list[Node] | dict[str, Node]
    line: int
    column: int
    end_line: int
    end_column: int
    key: Node | None = None
    """The key that it stands under, where it is a mapping's."""
    written: str | None = None
    """The characters that stand for a value without quotes which is no text."""

    def place(self, file: str) -> Place:
        """The value's place in its file."""
        return Place(
            file=file,
            line=self.line,
            column=self.column,
            end_line=self.end_line,
            end_column=self.end_column,
        )

    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def at(self, path: Iterable[object]) -> Node:
        """The node that a path of keys and indices leads to, or the last one on the way."""
        node = self
        for step in path:
            inside = node.value
            if isinstance(inside, list) and isinstance(step, int):
                node = inside[step]
                continue
            if not isinstance(inside, dict) or str(step) not in inside:
                break
            node = inside[str(step)]
        return node


Reporter = Callable[[str, str, Node], None]
"""How a parser tells of a problem: the rule's code, a message, and where."""


class Unparsable(Exception):  # noqa: N818 - it is not the program's error
    """What follows a place in a file cannot be read."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.node = Node(None, line, column, line, column + 1)
