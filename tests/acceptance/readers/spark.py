"""Apache Spark, on this machine alone."""

from cells import dump
from pyspark.sql import SparkSession

TYPES = {
    "string": "string",
    "boolean": "bool",
    "int": "int32",
    "double": "double",
    "date": "date32[day]",
    "timestamp": "timestamp[us, tz=UTC]",
}

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def read(path, table):
    # By way of Arrow: as objects of Python, times would be those of the machine's zone.
    frame = spark.read.parquet(str(path))
    arrow = frame.toArrow()
    columns = [(name, TYPES[dtype]) for name, dtype in frame.dtypes]
    return columns, zip(*(column.to_pylist() for column in arrow.columns), strict=True)


dump(read)
