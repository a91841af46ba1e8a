"""Finding record files and decoding them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from allegata.reading.nodes import Node, Reporter

SUFFIXES = (".yaml", ".yml", ".json")
DATASET_FILE = "dataset.yaml"

# Data in forms that are not read: passing them over would lose them without a word.
_UNREAD = re.compile(r"\.(jsonl|ndjson|parquet|csv|tsv|xlsx?)(\.(gz|zst|bz2|xz|zip))?$", re.I)
# U+0085, U+2028 and U+2029 end lines for libyaml, but not in YAML 1.2, JSON or editors.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


class MissingPathError(OSError):
    """A path that was asked for does not exist or cannot be listed."""


def find_files(path: Path) -> Iterator[Path]:
    """The files at or below ``path`` that hold records or look as if they did, in name order.

    Hidden files and folders are left out. A link to a folder is given as it is, not followed, so
    that its reader says so and no loop can arise.

    Raises:
        MissingPathError: there is nothing at ``path``, or its folder cannot be listed.
    """
    if not path.is_dir():
        if not os.path.lexists(path):
            raise MissingPathError(f"{path}: no such file or folder")
        yield path
        return
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise MissingPathError(f"{path}: cannot be listed ({error.strerror})") from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        linked_folder = entry.is_symlink() and entry.is_dir()
        if entry.suffix.lower() in SUFFIXES or _UNREAD.search(entry.name) or linked_folder:
            yield entry
        elif entry.is_dir():
            yield from find_files(entry)


def absolute(path: str | Path) -> Path:
    """The path from the root, without ``..``; links are left as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


def shown(path: Path) -> str:
    r"""The path as text; bytes of a name that are not UTF-8 are written as ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def decode(path: Path, report: Reporter) -> str | None:
    """The file's text, or None when there is none to go on with; what is wrong is reported."""
    nowhere = Node(None, 1, 1, 1, 1)
    if shown(path) != str(path):
        report("FILE_UNREADABLE", "has a name that is not UTF-8; rename it", nowhere)
        return None
    if _UNREAD.search(path.name):
        report("FILE_UNREADABLE", "records are read from .yaml, .yml and .json files", nowhere)
        return None
    if path.is_dir():
        linked = "is a link to a folder; links to folders are not followed"
        message = linked if path.is_symlink() else "is a folder, not a file"
        report("FILE_UNREADABLE", message, nowhere)
        return None
    try:
        if not path.is_file() and path.exists():
            raise OSError(0, "not a regular file")
        content = path.read_bytes()
    except OSError as error:
        report("FILE_UNREADABLE", f"cannot be read: {error.strerror or error}", nowhere)
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        report(
            "FILE_ENCODING",
            f"is not UTF-8: byte {content[error.start]:#04x} cannot stand here",
            _at(before, len(before)),
        )
        return None
    return _cleaned(text, report)


def _cleaned(text: str, report: Reporter) -> str | None:
    """The text as it is to be parsed; departures that do not hinder parsing are reported too."""
    if text.startswith("\ufeff"):
        report("FILE_ENCODING", "begins with a byte order mark", Node(None, 1, 1, 1, 1))
        text = text[1:]
    if "\r" in text:
        place = _at(text, text.index("\r"))
        report("FILE_ENCODING", "has line ends other than LF (CRLF or CR)", place)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        name = "a NUL" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        report("FILE_ENCODING", f"holds {name}", _at(text, found.start()))
        return None
    return text


def _at(text: str, offset: int) -> Node:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Node(None, line, column, line, column + 1)
