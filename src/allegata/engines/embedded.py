"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa


class Embedded:
    """A session of tables in DuckDB. It sees no files and no network.

    >>> with Embedded() as session:
    ...     session.register("t", pa.table({"a": [1, 2]}))
    ...     session.fetch("SELECT sum(a)::int AS total FROM t").to_pylist()
    [{'total': 3}]
    """

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            config={"enable_external_access": "false", "autoload_known_extensions": "false"}
        )
        self._connection.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        self._connection.register(name, table)

    def create(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table under a name, in place of any before it."""
        self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def fetch(self, sql: str) -> pa.Table:
        """The result of a query."""
        return self._connection.sql(sql).to_arrow_table()
