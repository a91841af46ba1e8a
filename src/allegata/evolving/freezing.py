"""Freezing: keeping each version of the schema as it was, in a folder of its own.

A version in development may be written again as often as it changes. One that datasets have been
written in is sealed: its folder then lists the hashes of its files, and is not changed any more.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from allegata.evolving.snapshot import PARTS, as_text, part
from allegata.migrations import numbers
from allegata.schema import SCHEMA_VERSION

SEAL = "SHA256SUMS"
"""The file of a version's folder that says that it is not changed any more."""
_VERSION = re.compile("[0-9]{1,4}[.][0-9]{1,4}[.][0-9]{1,4}")


class FrozenError(ValueError):
    """A frozen version cannot be written as was wanted; the text says why and what to do."""


def freeze(folder: str | Path, *, refresh: bool = False, seal: bool = False) -> Path:
    """Write the schema as it stands into the folder of its version.

    Args:
        folder: The folder of frozen versions, such as ``schema``.
        refresh: Whether a version that is not sealed may be written again.
        seal: Whether it is to be sealed: from now on its files stay as they are.

    Returns:
        The folder of the version.

    Raises:
        FrozenError: the version is sealed and the schema is not the same any more; or it is
            written already, otherwise, and is not to be written again.
        OSError: a file cannot be read or written.
    """
    place = Path(folder) / SCHEMA_VERSION
    texts = {f"{name}.json": as_text(part(name)) for name in PARTS}
    differing = [name for name, text in texts.items() if _text(place / name) != text]
    known = [name for name in differing if (place / name).exists()]
    if differing and (place / SEAL).exists():
        raise FrozenError(
            f"{place} is sealed, and the schema differs from it in {', '.join(differing)}: raise "
            "SCHEMA_VERSION in allegata/schema/__init__.py (allegata schema compare "
            f"{SCHEMA_VERSION} current says to what), or take the change back"
        )
    if known and not refresh:
        raise FrozenError(
            f"{place} holds another {', '.join(known)}: to write a version in development again, "
            "say --refresh"
        )
    place.mkdir(parents=True, exist_ok=True)
    for name in differing:
        (place / name).write_text(texts[name], encoding="utf-8")
    if seal:
        lines = [f"{_sha256(texts[name])}  {name}\n" for name in sorted(texts)]
        (place / SEAL).write_text("".join(lines), encoding="utf-8")
    return place


def frozen_versions(folder: str | Path) -> list[str]:
    """The versions that a folder holds, in order."""
    found = [one.name for one in Path(folder).iterdir() if _VERSION.fullmatch(one.name)]
    return sorted(found, key=numbers)


def broken_seals(folder: str | Path) -> list[str]:
    """The files of sealed versions that are not as they were, by their paths in the folder."""
    broken = []
    for version in frozen_versions(folder):
        for line in (_text(Path(folder) / version / SEAL) or "").splitlines():
            sha256, name = line.split("  ", 1)
            text = _text(Path(folder) / version / name)
            if text is None or _sha256(text) != sha256:
                broken.append(f"{version}/{name}")
    return broken


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
