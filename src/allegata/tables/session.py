"""What an engine offers to those who work on tables: SQL in, Arrow out."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa


class Session(Protocol):
    """Tables by name, and SQL over them in the portable subset of DuckDB's dialect.

    The subset: no recursive common table expressions, no LISTAGG, no SQL hash functions, no ASOF
    joins, no float-to-text or float-to-integer casts; NULLs handled by an explicit coalesce.
    """

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""

    def create(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table under a name, in place of any before it."""

    def fetch(self, sql: str) -> pa.Table:
        """The result of a query."""
