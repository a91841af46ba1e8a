"""Comparing two releases: table by table, record by record, field by field."""

from allegata.comparing.diffing import Difference, diff
from allegata.comparing.model import (
    DifferenceDocument,
    FieldDifference,
    PartDifference,
    RecordDifference,
    TableDifference,
    difference_schema,
)
from allegata.comparing.schemas import SchemaDifference, schema_differences

__all__ = [
    "Difference",
    "DifferenceDocument",
    "FieldDifference",
    "PartDifference",
    "RecordDifference",
    "SchemaDifference",
    "TableDifference",
    "diff",
    "difference_schema",
    "schema_differences",
]
