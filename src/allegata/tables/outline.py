"""The tables and vocabularies as plain data, for those who work without Python."""

from __future__ import annotations

from typing import Any

from allegata.schema import SCHEMA_VERSION, Vocabulary
from allegata.tables.columns import Column, base_tables


def outline() -> dict[str, Any]:
    """Every base table with its columns and key, and every vocabulary with its rules."""
    vocabularies = {
        column.vocabulary.__name__: _vocabulary(column.vocabulary)
        for table in base_tables().values()
        for column in table.columns
        if column.vocabulary
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "tables": [
            {
                "name": table.name,
                "definition": table.definition,
                "key": list(table.key),
                "columns": [_column(column) for column in table.columns],
            }
            for table in base_tables().values()
        ],
        "vocabularies": vocabularies,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": str(column.type),
        "nullable": column.nullable,
        "description": column.description,
        "refers_to": column.refers_to,
        "vocabulary": column.vocabulary.__name__ if column.vocabulary else None,
    }


def _vocabulary(vocabulary: type[Vocabulary]) -> dict[str, Any]:
    return {
        "definition": vocabulary.definition(),
        "codes": {code.value: code.rule for code in vocabulary},
    }
