"""The one place where GeoParquet is written: rows with coordinates again, as points on a map.

The form is that of GeoParquet 1.1 (https://geoparquet.org/releases/v1.1.0/): the table's own
columns, and ``geometry``, a point in well-known binary with the longitude first, in degrees of
OGC:CRS84, which is the default. A point without a place would be of no use on a map, so rows that
lack a coordinate are left out.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.tables.csv import WrittenText

LATITUDE, LONGITUDE, GEOMETRY = "lat", "lon", "geometry"
_ROWS_AT_ONCE = 10_000
_GEO = {
    "version": "1.1.0",
    "primary_column": GEOMETRY,
    "columns": {GEOMETRY: {"encoding": "WKB", "geometry_types": ["Point"]}},
}
# Little-endian, and the number that stands for a point.
_POINT = b"\x01\x01\x00\x00\x00"


def has_points(schema: pa.Schema) -> bool:
    """Whether a table's rows have coordinates."""
    return {LATITUDE, LONGITUDE} <= set(schema.names)


def write_geoparquet(parquet: Path, path: Path) -> WrittenText:
    """Write the rows of a Parquet file that have coordinates to a new GeoParquet file.

    The same rows give the same bytes.

    Args:
        parquet: The published table.
        path: The file to make.

    Raises:
        FileExistsError: there is a file at the path.
        OSError: it cannot be written; what there is of it is left to the caller to remove.
    """
    with pq.ParquetFile(parquet) as rows, path.open("xb") as file:
        schema = with_points(rows.schema_arrow.empty_table()).schema
        said = {**(schema.metadata or {}), b"geo": json.dumps(_GEO).encode()}
        with pq.ParquetWriter(
            file, schema.with_metadata(said), compression="zstd", compression_level=3
        ) as writer:
            for batch in rows.iter_batches(_ROWS_AT_ONCE):
                writer.write_table(with_points(pa.Table.from_batches([batch])))
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256")
        return WrittenText(written.tell(), digest.hexdigest())


def with_points(rows: pa.Table) -> pa.Table:
    """The rows that have coordinates, each with its point.

    >>> with_points(pa.table({"lat": [1.0, None], "lon": [2.0, 3.0]}))["geometry"][0].as_py().hex()
    '01010000000000000000000040000000000000f03f'
    """
    there = rows.filter(pc.and_(rows[LATITUDE].is_valid(), rows[LONGITUDE].is_valid()))
    parts = [pa.scalar(_POINT), *(_bytes(there[name]) for name in (LONGITUDE, LATITUDE))]
    points = pc.binary_join_element_wise(*parts, pa.scalar(b""))
    field = pa.field(GEOMETRY, pa.binary(), nullable=False)
    return there.append_column(field, points.cast(pa.binary()))


def _bytes(numbers: pa.ChunkedArray) -> pa.Array:
    """The eight bytes of each number, of which none may be missing."""
    whole = pa.concat_arrays([pa.array([], pa.float64()), *numbers.chunks])
    bits = pa.Array.from_buffers(pa.binary(8), len(whole), [None, whole.buffers()[1]])
    return bits.cast(pa.binary())
