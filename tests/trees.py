"""A dataset as plain values that a test changes at will, and where each of them is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from allegata.schema import MODELS, Record

T = TypeVar("T")
Steps = tuple[object, ...]


class Raw(str):
    """Text that is written as it is, without quotation marks."""

    __slots__ = ()


class Twin(str):
    """A key that stands in a mapping beside another of the same name."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass(frozen=True)
class Spot:
    """A value, or the key that it stands under, by its file and the steps that lead to it."""

    file: str
    path: Steps = ()
    of_key: bool = False


@dataclass(eq=False)
class Found:
    """A record: where it is, what it holds, and the record that it is nested in."""

    model: type[Record]
    file: str
    path: Steps
    fields: dict[str, Any] = field(repr=False)
    siblings: list[Any] = field(repr=False)
    parent: Found | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        return self.fields["id"]

    def at(self, name: str | None = None) -> Spot:
        """Where the value of a field stands; without a name, where the record does."""
        return Spot(self.file, self.path if name is None else (*self.path, name))

    def key(self, name: str) -> Spot:
        return Spot(self.file, (*self.path, name), of_key=True)

    def set(self, name: str, value: object) -> Spot:
        self.fields[name] = value
        return self.at(name)


@dataclass
class Trees:
    """The record files of a dataset, by their paths below its folder, and one who picks."""

    files: dict[str, Any]
    pick: Callable[[Sequence[T]], T] = field(default=lambda choices: choices[0])
    texts: dict[str, str] = field(default_factory=dict)

    def each(self, *tables: str) -> list[Found]:
        """The records of some tables (of all, if none is named), in the order they are read."""
        return [
            record
            for file, tree in sorted(self.files.items())
            if file != "dataset.yaml"
            for table, records in tree.items()
            if table in MODELS
            for record in _nested(MODELS[table], file, (table,), records)
            if not tables or record.model.table in tables
        ]

    def one(self, *tables: str, where: Callable[[Found], object] = lambda _: True) -> Found:
        """Any record of these tables of which something holds."""
        return self.pick([record for record in self.each(*tables) if where(record)])

    def two(self, table: str, where: Callable[[Found], object] = lambda _: True) -> list[Found]:
        """Any two records of a table, in the order they are read."""
        found = [record for record in self.each(table) if where(record)]
        first = self.pick(range(len(found) - 1))
        return [found[first], found[self.pick(range(first + 1, len(found)))]]

    def file(self) -> str:
        """Any record file."""
        return self.pick(sorted(name for name in self.files if name != "dataset.yaml"))

    def add(self, table: str, *records: dict[str, Any], file: str | None = None) -> list[Found]:
        """Put records behind those of a table in a file; any file, if none is named."""
        name = file or self.file()
        self.files[name].setdefault(table, []).extend(records)
        return [one for one in self.each(table) if any(one.fields is new for new in records)]


def _nested(
    model: type[Record], file: str, path: Steps, records: list[Any], parent: Found | None = None
) -> Iterator[Found]:
    for number, fields in enumerate(records):
        record = Found(model, file, (*path, number), fields, records, parent)
        yield record
        for name, (child, _) in model.children().items():
            yield from _nested(child, file, (*record.path, name), fields.get(name, []), record)


def load(folder: Path) -> dict[str, Any]:
    """The record files of a folder as plain values."""
    return {
        str(path.relative_to(folder)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.yaml"))
    }


@dataclass
class Written:
    """A value as YAML in block style, and the line and column of every part of it."""

    value: Any
    text: str = ""
    places: dict[Spot, tuple[int, int]] = field(default_factory=dict)
    file: str = ""

    def __post_init__(self) -> None:
        self._write(self.value, (), 0)
        self.text += "\n"

    def _here(self) -> tuple[int, int]:
        return self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n")

    def _write(self, value: Any, path: Steps, indent: int) -> None:
        self.places[Spot(self.file, path)] = self._here()
        next_line = "\n" + " " * indent
        if isinstance(value, dict) and value:
            for number, (key, inner) in enumerate(value.items()):
                self.text += next_line if number else ""
                self.places[Spot(self.file, (*path, key), of_key=True)] = self._here()
                nested = isinstance(inner, dict | list) and inner
                self.text += str(key) + (":" + next_line + "  " if nested else ": ")
                self._write(inner, (*path, key), indent + 2)
        elif isinstance(value, list) and value:
            for number, inner in enumerate(value):
                self.text += (next_line if number else "") + "- "
                self._write(inner, (*path, number), indent + 2)
        else:
            raw = isinstance(value, Raw)
            self.text += str(value) if raw else json.dumps(value, ensure_ascii=False)
