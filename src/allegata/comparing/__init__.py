"""Comparing two releases: table by table, record by record, field by field."""

from allegata.comparing.schemas import SchemaDifference, schema_differences

__all__ = ["SchemaDifference", "schema_differences"]
