"""Laying out record files: finding them, and one layout for all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allegata.curating.document import Document, NotEditable, replace
from allegata.reading.files import find_files, shown
from allegata.rules import Problem

_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Change:
    """What a run makes of one file."""

    path: Path
    before: str
    """Its text as it stands."""
    after: str
    """Its text as it is to be."""

    @property
    def is_none(self) -> bool:
        """Whether it stays as it stands."""
        return self.before == self.after

    def diff(self) -> str:
        """The lines that change, in the unified form."""
        name = shown(self.path)
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), name, name
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def write(self) -> None:
        """Put the new text in place of the old, unless they are the same.

        Raises:
            OSError: it cannot be written; then the old text stands.
        """
        if not self.is_none:
            replace(self.path, self.after)


def yaml_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The YAML files at or below some paths, each once.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    found = (file for path in paths for file in find_files(Path(path)))
    yield from dict.fromkeys(one for one in found if one.suffix.lower() in _YAML)


def format_files(paths: Iterable[str | Path]) -> Iterator[Change | Problem]:
    """What the canonical layout would change in record files; nothing is written.

    Args:
        paths: YAML record files, and folders of them.

    Yields:
        The change of each file; of a file that cannot be read, or not be laid out without loss,
        why.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
        OSError: a file cannot be read.
    """
    for path in yaml_files(paths):
        try:
            document = Document.read(path)
            yield Change(path, path.read_text("utf-8"), document.formatted())
        except NotEditable as error:
            yield error.problem
