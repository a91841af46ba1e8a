"""The releases that are put to the gate."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allegata import open_release
from allegata.exporting import FORMATS, export_release
from allegata.publishing import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DAY = 24 * 60 * 60
SINCE = 1_764_547_200
"""The first of December 2025, when the first of the fictional releases is made."""
WINDOW = 'window: {start: "2019-01-01", end: "2025-12-31"}'
WIDE = 'window: {start: "0001-01-01", end: "9999-12-31"}'


@dataclass(frozen=True)
class Releases:
    """What the gate examines."""

    dist: Path
    """The folder of releases of the dataset published here, where the snippets run."""
    real: Path
    """The release of that dataset."""
    edges: Path
    """The fictional dataset, with the values that readers are known to get wrong."""
    before: Path
    """The release before it, without them."""

    @property
    def examined(self) -> tuple[Path, Path]:
        """Those that every reader and validator takes."""
        return self.real, self.edges


def make_releases(work: Path, version: str) -> Releases:
    """Publish what the gate examines into a folder, which is made anew.

    Args:
        work: The folder.
        version: That of the release of ``data/``: the one which the docs speak of.
    """
    shutil.rmtree(work, ignore_errors=True)
    fictional = work / "fictional"
    shutil.copytree(ROOT / "tests" / "fictional", fictional)
    dist, invented = work / "dist", work / "invented"
    real = publish(ROOT / "data", dist, version).release
    with _epoch(SINCE):
        before = publish(fictional, invented, "2025.12.0").release
    add_edges(fictional)
    with _epoch(SINCE + DAY):
        edges = publish(fictional, invented, "2025.12.1").release
    for release in (real, before, edges):
        export(release.path, work / "exports" / release.version)
    return Releases(dist, real.path, edges.path, before.path)


def export(release: Path, folder: Path) -> None:
    """Make every export of a release, each under the name of its format."""
    folder.mkdir(parents=True)
    for name in FORMATS:
        export_release(open_release(release), name, folder / name)


def add_edges(dataset: Path) -> None:
    """Put the odd values into a copy of the fictional dataset."""
    shutil.copy(HERE / "edges.yaml", dataset)
    described = dataset / "dataset.yaml"
    text = described.read_text(encoding="utf-8")
    assert WINDOW in text
    described.write_text(text.replace(WINDOW, WIDE), encoding="utf-8")


@contextmanager
def _epoch(seconds: int) -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before
