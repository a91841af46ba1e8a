"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa


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
        if memory_limit:
            config["memory_limit"] = memory_limit
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

    def create(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table under a name, in place of any before it."""
        # The order of a table's rows means nothing, and keeping it would take memory. What is
        # fetched or streamed keeps its order: DuckDB would otherwise pass over ORDER BY.
        self._connection.execute("SET preserve_insertion_order = false")
        try:
            self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')
        finally:
            self._connection.execute("SET preserve_insertion_order = true")

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name; it is asked anew each time the name is used."""
        self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def fetch(self, sql: str) -> pa.Table:
        """The result of a query."""
        return self._connection.sql(sql).to_arrow_table()

    def stream(self, sql: str, rows: int) -> pa.RecordBatchReader:
        """The result of a query in batches of about so many rows.

        No other query may be asked for until it has been read to its end.
        """
        return self._connection.sql(sql).to_arrow_reader(rows)
