"""The coding of one source at hand: its text, its record file, and what the rules say of it."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from rapidfuzz import fuzz, process, utils

from allegata.coding.forms import ADDED, choices, form
from allegata.curating import Document, NotEditable
from allegata.curating.document import replace
from allegata.curating.tree import Mapping, Sequence, plain
from allegata.engines import checked
from allegata.reading import read
from allegata.reading.files import DATASET_FILE, find_files
from allegata.rules import Problem
from allegata.schema import MODELS
from allegata.schema.record import marks
from allegata.schema.text import canonical_text, sha256_of
from allegata.schema.types import PREFIXES, PerFile
from allegata.schema.vocabularies import QuoteRole
from allegata.tables.scratch import Scratch

Json = dict[str, Any]
_LABELS = {"actors": "name", "places": "name", "events": "label", "propositions": "text"}
_FOUND = 12
_WORDS_OF_AN_ID = 8


class NotCodable(Exception):  # noqa: N818 - it is not the program's error
    """The source cannot be coded as things stand; the text says why and what to do."""


class Work:
    """The record file of one source, as it stands in the editor, and the rules' view of it.

    Edits change the file's text in memory; ``save`` writes it. Every problem is found by
    ``check`` on the dataset as it would be with that text.

    Args:
        data: The dataset's folder.
        source: The source's id.
        texts: The folder of the sources' texts; that of ``dataset.yaml`` without it.
        coder: The coder's pseudonym, for claims of files that state none.

    Raises:
        MissingPathError: there is no such folder.
        NotCodable: the source, its text or its file do not serve.
    """

    def __init__(
        self, data: Path, source: str, texts: Path | None = None, coder: str | None = None
    ) -> None:
        self._lock = RLock()
        self._data, self.source, self._coder = data, source, coder
        reading = read([data])
        if reading.root is None or reading.root.resolve() != data.resolve():
            raise NotCodable(f"{data} has no {DATASET_FILE}: name the folder of a whole dataset")
        self.path = _file_of(data, source)
        self._texts = texts or reading.texts
        self.article = self._article()
        self._on_disk = self.path.read_text("utf-8")
        self._now = self._with_hash(self._on_disk)
        self._before: list[str] = []
        self._scratch = Scratch()
        self._shadow = self._scratch.path / "data"
        self._copy_data()
        self._problems: list[Problem] = []
        self._rows: dict[str, dict[str, Json]] = {}
        self._look()

    def close(self) -> None:
        """Let go of what was laid out; what was not saved is lost."""
        self._scratch.close()

    def state(self) -> Json:
        """All that the page shows."""
        with self._lock:
            return {
                "source": self.source,
                "file": str(self.path),
                "text": self.article,
                "claims": self._claims(),
                "labels": {name: self._label(name) for name in self._named()},
                "problems": self._told(self._problems),
                "saved": self._now == self._on_disk,
                "undo": bool(self._before),
                "forms": {table: form(table) for table in ("claims", *ADDED)},
                "roles": choices(QuoteRole),
            }

    def search(self, table: str, words: str) -> list[Json]:
        """The records of a table that are most like some words."""
        with self._lock:
            labels = {name: f"{self._label(name)} {name}" for name in self._rows.get(table, {})}
        found = process.extract(
            words,
            labels,
            scorer=fuzz.token_set_ratio if words.strip() else lambda *_, **__: 100,
            processor=utils.default_process,
            limit=_FOUND,
            score_cutoff=40,
        )
        return [{"id": name, "label": self._label(name)} for _, _, name in found]

    def attempt(self, claim: Json) -> list[Json]:
        """What the rules say of the file with a claim that is not kept yet."""
        with self._lock:
            text = self._with_claim(claim)[0]
            return self._told(self._check(text)[0])

    def keep(self, claim: Json) -> str:
        """Put a claim into the file, in place of the one with its id; gives its id."""
        with self._lock:
            text, name = self._with_claim(claim)
            self._become(text)
            return name

    def drop(self, name: str) -> None:
        """Take a claim out of the file."""

        def edit(document: Document) -> None:
            entry = self._source(document).get("claims")
            if entry is None or not isinstance(entry.value, Sequence):
                raise NotCodable(f"{name}: no such claim")
            items = entry.value.entries
            kept = [one for one in items if not _is_record(one.value, name)]
            if len(kept) == len(items):
                raise NotCodable(f"{name}: no such claim")
            entry.value.entries, entry.value.changed = kept, True

        with self._lock:
            self._become(self._edited(edit))

    def add(self, table: str, record: Json) -> str:
        """Add a record that a claim needs to the source's file; gives its id."""
        if table not in ADDED:
            raise NotCodable(f"{table}: no such records are made here")
        with self._lock:
            name = self._free(_slug_of(table, record, self.source))
            made = _clean({"id": name, **record})
            self._become(self._edited(lambda document: document.append(table, made)))
            return name

    def undo(self) -> None:
        """Go back by one edit."""
        with self._lock:
            if self._before:
                self._now = self._before.pop()
                self._look()

    def save(self) -> None:
        """Write the file.

        Raises:
            NotCodable: somebody else has changed it.
            OSError: it cannot be written; then it is as it was.
        """
        with self._lock:
            if self.path.read_text("utf-8") != self._on_disk:
                raise NotCodable(
                    f"{self.path} was changed by another program; copy what you need, "
                    "and start `allegata code` again"
                )
            replace(self.path, self._now)
            self._on_disk = self._now

    def _article(self) -> str:
        path = self._texts / f"{self.source}.txt" if self._texts else None
        if path is None or not path.is_file():
            raise NotCodable(
                f"the text of {self.source} is not at hand: put it as {self.source}.txt into the "
                "folder that `texts` of dataset.yaml names, or name a folder with --texts"
            )
        try:
            return canonical_text(path.read_bytes())
        except UnicodeDecodeError:
            raise NotCodable(f"{path} is not UTF-8") from None

    def _claims(self) -> list[Json]:
        return [plain(one) for one in self._source(self._document(self._now)).records("claims")]

    def _with_hash(self, text: str) -> str:
        document = self._document(text)
        source, sha256 = self._source(document), sha256_of(self.article)
        stated = source.text("text_sha256")
        if stated not in (None, sha256):
            raise NotCodable(
                f"the text of {self.source} is another than the one that was coded "
                "(text_sha256 differs): `allegata anchor` finds the words again"
            )
        if stated is None:
            source.set("text_sha256", sha256)
            source.set("text_chars", len(self.article))
        return document.text()

    def _document(self, text: str) -> Document:
        try:
            return Document(text, str(self.path))
        except NotEditable as error:
            raise NotCodable(str(error)) from None

    def _source(self, document: Document) -> Mapping:
        return document.find(self.source)

    def _edited(self, edit: Callable[[Document], object]) -> str:
        document = self._document(self._now)
        edit(document)
        return document.text()

    def _with_claim(self, claim: Json) -> tuple[str, str]:
        given = _clean({key: value for key, value in claim.items() if key in _CLAIM})
        given["quotes"] = [self._quote(one) for one in claim.get("quotes") or []]
        name = str(claim.get("id") or self._next_claim())
        if not given["quotes"]:
            del given["quotes"]

        def edit(document: Document) -> None:
            source = self._source(document)
            known = next((c for c in source.records("claims") if c.text("id") == name), None)
            if known is None:
                source.append("claims", {"id": name, **given, **self._once(document)})
                return
            for key in [entry.key for entry in known.entries]:
                if key in _CLAIM and key not in given:
                    known.remove(str(key))
            for key, value in given.items():
                there = known.get(key)
                if there is None or plain(there.value) != value:
                    known.set(key, value)

        return self._edited(edit), name

    def _quote(self, quote: Json) -> Json:
        """A quote with the hash of its words, and the words themselves where they are speech."""
        start, end = quote.get("start"), quote.get("end")
        if type(start) is not int or type(end) is not int:
            raise NotCodable("a quote has a start and an end")
        if not 0 <= start < end <= len(self.article):
            raise NotCodable("a quote lies within the text")
        words, role = self.article[start:end], quote.get("role")
        made = {"role": role, "start": start, "end": end, "sha256": sha256_of(words)}
        if role == QuoteRole.SPEECH:
            made["exact"] = words
        return _clean(made | {"translation": quote.get("translation")})

    def _once(self, document: Document) -> Json:
        """What each claim needs that the file does not state for all."""
        entry = document.root.get("defaults")
        stated = plain(entry.value) if entry else {}
        own = {"method": "human", "coder": self._coder, "coded": f"{datetime.now(UTC):%Y-%m-%d}"}
        return {key: value for key, value in own.items() if value and key not in stated}

    def _become(self, text: str) -> None:
        if text != self._now:
            self._before.append(self._now)
            self._now = text
        self._look()

    def _look(self) -> None:
        self._problems, self._rows = self._check(self._now)

    def _told(self, problems: list[Problem]) -> list[Json]:
        """Problems for the page: those of this file first, the others with where they stand."""
        wanted = {"code", "severity", "message", "record", "table", "field", "fix"}
        own = self._shadow / self.path.relative_to(self._data)
        told = []
        for one in sorted(problems, key=lambda one: Path(one.place.file) != own):
            file = Path(one.place.file)
            elsewhere = "" if file == own else str(file.relative_to(self._shadow))
            dumped = one.model_dump(mode="json", include=wanted)
            told.append(dumped | {"line": one.place.line, "elsewhere": elsewhere})
        return told

    def _check(self, text: str) -> tuple[list[Problem], dict[str, dict[str, Json]]]:
        """What the rules say, and the rows there are, were the dataset to hold that text."""
        copy = self._shadow / self.path.relative_to(self._data)
        if not copy.exists() or copy.read_text("utf-8") != text:
            replace(copy, text)
        with checked([self._shadow], texts=self._texts, use_cache=True) as (report, _):
            rows = {
                table: {row["id"]: row for row in report.reading.table(table).to_pylist()}
                for table in ("claims", *ADDED, "places")
            }
        return report.problems, rows

    def _copy_data(self) -> None:
        for file in find_files(self._data):
            target = self._shadow / file.relative_to(self._data)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)

    def _named(self) -> list[str]:
        return [name for table in self._rows if table != "claims" for name in self._rows[table]]

    def _label(self, name: str) -> str:
        table = PREFIXES.get(name.partition("-")[0], "")
        row = self._rows.get(table, {}).get(name, {})
        if table == "statements" and row:
            when = f", {row['said']}" if row["said"] else ""
            return f"{self._label(row['speaker_id'])}: {row['channel']}{when}"
        return str(row.get(_LABELS.get(table, ""), name))

    def _next_claim(self) -> str:
        stem = f"clm-{self.source.partition('-')[2]}"
        taken = self._taken()
        number = 1
        while f"{stem}-{number:02}" in taken:
            number += 1
        return f"{stem}-{number:02}"

    def _free(self, name: str) -> str:
        taken, found, number = self._taken(), name, 2
        while found in taken:
            found, number = f"{name}-{number}", number + 1
        return found

    def _taken(self) -> set[str]:
        own = {record.text("id") or "" for _, record in self._document(self._now).records()}
        return own | {name for rows in self._rows.values() for name in rows}


