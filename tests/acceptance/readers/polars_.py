"""polars."""

import polars as pl
from cells import dump

TYPES = {
    pl.String(): "string",
    pl.Boolean(): "bool",
    pl.Int32(): "int32",
    pl.Float64(): "double",
    pl.Date(): "date32[day]",
    pl.Datetime("us", "UTC"): "timestamp[us, tz=UTC]",
}


def read(path, table):
    frame = pl.read_parquet(path)
    return [(name, TYPES[dtype]) for name, dtype in frame.schema.items()], frame.iter_rows()


dump(read)
