"""Adding a record to a dataset, in the file where its like stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from allegata.curating.asking import problems_of
from allegata.curating.document import Document, replace
from allegata.curating.duplicates import Duplicate, duplicates
from allegata.curating.formatting import yaml_files
from allegata.curating.ids import numbered, proposed
from allegata.curating.tree import Mapping
from allegata.reading import MissingPathError, dataset_folder, nearest, read
from allegata.reading.files import DATASET_FILE
from allegata.schema import MODELS
from allegata.schema.vocabularies import Aspect

_CALLED_AFTER = ("name", "label", "title", "text")
_PER_FILE = {"method": "human", "coder": "c1"}


class NotAdded(ValueError):  # noqa: N818 - it is not the program's error
    """A record that cannot be added; the message says why."""


@dataclass(frozen=True)
class Written:
    """A record that was added."""

    id: str
    path: Path
    """The file that it stands in."""
    line: int
    """The line in which it begins."""


class Dataset:
    """The records that there are, and the files they stand in."""

    def __init__(self, data: Path) -> None:
        """Read a dataset.

        Raises:
            MissingPathError: there is no dataset at the path.
            NotEditable: a file cannot be read.
        """
        root = dataset_folder(data)
        if root is None:
            raise MissingPathError(
                f"{data}: no dataset there (no {DATASET_FILE}); see allegata init"
            )
        self.root = root
        self.files = {
            path: Document.read(path) for path in yaml_files([root]) if path.name != DATASET_FILE
        }
        reading = read([root])
        self._rows = {
            name: [_keyed(row) for row in reading.table(name).to_pylist()] for name in MODELS
        }
        self.ids = {row["id"] for rows in self._rows.values() for row in rows if row.get("id")}
        self.ids |= {row["record"] for row in self._rows["revisions"]}
        for document in self.files.values():  # what has problems is no row, and taken all the same
            self.ids |= {one.text("id") or "" for _, one in document.records()}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The records of a table, keyed as in record files."""
        return self._rows[table]

    def proposed_id(self, table: str, record: dict[str, Any]) -> str:
        """An id for a new record that nothing is called by."""
        if table == "claims":
            source = str(record.get("source", "src-new"))
            return numbered(source.replace("src-", "clm-", 1), self.ids)
        named = next((str(record[key]) for key in _CALLED_AFTER if record.get(key)), "")
        if table == "sources":
            publisher = str(record.get("publisher", "")).partition("-")[2]
            named = f"{publisher or named} {record.get('published', '')}"
        elif table == "statements":
            speaker = str(record.get("speaker", "")).partition("-")[2]
            named = f"{speaker} {record.get('channel', '')} {record.get('said', '')}"
        elif table == "roles":
            named = f"{str(record.get('actor', '')).partition('-')[2]} {named}"
        return proposed(table, named, self.ids)

    def duplicates(self, table: str, record: dict[str, Any]) -> list[Duplicate]:
        """The records that a new one is likely to be the same as."""
        aliases = self._rows["actor_aliases"] if table == "actors" else None
        known = self._rows[table]
        if table == "claims":
            known = [{**one, "chain": self._chain(one["id"])} for one in known]
        return duplicates(table, record, known, aliases)

    def _chain(self, claim: str) -> list[dict[str, Any]]:
        return [hop for hop in self._rows["hops"] if hop["claim"] == claim]

    def unknown(self, table: str | None, reference: str) -> str | None:
        """Why a reference names no record, with the nearest that there is; None if it does."""
        rows = [row["id"] for row in self._rows[table]] if table else sorted(self.ids)
        if reference in rows:
            return None
        near = nearest(reference, rows)
        return f"no record has the id {reference}{f'; {near} is near' if near else ''}"

    def add(self, table: str, record: dict[str, Any], file: Path | None = None) -> Written:
        """Write a new record where its like stand.

        A claim goes into its source and a proposition into its event, whose head the first becomes
        that says that it took place; a source has a file of its own; other records go to the end
        of the list of their table in the file that has most.

        Args:
            table: The table.
            record: The record, keyed as in record files, with its id.
            file: The file wanted instead, which may be new.

        Raises:
            NotAdded: its id is taken, a part of it is not what the schema asks for, or the file
                lies outside of the dataset.
        """
        if record["id"] in self.ids:
            raise NotAdded(f"{record['id']} is taken")
        path = self._within(file) if file else self._path_for(table, record)
        document = self.files.get(path) or Document("", str(path))
        holder = None if file else _holder(table, record, document)
        body = dict(record)
        if holder is not None:
            del body[_HOLDERS[table]]
        if table == "claims":
            given = document.plain().get("defaults") or {}
            body = {**{k: v for k, v in _stated().items() if k not in given}, **body}
        else:
            given = {}
        wrong = list(problems_of(table, {**body, **_held(table, record)}, given))
        if wrong:
            raise NotAdded("; ".join(wrong))
        if holder is not None:
            holder.append(table, body)
            if body.get("aspect") == Aspect.OCCURRENCE and not holder.get("head"):
                holder.set("head", record["id"])
        else:
            document.append(table, body)
        text = document.text()
        if path not in self.files:
            text = self._head(path) + text
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, text)
        self.files[path] = document
        self.ids.add(record["id"])
        return Written(record["id"], path, _line_of(text, record["id"]))

    def _path_for(self, table: str, record: dict[str, Any]) -> Path:
        if table in _HOLDERS:
            for path, document in self.files.items():
                if _holder(table, record, document) is not None:
                    return path
        if table == "sources":
            return self.root / "sources" / f"{record['id']}.yaml"
        counts = {path: len(document.root.records(table)) for path, document in self.files.items()}
        best = max(counts, key=lambda path: counts[path], default=None)
        return best if best and counts[best] else self.root / f"{table}.yaml"

    def _within(self, file: Path) -> Path:
        path, root = file.resolve(), self.root.resolve()
        if root not in path.parents or path.suffix not in (".yaml", ".yml"):
            raise NotAdded(f"{file} is no YAML file within {self.root}")
        return next((one for one in self.files if one.resolve() == path), file)

    def _head(self, path: Path) -> str:
        """The first line of a new file: by which schema an editor reads it."""
        schema = self.root.parent / "schema" / "records.json"
        if not schema.is_file():
            return ""
        steps = "../" * (len(path.relative_to(self.root).parts))
        return f"# yaml-language-server: $schema={steps}schema/records.json\n"


_HOLDERS = {"claims": "source", "propositions": "event"}
"""Tables whose records stand in another -> the key that names it."""


def _holder(table: str, record: dict[str, Any], document: Document) -> Mapping | None:
    """The record in a document that a new one goes into."""
    named = record.get(_HOLDERS.get(table, ""))
    if not named:
        return None
    try:
        return document.find(str(named))
    except KeyError:
        return None


def _held(table: str, record: dict[str, Any]) -> dict[str, Any]:
    key = _HOLDERS.get(table)
    return {key: record[key]} if key and record.get(key) else {}


def _stated() -> dict[str, Any]:
    return {**_PER_FILE, "coded": date.today().isoformat()}


def _keyed(row: dict[str, Any]) -> dict[str, Any]:
    return {key.removesuffix("_id"): value for key, value in row.items()}


def _line_of(text: str, record_id: str) -> int:
    lines: Iterable[tuple[int, str]] = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if f"id: {record_id}" in line), 1)
