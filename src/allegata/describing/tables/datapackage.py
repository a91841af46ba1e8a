"""``datapackage.json``: Data Package, version 2 (https://datapackage.org/standard/data-package/).

Every table is there twice: as Parquet and as CSV. The size in bytes is left out for Parquet, for
frictionless compares it with what it has decoded and finds every file wrong; so is
``fieldsMatch``, on which the text of the standard and its JSON Schema disagree. It reads Parquet
by way of pandas, where a missing number is ``nan`` and a missing time ``NaT``: columns that are
no texts name these among their missing values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from allegata.describing.dataset.facts import contributors, licence_name
from allegata.describing.tables.values import codes, foreign_keys, limits, published
from allegata.releasing import Manifest
from allegata.releasing.manifest import FileEntry, json_bytes
from allegata.tables import Column, Table
from allegata.tables.content_hash import type_name

_TYPES = {
    "string": "string",
    "bool": "boolean",
    "int32": "integer",
    "float64": "number",
    "date32": "date",
    "timestamp[us, UTC]": "datetime",
}
_URN = "urn:allegata:dataset"
_CSV = "-csv"
_GAPS = ["", "nan", "NaT"]


def datapackage(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The data package: what the dataset is, and each file with the schema of its table."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    tables = published(manifest, specs)
    files = {file.path: file for file in manifest.files}
    return json_bytes(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": dataset.name,
            "id": f"https://doi.org/{dataset.doi}" if dataset.doi else f"{_URN}:{dataset.name}",
            "title": dataset.title,
            "description": dataset.description,
            **({"homepage": dataset.homepage} if dataset.homepage else {}),
            "version": manifest.version,
            "created": f"{manifest.date}T00:00:00Z",
            "licenses": [{**licence_name(terms.id), "path": terms.url, "title": terms.name}],
            "contributors": list(contributors(dataset)),
            **({"keywords": dataset.keywords} if dataset.keywords else {}),
            "resources": [
                *(_parquet(files[f"data/{name}.parquet"], tables, name) for name in tables),
                *_sheets(files, tables),
            ],
        }
    )


def _parquet(file: FileEntry, tables: Mapping[str, Table], name: str) -> dict[str, Any]:
    schema = _schema(tables, name)
    for field, column in zip(schema["fields"], tables[name].columns, strict=True):
        if column.nullable and field["type"] != "string":
            field["missingValues"] = _GAPS
    return {**_resource(file, tables[name], name), "schema": schema}


def _sheets(files: Mapping[str, FileEntry], tables: Mapping[str, Table]) -> Iterator[Any]:
    for name, spec in tables.items():
        if file := files.get(f"csv/{name}.csv"):
            yield {
                **_resource(file, spec, f"{name}{_CSV}"),
                "bytes": file.bytes,
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
                "schema": {**_schema(tables, name, _CSV), "missingValues": [""]},
            }


def _resource(file: FileEntry, spec: Table, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": file.path,
        "title": spec.name,
        "description": spec.definition,
        "format": file.path.rpartition(".")[2],
        "mediatype": file.media_type,
        "hash": f"sha256:{file.sha256}",
    }


def _schema(tables: Mapping[str, Table], name: str, ending: str = "") -> dict[str, Any]:
    spec = tables[name]
    keys = [
        {
            "fields": [column],
            "reference": {
                "resource": "" if target == name else f"{target}{ending}",
                "fields": ["id"],
            },
        }
        for column, target in foreign_keys(spec, tables).items()
    ]
    return {
        "fields": [_field(column, spec) for column in spec.columns],
        "primaryKey": list(spec.key),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column, spec: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    constraints |= {"unique": True} if spec.key == (column.name,) else {}
    constraints |= limits(column)
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[type_name(column.type)],
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.vocabulary:
        constraints["enum"] = codes(column)
        field["categories"] = [
            {"value": code.value, "label": code.value, "description": code.rule}
            for code in column.vocabulary
        ]
        field["codingRule"] = column.vocabulary.definition()
    return {**field, **({"constraints": constraints} if constraints else {})}
