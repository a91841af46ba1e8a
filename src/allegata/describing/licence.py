"""``LICENSE``: the terms on which the data may be used."""

from __future__ import annotations

from allegata.describing.citation import citation
from allegata.releasing import Manifest


def licence(manifest: Manifest) -> str:
    """The licence notice, as plain text."""
    terms = manifest.dataset.licence
    parts = [
        f"{manifest.dataset.title}, release {manifest.version}",
        f"These data may be used on the terms of the {terms.name} ({terms.id}). "
        f"The text of the licence, which is what counts, is at\n\n    {terms.url}",
        f"When you use them, cite them as\n\n    {citation(manifest)}",
    ]
    if terms.exception:
        parts.append(f"What the licence does not cover\n\n{terms.exception}")
    return "\n\n".join(parts) + "\n"
