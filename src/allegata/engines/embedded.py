"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

_A_THREAD = 200_000_000  # bytes, with which a thread can sort
_FOR_OTHERS = 400_000_000  # bytes of the limit that are left to those who read and write
_A_ROW = 600  # bytes, with which a claim can be joined with all that belongs to it


class OutOfMemory(OSError):  # noqa: N818 - named for what it says
    """The tables need more memory than they may take."""


class Embedded:
    """A session of tables in DuckDB. It sees no network, and no files but those of some folders.

    >>> with Embedded() as session:
    ...     session.register("t", pa.table({"a": [1, 2]}))
    ...     session.fetch("SELECT sum(a)::int AS total FROM t").to_pylist()
    [{'total': 3}]
    """

    def __init__(
        self,
        folder: Path | None = None,
        memory_limit: str | None = None,
        reads: Sequence[Path] = (),
    ) -> None:
        """Begin with no tables.

        Args:
            folder: A temporary folder, where tables are read from and put that exceed the memory.
            memory_limit: How much memory tables may take, such as ``1GB``; most of the machine's
                by default.
            reads: Further folders whose Parquet files it may read.
        """
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        }
        self._own = _own(_bytes(memory_limit)) if memory_limit else None
        if self._own:
            config |= _limits(self._own)
        if folder:
            config["temp_directory"] = str(folder / "spilled")
        self._connection = duckdb.connect(config=config)
        allowed = [f"{one}/" for one in ([folder] if folder else []) + [*reads]]
        self._connection.execute("SET allowed_directories = ?", [allowed])
        self._connection.execute("SET enable_external_access = false; SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def register(self, name: str, rows: pa.Table | Path) -> None:
        """Make an Arrow table, or the Parquet file that holds one, known under a name."""
        if isinstance(rows, Path):
            relation = self._connection.read_parquet(str(rows))
            relation.create_view(name, replace=True)
        else:
            self._connection.register(name, rows)

    @contextmanager
    def _within_limit(self) -> Iterator[None]:
        try:
            yield
        except duckdb.OutOfMemoryException:
            raise OutOfMemory(
                "the tables need more memory than they may take; give a higher --memory-limit"
            ) from None
        except duckdb.IOException as error:  # such as a full disk, where it spills
            raise OSError(str(error).splitlines()[0].removeprefix("IO Error: ")) from None

    def create(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table under a name, in place of any before it."""
        self._keep(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def append(self, name: str, sql: str) -> None:
        """Add the result of a query to the table of a name, which is made where there is none."""
        self._keep(f'CREATE TEMP TABLE IF NOT EXISTS "{name}" AS {sql} LIMIT 0')
        self._keep(f'INSERT INTO "{name}" {sql}')

    def _keep(self, statement: str) -> None:
        # The order of a table's rows means nothing, and keeping it would take memory. What is
        # fetched or streamed keeps its order: DuckDB would otherwise pass over ORDER BY.
        self._connection.execute("SET preserve_insertion_order = false")
        try:
            with self._within_limit():
                self._connection.execute(statement)
        finally:
            self._connection.execute("SET preserve_insertion_order = true")

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name; it is asked anew each time the name is used."""
        self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def drop(self, name: str) -> None:
        """Forget a table that was created."""
        self._connection.execute(f'DROP TABLE "{name}"')

    def parts(self, rows: int) -> int:
        """Into how many parts so many rows are best divided, to be joined and grouped in each."""
        return max(1, math.ceil(rows * _A_ROW / self._own)) if self._own else 1

    def fetch(self, sql: str) -> pa.Table:
        """The result of a query."""
        with self._within_limit():
            return self._connection.sql(sql).to_arrow_table()

    def stream(self, sql: str, rows: int) -> pa.RecordBatchReader:
        """The result of a query in batches of about so many rows.

        No other query may be asked for until it has been read to its end.
        """
        with self._within_limit():
            return self._connection.sql(sql).to_arrow_reader(rows)


def _bytes(memory_limit: str) -> int:
    """The size that a text such as ``500MB`` names.

    >>> _bytes("1.5GB"), _bytes("1 KiB")
    (1500000000, 1024)
    """
    found = re.fullmatch(r"([0-9.]+) ?([KMGT])(i?)B", memory_limit, re.IGNORECASE)
    if not found:
        raise ValueError(f"{memory_limit!r} is not a size such as 500MB or 4GB")
    step = 1024 if found[3] else 1000
    return int(float(found[1]) * step ** ("KMGT".index(found[2].upper()) + 1))


def _own(size: int) -> int:
    """What DuckDB may take of so many bytes."""
    return max(size - _FOR_OTHERS, size * 5 // 10)


def _limits(own: int) -> dict[str, str | int]:
    """That it may take so many bytes, and in how many threads."""
    threads = max(1, min(os.cpu_count() or 1, own // _A_THREAD))
    return {"memory_limit": f"{own // 1000}KB", "threads": threads}
