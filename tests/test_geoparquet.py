"""Points on the map are the coordinates of the table, bit by bit."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegata.tables.geoparquet import has_points, with_points, write_geoparquet

NUMBERS = st.none() | st.floats(-180, 180)
PLACES = st.lists(st.tuples(st.text(max_size=3), NUMBERS, NUMBERS), max_size=9)


def table(rows: list[tuple[str, float | None, float | None]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = {"id": pa.string(), "lat": pa.float64(), "lon": pa.float64()}
    return pa.table(
        {name: pa.array(columns[at], kind) for at, (name, kind) in enumerate(types.items())}
    )


@given(PLACES, st.integers(0, 9))
def test_every_place_with_coordinates_has_its_point(
    rows: list[tuple[str, float | None, float | None]], cut: int
) -> None:
    # In two chunks, the second of which begins in the middle of its memory.
    whole = table(rows)
    found = with_points(pa.concat_tables([whole.slice(0, cut), whole.slice(cut)]))
    expected = [row for row in rows if None not in row]
    assert found.select(["id", "lat", "lon"]).equals(table(expected))
    points = [struct.unpack("<BIdd", point) for point in found["geometry"].to_pylist()]
    bits = [struct.pack("<dd", lon, lat) for _, lat, lon in expected]  # type: ignore[arg-type]
    assert [struct.pack("<dd", *point[2:]) for point in points] == bits
    assert {point[:2] for point in points} <= {(1, 1)}


def test_the_file_tells_what_it_is(tmp_path: Path) -> None:
    rows = table([("a", 1.5, -2.5), ("b", None, 3.0)])
    rows = rows.replace_schema_metadata({"version": "2026.1.0"})
    pq.write_table(rows, tmp_path / "places.parquet")
    written = [
        write_geoparquet(tmp_path / "places.parquet", tmp_path / name) for name in ("one", "two")
    ]
    assert written[0] == written[1]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    found = pq.read_table(tmp_path / "one")
    assert found.column_names == ["id", "lat", "lon", "geometry"]
    assert found["id"].to_pylist() == ["a"]
    assert found.schema.metadata[b"version"] == b"2026.1.0"
    assert json.loads(found.schema.metadata[b"geo"])["columns"]["geometry"] == {
        "encoding": "WKB",
        "geometry_types": ["Point"],
    }
    with pytest.raises(FileExistsError):
        write_geoparquet(tmp_path / "places.parquet", tmp_path / "one")


def test_a_table_without_coordinates_has_no_points() -> None:
    assert has_points(table([]).schema)
    assert not has_points(table([]).drop_columns(["lon"]).schema)
