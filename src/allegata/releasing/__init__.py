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

from allegata.releasing.catalog import (
    Catalog,
    CatalogEntry,
    catalog_around,
    check_version,
    next_version,
    read_catalog,
)
from allegata.releasing.commit import check_ahead
from allegata.releasing.errors import (
    AllWithdrawn,
    MissingPackage,
    NewerSchema,
    NotARelease,
    PublishingBusy,
    ReleaseError,
    ReleaseExists,
    StillReleased,
    TakenDown,
    UnknownRecord,
    UnknownTable,
    UnknownVersion,
    VersionRefused,
    WithdrawnRelease,
)
from allegata.releasing.history import (
    before,
    before_of,
    before_version,
    create_before,
    create_ledger,
    previous_release,
)
from allegata.releasing.manifest import (
    FileEntry,
    IntakeEntry,
    Manifest,
    Status,
    TableEntry,
    WaiverEntry,
    manifest_schema,
)
from allegata.releasing.release import Release, ReleaseTable, open_release
from allegata.releasing.withdrawing.acts import (
    Doomed,
    Takedown,
    Withdrawal,
    plan_takedown,
    takedown,
    withdraw,
)
from allegata.releasing.withdrawing.tombstone import Tombstone, read_tombstone, tombstone_schema
from allegata.releasing.writing import write_release

__all__ = [
    "AllWithdrawn",
    "Catalog",
    "CatalogEntry",
    "Doomed",
    "FileEntry",
    "IntakeEntry",
    "Manifest",
    "MissingPackage",
    "NewerSchema",
    "NotARelease",
    "PublishingBusy",
    "Release",
    "ReleaseError",
    "ReleaseExists",
    "ReleaseTable",
    "Status",
    "StillReleased",
    "TableEntry",
    "Takedown",
    "TakenDown",
    "Tombstone",
    "UnknownRecord",
    "UnknownTable",
    "UnknownVersion",
    "VersionRefused",
    "WaiverEntry",
    "Withdrawal",
    "WithdrawnRelease",
    "before",
    "before_of",
    "before_version",
    "catalog_around",
    "check_ahead",
    "check_version",
    "create_before",
    "create_ledger",
    "manifest_schema",
    "next_version",
    "open_release",
    "plan_takedown",
    "previous_release",
    "read_catalog",
    "read_tombstone",
    "takedown",
    "tombstone_schema",
    "withdraw",
    "write_release",
]
