"""CSV on the Web (https://www.w3.org/TR/tabular-metadata/): the CSV edition of the release."""

from __future__ import annotations

import shutil
from pathlib import Path

from allegata.exporting.errors import ExportRefused
from allegata.exporting.rows import Export


def write_csvw(export: Export, out: Path) -> None:
    """Copy the CSV files of a release, and what describes them, to a folder."""
    files = [file.path for file in export.release.manifest.files if file.path.startswith("csv/")]
    if "csv/csvw.json" not in files:
        raise ExportRefused("the release has no CSV edition; publish it anew with this allegata")
    out.mkdir()
    for path in files:
        shutil.copyfile(export.release.file(path), out / path.removeprefix("csv/"))
        export.written += 1
