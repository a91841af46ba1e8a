"""Word lists by language: ``<list>.<language>.txt``, one word a line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> tuple[str, ...]:
    """All words of a list, over all languages, in order."""
    found: set[str] = set()
    for entry in files(__name__).iterdir():
        if entry.name.startswith(f"{name}.") and entry.name.endswith(".txt"):
            lines = entry.read_text(encoding="utf-8").splitlines()
            found.update(line.strip() for line in lines if line.strip() and line[0] != "#")
    return tuple(sorted(found))
