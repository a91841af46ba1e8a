"""How a release is cited."""

from __future__ import annotations

from allegata.releasing import Manifest


def citation(manifest: Manifest) -> str:
    """The reference in a line of plain text: creators, year, title, version, publisher."""
    dataset = manifest.dataset
    names = "; ".join(creator.name for creator in dataset.creators)
    where = f" {dataset.homepage}" if dataset.homepage else ""
    return (
        f"{names} ({manifest.date.year}). {dataset.title} (version {manifest.version}) "
        f"[Data set]. {dataset.publisher}.{where}"
    )
