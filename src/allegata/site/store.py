"""The tables of a release behind SQL: nothing is held that a page does not ask for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from allegata.engines.embedded import Embedded
from allegata.releasing import NotARelease, Release
from allegata.releasing.mapping import is_earlier
from allegata.tables.scratch import Scratch

Row = dict[str, Any]

MEMORY = "800MB"
"""What the tables may take, of which half is left to those who read and write them."""
MOST_ROOM = 400
"""So many claims are shown in full on a page, if the site has few pages."""
_PREPARED = ("facts", "entries", "amounts", "shown", "taken", "homes")
"""What is worked out of a release once, for all pages (``sql/``)."""


class Store:
    """The tables of a release, and what follows from them, as SQL sees them.

    Besides the release's own tables there are, made when the first is asked for:

    - ``facts``, one row a claim: whose it is, and the page that it has its place on;
    - ``amounts``, one row a list of claims: how much stands behind it;
    - ``shown``, the claims of each list that its page shows;
    - ``taken``, one row for each party and stance on a proposition;
    - ``homes``, one row a proposition: the page that it has its place on.

    Args:
        release: The release.
        room: How many claims a page shows in full; of those in lines, half as many a list.

    Raises:
        NotARelease: the file of a table is missing or damaged.
    """

    def __init__(self, release: Release, room: int = MOST_ROOM) -> None:
        self.release = release
        self._room = room
        self._scratch = Scratch()
        self._prepared = False
        self._schemas: dict[str, pa.Schema] = {}
        try:
            reads = [release.path.resolve()]
            self._session = Embedded(self._scratch.path, MEMORY, reads=reads)
            for entry in release.manifest.tables:
                self._register(entry.name)
        except BaseException:
            self._scratch.close()
            raise

    def _register(self, name: str) -> None:
        entry = self.release.manifest.table(name)
        assert entry is not None
        if is_earlier(self.release.manifest.schema_version):
            table = self.release.table(name).arrow
            self._schemas[name] = table.schema
            self._session.register(name, table)
            return
        file = self.release.file(entry.path)
        try:
            self._schemas[name] = pq.read_schema(file)
        except FileNotFoundError:
            raise NotARelease(f"{file} is missing; the release is incomplete") from None
        except pa.ArrowInvalid as error:
            raise NotARelease(f"{file} is damaged: {error}") from None
        self._session.register(name, file.resolve())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.__exit__(kind, error, trace)
        self._scratch.close()

    def has(self, table: str) -> bool:
        """Whether the release has a table of that name."""
        return table in self.release.table_names

    def digest(self, table: str) -> str:
        """The SHA-256 of the file of a table of the release."""
        entry = self.release.manifest.table(table)
        assert entry is not None
        files = {file.path: file.sha256 for file in self.release.manifest.files}
        return files[entry.path]

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table of the release, with what the release says of each."""
        return self._schemas[table]

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query of our own; values never stand in its text.

        Raises:
            NotARelease: a table cannot be read.
            UnknownTable: the release has no such table.
        """
        self._prepare()
        rows: list[Row] = self._asked(lambda: self._session.fetch(sql)).to_pylist()
        return rows

    def of(self, table: str, column: str, wanted: Iterable[str]) -> list[Row]:
        """The rows of a table in whose column one of some values stands, in the table's order.

        Args:
            table: A table of the release; of one that the release lacks there are no rows.
            column: The column.
            wanted: The values.
        """
        ids = sorted(set(wanted))
        if not ids or not self.has(table):
            return []
        entry = self.release.manifest.table(table)
        order = ", ".join(f'"{name}" NULLS FIRST' for name in entry.key) if entry else "1"
        self.give("wanted", ids)
        return self.rows(
            f'SELECT * FROM "{table}" WHERE "{column}" IN (SELECT id FROM wanted) ORDER BY {order}'
        )

    def some_of(
        self, table: str, column: str, wanted: Iterable[str], most: int, where: str = "TRUE"
    ) -> tuple[list[Row], dict[str, int]]:
        """At most so many rows for each value of a column, and how many there are in all.

        Args:
            table: A table of the release.
            column: The column.
            wanted: The values.
            most: How many rows for each.
            where: A further condition of our own.

        Returns:
            The rows, in the table's order, and value -> number for all of them.
        """
        ids = sorted(set(wanted))
        entry = self.release.manifest.table(table)
        if not ids or entry is None:
            return [], {}
        order = ", ".join(f'"{name}" NULLS FIRST' for name in entry.key)
        self.give("wanted", ids)
        chosen = f'"{column}" IN (SELECT id FROM wanted) AND ({where})'
        rows = self.rows(
            f'SELECT *, row_number() OVER (PARTITION BY "{column}" ORDER BY {order}) AS nth_, '
            f'count(*) OVER (PARTITION BY "{column}") AS of_ FROM "{table}" '
            f"WHERE {chosen} QUALIFY nth_ <= {most} ORDER BY {order}"
        )
        totals = {row[column]: row.pop("of_") for row in rows}
        for row in rows:
            del row["nth_"]
        return rows, totals

    def counts(self, table: str, column: str) -> dict[str, int]:
        """How often each value stands in a column."""
        rows = self.rows(f'SELECT "{column}" AS value, count(*) AS n FROM "{table}" GROUP BY ALL')
        return {row["value"]: row["n"] for row in rows}

    def give(self, name: str, values: Iterable[str]) -> None:
        """Make some texts known to the queries that follow, as a table with the column ``id``."""
        self._session.register(name, pa.table({"id": pa.array(list(values), pa.string())}))

    def sql(self, name: str) -> str:
        """One of the queries of this part, which lie beside it."""
        return (files("allegata.site") / "sql" / f"{name}.sql").read_text("utf-8")

    def keep(self, name: str, sql: str) -> None:
        """Keep the result of a query as a table."""
        self._prepare()
        self._asked(lambda: self._session.create(name, sql))

    def _prepare(self) -> None:
        if self._prepared:
            return
        self._prepared = True
        for name in (
            "claims",
            "claims_flat",
            "propositions",
            "sources",
            "actors",
            "hops",
            "quotes",
        ):
            if not self.has(name):
                self.release.table(name)  # which tells what the release has instead
        room = pa.table({"cards": [self._room], "lines": [self._room // 2]})
        self._session.register("room", room)
        for name in _PREPARED:
            self.keep(name, self.sql(name))
        self._session.drop("entries")  # the largest of them, which nothing else reads

    def _asked(self, ask: Any) -> Any:
        try:
            return ask()
        except (duckdb.Error, OSError) as error:
            if isinstance(error, PermissionError):
                raise
            told = str(error).splitlines()[0]
            raise NotARelease(f"{self.release.path} cannot be read: {told}") from None
