"""DuckDB."""

import duckdb
from cells import dump

TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "bool",
    "INTEGER": "int32",
    "DOUBLE": "double",
    "DATE": "date32[day]",
    "TIMESTAMP WITH TIME ZONE": "timestamp[us, tz=UTC]",
}

# Values are fetched by way of Arrow: as objects of Python, times with a zone need one more package.
connection = duckdb.connect()
connection.execute("SET timezone = 'UTC'")


def read(path, table):
    found = connection.sql(f"SELECT * FROM '{path}'")
    columns = [(n, TYPES[str(t)]) for n, t in zip(found.columns, found.types, strict=True)]
    arrow = found.to_arrow_table()
    return columns, zip(*(column.to_pylist() for column in arrow.columns), strict=True)


dump(read)
