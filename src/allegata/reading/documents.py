"""Reading record files in which records of any tables stand, or taking what was kept of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from allegata.reading import cache
from allegata.reading.files import content_of, parse
from allegata.reading.places import ReadFile
from allegata.reading.progress import Progress, Step
from allegata.reading.records import DocumentReader, Findings
from allegata.reading.stock import Origin, Stock, with_origins
from allegata.schema import MODELS, Record
from allegata.tables import build_table

_MOST_KEPT = 2_000_000  # rows; to keep more would cost more than it saves


class Documents:
    """The record files of one run, read one after another."""

    def __init__(self, root: Path | None) -> None:
        """Begin.

        Args:
            root: The dataset's folder, where what was read is kept; None to keep nothing.
        """
        self._root = root
        self._before = cache.load(root) if root else cache.Kept()
        self._files: dict[str, tuple[int, str, dict[str, object]]] = {}
        self._known: dict[int, int] = {}  # the number that a kept file had -> the one it has now
        self._records: dict[str, tuple[list[Record], list[Origin]]] = {
            name: ([], []) for name in MODELS
        }

    def read(self, number: int, file: ReadFile) -> Findings:
        """Read a file, given its number; what it gave beside its rows."""
        reader = DocumentReader(file.shown)
        content = content_of(file.path, reader.found.report)
        if content is None:
            return reader.found
        digest = hashlib.sha256(content).hexdigest()
        if known := self._before.of_file(file.shown, digest):
            old, found = known
            self._known[old] = number
        else:
            found = reader.found
            node = parse(file.path, content, found.report)
            if node is not None:
                reader.read_file(node)
            for name, rows in found.rows.items():
                self._records[name][0].extend(row.record for row in rows)
                self._records[name][1].extend(Origin(number, 0, row.ordinal) for row in rows)
        if self._root:
            self._files[file.shown] = cache.entry(number, digest, found)
        return found

    def finish(self, stock: Stock) -> cache.Kept | None:
        """Put all rows into stock; what is to be kept for the next run, if anything is."""
        tables = {}
        for name, (records, origins) in self._records.items():
            rows = with_origins(build_table(name, records), origins)
            if self._known:
                rows = self._merged(self._before.tables[name], rows)
            tables[name] = rows
            stock.add(name, rows)
        if not self._root or stock.total() > _MOST_KEPT:
            return None
        return cache.Kept(self._files, tables, self._before.judged, self._before.fingerprint)

    def _merged(self, kept: pa.Table, read: pa.Table) -> pa.Table:
        """The rows of the files that have not changed and of those read now, in their order."""
        old = pa.array(self._known.keys(), pa.int32())
        new = pa.array(self._known.values(), pa.int32())
        numbers = new.take(pc.index_in(kept.column("_file"), value_set=old).combine_chunks())
        at = kept.schema.get_field_index("_file")
        still = kept.set_column(at, kept.field(at), numbers).filter(pc.is_valid(numbers))
        rows = pa.concat_tables([still, read.cast(still.schema)])
        if _rises(rows.column("_file")):
            return rows
        order = [("_file", "ascending"), ("_index", "ascending")]
        return rows.take(pc.sort_indices(rows, sort_keys=order))


def _rises(numbers: pa.ChunkedArray) -> bool:
    if len(numbers) < 2:
        return True
    return bool(pc.all(pc.less_equal(numbers.slice(0, len(numbers) - 1), numbers.slice(1))).as_py())


def read_documents(
    files: Iterable[tuple[int, ReadFile]], root: Path | None, stock: Stock, progress: Progress
) -> tuple[list[Findings], cache.Kept | None]:
    """Read record files into stock.

    Args:
        files: The files with their numbers.
        root: The dataset's folder, where what was read is kept; None to keep nothing.
        stock: Where rows go.
        progress: Told of each file.

    Returns:
        What the files gave beside rows, and what is to be kept for the next run.
    """
    documents, listed = Documents(root), list(files)
    found = []
    for done, (number, file) in enumerate(listed, 1):
        found.append(documents.read(number, file))
        progress(Step("reading files", done, len(listed)))
    return found, documents.finish(stock)
