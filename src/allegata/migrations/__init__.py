"""Migrations: how what was written for one version of the schema reads in the next.

Plain data and pure functions on plain values, each named by its two versions. They import nothing
of the schema as it stands, so that they go on meaning what they meant.
"""

from allegata.migrations import v1_0_to_1_1
from allegata.migrations.edits import (
    DATASET,
    PER_FILE,
    Add,
    Drop,
    Edit,
    Nests,
    Plain,
    Recode,
    Rename,
    edited,
    holds,
    mappings,
    records_of,
)
from allegata.migrations.migration import Migration, numbers

MIGRATIONS: tuple[Migration, ...] = (v1_0_to_1_1.MIGRATION,)
"""Every migration, in the order of versions. Between others nothing has to be rewritten."""


def steps(old: str, new: str) -> tuple[Migration, ...]:
    """The migrations that lead from one version to a later one, in order; none if none is needed.

    >>> [(one.old, one.new) for one in steps("1.0.0", "1.1.0")]
    [('1.0.0', '1.1.0')]
    >>> steps("1.1.0", "1.1.0")
    ()
    """
    return tuple(one for one in MIGRATIONS if numbers(old) < numbers(one.new) <= numbers(new))


def described(description: Plain, old: str, new: str) -> Plain:
    """What a dataset says of itself, as a later version of the schema words it.

    Args:
        description: The value of a dataset.yaml, or of the ``dataset`` of a manifest.
        old: The version that it is written in.
        new: The version wanted. The version that the description states is kept.
    """
    for one in steps(old, new):
        description = one.of_dataset(description)
    return description


__all__ = [
    "DATASET",
    "MIGRATIONS",
    "PER_FILE",
    "Add",
    "Drop",
    "Edit",
    "Migration",
    "Nests",
    "Plain",
    "Recode",
    "Rename",
    "described",
    "edited",
    "holds",
    "mappings",
    "numbers",
    "records_of",
    "steps",
]
