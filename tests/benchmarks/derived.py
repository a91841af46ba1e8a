"""The schema of claims in the languages of the peers, derived from the models.

``write`` leaves files that a peer reads in an environment of its own, where Allegata is not
installed. All of them follow from the JSON Schema of a claim, which follows from the models, so
that no peer checks more or less than its own language can say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]


def write(folder: Path) -> None:
    """Write the schemas of all peers into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = claim_fields()
    files = {
        "claim.schema.json": claim_schema(),
        "fields.json": fields,
        "frictionless.json": frictionless_schema(fields),
        "linkml.yaml": linkml_schema(fields),
        "contract.yaml": contract(fields),
    }
    for name, content in files.items():
        dump = json.dumps if name.endswith(".json") else yaml.safe_dump
        (folder / name).write_text(dump(content), encoding="utf-8")


def claim_schema() -> Json:
    """The JSON Schema of one line of claims."""
    from allegata.schema import Claim
    from allegata.schema.jsonschema import DIALECT, record_file_schema

    definitions = record_file_schema()["$defs"]
    # In a record file, `defaults` may stand in for some; a line has to state them.
    definitions["Claim"]["required"] = Claim.model_json_schema()["required"]
    return {"$schema": DIALECT, "$ref": "#/$defs/Claim", "$defs": _used(definitions)}


def claim_fields() -> list[Json]:
    """The fields of a claim as plain values: what languages of columns can say.

    Each has ``name``, ``type``, ``required``, ``nullable`` and, where there are any, ``codes``,
    ``pattern``, ``shortest``, ``longest``, ``least``, ``most`` and ``fields`` (of a list's items).
    """
    schema = claim_schema()
    return _fields(schema["$defs"]["Claim"], schema["$defs"])


def _used(definitions: Json) -> Json:
    """The definitions that a claim leads to."""
    found, left = {}, ["Claim"]
    while left:
        name = left.pop()
        if name not in found:
            found[name] = definitions[name]
            left += [ref.rpartition("/")[2] for ref in _references(definitions[name])]
    return found


def _references(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [ref for item in schema for ref in _references(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"]] if "$ref" in schema else []
    return own + [ref for value in schema.values() for ref in _references(value)]


def _fields(schema: Json, definitions: Json) -> list[Json]:
    return [
        _field(name, prop, name in schema.get("required", ()), definitions)
        for name, prop in schema["properties"].items()
    ]


def _field(name: str, prop: Json, required: bool, definitions: Json) -> Json:
    options = [one for one in prop.get("anyOf", [prop]) if one.get("type") != "null"]
    (kind,) = options
    if "$ref" in kind:
        kind = definitions[kind["$ref"].rpartition("/")[2]]
    field = {
        "name": name,
        "type": "date" if kind.get("format") == "date" else kind.get("type", "string"),
        "required": required,
        "nullable": len(prop.get("anyOf", ())) > 1,
        "description": prop.get("description", ""),
        "codes": [code["const"] for code in kind["oneOf"]] if "oneOf" in kind else None,
        "pattern": kind.get("pattern"),
        "shortest": kind.get("minLength"),
        "longest": kind.get("maxLength"),
        "least": kind.get("minimum"),
        "most": kind.get("maximum"),
    }
    if field["type"] == "array":
        item = definitions[kind["items"]["$ref"].rpartition("/")[2]]
        field["fields"] = _fields(item, definitions)
    return {key: value for key, value in field.items() if value is not None}


_CONSTRAINTS = {
    "pattern": "pattern",
    "codes": "enum",
    "shortest": "minLength",
    "longest": "maxLength",
    "least": "minimum",
    "most": "maximum",
}


def frictionless_schema(fields: list[Json]) -> Json:
    """The Table Schema of claims; it says nothing of what is inside a list."""
    return {
        "fields": [
            {
                "name": field["name"],
                "type": field["type"],
                "constraints": {
                    "required": field["required"],
                    **{_CONSTRAINTS[key]: field[key] for key in _CONSTRAINTS if key in field},
                },
            }
            for field in fields
        ]
    }


def linkml_schema(fields: list[Json]) -> Json:
    """The LinkML schema of claims; LinkML has no lengths of texts, so patterns stand in."""
    schema: Json = {
        "id": "https://allegata.example/claims",
        "name": "claims",
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_range": "string",
        "classes": {},
        "enums": {},
    }
    _add_class(schema, "Claim", fields)
    return schema


def _add_class(schema: Json, name: str, fields: list[Json]) -> None:
    attributes = {field["name"]: _attribute(schema, field) for field in fields}
    schema["classes"][name] = {"attributes": attributes}


def _attribute(schema: Json, field: Json) -> Json:
    named = field["name"].capitalize()
    attribute: Json = {"required": field["required"]}
    if "fields" in field:
        _add_class(schema, named, field["fields"])
        return attribute | {"range": named, "multivalued": True, "inlined_as_list": True}
    if "codes" in field:
        schema["enums"][f"{named}Code"] = {
            "permissible_values": {code: {} for code in field["codes"]}
        }
        return attribute | {"range": f"{named}Code"}
    attribute["range"] = field["type"]
    if "pattern" in field:
        attribute["pattern"] = field["pattern"]
    elif "longest" in field:
        attribute["pattern"] = f"^[\\s\\S]{{{field.get('shortest', 0)},{field['longest']}}}$"
    if "least" in field:
        attribute |= {"minimum_value": field["least"], "maximum_value": field["most"]}
    return attribute


_LOGICAL = {"array": "array", "integer": "integer", "date": "date", "string": "string"}


def contract(fields: list[Json]) -> Json:
    """The data contract of claims (Open Data Contract Standard)."""
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": "claims",
        "name": "claims",
        "version": "1.0.0",
        "status": "active",
        "servers": [
            {
                "server": "local",
                "type": "local",
                "path": "claims.jsonl",
                "format": "json",
                "delimiter": "new_line",
            }
        ],
        "schema": [
            {"name": "claims", "logicalType": "object", "physicalType": "table",
             "properties": [_property(field) for field in fields]}
        ],
    }  # fmt: skip


def _property(field: Json) -> Json:
    options = {_CONSTRAINTS[key]: field[key] for key in _CONSTRAINTS if key in field}
    codes = options.pop("enum", None)
    described: Json = {
        "name": field["name"],
        "logicalType": _LOGICAL[field["type"]],
        "required": field["required"],
    }
    if codes:
        options["pattern"] = f"^({'|'.join(codes)})$"
    if options:
        described["logicalTypeOptions"] = options
    if "fields" in field:
        described["items"] = {
            "logicalType": "object",
            "properties": [_property(inner) for inner in field["fields"]],
        }
    return described
