"""The large tables of a release as a database, of which a browser reads what a query needs.

Small tables are loaded whole by the page of queries, as the Parquet files they are. Beyond some
tens of megabytes that takes too long and too much memory: those tables are laid beside the page as
a DuckDB file, which the DuckDB in the browser attaches and reads by ranges of bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
_CHANCE = "dict_fsst,fsst,zstd"
"""Ways of packing text of which DuckDB writes what happens to be in memory along with it."""


def large_tables(manifest: Manifest) -> list[str]:
    """The tables of a release that are attached and not loaded, in the release's order."""
    sizes = {file.path: file.bytes for file in manifest.files}
    return [entry.name for entry in manifest.tables if sizes[entry.path] > LARGE]


def lay_database(release: Release, site: Path) -> None:
    """Write the database of the large tables, if any; the same tables give the same bytes.

    DuckDB leaves in the file what happens to be in its memory where a block is not full: a process
    of its own, whose memory begins as zeros, has nothing else there.

    Args:
        release: The release, with its files.
        site: The folder of the site.

    Raises:
        OSError: the file cannot be written.
    """
    file = site / DATABASE
    file.unlink(missing_ok=True)
    entries = {name: release.manifest.table(name) for name in large_tables(release.manifest)}
    tables = {name: str(release.file(one.path)) for name, one in entries.items() if one}
    if not tables:
        return
    memory = {"MALLOC_PERTURB_": "255", "DUCKDB_JE_MALLOC_CONF": "zero:true"}
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", __name__, str(file), json.dumps(tables)],
        env=os.environ | memory | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        file.unlink(missing_ok=True)
        why = (done.stderr.strip().splitlines() or ["it was ended"])[-1]
        raise OSError(f"{file} cannot be written: {why}")


def _write(file: str, tables: dict[str, str]) -> None:
    # With one thread rows come to lie where they lay in Parquet.
    with duckdb.connect(config={"threads": 1, "memory_limit": "500MB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET disabled_compression_methods = '{_CHANCE}'")
        where = file.replace("'", "''")
        connection.execute(f"ATTACH '{where}' AS made (STORAGE_VERSION '{_FORM}')")
        for name, path in tables.items():
            connection.read_parquet(path).create(f"made.{name}")
        connection.execute("CHECKPOINT made")
        connection.execute("DETACH made")


if __name__ == "__main__":
    _write(sys.argv[1], json.loads(sys.argv[2]))
