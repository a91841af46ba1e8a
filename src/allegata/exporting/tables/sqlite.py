"""SQLite (https://www.sqlite.org/): the tables with keys, foreign keys, indices and comments.

SQLite keeps no comments of columns; they stand in the text of each ``CREATE TABLE`` and in the
table ``column_descriptions``. Days are text as in ISO 8601, times too, truth values 0 and 1.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from allegata.describing.tables.values import foreign_keys, meaning
from allegata.exporting.rows import Export
from allegata.exporting.tables.sql import VIEWS, names, quoted, specs
from allegata.tables import Table

_TYPES = {"string": "TEXT", "bool": "INTEGER", "int32": "INTEGER", "double": "REAL"}
_DESCRIPTIONS = "column_descriptions"


def write_sqlite(export: Export, out: Path) -> None:
    """Write the tables of a release to a new database."""
    tables = specs(export)
    connection = sqlite3.connect(out, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # the file is moved into place when whole
        connection.execute("BEGIN")
        for table in tables.values():
            connection.execute(_created(table, foreign_keys(table, dict(tables))))
            _fill(connection, export, table)
        for table in tables.values():
            for column in foreign_keys(table, dict(tables)):
                name = quoted(f"{table.name}_{column}")
                on = f"{quoted(table.name)} ({quoted(column)})"
                connection.execute(f"CREATE INDEX {name} ON {on}")
        _describe(connection, tables.values())
        for name, (table_name, query) in VIEWS.items():
            if table_name in tables:
                connection.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
    finally:
        connection.close()


def _created(table: Table, keys: dict[str, str]) -> str:
    lines = []
    for column in table.columns:
        kind = _TYPES.get(str(column.type), "TEXT")
        lines.append(f"-- {_one_line(column.description)}")
        lines.append(f"{quoted(column.name)} {kind}{'' if column.nullable else ' NOT NULL'},")
    constraints = [f"PRIMARY KEY ({names(table.key)})"]
    constraints += [
        f"FOREIGN KEY ({quoted(column)}) REFERENCES {quoted(target)} (id)"
        for column, target in keys.items()
    ]
    body = "\n    ".join([*lines, ",\n    ".join(constraints)])
    about = f"-- {_one_line(table.definition)}"
    return f"CREATE TABLE {quoted(table.name)} (\n    {about}\n    {body}\n) STRICT"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fill(connection: sqlite3.Connection, export: Export, table: Table) -> None:
    marks = ", ".join("?" * len(table.columns))
    order = ", ".join(f"{quoted(column)} NULLS FIRST" for column in table.order)
    columns = tuple(column.name for column in table.columns)
    sql = f"SELECT {names(columns)} FROM {quoted(table.name)} ORDER BY {order}"
    insert = f"INSERT INTO {quoted(table.name)} VALUES ({marks})"
    for batch in export.batches(f"writing {table.name}", sql):
        connection.executemany(insert, _values(batch))
        export.written += batch.num_rows


def _values(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    columns = [[_value(value) for value in column.to_pylist()] for column in batch.columns]
    return zip(*columns, strict=True)


def _value(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, datetime.date) else value


def _describe(connection: sqlite3.Connection, tables: Iterable[Table]) -> None:
    connection.execute(
        f"CREATE TABLE {_DESCRIPTIONS} (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
        "description TEXT NOT NULL, PRIMARY KEY (table_name, column_name)) STRICT"
    )
    for table in tables:
        rows = [(table.name, "", table.definition)]
        rows += [(table.name, column.name, meaning(column)) for column in table.columns]
        connection.executemany(f"INSERT INTO {_DESCRIPTIONS} VALUES (?, ?, ?)", rows)
