"""JSON Schema (draft 2020-12) of record files, for editors and for other people's validators."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from allegata.schema import MODELS, SCHEMA_VERSION, Dataset, Record, Waiver
from allegata.schema.record import marks
from allegata.schema.types import PerFile, SchemaVersion

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_file_schema() -> dict[str, Any]:
    """The JSON Schema of one record file: a mapping from tables' names to lists of records."""
    models: list[type[BaseModel]] = [*MODELS.values(), Waiver]
    _, document = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/$defs/{model}",
    )
    definitions: dict[str, Any] = _unwrapped(document["$defs"])
    per_file = per_file_fields()
    defaults = {
        field: definitions[model.__name__]["properties"][field] for field, model in per_file.items()
    }
    for model in MODELS.values():
        _relax(definitions[model.__name__], set(per_file))
    for model in MODELS.values():
        _nest(model, definitions)
    return {
        "$schema": DIALECT,
        "$id": f"urn:allegata:schema:{SCHEMA_VERSION}:record-file",
        "title": f"Allegata record file, schema {SCHEMA_VERSION}",
        "description": "Lists of records under the names of their tables.",
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "schema_version": {
                **TypeAdapter(SchemaVersion).json_schema(),
                "description": "The version of the schema that the file is written in.",
            },
            "defaults": {
                "type": "object",
                "description": "Values for all records of this file that do not state their own.",
                "additionalProperties": False,
                "properties": defaults,
            },
            "waivers": {
                "type": "array",
                "description": Waiver.__doc__,
                "items": {"$ref": "#/$defs/Waiver"},
            },
            **{
                table: {
                    "type": "array",
                    "description": model.definition(),
                    "items": {"$ref": f"#/$defs/{model.__name__}"},
                }
                for table, model in MODELS.items()
            },
        },
        "$defs": definitions,
    }


def dataset_file_schema() -> dict[str, Any]:
    """The JSON Schema of ``dataset.yaml``."""
    return {"$schema": DIALECT, **_unwrapped(TypeAdapter(Dataset).json_schema())}


@cache
def per_file_fields() -> dict[str, type[Record]]:
    """The fields that a record file may state once -> the model that has them."""
    return {
        name: model
        for model in MODELS.values()
        for name, field in model.columns().items()
        if any(isinstance(mark, PerFile) for mark in marks(field))
    }


def _unwrapped(schema: Any) -> Any:
    """Docstrings are wrapped for the eyes of programmers; what they say is not."""
    if isinstance(schema, dict):
        return {
            key: "\n\n".join(" ".join(part.split()) for part in value.split("\n\n"))
            if key == "description" and isinstance(value, str)
            else _unwrapped(value)
            for key, value in schema.items()
        }
    return [_unwrapped(item) for item in schema] if isinstance(schema, list) else schema


def _relax(definition: dict[str, Any], fields: set[str]) -> None:
    definition["required"] = [name for name in definition.get("required", []) if name not in fields]


def _nest(model: type[Record], definitions: dict[str, Any]) -> None:
    """Point the model's lists at records without the keys that the parent hands down."""
    for name, (child, nested) in model.children().items():
        handed = {nested.key.removesuffix("_id"), nested.position}
        whole = definitions[child.__name__]
        definitions[f"Nested{child.__name__}"] = {
            **whole,
            "properties": {k: v for k, v in whole["properties"].items() if k not in handed},
            "required": [key for key in whole.get("required", []) if key not in handed],
        }
        definitions[model.__name__]["properties"][name]["items"] = {
            "$ref": f"#/$defs/Nested{child.__name__}"
        }
