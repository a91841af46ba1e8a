"""DuckDB (https://duckdb.org/): the tables with keys, comments and views, in one file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.dataset as ds

from allegata.describing.tables.values import meaning
from allegata.exporting.rows import Export
from allegata.exporting.tables.sql import VIEWS, literal, names, quoted, specs
from allegata.reading import Step
from allegata.tables import Table


def write_duckdb(export: Export, out: Path) -> None:
    """Write the tables of a release to a new database."""
    with duckdb.connect(str(out)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        entries = {entry.name: entry for entry in export.release.manifest.tables}
        for name, table in specs(export).items():
            connection.execute(_created(table))
            file = export.release.file(entries[name].path)
            connection.register("incoming", ds.dataset(file, format="parquet"))
            columns = names(tuple(column.name for column in table.columns))
            order = ", ".join(f"{quoted(column)} NULLS FIRST" for column in table.order)
            connection.execute(
                f"INSERT INTO {quoted(name)} SELECT {columns} FROM incoming ORDER BY {order}"
            )
            connection.unregister("incoming")
            for sql in _comments(table):
                connection.execute(sql)
            export.written += entries[name].rows
            export.progress(Step("writing tables", 0, 0, export.written))
        for name, (of, query) in VIEWS.items():
            if of in entries:
                connection.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        connection.execute("CHECKPOINT")


_TYPES = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "double": "DOUBLE",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
}


def _created(table: Table) -> str:
    lines = [
        f"{quoted(column.name)} {_TYPES[str(column.type)]}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    ]
    lines.append(f"PRIMARY KEY ({names(table.key)})")
    return f"CREATE TABLE {quoted(table.name)} ({', '.join(lines)})"


def _comments(table: Table) -> list[str]:
    found = [f"COMMENT ON TABLE {quoted(table.name)} IS {literal(table.definition)}"]
    for column in table.columns:
        where = f"{quoted(table.name)}.{quoted(column.name)}"
        found.append(f"COMMENT ON COLUMN {where} IS {literal(meaning(column))}")
    return found
