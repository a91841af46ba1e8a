"""frictionless: the Parquet files, by the Data Package."""

from packages import read_all

read_all(lambda name: name, lambda value: value)
