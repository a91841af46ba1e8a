"""SQL over a release, by people whom nobody has vouched for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from allegata.reading import nearest
from allegata.rules import shortened
from allegata.showing.session import ReleaseSession

_ALLOWED = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_BATCH = 10_000
_LONG = 1_000
_NO_TABLE = re.compile(r"Table with name (\S+) does not exist")
_NO_COLUMN = re.compile(r'(?:column named "([^"]+)"|column "([^"]+)" not found)')


class QueryError(ValueError):
    """The SQL cannot be run, or may not be; the text says why and what may have been meant."""


def query(session: ReleaseSession, sql: str) -> pa.RecordBatchReader:
    """The answer to one SELECT (or WITH, FROM, DESCRIBE, SHOW TABLES, EXPLAIN).

    Args:
        session: The release.
        sql: One statement in DuckDB's dialect. It can read the tables of the release, and neither
            files, nor the network, nor anything else.

    Returns:
        The rows, batch by batch; the session can do nothing else before they are read.

    Raises:
        QueryError: it is not one such statement, or DuckDB refuses it.
    """
    try:
        statements = session.connection.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"expected one statement, and there are {len(statements)}")
        if statements[0].type not in _ALLOWED:
            raise QueryError("a release is only read: expected a SELECT")
        return session.connection.sql(sql).to_arrow_reader(_BATCH)
    except duckdb.Error as error:
        message, _, excerpt = str(error).partition("\n\nLINE ")
        lines = [message.splitlines()[0], *_hint(message, session)]
        lines += ["", *f"LINE {excerpt}".splitlines()] if excerpt else []
        raise QueryError("\n".join(shortened(line, _LONG) for line in lines)) from None


def batches(answer: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of an answer.

    Raises:
        QueryError: a value turns out, while it is computed, not to be possible.
    """
    try:
        yield from answer
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        raise QueryError(shortened(str(error).splitlines()[0], _LONG)) from None


def _hint(message: str, session: ReleaseSession) -> list[str]:
    columns = session.columns()
    if missing := _NO_TABLE.search(message):
        near = nearest(missing[1], columns)
        return [f"did you mean {near}?" if near else f"the tables are {', '.join(columns)}"]
    if missing := _NO_COLUMN.search(message):
        name = missing[1] or missing[2]
        near = nearest(name, sorted({one for names in columns.values() for one in names}))
        of = ", ".join(table for table, names in columns.items() if near in names)
        return [f"did you mean {near} (a column of {of})?"] if near else []
    return []
