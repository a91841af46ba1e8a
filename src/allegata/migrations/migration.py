"""A migration: what leads from one version of the schema to the next."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from allegata.migrations.edits import DATASET, Edit, Nests, Plain, edited, mappings, records_of


def numbers(version: str) -> tuple[int, ...]:
    """What versions of the schema are ordered by.

    >>> numbers("1.9.0") < numbers("1.10.0")
    True
    """
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True)
class Migration:
    """The edits by which what was written for one version is written for the next.

    All of it is plain data, and its functions are pure: they change no value that they are given.
    """

    old: str
    """The version that it leads from."""
    new: str
    """The version that it leads to."""
    why: str
    """What it does and why, in a sentence for curators."""
    nests: Nests
    """Which fields of the old version list records of other tables."""
    edits: tuple[Edit, ...]
    """What is changed, one after another."""

    def of_records(self, document: Plain) -> Plain:
        """A record file's value, in the new version."""
        made = deepcopy(document)
        for edit in self.edits:
            if edit.of.split(".")[0] != DATASET:
                _edit(edit, list(mappings(made, edit.of, self.nests)))
        return made

    def of_record(self, table: str, record: Plain) -> Plain:
        """A record of a table, such as a line of a bulk file, in the new version."""
        made = deepcopy(record)
        for edit in self.edits:
            _edit(edit, list(records_of(table, made, edit.of, self.nests)))
        return made

    def of_dataset(self, description: Plain) -> Plain:
        """The value of a dataset.yaml, in the new version; the version that it states is kept."""
        made = deepcopy(description)
        for edit in self.edits:
            if edit.of.split(".")[0] == DATASET:
                _edit(edit, list(mappings(made, edit.of, self.nests)))
        return made


def _edit(edit: Edit, found: list[dict[str, Plain]]) -> None:
    """Make an edit in mappings that nobody else holds."""
    for one in found:
        made = edited(edit, one)
        if made is not one:
            one.clear()
            one.update(made)
