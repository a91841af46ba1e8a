"""Generated lines as Parquet: the same records, child lists nested, with the types of columns."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from allegata.schema import MODELS, Record, Vocabulary
from allegata.schema.record import given_to_children, plain_type

_TYPES = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
_CAST = {date: pa.date32(), datetime: pa.timestamp("us", "UTC")}
_AT_ONCE = 16 << 20  # bytes of lines in a row group


def arrow_schema(model: type[Record], *, left_out: frozenset[str] = frozenset()) -> pa.Schema:
    """The columns of a table's records under their keys; what a parent hands down is left out."""
    fields = [
        pa.field(key, _TYPES.get(_kind(field), pa.string()))
        for name, field in model.columns().items()
        if (key := name.removesuffix("_id")) not in left_out
    ]
    for name, (child, nested) in model.children().items():
        handed = frozenset(given_to_children(nested, "", 0))
        struct = pa.struct(list(arrow_schema(child, left_out=handed)))
        fields.append(pa.field(name, pa.list_(struct)))
    return pa.schema(fields)


def _kind(field: Any) -> type:
    kind = plain_type(field)
    return str if issubclass(kind, Vocabulary) else kind


class ParquetFile(AbstractContextManager[Any]):
    """A Parquet file that takes lines of JSON."""

    def __init__(self, path: Path, table: str) -> None:
        self._parsed = arrow_schema(MODELS[table])
        self._schema = self._parsed
        for name, field in MODELS[table].columns().items():
            if kind := _CAST.get(_kind(field)):
                at = self._schema.get_field_index(name)
                self._schema = self._schema.set(at, pa.field(name, kind))
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[bytes] = []

    def write(self, text: bytes) -> None:
        """Add whole lines."""
        self._waiting.append(text)
        if sum(map(len, self._waiting)) > _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        lines = b"".join(self._waiting)
        self._waiting = []
        if lines.strip():
            options = pj.ParseOptions(explicit_schema=self._parsed)
            read = pj.ReadOptions(block_size=len(lines) + 1)
            table = pj.read_json(io.BytesIO(lines), read, options)
            self._writer.write_table(table.cast(self._schema))

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()
