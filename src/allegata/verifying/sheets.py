"""Whether the CSV files hold the rows of the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from allegata.releasing import Manifest, tools
from allegata.releasing.writing import sheet_path
from allegata.tables.csv import write_csv
from allegata.verifying.files import Files
from allegata.verifying.finding import Finding

_WRITERS = ("allegata", "pyarrow")


def written_otherwise(manifest: Manifest) -> str | None:
    """What the CSV files were written with that is other than here; None if nothing is."""
    here = tools()
    for name in _WRITERS:
        if manifest.tools.get(name) != here[name]:
            return f"they were written with {name} {manifest.tools.get(name)}, here is {here[name]}"
    return None


def check_sheets(files: Files, manifest: Manifest, good: dict[str, Path]) -> Iterator[Finding]:
    """Write each table anew as CSV, and compare.

    Args:
        files: The files of the release.
        manifest: Its manifest.
        good: The tables whose files can be read -> the file.
    """
    hashes = {entry.path: entry.sha256 for entry in manifest.files}
    for name, file in good.items():
        path = sheet_path(name)
        if path not in hashes:
            continue
        with tempfile.TemporaryDirectory(prefix="allegata-") as temporary:
            written = write_csv(file, Path(temporary) / "sheet.csv")
        if files.good(path) is not None and written.sha256 != hashes[path]:
            yield Finding(
                "SHEET_WRONG",
                "it does not hold the rows of its table",
                path,
                name,
                expected=written.sha256,
                found=hashes[path],
            )
