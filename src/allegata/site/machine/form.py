"""The form of a record's JSON file, as JSON Schema: made from the columns of a release's tables."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from allegata.site.machine.records import FORM
from allegata.site.pages.subject import Subject
from allegata.site.words import plain

SCHEMA = "record.schema.json"
"""Where it is, from the site's root."""


def record_schema(subject: Subject) -> bytes:
    """The JSON Schema (2020-12) that each ``index.json`` of a site satisfies."""
    tables = {name: _rows(subject, name) for name in subject.release.table_names}
    told: dict[str, Any] = {
        "release": {"type": "object"},
        "table": {"enum": list(subject.addresses.sections)},
        "id": {"type": "string"},
        "url": {"type": "string"},
        "claims": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        "records": {"type": "object", "properties": tables, "additionalProperties": False},
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A record of {subject.dataset.title}, release {subject.manifest.version}",
        "type": "object",
        "properties": {name: {"description": what} | told[name] for name, what in FORM.items()},
        "required": list(FORM),
        "additionalProperties": False,
    }
    return (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(subject: Subject, table: str) -> dict[str, Any]:
    columns = {field.name: _column(field) for field in subject.store.schema(table)}
    row = {
        "type": "object",
        "properties": columns,
        "required": list(columns),
        "additionalProperties": False,
    }
    return {"type": "array", "description": f"Rows of {plain(table)}.", "items": row}


def _column(field: pa.Field) -> dict[str, Any]:
    kind = _kind(field.type)
    types = [kind["type"], "null"] if field.nullable else kind["type"]
    description = (field.metadata or {}).get(b"description", b"").decode()
    return {"description": description} | kind | {"type": types}


def _kind(kind: pa.DataType) -> dict[str, str]:
    if pa.types.is_boolean(kind):
        return {"type": "boolean"}
    if pa.types.is_integer(kind):
        return {"type": "integer"}
    if pa.types.is_floating(kind):
        return {"type": "number"}
    if pa.types.is_date(kind):
        return {"type": "string", "format": "date"}
    if pa.types.is_timestamp(kind):
        return {"type": "string", "format": "date-time"}
    return {"type": "string"}
