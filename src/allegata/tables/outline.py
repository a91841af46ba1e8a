"""The tables and vocabularies as plain data, for those who work without Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allegata.schema import SCHEMA_VERSION, Vocabulary
from allegata.tables.columns import Column, Table

ANY_TABLE = "*"
"""What a column refers to that holds ids of records of any table."""


def outline(tables: Mapping[str, Table]) -> dict[str, Any]:
    """Every table with its columns and key, and every vocabulary with its rules.

    Args:
        tables: The tables, by name.
    """
    vocabularies = {
        column.vocabulary.__name__: _vocabulary(column.vocabulary)
        for table in tables.values()
        for column in table.columns
        if column.vocabulary
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "tables": [
            {
                "name": table.name,
                "definition": table.definition,
                "revision": table.revision,
                "derived": table.model is None,
                "key": list(table.key),
                "order": list(table.order),
                "columns": [_column(column) for column in table.columns],
            }
            for table in tables.values()
        ],
        "vocabularies": vocabularies,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": str(column.type),
        "nullable": column.nullable,
        "unit": column.unit,
        "description": column.description,
        "revision": column.revision,
        "refers_to": column.refers_to or (ANY_TABLE if column.is_reference else None),
        "vocabulary": column.vocabulary.__name__ if column.vocabulary else None,
    }


def _vocabulary(vocabulary: type[Vocabulary]) -> dict[str, Any]:
    return {
        "definition": vocabulary.definition(),
        "open_to_readers": vocabulary.is_open_to_readers(),
        "codes": {
            code.value: {"rule": code.rule, "revision": code.revision} for code in vocabulary
        },
    }