def _file_of(data: Path, source: str) -> Path:
    for file in find_files(data):
        is_yaml = file.suffix.lower() in (".yaml", ".yml")
        if is_yaml and source in file.read_text("utf-8", "replace"):
            try:
                document = Document.read(file)
                if any(one.text("id") == source for one in document.root.records("sources")):
                    return file
            except NotEditable as error:
                raise NotCodable(str(error)) from None
    raise NotCodable(
        f"{source} stands in no YAML file below {data}: `allegata new source` makes one"
    )


def _clean(record: Json) -> Json:
    """A record without what is empty."""
    return {
        key: [_clean(one) if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for key, value in record.items()
        if not (value is None or value is False or value in ("", []))
    }


def _is_record(value: object, name: str) -> bool:
    return isinstance(value, Mapping) and value.text("id") == name


def _slug_of(table: str, record: Json, source: str) -> str:
    """An id for a record, of its words; for a statement of who speaks and when."""
    prefix = next(key for key, name in PREFIXES.items() if name == table)
    if table == "statements":
        when = str(record.get("said") or source.partition("-")[2])
        words = f"{str(record.get('speaker', '')).partition('-')[2]} {when}"
        limit = 100
    else:
        words, limit = str(record.get(_LABELS[table], "")), _WORDS_OF_AN_ID
    plain_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = re.findall("[a-z0-9]+", plain_words)[:limit]
    return f"{prefix}-{'-'.join(parts) or 'new'}"[:100].rstrip("-")


_CLAIM = {
    name.removesuffix("_id")
    for name, field in MODELS["claims"].__pydantic_fields__.items()
    if name not in ("id", "source_id") and not any(isinstance(m, PerFile) for m in marks(field))
}
