"""One record file, read to be changed and written again."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from allegata.curating.loading import Loader
from allegata.curating.tree import Collection, Mapping, Value, plain, root_model
from allegata.curating.writing import amended, canonical
from allegata.reading.files import parse
from allegata.reading.parsing.nodes import Node
from allegata.rules import RULES, Place, Problem, shortened
from allegata.schema import MODELS


class NotEditable(Exception):  # noqa: N818 - it is not the program's error
    """A file that cannot be read well enough to be written again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.place.file}:{problem.place.line}: {problem.message}")
        self.problem = problem
        """What is wrong with it, and where."""


class Document:
    r"""A YAML record file, or ``dataset.yaml``, whose records can be changed.

    >>> file = Document("actors:\n  - id: act-a   # first\n    kind: person\n", "a.yaml")
    >>> file.find("act-a").set("name", "Ann")
    >>> file.append("actors", {"id": "act-b", "name": "no", "kind": "state"})
    >>> print(file.text(), end="")
    actors:
      - id: act-a   # first
        kind: person
        name: Ann
    <BLANKLINE>
      - id: act-b
        kind: state
        name: "no"
    """

    def __init__(self, text: str, name: str = "records.yaml") -> None:
        """Read a text.

        Args:
            text: The file's text.
            name: Its path, as it is shown, by whose last part ``dataset.yaml`` is known.

        Raises:
            NotEditable: it cannot be read, or not without loss.
        """
        self._name = name
        if not text.strip():
            self.root = Mapping(is_file=True, changed=True)
            return
        self.root = self._read(text)

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file.

        Raises:
            NotEditable: it cannot be read, or not without loss.
            OSError: it cannot be opened.
        """
        content = path.read_bytes()
        try:
            return cls(content.decode("utf-8"), str(path))
        except UnicodeDecodeError:
            raise NotEditable(_problem(str(path), "FILE_ENCODING", "is not UTF-8", 1, 1)) from None

    def records(self) -> Iterator[tuple[str, Mapping]]:
        """Every record with the name of its table, nested ones behind what holds them."""
        for table in MODELS:
            for record in self.root.records(table):
                yield from _with_nested(table, record)

    def find(self, record_id: str) -> Mapping:
        """The record with an id, to be changed by ``set``, ``append`` and ``remove``.

        Raises:
            KeyError: the file has none.
        """
        for _, record in self.records():
            if record.text("id") == record_id:
                return record
        raise KeyError(record_id)

    def append(self, table: str, record: dict[str, object]) -> None:
        """Add a record at the end of a table's list; its keys take the order of the model."""
        self.root.append(table, record)

    def plain(self) -> Any:
        """The file's value without its layout."""
        return plain(self.root)

    def text(self) -> str:
        """The file's text, in which what was not changed stands as it stood.

        What is written is read again, and is what was meant, or the canonical layout is written.
        """
        written = amended(self.root)
        return written if self._is_meant(written) else self.formatted()

    def formatted(self) -> str:
        """The file's text in the canonical layout.

        Raises:
            NotEditable: it cannot be written without loss.
        """
        written = canonical(self.root)
        if not self._is_meant(written):
            message = "cannot be laid out without loss; a comment or a value stands in an odd place"
            raise NotEditable(_problem(self._name, "FILE_SYNTAX", message, 1, 1))
        return written

    def write(self, path: Path) -> None:
        """Write the text, whole or not at all."""
        replace(path, self.text())

    def _read(self, text: str) -> Mapping:
        found: list[Problem] = []

        def report(code: str, message: str, node: Node) -> None:
            found.append(_problem(self._name, code, message, node.line, node.column))

        node = parse(Path("records.yaml"), text.encode(), report)
        if node is not None and not isinstance(node.value, dict):
            report("FILE_SHAPE", "a file maps names to values", node)
        if found or node is None:
            raise NotEditable(found[0])
        root = Loader(text).load(node, root_model(Path(self._name).name))
        assert isinstance(root, Mapping)
        return root

    def _is_meant(self, written: str) -> bool:
        """Whether a text says what the tree says, comments included."""
        try:
            other = self._read(written)
        except NotEditable:
            return not self.root.entries
        return _same(plain(other), plain(self.root)) and Counter(other.comments()) == Counter(
            self.root.comments()
        )


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, with the permissions that it had."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _with_nested(table: str, record: Mapping) -> Iterator[tuple[str, Mapping]]:
    yield table, record
    for name, (child, _) in MODELS[table].children().items():
        for one in record.records(name):
            yield from _with_nested(child.table, one)


def _same(one: object, other: object) -> bool:
    """Whether two plain values are alike, in kind too: 1 is not 1.0, nor True."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))


def _problem(file: str, code: str, message: str, line: int, column: int) -> Problem:
    place = Place(file=file, line=line, column=column, end_line=line, end_column=column)
    return Problem(
        code=code, severity=RULES[code].severity, message=shortened(message, 500), place=place
    )


__all__ = ["Collection", "Document", "NotEditable", "Value", "replace"]
