"""What a new version of the schema changes in what is written, as edits that can be declared.

An edit is a fact of history: it names tables and fields as they were, and nothing that is alive.
What it does to plain values stands here. ``allegata.evolving`` does the same to the text of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Plain = Any
"""A value as JSON has it: a mapping, a list, a text, a number, true, false or nothing."""

DATASET = "dataset"
"""Where edits of dataset.yaml are: ``dataset``, and ``dataset.coverage`` for a part of it."""
PER_FILE = ("defaults", "waivers")
"""What stands in record files beside tables."""


@dataclass(frozen=True)
class Rename:
    """A field is called otherwise. Its columns are too, where it has any."""

    of: str
    """The table whose records have it; or ``waivers``, ``defaults``, or a part of ``dataset``."""
    old: str
    """Its key in record files, so without ``_id``."""
    new: str


@dataclass(frozen=True)
class Add:
    """A field is required that was not there; all that was written gets this value."""

    of: str
    key: str
    value: str | int | float | bool


@dataclass(frozen=True)
class Drop:
    """A field is no more, and what was written in it is left out."""

    of: str
    key: str


@dataclass(frozen=True)
class Recode:
    """A code of a field is called otherwise."""

    of: str
    key: str
    old: str
    new: str


Edit = Rename | Add | Drop | Recode

Nests = Mapping[str, Mapping[str, str]]
"""Table -> the fields that list records of others -> the table of those."""


def mappings(document: Plain, of: str, nests: Nests) -> Iterator[Any]:
    """The mappings of a document that an edit is about.

    The document may be plain, or made of nodes that have a ``value`` each.

    Args:
        document: A record file, or a dataset.yaml where ``of`` begins with ``dataset``.
        of: What the edit is about.
        nests: Which lists hold records.
    """
    root = _inside(document)
    if not isinstance(root, dict):
        return
    if of.split(".")[0] == DATASET:
        yield from _parts(document, of.split(".")[1:])
    elif of == "defaults":
        yield from _parts(document, [of])
    elif of == "waivers":
        yield from _items(root.get(of))
    else:
        for table, records in root.items():
            for record in _items(records):
                yield from records_of(table, record, of, nests)


def records_of(table: str, record: Plain, of: str, nests: Nests) -> Iterator[Any]:
    """A record of a table and those nested in it, as far as they are of the table wanted."""
    inside = _inside(record)
    if not isinstance(inside, dict):
        return
    if table == of:
        yield record
    for field, nested in nests.get(table, {}).items():
        for child in _items(inside.get(field)):
            yield from records_of(nested, child, of, nests)


def holds(table: str, of: str, nests: Nests) -> bool:
    """Whether a record of a table may be of another or have one of it nested in it."""
    return table == of or any(holds(one, of, nests) for one in nests.get(table, {}).values())


def _parts(document: Plain, path: list[str]) -> Iterator[Any]:
    for step in path:
        inside = _inside(document)
        if not isinstance(inside, dict) or step not in inside:
            return
        document = inside[step]
    if isinstance(_inside(document), dict):
        yield document


def _items(given: Plain) -> list[Any]:
    items = _inside(given)
    return (
        [one for one in items if isinstance(_inside(one), dict)] if isinstance(items, list) else []
    )


def _inside(value: Plain) -> Plain:
    return getattr(value, "value", value)


def edited(edit: Edit, found: dict[str, Plain]) -> dict[str, Plain]:
    """A mapping as an edit leaves it; one that it has been made to already is left as it is."""
    return _EDITED[type(edit)](edit, found)


def _renamed(edit: Rename, found: dict[str, Plain]) -> dict[str, Plain]:
    if edit.new in found:
        return found
    return {edit.new if key == edit.old else key: value for key, value in found.items()}


def _added(edit: Add, found: dict[str, Plain]) -> dict[str, Plain]:
    return found if edit.key in found else {**found, edit.key: edit.value}


def _dropped(edit: Drop, found: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in found.items() if key != edit.key}


def _recoded(edit: Recode, found: dict[str, Plain]) -> dict[str, Plain]:
    return {**found, edit.key: edit.new} if found.get(edit.key) == edit.old else found


_EDITED: dict[type, Callable[[Any, dict[str, Plain]], dict[str, Plain]]] = {
    Rename: _renamed,
    Add: _added,
    Drop: _dropped,
    Recode: _recoded,
}
