"""``csv/csvw.json``: CSV on the Web (https://www.w3.org/TR/tabular-metadata/).

It says of each CSV file what its columns are, and how to undo the guard against formulas (see
``allegata.tables.csv``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allegata.describing.tables.values import codes, foreign_keys, limits, meaning, published
from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes
from allegata.tables import Column, Table
from allegata.tables.content_hash import type_name

_TYPES = {
    "string": "string",
    "bool": "boolean",
    "int32": "integer",
    "float64": "double",
    "date32": "date",
    "timestamp[us, UTC]": "dateTimeStamp",
}
_BOUNDS = {"minimum", "maximum", "minLength", "maxLength"}
GUARD = (
    "A text that a spreadsheet could take for a formula has an apostrophe before it. To undo "
    "this, take one apostrophe off each text that begins with one. A missing value is an empty "
    'cell without quotes; an empty text is "".'
)
"""What a reader of the CSV files must know."""


def csvw(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The group of tables: each CSV file, its columns, its keys."""
    dataset = manifest.dataset
    tables = published(manifest, specs)
    return json_bytes(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": dataset.lang}],
            "dc:title": {"@value": dataset.title, "@language": dataset.lang},
            "dc:description": {"@value": dataset.description, "@language": dataset.lang},
            "dc:license": {"@id": dataset.licence.url},
            "dc:creator": [creator.name for creator in dataset.creators],
            "dc:publisher": dataset.publisher,
            "dc:issued": {"@value": str(manifest.date), "@type": "xsd:date"},
            "schema:version": manifest.version,
            "rdfs:comment": {"@value": GUARD, "@language": "en"},
            "dialect": {
                "encoding": "utf-8",
                "header": True,
                "delimiter": ",",
                "quoteChar": '"',
                "doubleQuote": True,
                "lineTerminators": ["\r\n"],
                "skipInitialSpace": False,
                "trim": False,
            },
            "tables": [_table(spec, tables) for spec in tables.values()],
        }
    )


def _table(spec: Table, tables: Mapping[str, Table]) -> dict[str, Any]:
    keys = [
        {
            "columnReference": column,
            "reference": {"resource": f"{target}.csv", "columnReference": "id"},
        }
        for column, target in foreign_keys(spec, tables).items()
    ]
    return {
        "url": f"{spec.name}.csv",
        "dc:description": {"@value": spec.definition, "@language": "en"},
        "tableSchema": {
            "columns": [_column(column) for column in spec.columns],
            "primaryKey": list(spec.key),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": {"@value": meaning(column), "@language": "en"},
        "datatype": _datatype(column),
        "required": not column.nullable,
        "null": "",
    }
    return told | ({"schema:unitText": column.unit} if column.unit else {})


def _datatype(column: Column) -> str | dict[str, Any]:
    """The base type, with the bounds of its values; codes as a pattern of alternatives."""
    told = limits(column)
    bounds = {name: value for name, value in told.items() if name in _BOUNDS}
    pattern = "|".join(codes(column)) or told.get("pattern", "").removeprefix("^").removesuffix("$")
    base = _TYPES[type_name(column.type)]
    more = {**({"format": pattern} if pattern else {}), **bounds}
    return {"base": base, **more} if more else base
