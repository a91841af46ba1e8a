"""An export of a release, from the wish to the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from allegata.exporting.errors import ExportRefused
from allegata.exporting.formats import FORMATS, ExportFormat
from allegata.exporting.rows import Export
from allegata.reading import Step, nearest
from allegata.releasing import Release
from allegata.showing import ReleaseSession


@dataclass(frozen=True)
class Exported:
    """What was written, and what was not."""

    format: ExportFormat
    path: Path
    written: int
    """How many items or rows."""
    left_out: dict[str, int]
    """Why -> how many items were left out for it."""


def export_release(
    release: Release,
    name: str,
    out: Path,
    *,
    contested: bool = False,
    progress: Callable[[Step], None] = lambda _: None,
) -> Exported:
    """Write a release in a format of other tools.

    The same release gives the same bytes, but for DuckDB's own files. A run that is cut off leaves
    nothing.

    Args:
        release: The release.
        name: The format, one of `FORMATS`.
        out: The file or folder to make; nothing may be there.
        contested: Whether formats that assert events get those that are disputed too.
        progress: Told how far the work is.

    Raises:
        ExportRefused: the format is unknown, something is there, or the release lacks a table.
        NotARelease: a file of the release is missing or damaged.
        OSError: it cannot be written.
    """
    if name not in FORMATS:
        near = nearest(name, FORMATS)
        hint = f"; did you mean {near}?" if near else ""
        raise ExportRefused(f"{name!r} is no format{hint} There are {', '.join(FORMATS)}")
    if out.exists() or out.is_symlink():
        raise ExportRefused(f"{out} is there already; name another with --out, or remove it")
    form = FORMATS[name]
    with (
        TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder,
        ReleaseSession(release) as session,
    ):
        work = Export(release, session, progress, contested)
        made = Path(folder) / "export"
        form.write(work, made)
        shutil.move(made, out)
    return Exported(form, out, work.written, work.left_out)
