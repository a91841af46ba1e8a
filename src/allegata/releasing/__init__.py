"""Releases: immutable, versioned folders of tables, written whole and read by name.

>>> import datetime, tempfile
>>> from allegata.schema import Actor, Dataset
>>> from allegata.tables import base_tables, build_tables
>>> actor = Actor.model_validate({"id": "act-ada", "kind": "person", "name": "Ada"})
>>> rows = build_tables([actor])["actors"]
>>> for name in ("first_release", "last_changed"):
...     rows = rows.append_column(name, [["2026.11.0"]])
>>> dataset = Dataset.model_validate(
...     {
...         "name": "example",
...         "title": "An example",
...         "description": "One invented person.",
...         "schema_version": "1.0.0",
...         "licence": {"id": "CC0-1.0", "name": "CC0", "url": "https://example.org/cc0"},
...         "creators": [{"name": "A. Coder"}],
...         "publisher": "A publisher",
...         "lang": "en",
...         "window": {"start": "2025-01-01", "end": "2026-12-31"},
...         "coverage": {"sources": "None.", "start": "2025-01-01", "end": "2025-12-31"},
...     }
... )
>>> with tempfile.TemporaryDirectory() as out:
...     release = write_release(
...         {"actors": rows},
...         {"actors": base_tables()["actors"]},
...         dataset,
...         out,
...         "2026.11.0",
...         date=datetime.date(2026, 11, 5),
...         describe=lambda manifest, specs, previous: {"README.md": b"An example."},
...         problems={},
...         source_commit=None,
...         source_date_epoch=0,
...     )
...     release.version, open_release(out).table("actors").num_rows
('2026.11.0', 1)
"""

from allegata.releasing.catalog import Catalog, check_version, next_version, read_catalog
from allegata.releasing.commit import check_ahead
from allegata.releasing.deltas import Op, delta_table
from allegata.releasing.errors import (
    MissingPackage,
    NewerSchema,
    NotARelease,
    PublishingBusy,
    ReleaseError,
    ReleaseExists,
    UnknownRecord,
    UnknownTable,
    UnknownVersion,
    VersionRefused,
)
from allegata.releasing.history import (
    before,
    before_of,
    create_before,
    create_ledger,
    previous_release,
)
from allegata.releasing.manifest import (
    DeltaEntry,
    FileEntry,
    IntakeEntry,
    Manifest,
    Status,
    TableEntry,
    WaiverEntry,
    manifest_schema,
)
from allegata.releasing.release import Release, ReleaseTable, open_release
from allegata.releasing.writing import write_release

__all__ = [
    "Catalog",
    "DeltaEntry",
    "FileEntry",
    "IntakeEntry",
    "Manifest",
    "MissingPackage",
    "NewerSchema",
    "NotARelease",
    "Op",
    "PublishingBusy",
    "Release",
    "ReleaseError",
    "ReleaseExists",
    "ReleaseTable",
    "Status",
    "TableEntry",
    "UnknownRecord",
    "UnknownTable",
    "UnknownVersion",
    "VersionRefused",
    "WaiverEntry",
    "before",
    "before_of",
    "check_ahead",
    "check_version",
    "create_before",
    "create_ledger",
    "delta_table",
    "manifest_schema",
    "next_version",
    "open_release",
    "previous_release",
    "read_catalog",
    "write_release",
]
