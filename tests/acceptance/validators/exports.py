"""What the checks of exports share: where those of a release lie, made before the gate."""

from __future__ import annotations

from pathlib import Path


def exports(release: Path) -> Path:
    """The folder that has a release's exports, each under the name of its format."""
    return release.parents[2] / "exports" / release.name
