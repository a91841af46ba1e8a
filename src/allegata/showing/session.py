"""A release as DuckDB sees it: its tables, and nothing else of the machine."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from allegata.releasing import NotARelease, Release, UnknownTable
from allegata.tables.scratch import Scratch

Row = dict[str, Any]

_LOCKS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""No files, no network, no extensions, and no variables of this program."""


class ReleaseSession:
    """A session in which the tables of a release are known by their names.

    Arrow reads the release's files, as far as a query needs them; DuckDB itself opens none. None
    of these locks can be undone by SQL.

    Raises:
        NotARelease: the file of a table is missing or damaged.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self._spill = Scratch()
        try:
            self._connect(release)
        except BaseException:
            self._spill.close()
            raise

    def _connect(self, release: Release) -> None:
        settings = {**_LOCKS, "temp_directory": str(self._spill.path)}
        self.connection = duckdb.connect(config=settings)
        self.connection.execute("SET TimeZone = 'UTC'")
        for entry in release.manifest.tables:
            file = release.file(entry.path)
            try:
                table = ds.dataset(file, format="parquet")
            except FileNotFoundError:
                raise NotARelease(f"{file} is missing; the release is incomplete") from None
            except (pa.ArrowInvalid, OSError) as error:
                raise NotARelease(f"{file} is damaged: {error}") from None
            self.connection.register(entry.name, table)
        self.connection.execute("SET lock_configuration = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()
        self._spill.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """The rows of a query of our own, with values for its question marks.

        Raises:
            UnknownTable: the release lacks a table or a column that the query reads.
        """
        try:
            relation = self.connection.sql(sql, params=list(values))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            what = str(error).splitlines()[0]
            raise UnknownTable(
                f"release {self.release.version} does not hold all that is shown: {what}"
            ) from None
        rows: list[Row] = relation.to_arrow_table().to_pylist()
        return rows

    def columns(self) -> dict[str, list[str]]:
        """The columns of each table."""
        return {name: self.connection.table(name).columns for name in self.release.table_names}
