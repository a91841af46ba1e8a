"""Records gathered from documents: ids, canonical text, origins, and what became of each entry."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from allegata.importing.report import Aside, Report
from allegata.importing.running.files import LOST, sha256_of_file
from allegata.rules.words import words
from allegata.schema import MODELS
from allegata.schema.text import what_is_not_canonical
from allegata.schema.timeprofile import TimeError, bounds
from allegata.schema.types import PREFIXES, is_language
from allegata.version import __version__

_PREFIX = {table: prefix for prefix, table in PREFIXES.items()}
_LOADED = re.compile(f"(^|-)({'|'.join(words('loaded'))})(-|$)")
_ATTRIBUTED = re.compile(
    rf"(^|[^\w])({'|'.join(map(re.escape, words('attributions')))})([^\w]|$)", re.I
)
MOST_RAW = 20_000
Entry = dict[str, Any]


def line(value: object, most: int = 500) -> str | None:
    r"""A text as one canonical line, cut with an ellipsis if too long; None if nothing is left.

    >>> line("  Ann\u200b \n Lee ")
    'Ann Lee'
    """
    if not isinstance(value, str):
        return None
    if what_is_not_canonical(value) or "\n" in value:
        value = "".join(
            char
            if unicodedata.category(char) not in _UNSEEN
            else " " * (char.isspace() or char < " ")
            for char in unicodedata.normalize("NFC", value)
        )
        value = unicodedata.normalize("NFC", " ".join(value.split()))
    if not value or what_is_not_canonical(value):
        return None
    return value if len(value) <= most else value[: most - 1].rstrip() + "…"


_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))


def names_a_speaker(text: str) -> bool:
    """Whether a text attributes what it tells, which no proposition does."""
    return bool(_ATTRIBUTED.search(text.replace("\u2019", "'")))


def day(value: object) -> str | None:
    """A date or a time of ISO 8601 as a time of the profile; None if it is none.

    >>> day("2022-10-04T10:30:00Z"), day("2022-10"), day("4 October")
    ('2022-10-04', '2022-10', None)
    """
    found = (
        re.match(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(?=$|[T ])", value)
        if isinstance(value, str)
        else None
    )
    try:
        return found[0] if found and bounds(found[0]) else None
    except TimeError:
        return None


def language(value: object) -> str | None:
    """A tag of BCP 47 if the value is one in its usual case."""
    if not isinstance(value, str) or not re.fullmatch("[A-Za-z0-9-]{2,35}", value):
        return None
    import langcodes

    if not langcodes.tag_is_valid(value):
        return None
    tag = langcodes.standardize_tag(value)
    return tag if is_language(tag) else None


def raw_of(entry: dict[str, Any]) -> str:
    """An entry as it is kept with its origin: one level, lists and objects as JSON texts.

    What does not fit is left out from the end, and a last key says so.
    """
    flat = {
        key: value if value is None or isinstance(value, str | int | float | bool) else _json(value)
        for key, value in entry.items()
    }
    text = _ascii(flat)
    while len(text) > MOST_RAW and flat:
        longest = max(flat, key=lambda key: len(_ascii({key: flat[key]})))
        del flat[longest]
        text = _ascii({**flat, "(left out, too long)": longest[:200]})
    return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _ascii(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"))
    text = re.sub("\x7f", r"\\u007f", text)
    return _LONE.sub(r"\\ufffd", text)


_LONE = re.compile(
    r"(?<!\\)\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}"
)


def _first_fault(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


class Collector:
    """Records by table, with their origins; of those with one id, the first stays."""

    def __init__(
        self,
        importer: str,
        mapping: tuple[str, str] | None,
        known: frozenset[str],
        dated: str = "2026-11-25",
    ) -> None:
        self.importer, self.mapping, self.known, self.dated = importer, mapping, known, dated
        self.report = Report(importer, " ".join(mapping) if mapping else "none")
        self.asides: list[Aside] = []
        self.records: dict[str, dict[str, Entry]] = {table: {} for table in MODELS}
        self._file, self._sha, self._row, self._item = "", "", 1, ""
        self._raw: Entry = {}
        self._made: list[tuple[str, Entry]] = []
        self._seen: set[tuple[str, ...]] = set()
        self.licence: str | None = None

    def begin_file(self, path: Path) -> None:
        """Take what follows from a file."""
        self._file = line(path.name) or "a name that cannot be shown"
        self._sha, self._row = sha256_of_file(path), 0

    def begin(self, raw: Entry, item: str | None = None, licence: str | None = None) -> None:
        """Begin an entry of the file: what follows is made from it, until it is kept."""
        self._row += 1
        self.report.rows += 1
        self._raw, self._item, self.licence = raw, line(item) or "", line(licence)
        self._made = []

    def set_aside(self, reason: str, detail: str = "") -> None:
        """Count the entry as set aside; nothing of it stays."""
        self.report.aside[reason] += 1
        self.asides.append(Aside(self._file, self._row, reason, detail[:300]))
        self._made = []

    @property
    def row(self) -> int:
        """The number of the entry in its file."""
        return self._row

    def set_aside_row(self, row: int, reason: str, detail: str = "") -> None:
        """Count an earlier entry of the file as set aside."""
        self.report.aside[reason] += 1
        self.asides.append(Aside(self._file, row, reason, detail[:300]))

    def add_made(self, table: str, id_: str, origins: list[Entry], **fields: Any) -> None:
        """Make a record from several entries at once, and count them as imported."""
        given = {name: value for name, value in fields.items() if value not in (None, [], "")}
        self.report.imported += len(origins)
        self.records[table].setdefault(id_, {"id": id_, **given, "origins": origins})

    def keep(self) -> None:
        """Keep what was made from the entry, or set it aside if the schema refuses any of it."""
        if LOST in _json(self._raw):
            self.set_aside("encoding", "it holds bytes that are not UTF-8")
            return
        for table, entry in self._made:
            try:
                MODELS[table].model_validate_json(json.dumps(entry))
            except (ValidationError, ValueError) as error:
                self.set_aside("refused-by-the-schema", f"{table}: {_first_fault(error)}")
                return
        self.report.imported += 1
        for table, entry in self._made:
            self.records[table].setdefault(entry["id"], entry)

    def term(self, start: str | None, end: str | None) -> dict[str, str | None]:
        """The days of an office; none, with a warning, where it would end before it begins."""
        length = min(len(start or ""), len(end or ""))
        if start and end and end[:length] < start[:length]:
            self.warn("office-ends-before-it-begins")
            return {"start": None, "end": None}
        return {"start": start, "end": end}

    def fault(self, detail: str) -> None:
        """Tell of a file, or a part of one, that could not be read."""
        self.report.faults.append(Aside(self._file, None, "unreadable", detail[:300]))

    def warn(self, reason: str) -> None:
        """Count what is worth knowing of an entry that becomes records all the same."""
        self.report.warnings[reason] += 1

    def new(self, key: tuple[str, ...]) -> bool:
        """Whether this is the first entry of which the key is told."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def mint(self, table: str, parts: Iterable[str], slug: str | None = None) -> str:
        """An id that is always the same for the same parts."""
        stem = unicodedata.normalize("NFKD", slug or "").encode("ascii", "ignore").decode().lower()
        stem = re.sub("[^a-z0-9]+", "-", stem)[:48].strip("-")
        stem = "" if _LOADED.search(stem) else stem
        key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
        return "-".join(filter(None, (_PREFIX[table], self.importer, stem, key)))

    def add(self, table: str, id_: str, *, raw: bool = False, **fields: Any) -> str:
        """Make a record from the entry; fields without a value are left out. Returns its id."""
        entry = {"id": id_} | {
            name.rstrip("_"): value for name, value in fields.items() if value not in (None, [], "")
        }
        if table == "claims":
            entry |= {
                "method": "automatic",
                "coder": f"import-{self.importer}",
                "coded": self.dated,
            }
        self._made.append((table, {**entry, "origins": [self.origin(raw=raw)]}))
        return id_

    def add_coded(self, claim: Entry, coder: str) -> None:
        """Take a claim as a person coded it, from the entry."""
        given = {name: value for name, value in claim.items() if name != "reviewer"}
        origins = [self.origin(raw=True)]
        self._made.append(
            ("claims", {**given, "method": "human", "coder": coder, "origins": origins})
        )

    def origin(self, *, raw: bool) -> Entry:
        """Where the entry stands, with what stands there if asked for."""
        origin: Entry = {"importer": self.importer, "importer_version": __version__}
        if self.mapping:
            origin |= {"mapping": self.mapping[0], "mapping_version": self.mapping[1]}
        origin |= {"file": self._file, "file_sha256": self._sha, "row": self._row}
        if self._item:
            origin["item"] = self._item
        if raw:
            origin["raw"] = raw_of(self._raw)
        if self.licence:
            origin["licence"] = self.licence
        return origin

    def finish(self) -> tuple[Report, list[Aside], dict[str, list[Entry]]]:
        """The report, what was set aside, and the records but those that are known."""
        found = {}
        for table, entries in self.records.items():
            kept = [entry for id_, entry in entries.items() if id_ not in self.known]
            if len(kept) < len(entries):
                self.report.known[table] = len(entries) - len(kept)
            if kept:
                found[table] = kept
                self.report.records[table] = len(kept)
        return self.report, self.asides, found
