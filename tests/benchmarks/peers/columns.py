"""Readers of columns that check little or nothing: how fast JSON can become Parquet at all."""

from __future__ import annotations

from typing import Any

from benchmarks.peers import Job, Outcome

_SQL = {"string": "VARCHAR", "integer": "BIGINT", "date": "DATE"}


def _sql_type(field: dict[str, Any]) -> str:
    if "fields" in field:
        inner = ", ".join(f'"{one["name"]}" {_sql_type(one)}' for one in field["fields"])
        return f"STRUCT({inner})[]"
    return _SQL[field["type"]]


def duckdb_copy(job: Job) -> Outcome:
    """COPY, with the columns and their types given."""
    return _copy(job, "")


def duckdb_sorted(job: Job) -> Outcome:
    """COPY in the order in which an event's claims lie together."""
    return _copy(job, "ORDER BY proposition, source, id")


def _copy(job: Job, order: str) -> Outcome:
    import duckdb

    columns = ", ".join(f"'{field['name']}': '{_sql_type(field)}'" for field in job.fields)
    with duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = '{job.out}'")
        connection.execute(
            f"COPY (SELECT * FROM read_json('{job.source}', format = 'newline_delimited', "
            f"columns = {{{columns}}}) {order}) "
            f"TO '{job.out / 'claims.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
    return Outcome(0)


def pyarrow_copy(job: Job) -> Outcome:
    """The JSON reader with the schema given, then the Parquet writer."""
    import pyarrow as pa
    import pyarrow.json as pj
    import pyarrow.parquet as pq

    kinds = {"string": pa.string(), "integer": pa.int64(), "date": pa.string()}

    def kind(field: dict[str, Any]) -> pa.DataType:
        if "fields" in field:
            return pa.list_(pa.struct([(one["name"], kind(one)) for one in field["fields"]]))
        return kinds[field["type"]]

    options = pj.ParseOptions(
        explicit_schema=pa.schema([(field["name"], kind(field)) for field in job.fields]),
        unexpected_field_behavior="error",
    )
    table = pj.read_json(job.source, pj.ReadOptions(block_size=4 << 20), options)
    pq.write_table(table, job.out / "claims.parquet", compression="zstd")
    return Outcome(0)
