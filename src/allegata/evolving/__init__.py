"""Evolving: versions of the schema, how they differ, and carrying data from one to the next."""

from allegata.evolving.classes import CLASSES, Bump, Class, Effect, Level, as_markdown
from allegata.evolving.comparing import Comparison, Difference, compare
from allegata.evolving.elements import CURRENT, NoSnapshotError, Snapshot, snapshot
from allegata.evolving.freezing import FrozenError, broken_seals, freeze, frozen_versions
from allegata.evolving.migrating import Migrated, NotMigrated, migrate
from allegata.evolving.snapshot import PARTS, as_text, part

__all__ = [
    "CLASSES",
    "CURRENT",
    "PARTS",
    "Bump",
    "Class",
    "Comparison",
    "Difference",
    "Effect",
    "FrozenError",
    "Level",
    "Migrated",
    "NoSnapshotError",
    "NotMigrated",
    "Snapshot",
    "as_markdown",
    "as_text",
    "broken_seals",
    "compare",
    "freeze",
    "frozen_versions",
    "migrate",
    "part",
    "snapshot",
]
