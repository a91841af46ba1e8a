"""Running a mapping: tables are read into DuckDB, and records are written from there."""

from allegata.importing.running.running import import_table

__all__ = ["import_table"]
