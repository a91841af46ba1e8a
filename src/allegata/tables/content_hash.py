"""The content hash of a table: the same for the same rows, however they are kept.

It does not depend on the order of the rows, on files, row groups or chunks, on the engine that
made the table, or on the version of any library. It depends on the names, order and types of the
columns, on every value, and on how often a row occurs.

Definition (version 1)
    A *row* is the bytes of its values in the order of the columns, each followed by the byte
    0xFF. A missing value is the byte 0xFE; any other is its text in UTF-8, in which neither of
    these bytes occurs:

    ==================== ==================================================================
    string               the text itself
    bool                 ``true`` or ``false``
    int32                decimal, no leading zeros, ``-`` before a negative number
    date32               ``YYYY-MM-DD``
    timestamp[us, UTC]   microseconds since 1970-01-01T00:00Z, written as a whole number
    float64              the 64 bits of the value plus 0.0 (so that -0.0 is 0.0), read as a
                         signed whole number and written as one; any NaN as that of the bits
                         0x7ff8000000000000
    ==================== ==================================================================

    The *sum* is that of the MD5 digests of all rows, each read as a big-endian number, modulo
    2^128. (A sum, not an exclusive or, which would lose a row that occurs twice.)

    The content hash is the SHA-256, in lower-case hexadecimal, of these texts, each followed by
    the byte 0xFF: ``allegata content hash 1``; the number of rows; for every column its name and
    its type as named above; the sum as 32 lower-case hexadecimal digits.

It tells whether two tables say the same, and finds accidents. It does not stop a forger: rows can
be made up until a sum comes out as wanted, whatever digest is summed, which is why a slower one
than MD5 would add nothing. What proves that bytes are those that were published is the SHA-256 of
each file.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

_NAME = "allegata content hash 1"
_ROWS_AT_ONCE = 10_000  # more would be a little faster, and take more memory
_BYTES = pa.large_binary()
_NOTHING, _END, _MISSING = pa.scalar(b"", _BYTES), pa.scalar(b"\xff", _BYTES), b"\xfe"
# The halves of a digest are added up apart: their sums are exact in DuckDB's 128-bit integers.
_SUMS = (
    "SELECT sum(('0x' || left(digest, 16))::UBIGINT), sum(('0x' || right(digest, 16))::UBIGINT)"
    ' FROM (SELECT md5("row") AS digest FROM "rows")'
)
_TYPES = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "date32": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", "UTC"),
}
_NAN = 0x7FF8000000000000


def content_hash(table: pa.Table) -> str:
    """The content hash of a table, as 64 hexadecimal digits.

    >>> one = pa.table({"id": ["a", "b"], "n": pa.array([1, None], pa.int32())})
    >>> content_hash(one) == content_hash(one.take([1, 0]))
    True
    >>> content_hash(one) == content_hash(one.slice(0, 1))
    False

    Raises:
        TypeError: a column has a type that is not published.
    """
    with ContentHash(table.schema) as running:
        running.update(table)
        return running.hexdigest()


def type_name(kind: pa.DataType) -> str:
    """The name of a published column type, such as ``timestamp[us, UTC]``.

    Raises:
        TypeError: no column of that type is published.
    """
    for name, plain in _TYPES.items():
        if kind == plain:
            return name
    if pa.types.is_dictionary(kind):
        return type_name(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "string"
    raise TypeError(f"no column of the type {kind} is published; the types are {', '.join(_TYPES)}")


def arrow_type(name: str) -> pa.DataType:
    """The published column type of a name, such as ``timestamp[us, UTC]``.

    Raises:
        KeyError: no column of that type is published.
    """
    return _TYPES[name]


class ContentHash:
    """The content hash of a table that comes in parts, in any order."""

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = {field.name: type_name(field.type) for field in schema}
        self._rows = 0
        self._sum = 0
        self._session = _database(os.getpid()).cursor()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def update(self, part: pa.Table) -> None:
        """Add rows.

        Raises:
            ValueError: the part has other columns than the table.
        """
        if part.column_names != list(self._columns):
            raise ValueError(f"expected the columns {list(self._columns)}")
        for start in range(0, part.num_rows, _ROWS_AT_ONCE):
            self._add(part.slice(start, _ROWS_AT_ONCE))
        self._rows += part.num_rows

    def hexdigest(self) -> str:
        """The content hash of the rows so far."""
        header = [_NAME, str(self._rows)]
        for name, kind in self._columns.items():
            header += [name, kind]
        header.append(f"{self._sum % 2**128:032x}")
        return hashlib.sha256(b"".join(text.encode() + b"\xff" for text in header)).hexdigest()

    def _add(self, rows: pa.Table) -> None:
        texts = [
            _texts(column, self._columns[name])
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        ]
        # The text after the last column is empty, so that the byte 0xFF follows that one too.
        joined = pc.binary_join_element_wise(
            *texts, _NOTHING, _END, null_handling="replace", null_replacement=_MISSING
        )
        self._session.register("rows", pa.table({"row": joined}))
        high, low = self._session.sql(_SUMS).fetchall()[0]
        self._sum += (int(high) << 64) + int(low)


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The database of this process: making one takes longer than hashing a small table."""
    return duckdb.connect(config={"enable_external_access": "false"})


def _texts(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    plain = column.cast(_TYPES[name])
    if name == "float64":
        bits = pc.add(plain, 0.0)
        whole = pa.chunked_array([chunk.view(pa.int64()) for chunk in bits.chunks], pa.int64())
        plain = pc.if_else(pc.is_nan(plain), pa.scalar(_NAN, pa.int64()), whole)
    elif name.startswith("timestamp"):
        plain = plain.cast(pa.int64())
    return plain.cast(pa.large_string()).cast(_BYTES)
