"""Whether the files that hold the rows of tables once more, such as CSV, do so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from allegata.releasing import Manifest, tools
from allegata.releasing.writing import copies
from allegata.verifying.files import Files
from allegata.verifying.finding import Finding
from allegata.verifying.specs import Specs

_WRITERS = ("allegata", "pyarrow")


def written_otherwise(manifest: Manifest) -> str | None:
    """What copies were written with that is other than here; None if nothing is."""
    here = tools()
    for name in _WRITERS:
        if manifest.tools.get(name) != here[name]:
            return f"they were written with {name} {manifest.tools.get(name)}, here is {here[name]}"
    return None


def check_copies(
    files: Files, manifest: Manifest, good: dict[str, Path], specs: Specs
) -> Iterator[Finding]:
    """Write the copies of each table anew, and compare.

    Args:
        files: The files of the release.
        manifest: Its manifest.
        good: The tables whose files can be read -> the file.
        specs: What the tables are.
    """
    hashes = {entry.path: entry.sha256 for entry in manifest.files}
    for name, file in good.items():
        for path, write in copies(specs.tables[name]).items():
            if path not in hashes or files.good(path) is None:
                continue
            with tempfile.TemporaryDirectory(prefix="allegata-") as temporary:
                written = write(file, Path(temporary) / "copy")
            if written.sha256 != hashes[path]:
                yield Finding(
                    "COPY_WRONG",
                    "it does not hold the rows of its table",
                    path,
                    name,
                    expected=written.sha256,
                    found=hashes[path],
                )
