"""geoparquet-validator: places on the map, by the core of the GeoParquet standard."""

import geoparquet_validator
from problems import report


def examine(release):
    found = geoparquet_validator.check(str(release / "geo" / "places.parquet"))
    core = [test for test in found["outcomes"] if test["id"].startswith("/conf/core/")]
    if not any(test["status"] == "pass" for test in core):
        yield "nothing was checked"
    for test in core:
        if test["status"] not in ("pass", "skip"):
            yield f"{test['id']}: {test['status']}: {test['message']}"


report(examine)
