"""geopandas: places on the map lie where, and are what, the table of places says.

It reads the GeoParquet; the table is read by DuckDB.
"""

import duckdb
import geopandas
from problems import report

POINTS = "SELECT * FROM '{}' WHERE lat IS NOT NULL AND lon IS NOT NULL"


def examine(release):
    found = geopandas.read_parquet(release / "geo" / "places.parquet")
    if str(found.crs) != "OGC:CRS84":
        yield f"it lies in {found.crs}"
    places = duckdb.sql(POINTS.format(release / "data" / "places.parquet"))
    rows = places.fetchall()
    names = [name for name in found.columns if name != found.geometry.name]
    if names != places.columns:
        yield f"columns are {names}, not {places.columns}"
        return
    if len(found) != len(rows):
        yield f"{len(found)} points, not {len(rows)}"
        return
    shown = found[names].astype(object).where(found[names].notna(), None).itertuples(index=False)
    for point, shown_row, row in zip(found.geometry, shown, rows, strict=True):
        at = dict(zip(names, row, strict=True))
        if (point.x.hex(), point.y.hex()) != (at["lon"].hex(), at["lat"].hex()):
            yield f"{at['id']}: {point}"
        if tuple(shown_row) != row:
            yield f"{at['id']}: {tuple(shown_row)}, not {row}"


report(examine)
