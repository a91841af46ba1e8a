"""A record file as a tree that keeps comments, blank lines and, where wanted, its lines.

The values and their places are those of the project's own reader, so that what is written is
judged by what will be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel

from allegata.reading.parsing.nodes import Scalar
from allegata.schema import MODELS, Dataset, Waiver
from allegata.schema.record import plain_type

Model = type[BaseModel]


@dataclass(eq=False)
class Leaf:
    """A value without parts."""

    value: Scalar
    written: str | None = None
    """The characters that stand for it, where it is no text."""


@dataclass(eq=False)
class Entry:
    """An item of a list, or a key of a mapping with its value, and the comments about it."""

    value: Leaf | Mapping | Sequence
    key: str | None = None
    """The key as it is read; None for an item of a list."""
    before: list[str] = field(default_factory=list)
    """The lines before it: comments, and empty lines."""
    after: str | None = None
    """The comment at the end of its first line."""
    lines: list[str] | None = None
    """It as it stands in the file, the first line from its column on; None where it is new,
    changed, or shares its lines with others."""
    line: int = 0
    column: int = 0


@dataclass(eq=False)
class Collection:
    """What a list and a mapping have in common."""

    entries: list[Entry] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """The comments behind its last entry."""
    column: int | None = None
    """In which column its entries begin, from 1; None where they do not stand on their lines."""
    changed: bool = False
    tail_line: int = 0
    """The number of the tail's last line in the file."""

    def comments(self) -> Iterator[str]:
        """Every comment within."""
        for entry in self.entries:
            yield from (line for line in entry.before if line)
            if entry.after:
                yield entry.after
            if isinstance(entry.value, Collection):
                yield from entry.value.comments()
        yield from (line for line in self.tail if line)

    def untouched(self) -> bool:
        """Whether nothing within has been changed."""
        return not self.changed and all(
            entry.value.untouched() for entry in self.entries if isinstance(entry.value, Collection)
        )


@dataclass(eq=False)
class Sequence(Collection):
    """A list."""

    model: Model | None = None
    """The model of its items, where they have one."""

    def append(self, plain: Any) -> Entry:
        """Add an item at the end, set apart by an empty line if its neighbours are."""
        entry = Entry(tree_of(plain, self.model))
        if len(self.entries) > 1 and "" in self.entries[-1].before:
            entry.before = [""]
        self.entries.append(entry)
        self.changed = True
        return entry


@dataclass(eq=False)
class Mapping(Collection):
    """A mapping, such as a record."""

    model: Model | None = None
    """The model that orders its keys, where it has one."""
    is_file: bool = False
    """Whether it is a whole record file, which maps tables' names to lists."""

    def get(self, key: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def text(self, key: str) -> str | None:
        """The text under a key, if a text stands there."""
        entry = self.get(key)
        value = entry.value.value if entry and isinstance(entry.value, Leaf) else None
        return value if isinstance(value, str) else None

    def records(self, key: str) -> list[Mapping]:
        """The mappings in the list under a key."""
        entry = self.get(key)
        items = entry.value.entries if entry and isinstance(entry.value, Sequence) else ()
        return [item.value for item in items if isinstance(item.value, Mapping)]

    def set(self, key: str, plain: Any) -> None:
        """Put a value under a key: in its place, or where the model's order has it."""
        entry, value = self.get(key), tree_of(plain, model_within(self, key))
        if entry:
            entry.value, entry.lines = value, None
        else:
            self.entries.insert(self._place_of(key), Entry(value, key))
        self.changed = True

    def append(self, key: str, plain: Any) -> Entry:
        """Add an item to the list under a key, which is made if it is not there."""
        entry = self.get(key)
        if entry is None or not isinstance(entry.value, Sequence):
            self.set(key, [])
            entry = self.get(key)
        assert entry is not None
        assert isinstance(entry.value, Sequence)
        added = entry.value.append(plain)
        if self.is_file and "" not in added.before and len(entry.value.entries) == 2:
            added.before = ["", *added.before]
        return added

    def remove(self, key: str) -> None:
        """Take a key away, with its value; comments above it stay."""
        entry = self.get(key)
        if entry is None:
            return
        at = self.entries.index(entry)
        behind = self.entries[at + 1].before if at + 1 < len(self.entries) else self.tail
        behind[:0] = entry.before
        self.entries.remove(entry)
        self.changed = True

    def _place_of(self, key: str) -> int:
        order = key_order(self)
        rank = order.get(key, len(order))
        ranks = [order.get(entry.key or "", len(order)) for entry in self.entries]
        return max((at + 1 for at, other in enumerate(ranks) if other <= rank), default=0)


Value = Leaf | Mapping | Sequence


def is_untouched(entry: Entry) -> bool:
    """Whether an entry can be written as it stands in the file."""
    if entry.lines is None:
        return False
    return not isinstance(entry.value, Collection) or entry.value.untouched()


def plain(value: Value) -> Any:
    """The value without its layout."""
    if isinstance(value, Mapping):
        return {str(entry.key): plain(entry.value) for entry in value.entries}
    if isinstance(value, Sequence):
        return [plain(entry.value) for entry in value.entries]
    return value.value


def tree_of(value: Any, model: Model | None = None) -> Value:
    """A plain value as a tree; keys that are None are left out of mappings."""
    if isinstance(value, dict):
        mapping = Mapping(model=model, changed=True)
        for key, one in value.items():
            if one is not None:
                mapping.entries.append(Entry(tree_of(one, model_within(mapping, key)), key))
        mapping.entries.sort(key=_rank(mapping))
        return mapping
    if isinstance(value, list | tuple):
        items = [Entry(tree_of(one, model)) for one in value]
        return Sequence(items, changed=True, model=model)
    if isinstance(value, str):
        return Leaf(str(value))
    if value is None or isinstance(value, bool):
        return Leaf(value, {None: "null", True: "true", False: "false"}[value])
    written = repr(value)
    return Leaf(value, written.replace("inf", ".inf").replace("nan", ".nan"))


def _rank(mapping: Mapping) -> Any:
    order = key_order(mapping)
    return lambda entry: order.get(entry.key or "", len(order))


def in_order(mapping: Mapping) -> list[Entry]:
    """The entries in the order of the model's fields; those it does not know come last."""
    return sorted(mapping.entries, key=_rank(mapping))


def key_order(mapping: Mapping) -> dict[str, int]:
    """The keys that a mapping may have -> their place in the order of the model's fields."""
    if mapping.model is None:
        return {}
    fields = mapping.model.model_fields
    return {field.alias or name: at for at, (name, field) in enumerate(fields.items())}


def model_within(mapping: Mapping, key: str) -> Model | None:
    """The model of the mapping, or of the mappings in the list, under a key."""
    if mapping.is_file:
        return Waiver if key == "waivers" else MODELS.get(key)
    if mapping.model is None:
        return None
    for name, one in mapping.model.model_fields.items():
        if key == (one.alias or name):
            kind = plain_type(one)
            kind = next(iter(get_args(kind)), kind)
            return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return None


def root_model(name: str) -> Model | None:
    """The model of a file as a whole, given its name; None for a record file."""
    return Dataset if name == "dataset.yaml" else None
