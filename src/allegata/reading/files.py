"""Finding record files, decoding and parsing them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from allegata.reading.parsing.jsonfile import parse_json
from allegata.reading.parsing.nodes import Node, Reporter, Unparsable
from allegata.schema import MODELS

SUFFIXES = (".yaml", ".yml", ".json")
DATASET_FILE = "dataset.yaml"
AGREEMENT = ".agreement.json"
"""How the names of files end that tell how far coders agree; they hold no records."""

_BULK = re.compile(r"\.(jsonl(\.(gz|zst))?|parquet)$", re.I)
# Data in forms that are not read: passing them over would lose them without a word.
_UNREAD = re.compile(r"\.(jsonl|ndjson|parquet|csv|tsv|xlsx?)(\.[a-z0-9]{2,4})?$", re.I)
_NOWHERE = Node(None, 1, 1, 1, 1)
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
        if entry.name.startswith(".") or entry.name.endswith(AGREEMENT):
            continue
        linked_folder = entry.is_symlink() and entry.is_dir()
        if entry.suffix.lower() in SUFFIXES or _UNREAD.search(entry.name) or linked_folder:
            yield entry
        elif entry.is_dir():
            yield from find_files(entry)


def find_agreements(folder: Path) -> list[Path]:
    """The files below a dataset's folder that tell how far coders agree, in name order."""
    return sorted(
        path
        for path in folder.rglob(f"*{AGREEMENT}")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def absolute(path: str | Path) -> Path:
    """The path from the root, without ``..``; links are left as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


def shown(path: Path) -> str:
    r"""The path as text; bytes of a name that are not UTF-8 are written as ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_bulk(path: Path) -> bool:
    """Whether a file is one of many records of one table, by the ending of its name."""
    return bool(_BULK.search(path.name))


def table_of(path: Path) -> str | None:
    """The table whose records a bulk file holds, by its name or its folder's.

    >>> [table_of(Path(name)) for name in ("claims.jsonl", "claims-07.jsonl.gz", "hops/1.parquet")]
    ['claims', 'claims', 'hops']
    """
    stem = re.split(r"[-.]", path.name, maxsplit=1)[0]
    return next((name for name in (stem, path.parent.name) if name in MODELS), None)


def is_readable_file(path: Path, report: Reporter) -> bool:
    """Whether a path is a file of a kind that is read; what is wrong with it is reported."""
    message = None
    if not _UNREAD.search(path.name) and str(path).isascii() and path.is_file():
        return True
    if shown(path) != str(path):
        message = "has a name that is not UTF-8; rename it"
    elif _UNREAD.search(path.name) and not is_bulk(path):
        message = (
            "records are read from .yaml, .yml and .json files, and in bulk from .jsonl "
            "(also .jsonl.gz and .jsonl.zst) and .parquet files"
        )
    elif path.is_dir():
        linked = "is a link to a folder; links to folders are not followed"
        message = linked if path.is_symlink() else "is a folder, not a file"
    elif not path.is_file() and path.exists():
        message = "cannot be read: not a regular file"
    if message:
        report("FILE_UNREADABLE", message, _NOWHERE)
    return message is None


def content_of(path: Path, report: Reporter) -> bytes | None:
    """The file's bytes, or None when they cannot be read; what is wrong is reported."""
    try:
        if not is_readable_file(path, report):
            return None
        return path.read_bytes()
    except OSError as error:
        report("FILE_UNREADABLE", f"cannot be read: {error.strerror or error}", _NOWHERE)
        return None


def parse(path: Path, content: bytes, report: Reporter) -> Node | None:
    """The value of a record file, with its places; None when there is none to go on with."""
    # libyaml's wrapper takes long to import, and commands such as --help do without.
    from allegata.reading.parsing.yamlfile import parse_yaml

    text = _decoded(content, 1, report)
    if text is None or (text := _cleaned(text, report)) is None:
        return None
    try:
        node = (parse_json if path.suffix.lower() == ".json" else parse_yaml)(text, report)
    except Unparsable as error:
        report("FILE_SYNTAX", str(error), error.node)
        return None
    if node is None or node.value is None:
        report("FILE_EMPTY", "holds nothing", _NOWHERE)
        return None
    return node


def parse_line(line: bytes, number: int, report: Reporter) -> Node | None:
    """The value of one line of JSON; None when there is none, which is reported."""
    text = _decoded(line, number, report)
    if text is None:
        return None
    try:
        node = parse_json(text, report, number)
    except Unparsable as error:
        report("FILE_SYNTAX", str(error), error.node)
        return None
    if node is None:
        message = "the line is empty, and each line holds one record"
        report("FILE_SYNTAX", message, Node(None, number, 1, number, 1))
    return node


def _decoded(content: bytes, first_line: int, report: Reporter) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        place = _at(before, len(before))
        place.line, place.end_line = (place.line + first_line - 1,) * 2
        message = f"is not UTF-8: byte {content[error.start]:#04x} cannot stand here"
        report("FILE_ENCODING", message, place)
        return None


def _cleaned(text: str, report: Reporter) -> str | None:
    """The text as it is to be parsed; departures that do not hinder parsing are reported too."""
    if text.startswith("\ufeff"):
        report("FILE_ENCODING", "begins with a byte order mark", _NOWHERE)
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
