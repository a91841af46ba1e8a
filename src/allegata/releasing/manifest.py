"""The manifest: what a release says of itself, and of each of its files.

It holds nothing that two machines with the same input, date and library versions would write
differently: no clock, no host, no path outside the release.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from allegata.schema import Dataset
from allegata.schema.types import Sha256, Version

FilePath = Annotated[
    str, StringConstraints(pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$")
]
TableName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$")]
_Day = date  # the manifest has a field called date
Amount = Annotated[int, Field(ge=0)]

MEDIA_TYPES = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".intoto.json": "application/vnd.in-toto+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".ttl": "text/turtle",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}
"""The media types of a release's files, by how their names end."""


RELIABILITY = "reliability"
"""The folder of a release that tells how far coders agree."""


class Status(StrEnum):
    """Where a release stands."""

    CANDIDATE = "candidate"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What a file is for."""

    DATA = "data"
    DELTA = "delta"
    DOCUMENTATION = "documentation"
    LICENCE = "licence"
    METADATA = "metadata"
    RELIABILITY = "reliability"


class Published(BaseModel):
    """The base of what is published as JSON."""

    model_config = ConfigDict(
        frozen=True,
        use_attribute_docstrings=True,
        # What an earlier allegata did not write may be missing when read; it is always written.
        json_schema_serialization_defaults_required=True,
    )

    def to_json(self) -> bytes:
        """The JSON text that is published: the same bytes for the same content."""
        return json_bytes(self.model_dump(mode="json"))


class FileEntry(Published):
    """One file of the release."""

    path: FilePath
    """Where it is, from the release's folder."""
    bytes: Amount
    """Its size."""
    sha256: Sha256
    """The SHA-256 of its bytes."""
    media_type: str
    """Its media type."""
    role: Role
    """What it is for."""


class TableEntry(Published):
    """One table of the release."""

    name: TableName
    """The name that it is asked for by."""
    path: FilePath
    """Its Parquet file, from the release's folder."""
    rows: Amount
    """How many rows it has."""
    columns: dict[str, str]
    """The columns in order: name and type."""
    key: list[str]
    """The columns that no two rows share; the rows are sorted by them."""
    null_counts: dict[str, Amount]
    """How many rows have no value, for each column."""
    first_day: date | None
    """The first day that stands in any column of days."""
    last_day: date | None
    """The last day that stands in any column of days."""
    content_hash: Sha256
    """The hash of its rows, whatever their order and file (allegata.tables.content_hash)."""


class DeltaEntry(Published):
    """How one table differs from the release before: what its delta holds."""

    table: TableName
    """The table."""
    path: FilePath
    """Its delta, from the release's folder."""
    added: Amount
    """How many rows are new, told by ``add``."""
    changed: Amount
    """How many rows have another value, told by ``mod``."""
    removed: Amount
    """How many rows are gone, told by ``del``."""
    content_hash: Sha256
    """The hash of the delta's rows, as that of a table."""


class WaiverEntry(Published):
    """A record that was let off a rule."""

    record: str
    """The record."""
    rule: str
    """The code of the rule."""
    reason: str
    """Why the record is right as it is."""


class IntakeEntry(Published):
    """What became of the records of one table that the record files held."""

    table: str
    """The table."""
    met: Amount
    """How many records there were; a line that cannot be parsed is one."""
    accepted: Amount
    """How many of them are rows of the release."""
    quarantined: Amount
    """How many were set aside; with those accepted they are all that were met."""


class Manifest(Published):
    """What a release holds, what it was made from, and by what."""

    dataset: Dataset
    """The dataset as it described itself at the time."""
    version: Version
    """The version of the data: year, month, number."""
    schema_version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    """The version of the schema of its tables."""
    date: date
    """The day of the release."""
    status: Status
    """Where it stood when it was made. What became of it since, the catalog says."""
    previous: Version | None
    """The release before it."""
    licence: str
    """The SPDX identifier of the terms on which the data may be used."""
    files: list[FileEntry]
    """Every file but this one and SHA256SUMS, sorted by path."""
    tables: list[TableEntry]
    """Every table, in the order in which they are best read."""
    deltas: list[DeltaEntry] = []
    """How each table that differs from the release before differs, in the order of the tables;
    empty where there is none before it, and in releases made before there were deltas."""
    problems: dict[str, Amount]
    """How many problems of each code the records were released with; none of them is an error."""
    waivers: list[WaiverEntry]
    """The records that were let off a rule, and why."""
    intake: list[IntakeEntry]
    """What became of the records, table by table, where some were set aside."""
    tools: dict[str, str]
    """What made it: name and version."""
    source_commit: str | None
    """The commit of the records, where they are kept in git."""
    source_date_epoch: int
    """The time that the release was made as of, in seconds since 1970 (SOURCE_DATE_EPOCH)."""
    note: str | None = None
    """Why records differ from the release before that have no revision of their own."""
    until: _Day | None = None
    """The day up to which sources are in it, where those published later were left out."""

    def table(self, name: str) -> TableEntry | None:
        """The entry of that table, if there is one."""
        return next((entry for entry in self.tables if entry.name == name), None)

    def delta(self, table: str) -> DeltaEntry | None:
        """The entry of that table's delta; None where it does not differ."""
        return next((entry for entry in self.deltas if entry.table == table), None)


def file_entry(path: str, content: bytes) -> FileEntry:
    """The entry of a file that describes a release, from its content."""
    return FileEntry(
        path=path,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type(path),
        role=_role(path),
    )


def media_type(path: str) -> str:
    """The media type of a file of a release.

    >>> media_type("provenance.intoto.json"), media_type("LICENSE")
    ('application/vnd.in-toto+json', 'text/plain')
    """
    suffixes = PurePosixPath(path).suffixes[-2:]
    endings = ("".join(suffixes), *suffixes[-1:])
    return next((MEDIA_TYPES[end] for end in endings if end in MEDIA_TYPES), "text/plain")


def _role(path: str) -> Role:
    if path == "LICENSE":
        return Role.LICENCE
    if path.startswith(f"{RELIABILITY}/"):
        return Role.RELIABILITY
    return Role.DOCUMENTATION if path.endswith(".md") else Role.METADATA


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema of a manifest."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Manifest.model_json_schema(mode="serialization"),
    }


def json_bytes(value: Any) -> bytes:
    """JSON for people and for comparing: indented, one line end at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
