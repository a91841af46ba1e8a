"""Tables: what is published, derived from the models."""

from allegata.tables.building import build_table, build_tables, record_schema
from allegata.tables.columns import LEDGER, Column, Table, base_tables

__all__ = [
    "LEDGER",
    "Column",
    "Table",
    "base_tables",
    "build_table",
    "build_tables",
    "record_schema",
]
