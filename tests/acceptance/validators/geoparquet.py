"""geoparquet-validator: places on the map, by the core of the GeoParquet standard."""

import geoparquet_validator
from problems import report

# Passed over where there are no points to look at, which is a fault here.
NEEDED = ("/conf/core/geometry-column-type", "/conf/core/wkb")


def examine(release):
    found = geoparquet_validator.check(str(release / "geo" / "places.parquet"))
    core = [test for test in found["outcomes"] if test["id"].startswith("/conf/core/")]
    for test in core:
        fine = ("pass",) if test["id"] in NEEDED else ("pass", "skip")
        if test["status"] not in fine:
            yield f"{test['id']}: {test['status']}: {test['message']}"


report(examine)
