"""What an earlier run found, so that a file that has not changed is not read again.

The cache is one file in the dataset's folder, ``.allegata_cache/kept``: it is replaced whole, and
whatever is wrong with it, it is as if there were none. What is kept of a file is used only while

- its bytes have the SHA-256 that they had,
- the program's own text, its rules, its schema and the libraries that judge values are the same
  (``fingerprint``).
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version as version_of
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock

from allegata.reading.records import Findings, WrittenWaiver
from allegata.rules import RULES, Place, Problem
from allegata.schema import SCHEMA_VERSION, Waiver
from allegata.schema.types import LANGUAGES
from allegata.version import __version__

FOLDER = ".allegata_cache"
_FILE = "kept"
_LOCK = "kept.lock"
_DIGEST = 32  # bytes
_LIBRARIES = (
    "duckdb", "langcodes", "pyarrow", "pycountry", "pydantic", "pydantic-core", "pyyaml",
    "rapidfuzz",
)  # fmt: skip
_OWN_PARTS = ("schema", "tables", "rules", "reading", "deriving", "engines")


@dataclass
class Kept:
    """What is kept between runs."""

    files: dict[str, tuple[int, str, dict[str, Any]]] = field(default_factory=dict)
    """Shown path -> the file's number in ``tables``, the SHA-256 of its bytes, its findings."""
    tables: dict[str, pa.Table] = field(default_factory=dict)
    """The rows of these files, with their origins."""
    judged: dict[str, Any] = field(default_factory=dict)
    """What queries of rules found: the digest of a query and of all it reads -> findings."""
    fingerprint: str = ""
    """What else the answers depend on; see the function of that name."""

    def of_file(self, shown: str, digest: str) -> tuple[int, Findings] | None:
        """What was found in a file, if it was read when its bytes had this SHA-256."""
        number, kept_digest, found = self.files.get(shown, (0, "", {}))
        return (number, _findings(shown, found)) if kept_digest == digest else None


def load(root: Path) -> Kept:
    """What an earlier run kept for the dataset in a folder; nothing where that is of no use."""
    nothing = Kept(fingerprint=fingerprint())
    try:
        content = pa.py_buffer((root / FOLDER / _FILE).read_bytes())
        body = content.slice(_DIGEST)
        if hashlib.sha256(body).digest() != content.slice(0, _DIGEST).to_pybytes():
            return nothing
        stream = pa.BufferReader(body)
        head = json.loads(pa.ipc.open_stream(stream).read_all().column(0)[0].as_py())
        if head["fingerprint"] != nothing.fingerprint:
            return nothing
        tables = {name: pa.ipc.open_stream(stream).read_all() for name in head["tables"]}
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return nothing
    LANGUAGES.update(head["languages"])
    known = {path: (number, digest, found) for path, number, digest, found in head["files"]}
    return Kept(known, tables, head["judged"], nothing.fingerprint)


def store(root: Path, kept: Kept) -> None:
    """Keep what a run found; where that cannot be, go on without."""
    head = {
        "fingerprint": kept.fingerprint,
        "languages": sorted(LANGUAGES),
        "tables": list(kept.tables),
        "files": [[path, *entry] for path, entry in kept.files.items()],
        "judged": kept.judged,
    }
    with suppress(OSError):
        folder = root / FOLDER
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        sink = pa.BufferOutputStream()
        sink.write(b"\0" * _DIGEST)
        for table in (pa.table({"head": [json.dumps(head)]}), *kept.tables.values()):
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table)
        content = sink.getvalue()
        digest = hashlib.sha256(content.slice(_DIGEST)).digest()
        # One name, which the next run writes anew if this one is killed; and who writes it holds
        # the lock: where another run does, its findings are as good as these.
        with FileLock(folder / _LOCK, blocking=False):
            new = folder / f"{_FILE}.new"
            try:
                with new.open("wb") as file:
                    file.write(digest)
                    file.write(content.slice(_DIGEST))
                new.replace(folder / _FILE)
            except BaseException:
                new.unlink(missing_ok=True)
                raise


def entry(number: int, digest: str, found: Findings) -> tuple[int, str, dict[str, Any]]:
    """What is to be kept of a file beside its rows."""
    kept = {
        "problems": [problem.model_dump(mode="json") for problem in found.problems],
        "unread_ids": found.unread_ids,
        "spoiled_ids": found.spoiled_ids,
        "rejected": dict(found.rejected),
        "waivers": [[one.waiver.model_dump(), one.place.model_dump()] for one in found.waivers],
        "met": dict(found.met),
    }
    return number, digest, {name: value for name, value in kept.items() if value}


def _findings(shown: str, kept: Mapping[str, Any]) -> Findings:
    found = Findings(shown)
    found.problems = [Problem.model_validate(one) for one in kept.get("problems", ())]
    found.unread_ids = kept.get("unread_ids", [])
    found.spoiled_ids = kept.get("spoiled_ids", [])
    found.waivers = [
        WrittenWaiver(Waiver.model_validate(waiver), Place.model_validate(place))
        for waiver, place in kept.get("waivers", ())
    ]
    # As for plain dicts, which takes a tenth of the time that counting does.
    dict.update(found.rejected, kept.get("rejected", {}))
    dict.update(found.met, kept.get("met", {}))
    return found


def fingerprint() -> str:
    """What an answer depends on beside the bytes of files, as one SHA-256.

    The program's own text and versions, its rules, its schema's version, and the versions of
    Python and of the libraries that judge values.
    """
    parts = [
        __version__,
        SCHEMA_VERSION,
        repr(RULES),
        platform.python_version(),
        *(f"{name} {version_of(name)}" for name in _LIBRARIES),
        _own_text(),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _own_text() -> str:
    digest = hashlib.sha256()
    for part in _OWN_PARTS:
        _add_texts(digest, files("allegata") / part)
    return digest.hexdigest()


def _add_texts(digest: Any, folder: Traversable) -> None:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            if item.name != "__pycache__":
                _add_texts(digest, item)
        else:
            digest.update(item.name.encode() + b"\0" + item.read_bytes())
