"""What goes with a release in words: each file a function of the manifest and the tables' specs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allegata.describing.card import card
from allegata.describing.changelog import changelog
from allegata.describing.licence import licence
from allegata.releasing import Manifest, Revised
from allegata.tables import Table

__all__ = ["card", "changelog", "describe", "licence"]


def describe(
    manifest: Manifest,
    specs: Mapping[str, Table],
    previous: Manifest | None = None,
    revised: Sequence[Revised] = (),
) -> dict[str, bytes]:
    """All descriptions of a release: file name -> content.

    Args:
        manifest: That of the release; it need not list these files yet.
        specs: What its tables are.
        previous: The manifest of the release before it.
        revised: What became of records since then, and why.
    """
    texts = {
        "README.md": card(manifest, specs),
        "LICENSE": licence(manifest),
        "CHANGELOG.md": changelog(manifest, previous, revised),
    }
    return {name: text.encode() for name, text in texts.items()}
