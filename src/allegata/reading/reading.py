"""Reading a dataset: from paths to rows, problems and the dataset's description."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from allegata.reading.bulk import BulkFile
from allegata.reading.cache import Kept
from allegata.reading.documents import read_documents
from allegata.reading.files import (
    DATASET_FILE,
    content_of,
    find_files,
    is_bulk,
    is_readable_file,
    parse,
    shown,
    table_of,
)
from allegata.reading.findings import nearest
from allegata.reading.parsing.nodes import Node
from allegata.reading.places import Places, ReadFile
from allegata.reading.progress import Progress, Step, untold
from allegata.reading.records import Findings, WrittenWaiver, read_dataset
from allegata.reading.stock import Stock
from allegata.rules import RULES, Problem, Severity
from allegata.schema import MODELS, Dataset
from allegata.tables import record_schema

MOST_KEPT = 20_000
"""How many problems of one code are kept; the rest is counted."""


class Rejected(NamedTuple):
    """A line of a bulk file that is left out for its problems; line 0 stands for the whole file."""

    file: int
    line: int


@dataclass
class Reading:
    """A dataset as it was read."""

    root: Path | None
    """The folder that holds dataset.yaml; None where there is none."""
    files: list[ReadFile]
    """The files that were read; a row's ``_file`` is a number in this list."""
    stock: Stock
    """The rows."""
    dataset: Dataset | None = None
    """The dataset's description; None where it is missing or has problems."""
    problems: list[Problem] = field(default_factory=list)
    """The problems met on the way, the first of each code."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many problems of each code there are, all counted."""
    waivers: list[WrittenWaiver] = field(default_factory=list)
    """Leave to break rules."""
    met: Counter[str] = field(default_factory=Counter)
    """How many records of each table the files hold, readable or not."""
    rejected: list[Rejected] = field(default_factory=list)
    """What is left out of bulk files."""
    spoiled_ids: list[str] = field(default_factory=list)
    """Ids of records that are rows, though something nested in them is left out."""
    kept: Kept | None = None
    """What is to be kept for the next run; None where nothing is."""

    @property
    def complete(self) -> bool:
        """Whether everything that stands in the files became a row."""
        return not any(RULES[code].severity is Severity.ERROR for code in self.counts)

    @property
    def texts(self) -> Path | None:
        """The folder of the sources' texts that dataset.yaml names, if it is there."""
        if not self.root or not self.dataset or not self.dataset.texts:
            return None
        folder = self.root / self.dataset.texts
        return folder if folder.is_dir() else None

    @property
    def dataset_file(self) -> str:
        """The path of dataset.yaml as it is shown; of the first file where there is none."""
        named = [one.shown for one in self.files if one.path.name == DATASET_FILE]
        return next(iter([*named, *(one.shown for one in self.files)]), DATASET_FILE)

    @property
    def places(self) -> Places:
        """Where rows stand."""
        return Places(self.files)

    def table(self, name: str) -> pa.Table:
        """The rows of one table (columns of ``tables.record_schema``), in the order read."""
        source = self.stock.source(name)
        rows = pq.read_table(source) if isinstance(source, Path) else source
        schema = record_schema(name)
        return rows.select(schema.names).cast(schema)

    def tables(self) -> dict[str, pa.Table]:
        """Every base table, by name."""
        return {name: self.table(name) for name in MODELS}

    def take(self, found: Findings) -> None:
        """Add what a document, or a part of one, gave beside its rows."""
        for problem in found.problems:
            if self.counts[problem.code] < MOST_KEPT:
                self.problems.append(problem)
            self.counts[problem.code] += 1
        if found.unread_ids:
            self.stock.add_unread(found.unread_ids)
        self.spoiled_ids += found.spoiled_ids
        self.waivers += found.waivers
        for table, number in found.met.items():
            self.met[table] += number


def read(
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    *,
    folder: Path | None = None,
    use_cache: bool = False,
) -> Reading:
    """Read record files, and folders of them.

    Of a dataset (a folder with dataset.yaml) everything is read also where only a part of it is
    asked for, since records refer to each other.

    Args:
        paths: Record files, and folders of them.
        progress: Told of the files and the rows read.
        folder: A temporary folder for rows that are too many for memory.
        use_cache: Whether what an earlier run kept in the dataset's folder may be used.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    roots = {dataset_folder(Path(path)) or Path(path): None for path in paths}
    # Path.resolve would follow links, and Path.absolute takes many times as long.
    paths_found = {
        os.path.abspath(file): file  # noqa: PTH100
        for root in roots
        for file in find_files(root)
    }
    files = [ReadFile(file, shown(file), _bulk_table(file)) for file in paths_found.values()]
    described = [one for one in files if one.path.name == DATASET_FILE and one.path.parent in roots]
    root = described[-1].path.parent if described else None
    reading = Reading(root, files, Stock(folder))
    tell = progress or untold
    documents = [
        (number, one)
        for number, one in enumerate(files)
        if one not in described and not is_bulk(one.path)
    ]
    found_in, reading.kept = read_documents(
        documents, root if use_cache else None, reading.stock, tell
    )
    for findings in found_in:
        reading.take(findings)
    for one in described:
        reading.dataset = _read_dataset(reading, one)
    _read_bulk(reading, tell)
    pa.default_memory_pool().release_unused()
    return reading


def _bulk_table(file: Path) -> str | None:
    return table_of(file) if is_bulk(file) else None


def _read_dataset(reading: Reading, file: ReadFile) -> Dataset | None:
    found = Findings(file.shown)
    content = content_of(file.path, found.report)
    node = parse(file.path, content, found.report) if content is not None else None
    dataset = read_dataset(node, found) if node else None
    reading.take(found)
    return dataset


def _read_bulk(reading: Reading, tell: Progress) -> None:
    """Read the files that hold many records of one table each."""
    bulk = [(number, file) for number, file in enumerate(reading.files) if is_bulk(file.path)]
    sizes = [file.path.stat().st_size if file.path.is_file() else 0 for _, file in bulk]
    done = 0
    for (number, file), size in zip(bulk, sizes, strict=True):
        found = Findings(file.shown)
        if not is_readable_file(file.path, found.report):
            pass
        elif file.table is None:
            found.report("TABLE_UNKNOWN", *_unnamed(file))
        else:
            is_empty = True
            for piece in BulkFile(number, file.path, file.shown, file.table).pieces():
                for name, rows in piece.tables.items():
                    reading.stock.add(name, rows)
                reading.take(piece.found)
                reading.rejected += [Rejected(number, line) for line in piece.rejected]
                rows_so_far = reading.stock.total()
                tell(Step("reading", done + min(piece.read, size), sum(sizes), rows_so_far))
                is_empty = False
            if is_empty:
                found.report("FILE_EMPTY", "holds no records", Node(None, 1, 1, 1, 1))
        reading.take(found)
        done += size


def _unnamed(file: ReadFile) -> tuple[str, Node]:
    stem = file.path.name.partition(".")[0]
    meant = nearest(stem, MODELS)
    message = f"its name begins with no table's; it could be {meant or 'claims'}.jsonl"
    return message, Node(None, 1, 1, 1, 1)


def dataset_folder(path: Path) -> Path | None:
    """The folder of the dataset that a path lies in; None if it lies in none."""
    for folder in (path, *path.parents):
        if (folder / DATASET_FILE).is_file():
            return folder
    for folder in Path.cwd().parents if not path.is_absolute() else ():
        if (folder / DATASET_FILE).is_file():
            return Path(os.path.relpath(folder))
    return None
