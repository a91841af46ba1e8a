"""What verifying finds: each finding with its place, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from allegata.rules import shortened

MOST_EXAMPLES = 5
"""So many examples of one finding are named; all are counted."""

CODES = {
    "CHECKSUMS_MISSING": "The release has no SHA256SUMS.",
    "CHECKSUMS_WRONG": "A line of SHA256SUMS is not one, names a path outside, or a path twice.",
    "FILE_MISSING": "A file that is listed is not there.",
    "FILE_UNLISTED": "A file is there that is not listed.",
    "FILE_CHANGED": "A file has another SHA-256 than SHA256SUMS says.",
    "FILE_NOT_PLAIN": "Something is there that is no plain file, such as a link. It is not read.",
    "MANIFEST_MISSING": "The release has no manifest.json.",
    "MANIFEST_WRONG": "The manifest is not JSON, or does not hold what a manifest holds.",
    "MANIFEST_FILES": "The manifest and SHA256SUMS, or the files themselves, do not agree.",
    "MANIFEST_TABLES": "The manifest names a table without its file, twice, or not at all.",
    "SCHEMA_WRONG": "The manifest does not satisfy the JSON Schema published with it.",
    "POINTER_WRONG": "The catalog, or latest.json, says otherwise of the release than it does.",
    "PARQUET_DAMAGED": "A file of a table cannot be read as Parquet.",
    "METADATA_WRONG": "A file of a table says otherwise of its release than the manifest.",
    "COLUMNS_WRONG": "A table has other columns, or in another order, than it should.",
    "TYPE_WRONG": "A column has another type than it should.",
    "NULLABLE_WRONG": "A column may be empty where it may not, or the reverse.",
    "DESCRIPTION_WRONG": "A column carries another description than its definition.",
    "ROWS_WRONG": "A table has another number of rows than the manifest says.",
    "NULLS_WRONG": "A column has another number of empty values than the manifest says.",
    "DAYS_WRONG": "A table spans other days than the manifest says.",
    "CONTENT_WRONG": "The rows of a table have another content hash than the manifest says.",
    "VALUE_MISSING": "A value is empty that may not be.",
    "VALUE_NOT_A_NUMBER": "A number is infinite, or none.",
    "KEY_WRONG": "Two rows of a table share its key, or the manifest names another key.",
    "ORDER_WRONG": "The rows of a table are not in its order.",
    "REFERENCE_BROKEN": "A row refers to a record that the release does not have.",
    "CODE_UNKNOWN": "A code is not in the release's own codebook.",
    "CODEBOOK_WRONG": "The codebook is not that of the release's tables.",
    "COPY_WRONG": "A CSV file, or another copy of a table, does not hold its rows.",
    "DERIVED_WRONG": "A derived table is not what follows from the others.",
    "HISTORY_WRONG": "A row says otherwise of its releases than the release before shows.",
    "REVISION_WRONG": "A record differs from the release before, and no revision says so.",
    "DELTA_WRONG": "What a release says has changed is not its difference from the one before.",
}
"""The code of each kind of finding -> what it means. Codes keep their meaning for good."""


@dataclass(frozen=True)
class Finding:
    """One promise that the release does not keep."""

    code: str
    """Which kind (``CODES``)."""
    message: str
    """What is wrong, in a sentence."""
    file: str
    """The file, as its path in the release or, of a pointer, in the publishing folder."""
    table: str | None = None
    """The table."""
    column: str | None = None
    """The column."""
    key: str | None = None
    """The key of the first row at fault."""
    expected: str | None = None
    """What should be there."""
    found: str | None = None
    """What is there."""
    count: int = 1
    """How many rows, files or entries are at fault."""
    examples: tuple[str, ...] = ()
    """The first of them."""

    def __post_init__(self) -> None:
        assert self.code in CODES, self.code
        for name in ("message", "file", "table", "column", "key", "expected", "found"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, shortened(value, 500))
        told = tuple(shortened(one, 200) for one in self.examples[:MOST_EXAMPLES])
        object.__setattr__(self, "examples", told)

    def __str__(self) -> str:
        where = ".".join(one for one in (self.table, self.column) if one)
        lines = [
            f"{self.code}: {self.message}",
            f"  --> {self.file}{'  ' + where if where else ''}",
        ]
        told = {"key": self.key, "expected": self.expected, "found": self.found}
        lines += [f"  {word}: {value}" for word, value in told.items() if value is not None]
        if self.count > 1:
            lines.append(f"  {self.count:,} in all: {', '.join(self.examples)}")
        return "\n".join(lines)


@dataclass
class Verification:
    """What came of verifying one release."""

    place: str
    """Where it lies."""
    version: str | None = None
    """Its version, as far as it could be read."""
    findings: list[Finding] = field(default_factory=list)
    """What is wrong; empty where every promise is kept."""
    files: int = 0
    """How many files were hashed."""
    bytes: int = 0
    """How many bytes they have."""
    tables: int = 0
    """How many tables were read."""
    rows: int = 0
    """How many rows they have."""
    checked: list[str] = field(default_factory=list)
    """What has been looked at, in words."""
    not_checked: list[str] = field(default_factory=list)
    """What could not be looked at, and why."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def add(self, findings: Iterable[Finding]) -> None:
        """Take what one of the checks has found."""
        self.findings += findings

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        told = {name: value for name, value in asdict(self).items() if name != "findings"}
        findings = [
            {name: value for name, value in asdict(one).items() if value not in (None, ())}
            for one in self.findings
        ]
        return {"ok": self.ok, **told, "findings": findings}
