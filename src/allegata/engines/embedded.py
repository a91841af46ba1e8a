"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from allegata.engines.budget import Budget
from allegata.tables.session import OutOfMemory

_ROWS_IN_A_GROUP = 16_384  # of such a table: so many are held of it while it is written
_KEPT = "kept"  # the database on disk of the tables that are made, where they are many


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
        self._budget = Budget.of(memory_limit) if memory_limit else None
        if self._budget:
            size, threads = f"{self._budget.own // 1000}KB", self._budget.threads
            config |= {"memory_limit": size, "threads": threads}
        if folder:
            config["temp_directory"] = str(folder / "spilled")
        self._folder = folder
        self._read = dict[Path, int]()  # how many bytes of rows each file that is known has
        self._is_on_disk = False
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
        if self._folder and self._is_on_disk:
            self._database(self._folder).unlink(missing_ok=True)

    def register(self, name: str, rows: pa.Table | Path) -> None:
        """Make an Arrow table, or the Parquet file that holds one, known under a name."""
        if isinstance(rows, Path):
            relation = self._connection.read_parquet(str(rows))
            relation.create_view(name, replace=True)
            self._read[rows] = _size(rows)
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
        if self.is_large():
            self._keep(f'DROP TABLE IF EXISTS temp."{name}"')
        self._keep(f"CREATE OR REPLACE {self._new(name)} AS {sql}")

    def append(self, name: str, sql: str) -> None:
        """Add the result of a query to the table of a name, which is made where there is none."""
        new = self._new(name)
        self._keep(f"CREATE {new.replace('TABLE', 'TABLE IF NOT EXISTS')} AS {sql} LIMIT 0")
        self._keep(f'INSERT INTO "{name}" {sql}')

    def _new(self, name: str) -> str:
        return f'TABLE {_KEPT}."{name}"' if self.is_large() else f'TEMP TABLE "{name}"'

    def is_large(self) -> bool:
        """Whether there is so much that it is kept on disk, and worked on in parts."""
        if self._budget and self._folder and not self._is_on_disk:
            self._is_on_disk = self._budget.is_large(sum(self._read.values()))
            if self._is_on_disk:
                self._begin_on_disk(self._folder)
        return self._is_on_disk

    def _begin_on_disk(self, folder: Path) -> None:
        # The file is of no use after the run: no log is written, and nothing waits for the disk.
        file = str(self._database(folder)).replace("'", "''")
        options = f"ROW_GROUP_SIZE {_ROWS_IN_A_GROUP}, RECOVERY_MODE no_wal_writes"
        self._connection.execute(
            f"SET fsync_mode = 'NONE'; SET write_buffer_row_group_count = 1; "
            f"ATTACH '{file}' AS {_KEPT} ({options}); SET search_path = 'memory.main,{_KEPT}.main'"
        )

    @staticmethod
    def _database(folder: Path) -> Path:
        return folder / f"{_KEPT}.duckdb"

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
        return self._budget.parts(rows) if self._budget and self.is_large() else 1

    def ranges(self, size: int) -> int:
        """Into how many ranges of keys rows of so many bytes are best divided, to be sorted."""
        return self._budget.ranges(size) if self._budget and self.is_large() else 1

    def sample(self, sql: str, rows: int) -> pa.Table:
        """So many rows of the result of a query, chosen at random, or all if there are fewer."""
        return self.fetch(f"SELECT * FROM ({sql}) USING SAMPLE reservoir({rows} ROWS)")

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


def _size(path: Path) -> int:
    """How many bytes the rows of a Parquet file take, which may be a tenth as large."""
    metadata = pq.read_metadata(path)
    return sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
