"""Documents carried to a later version of the schema: their text, and what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from allegata.evolving.textedits import Text, Uneditable
from allegata.migrations import (
    DATASET,
    Add,
    Edit,
    Migration,
    Rename,
    holds,
    mappings,
    numbers,
    records_of,
    steps,
)
from allegata.reading.files import parse, parse_line
from allegata.reading.parsing.nodes import Node

_VERSION = "schema_version"
_BY_HAND = "it cannot be edited in place, so change it by hand"


class Faulty(ValueError):  # noqa: N818 - it is not the program's error
    """A document cannot be carried over; the error has the line that is in the way."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def carried(path: Path, text: str, old: str, new: str, *, is_dataset: bool) -> str:
    """The text of a record file or a dataset.yaml in a later version of the schema.

    Args:
        path: The file, whose ending tells its form.
        text: What it holds.
        old: The version that it is written in, if it states none itself.
        new: The version wanted.
        is_dataset: Whether it is a dataset.yaml.

    Raises:
        Faulty: it is not sound, is of a later version than the one wanted, or cannot be edited.
    """
    root = _parsed(path, text)
    if not isinstance(root.value, dict):
        raise Faulty(root.line, "is no mapping")
    stated = root.value.get(_VERSION)
    if stated is not None:
        old = _stated(stated) if not is_dataset else old
    if numbers(old) > numbers(new):
        raise Faulty(root.line, f"is of schema {old}, which is later than {new}")
    for migration in steps(old, new):
        text = _migrated(path, text, migration, is_dataset=is_dataset)
    return _restated(path, text, old, new)


def carried_line(table: str, line: str, number: int, migrations: Sequence[Migration]) -> str:
    """One line of a table's JSON Lines in a later version of the schema.

    Raises:
        Faulty: it is not sound, or cannot be edited.
    """

    def parsed(text: str) -> Node:
        return _line(text, number)

    for migration in migrations:
        if not any(_may_concern(edit, line) for edit in migration.edits):
            continue
        wanted = migration.of_record(table, parsed(line).plain())
        making = _Making(line, parsed, is_json=True, first_line=number)
        for edit in migration.edits:
            making.edit(edit, partial(records_of, table, of=edit.of, nests=migration.nests))
        line = making.meaning(wanted)
    return line


def _may_concern(edit: Edit, line: str) -> bool:
    """Whether a line may hold what an edit changes; most lines need not be parsed to see that."""
    if isinstance(edit, Add):
        return True
    name = edit.old if isinstance(edit, Rename) else edit.key
    return f'"{name}"' in line or "\\u" in line  # of which a name may be made as well


def touches(table: str, migrations: Sequence[Migration]) -> bool:
    """Whether migrations may change a record of a table, or what is nested in it."""
    return any(holds(table, edit.of, one.nests) for one in migrations for edit in one.edits)


class _Making:
    """The making of one text: edits one after another, and a look at what has come of them."""

    def __init__(
        self, text: str, parsed: Callable[[str], Node], *, is_json: bool, first_line: int = 1
    ) -> None:
        self._text, self._parsed, self._root = text, parsed, parsed(text)
        self._is_json, self._first, self._line = is_json, first_line, first_line

    def edit(self, edit: Edit, find: Callable[[Node], Iterable[Node]]) -> None:
        form = Text(self._text, is_json=self._is_json, first_line=self._first)
        try:
            splices = form.splices(edit, find(self._root))
        except Uneditable as error:
            raise Faulty(error.line, f"{error}: {_BY_HAND}") from None
        if not splices:
            return
        self._text, self._line = form.spliced(splices), form.line_of(splices[0])
        try:
            self._root = self._parsed(self._text)
        except Faulty:
            raise Faulty(self._line, f"is written in an unusual way: {_BY_HAND}") from None

    def meaning(self, wanted: Any) -> str:
        """The text, which must mean what is wanted."""
        if _canonical(self._root.plain()) != _canonical(wanted):
            raise Faulty(self._line, f"is written in an unusual way: {_BY_HAND}")
        return self._text


def _migrated(path: Path, text: str, migration: Migration, *, is_dataset: bool) -> str:
    def parsed(text: str) -> Node:
        return _parsed(path, text)

    make: Callable[[Any], Any] = migration.of_dataset if is_dataset else migration.of_records
    making = _Making(text, parsed, is_json=_is_json(path))
    for edit in migration.edits:
        if (edit.of.split(".")[0] == DATASET) is is_dataset:
            making.edit(edit, partial(mappings, of=edit.of, nests=migration.nests))
    return making.meaning(make(parsed(text).plain()))


def _restated(path: Path, text: str, old: str, new: str) -> str:
    """The text with the new version where it states one, to editors as well."""
    root = _parsed(path, text)
    stated = root.value.get(_VERSION) if isinstance(root.value, dict) else None
    if stated is not None:
        form = Text(text, is_json=_is_json(path))
        text = form.spliced([form.like(stated, new)])
        if _canonical(_parsed(path, text).plain()) != _canonical({**root.plain(), _VERSION: new}):
            raise Faulty(stated.line, f"is written in an unusual way: {_BY_HAND}")
    modeline = rf"^(#\s*yaml-language-server:\s*\$schema=\S*/){re.escape(old)}(/\w+\.json\s*)$"
    return re.sub(modeline, rf"\g<1>{new}\g<2>", text, flags=re.MULTILINE)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _stated(node: Node) -> str:
    if not isinstance(node.value, str) or not re.fullmatch(
        "[0-9]{1,4}([.][0-9]{1,4}){2}", node.value
    ):
        raise Faulty(node.line, f"{_VERSION} is not a version such as 1.0.0")
    return node.value


def _parsed(path: Path, text: str) -> Node:
    node = parse(path, text.encode(), _refuse)
    assert node is not None, "what is wrong is refused"
    return node


def _line(line: str, number: int) -> Node:
    node = parse_line(line.encode(), number, _refuse)
    assert node is not None, "what is wrong is refused"
    return node


def _refuse(code: str, message: str, node: Node) -> None:
    raise Faulty(node.line, f"{message} ({code}); allegata check tells of all that is wrong")
