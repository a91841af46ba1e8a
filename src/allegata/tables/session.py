"""What an engine offers to those who work on tables: SQL in, Arrow out."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyarrow as pa


class OutOfMemory(OSError):  # noqa: N818 - named for what it says
    """The tables need more memory than they may take."""


class Session(Protocol):
    """Tables by name, and SQL over them in the portable subset of DuckDB's dialect.

    The subset: no recursive common table expressions, no LISTAGG, no SQL hash functions, no ASOF
    joins, no float-to-text or float-to-integer casts; NULLs handled by an explicit coalesce.
    """

    def register(self, name: str, rows: pa.Table | Path) -> None:
        """Make an Arrow table, or the Parquet file that holds one, known under a name."""

    def create(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table under a name, in place of any before it."""

    def append(self, name: str, sql: str) -> None:
        """Add the result of a query to the table of a name, which is made where there is none."""

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name; it is asked anew each time the name is used."""

    def drop(self, name: str) -> None:
        """Forget a table that was created."""

    def is_large(self) -> bool:
        """Whether there is so much that it is kept on disk, and worked on in parts and ranges."""

    def parts(self, rows: int) -> int:
        """Into how many parts so many rows are best divided, to be joined and grouped in each."""

    def ranges(self, size: int) -> int:
        """Into how many ranges of keys rows of so many bytes are best divided, to be sorted."""

    def sample(self, sql: str, rows: int) -> pa.Table:
        """So many rows of the result of a query, chosen at random, or all if there are fewer."""

    def fetch(self, sql: str) -> pa.Table:
        """The result of a query."""

    def stream(self, sql: str, rows: int) -> pa.RecordBatchReader:
        """The result of a query in batches of about so many rows.

        No other query may be asked for until it has been read to its end.

        Raises:
            OutOfMemory: they cannot be sorted or joined with the memory there is.
        """
