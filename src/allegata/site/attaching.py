"""The large tables of a release as a database, of which a browser reads what a query needs.

Small tables are loaded whole by the page of queries, as the Parquet files they are. Beyond some
tens of megabytes that takes too long and too much memory: those tables are laid beside the page as
a DuckDB file, which the DuckDB in the browser attaches and reads by ranges of bytes.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from allegata.releasing import Release
from allegata.releasing.manifest import Manifest

LARGE = 32_000_000
"""Bytes of Parquet; tables beyond it are attached."""
DATABASE = "query/tables.duckdb"
"""Where the database is, from the site's root."""
_FORM = "v1.2.0"
"""The form of the file, which the DuckDB in the browser must know."""


def large_tables(manifest: Manifest) -> list[str]:
    """The tables of a release that are attached and not loaded, in the release's order."""
    sizes = {file.path: file.bytes for file in manifest.files}
    return [entry.name for entry in manifest.tables if sizes[entry.path] > LARGE]


def lay_database(release: Release, site: Path) -> None:
    """Write the database of the large tables, if there are any.

    The same tables give the same bytes.

    Args:
        release: The release, with its files.
        site: The folder of the site.

    Raises:
        OSError: the file cannot be written.
    """
    file = site / DATABASE
    file.unlink(missing_ok=True)
    names = large_tables(release.manifest)
    if not names:
        return
    try:
        # With one thread rows come to lie where they lay in Parquet, and the bytes are the same.
        with duckdb.connect(config={"threads": 1, "memory_limit": "500MB"}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            where = str(file).replace("'", "''")
            connection.execute(f"ATTACH '{where}' AS made (STORAGE_VERSION '{_FORM}')")
            for name in names:
                entry = release.manifest.table(name)
                assert entry is not None
                source = connection.read_parquet(str(release.file(entry.path)))
                source.create(f"made.{name}")
            connection.execute("CHECKPOINT made")
            connection.execute("DETACH made")
    except duckdb.Error as error:
        file.unlink(missing_ok=True)
        raise OSError(f"{file} cannot be written: {error}") from None
