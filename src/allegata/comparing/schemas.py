"""How the tables of two releases differ in what they are, by their manifests alone."""

from __future__ import annotations

from dataclasses import dataclass

from allegata.releasing import Manifest, TableEntry


@dataclass(frozen=True)
class SchemaDifference:
    """One table of two releases: what it is in each. One of them may lack it."""

    name: str
    old: TableEntry | None
    new: TableEntry | None

    @property
    def columns_added(self) -> list[str]:
        """The columns that only the new release has, where both have the table."""
        return self._lacking(self.new, self.old)

    @property
    def columns_removed(self) -> list[str]:
        """The columns that only the old release has, where both have the table."""
        return self._lacking(self.old, self.new)

    @property
    def columns_retyped(self) -> list[str]:
        """The columns that have another type in each."""
        old, new = self._columns(self.old), self._columns(self.new)
        return [name for name, kind in new.items() if old.get(name, kind) != kind]

    @property
    def shared(self) -> list[str]:
        """The columns that both have with the same type, in the new order."""
        old, new = self._columns(self.old), self._columns(self.new)
        return [name for name, kind in new.items() if old.get(name) == kind]

    @property
    def has_other_key(self) -> bool:
        """Whether both have the table, and its rows cannot be told apart by the same key."""
        return (
            self.old is not None
            and self.new is not None
            and (self.old.key != self.new.key or not set(self.new.key) <= set(self.shared))
        )

    @property
    def is_same(self) -> bool:
        """Whether both have the table, with the same columns, types and key."""
        both = self.old is not None and self.new is not None
        return both and self.words == []

    @property
    def words(self) -> list[str]:
        """What differs, each difference in a few words; names stand between backticks."""
        if self.old is None:
            return ["new table"]
        if self.new is None:
            return ["no longer published"]
        said = []
        for what, names in (
            ("new", self.columns_added),
            ("gone", self.columns_removed),
            ("of another type", self.columns_retyped),
        ):
            if names:
                noun = "column" if len(names) == 1 else "columns"
                said.append(f"{noun} {', '.join(f'`{name}`' for name in names)} {what}")
        if self.has_other_key:
            said.append(f"another key: {', '.join(f'`{name}`' for name in self.new.key)}")
        return said

    @staticmethod
    def _columns(entry: TableEntry | None) -> dict[str, str]:
        return entry.columns if entry else {}

    @staticmethod
    def _lacking(one: TableEntry | None, other: TableEntry | None) -> list[str]:
        if one is None or other is None:
            return []
        return [name for name in one.columns if name not in other.columns]


def schema_differences(old: Manifest, new: Manifest) -> list[SchemaDifference]:
    """Every table of two releases, in the new order; then those that only the old has."""
    names = [entry.name for entry in new.tables]
    names += [entry.name for entry in old.tables if new.table(entry.name) is None]
    return [SchemaDifference(name, old.table(name), new.table(name)) for name in names]
