"""What became of the rows of an import: nothing of them is dropped without a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Aside:
    """A row that became no record, or a part of a file that holds no rows."""

    file: str
    row: int | None
    """The number of the row, from 1, where there is one."""
    reason: str
    detail: str = ""
    """What is wrong, for a person."""


@dataclass
class Report:
    """Rows in = rows imported + rows set aside; and the records that were written."""

    format: str
    mapping_version: str
    rows: int = 0
    imported: int = 0
    records: Counter[str] = field(default_factory=Counter)
    """Table -> how many records were written."""
    aside: Counter[str] = field(default_factory=Counter)
    """Reason -> how many rows were set aside for it."""
    warnings: Counter[str] = field(default_factory=Counter)
    """What is worth knowing -> how many rows it applies to."""
    known: Counter[str] = field(default_factory=Counter)
    """Table -> how many records were left out because the folder beside holds them."""
    faults: list[Aside] = field(default_factory=list)
    """Files, or parts of them, that could not be read at all."""
    examples: list[Aside] = field(default_factory=list)
    """The first rows that were set aside; all of them stand in `set-aside.csv`."""

    @property
    def balanced(self) -> bool:
        """Whether each row is accounted for."""
        return self.rows == self.imported + sum(self.aside.values())

    @property
    def ok(self) -> bool:
        """Whether all files could be read to their ends."""
        return not self.faults

    def lines(self) -> list[str]:
        """The report for people."""
        told = [f"{self.format} (mapping {self.mapping_version})"]
        told += [f"rows in: {self.rows}"]
        told += [f"rows imported: {self.imported}"]
        told += [f"rows set aside: {sum(self.aside.values())}"]
        told += [f"  {reason}: {count}" for reason, count in sorted(self.aside.items())]
        told += ["records out:"]
        told += [f"  {table}: {count}" for table, count in sorted(self.records.items())]
        if self.known:
            told += ["left out, for they are known already:"]
            told += [f"  {table}: {count}" for table, count in sorted(self.known.items())]
        if self.warnings:
            told += ["to be looked at:"]
            told += [f"  {reason}: {count}" for reason, count in sorted(self.warnings.items())]
        if self.faults:
            told += ["not read:"]
            told += [f"  {_placed(fault)}: {fault.detail}" for fault in self.faults]
        return told


def _placed(aside: Aside) -> str:
    return aside.file if aside.row is None else f"{aside.file}, row {aside.row}"
