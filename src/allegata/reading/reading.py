"""Reading a dataset: from paths to rows, problems and the dataset's description."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from allegata.reading.files import DATASET_FILE, absolute, decode, find_files, shown
from allegata.reading.jsonfile import parse_json
from allegata.reading.nodes import Node, Reporter, Unparsable
from allegata.reading.records import FileReader, Records, read_dataset
from allegata.rules import Place
from allegata.schema import MODELS, Dataset
from allegata.tables import build_table

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


@dataclass
class Reading:
    """A dataset as it was read."""

    root: Path | None
    """The folder that holds dataset.yaml; None where there is none."""
    dataset: Dataset | None
    """The dataset's description; None where it is missing or has problems."""
    records: Records
    """The rows, and the problems met on the way."""
    files: list[Path]
    """The files that were read."""

    @property
    def texts(self) -> Path | None:
        """The folder of the sources' texts that dataset.yaml names, if it is there."""
        if not self.root or not self.dataset or not self.dataset.texts:
            return None
        folder = self.root / self.dataset.texts
        return folder if folder.is_dir() else None

    def table(self, name: str) -> pa.Table:
        """The rows of one table (columns of ``tables.record_schema``), in the order read."""
        return build_table(name, (row.record for row in self.records.rows[name]))

    def tables(self) -> dict[str, pa.Table]:
        """Every base table, by name."""
        return {name: self.table(name) for name in MODELS}

    def place(self, table: str, row: int, column: str | None = None) -> Place:
        """Where a value stands: the row of a table, by its number from 0, and a column."""
        return self.records.rows[table][row].place(column)


def read(paths: Iterable[str | Path], progress: Progress | None = None) -> Reading:
    """Read record files, and folders of them.

    Of a dataset (a folder with dataset.yaml) everything is read also where only a part of it is
    asked for, since records refer to each other.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    roots = {dataset_folder(Path(path)) or Path(path): None for path in paths}
    found = {absolute(file): file for root in roots for file in find_files(root)}
    files = list(found.values())
    records, dataset, folder = Records(), None, None
    for number, file in enumerate(files):
        name = shown(file)
        node = parse_file(file, partial(records.report, name))
        if file.name == DATASET_FILE and file.parent in roots:
            folder = file.parent
            dataset = read_dataset(node, name, records) if node else None
        elif node is not None:
            FileReader(name, records).read(node)
        if progress:
            progress(number + 1, len(files))
    return Reading(folder, dataset, records, files)


def dataset_folder(path: Path) -> Path | None:
    """The folder of the dataset that a path lies in; None if it lies in none."""
    for folder in (path, *path.parents):
        if (folder / DATASET_FILE).is_file():
            return folder
    for folder in Path.cwd().parents if not path.is_absolute() else ():
        if (folder / DATASET_FILE).is_file():
            return Path(os.path.relpath(folder))
    return None


def parse_file(file: Path, report: Reporter) -> Node | None:
    """The value of a record file, with its places; None when there is none to go on with."""
    # libyaml's wrapper takes long to import, and commands such as --help do without.
    from allegata.reading.yamlfile import parse_yaml

    text = decode(file, report)
    if text is None:
        return None
    try:
        node = (parse_json if file.suffix.lower() == ".json" else parse_yaml)(text, report)
    except Unparsable as error:
        report("FILE_SYNTAX", str(error), error.node)
        return None
    if node is None or node.value is None:
        report("FILE_EMPTY", "holds nothing", Node(None, 1, 1, 1, 1))
        return None
    return node
