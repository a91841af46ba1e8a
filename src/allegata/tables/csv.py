"""The one place where CSV is written: the tables again, for spreadsheets.

The form is that of RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180): UTF-8, commas, CRLF, a first
line of column names. Texts stand between double quotes and all else does not, so that a missing
value (nothing) is told apart from an empty text (``""``). Days are written ``2025-12-29``, times
``2025-12-29T14:05:00Z``, truth values ``true`` and ``false``.

A text that a spreadsheet could take for a formula is *guarded*: an apostrophe stands before it.
To undo it, take one apostrophe off each text that begins with one; texts that begin with one of
their own have been given another, so nothing is lost.
(https://owasp.org/www-community/attacks/CSV_Injection)
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.csv import CSVWriter, WriteOptions

_ROWS_AT_ONCE = 10_000
_FORMULA = r"^(?:\s*[=+\-@＝＋－＠]|['\t\r\n])"  # noqa: RUF001 - spreadsheets take them too
_STRUCTURAL = frozenset('",\r\n')


@dataclass(frozen=True)
class WrittenText:
    """What was written."""

    bytes: int
    sha256: str
    """The SHA-256 of the file."""


def write_csv(parquet: Path, path: Path) -> WrittenText:
    """Write the rows of a Parquet file to a new CSV file, and see that it reaches the disk.

    No more than some thousand rows are held at a time. The same rows give the same bytes.

    Args:
        parquet: The published table.
        path: The file to make.

    Raises:
        FileExistsError: there is a file at the path.
        OSError: it cannot be written; what there is of it is left to the caller to remove.
    """
    with pq.ParquetFile(parquet) as rows, path.open("xb") as file:
        sink = _Hashed(file)
        schema = guarded(rows.schema_arrow.empty_table()).schema
        with CSVWriter(sink, schema, write_options=_options(schema.names)) as writer:
            for batch in rows.iter_batches(_ROWS_AT_ONCE):
                writer.write_table(guarded(pa.Table.from_batches([batch])))
        file.flush()
        os.fsync(file.fileno())
        return WrittenText(file.tell(), sink.digest.hexdigest())


def _options(names: list[str]) -> WriteOptions:
    # Quotes round all names would be read as part of them by readers of plain headers.
    plain = not any(_STRUCTURAL & set(name) for name in names)
    header = "none" if plain else "needed"
    return WriteOptions(eol="\r\n", quoting_style="needed", quoting_header=header)


def guarded(rows: pa.Table) -> pa.Table:
    """The rows as they are written: texts that look like formulas guarded, times as text.

    >>> guarded(pa.table({"note": ["=1+1", "a=1", "'", None]}))["note"].to_pylist()
    ["'=1+1", 'a=1', "''", None]
    """
    columns = {name: _cells(rows.column(name)) for name in rows.column_names}
    return pa.table(columns)


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        text = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
        return pc.replace_substring_regex(text, r"\.?0*Z$", "Z")
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, _FORMULA)
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


class _Hashed:
    """A file that is written to, and the SHA-256 of what was."""

    closed = False

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: Any) -> int:
        self.digest.update(content)
        return int(self._file.write(content))

    def flush(self) -> None:
        self._file.flush()
