"""The downloads, and the page of the release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allegata.releasing import CatalogEntry, Manifest, catalog_around
from allegata.schema.types import PREFIXES
from allegata.schema.vocabularies import Change
from allegata.site.machine.form import SCHEMA
from allegata.site.machine.records import FORM
from allegata.site.page import Page
from allegata.site.pages.codebook import published_tables
from allegata.site.pages.releases import since_before
from allegata.site.pages.subject import LISTED, Subject
from allegata.site.records import Row

_BEGIN_WITH = ("claims_flat", "claims")
_OWN_FILES = ("manifest.json", "SHA256SUMS")
_ADDED = f"""
    SELECT substr(record_id, 1, 3) AS prefix, count(*) AS n
    FROM revisions
    WHERE release IN (SELECT id FROM wanted) AND change = '{Change.ADDED.value}'
    GROUP BY ALL
"""
_CHANGES = f"""
    SELECT *, count(*) OVER () AS of_
    FROM revisions
    WHERE release IN (SELECT id FROM wanted) AND change <> '{Change.ADDED.value}'
    ORDER BY record_id
    LIMIT {LISTED}
"""
_File = tuple[str, str, int, str | None]


def pages(subject: Subject) -> Iterator[Page]:
    """The pages of downloads and of the release."""
    manifest = subject.manifest
    tables = published_tables(subject)
    names = [table.name for table in tables]
    first = next((name for name in _BEGIN_WITH if name in names), names[0] if names else "")
    files = _files(subject)
    page = subject.page(
        "data.html",
        "data/",
        "Data",
        f"Release {manifest.version} as Parquet and CSV files, with sizes and hashes.",
        is_index=True,
        folder=folder(manifest),
        tables=tables,
        first=first,
        snippets=_snippets(first),
        files=[file for file in files if not file[0].endswith((".parquet", ".csv"))],
        releases=_releases(subject),
        form=FORM,
        record_schema=SCHEMA,
    )
    yield subject.with_dataset(page)
    added, changes, left = _revisions(subject)
    yield subject.page(
        "release.html",
        folder(manifest),
        f"Release {manifest.version}",
        f"What release {manifest.version} holds, and what changed in it.",
        trail=[("Releases", "releases/")],
        code=manifest.version,
        warnings=sorted(manifest.problems.items()),
        added=sorted(added.items()),
        changes=changes,
        left=left,
        since=since_before(subject, manifest.version),
        cited=subject.cited(),
        files=files,
    )


def _revisions(subject: Subject) -> tuple[dict[str, int], list[Row], int]:
    """What the release adds, by table; what else changed in it; and how much more there is."""
    store = subject.store
    if not store.has("revisions"):
        return {}, [], 0
    store.give("wanted", [subject.manifest.version])
    added: Counter[str] = Counter()
    for row in store.rows(_ADDED):
        added[PREFIXES[row["prefix"]]] += row["n"]
    changes = store.rows(_CHANGES)
    total = changes[0]["of_"] if changes else 0
    return dict(added), changes, total - len(changes)


def folder(manifest: Manifest) -> str:
    """Where a release's files are, from the site's root.

    They lie as in the publishing folder, so that what the release says of its own paths holds.
    """
    return f"releases/{manifest.version}/"


def _releases(subject: Subject) -> list[CatalogEntry]:
    """All releases, the newest first, as the catalog beside them has them."""
    catalog = catalog_around(subject.release.path)
    return list(catalog.releases) if catalog else []


def _files(subject: Subject) -> list[_File]:
    place = folder(subject.manifest)
    own = [
        (name, f"{place}{name}", (subject.release.path / name).stat().st_size, None)
        for name in _OWN_FILES
    ]
    listed = [
        (file.path, f"{place}{file.path}", file.bytes, file.sha256)
        for file in subject.manifest.files
    ]
    return [*own, *listed]


def _snippets(table: str) -> list[tuple[str, str]]:
    file = f"{table}.parquet"
    return [
        (
            "Python, with pandas",
            f'import pandas as pd\n\n{table} = pd.read_parquet("{file}")\n'
            f'{table}.attrs["columns"]  # what each column means',
        ),
        ("Python, with polars", f'import polars as pl\n\n{table} = pl.read_parquet("{file}")'),
        ("SQL, with DuckDB", f"SELECT * FROM '{file}' LIMIT 10;"),
        (
            "R, with nanoparquet (or arrow::read_parquet)",
            f'{table} <- nanoparquet::read_parquet("{file}")',
        ),
    ]
