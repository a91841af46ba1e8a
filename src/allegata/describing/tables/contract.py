"""``datacontract.yaml``: Open Data Contract Standard, version 3.1.0.

https://bitol-io.github.io/open-data-contract-standard/v3.1.0/. Run from the release's folder,
``datacontract test`` checks the Parquet files against it, codes included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from allegata.describing.dataset.facts import STANDING, email
from allegata.describing.tables.values import codes, foreign_keys, limits, meaning, published
from allegata.releasing import Manifest
from allegata.tables import Column, Table
from allegata.tables.content_hash import type_name

_TYPES = {  # our type -> the contract's, and the one that its checker makes of it
    "string": ("string", "varchar"),
    "bool": ("boolean", "boolean"),
    "int32": ("integer", "integer"),
    "float64": ("number", "double"),
    "date32": ("date", "date"),
    "timestamp[us, UTC]": ("timestamp", "timestamp_tz"),
}


def contract(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """What the release promises of its tables, to those who build on them."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    tables = published(manifest, specs)
    mail = email(dataset)
    usage = f"{terms.name} ({terms.id}), {terms.url}"
    told = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"urn:allegata:dataset:{dataset.name}",
        "name": dataset.title,
        "version": manifest.version,
        "status": "active",
        "description": {
            "purpose": dataset.description,
            "usage": f"{usage}\n\n{terms.exception}" if terms.exception else usage,
            "limitations": STANDING,
        },
        **({"tags": dataset.keywords} if dataset.keywords else {}),
        "servers": [
            {
                "server": "release",
                "type": "local",
                "path": "data/{model}.parquet",
                "format": "parquet",
            }
        ],
        "schema": [_table(spec, tables) for spec in tables.values()],
        **({"support": [{"channel": "corrections", "url": f"mailto:{mail}"}]} if mail else {}),
        "customProperties": [
            {"property": "schemaVersion", "value": manifest.schema_version},
            {"property": "licence", "value": terms.id},
        ],
    }
    return yaml.dump(told, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=88).encode()


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: not every reader follows anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _table(spec: Table, tables: Mapping[str, Table]) -> dict[str, Any]:
    targets = foreign_keys(spec, tables)
    return {
        "name": spec.name,
        "physicalName": spec.name,
        "physicalType": "table",
        "logicalType": "object",
        "description": spec.definition,
        "properties": [_column(column, spec, targets.get(column.name)) for column in spec.columns],
    }


def _column(column: Column, spec: Table, target: str | None) -> dict[str, Any]:
    logical, physical = _TYPES[type_name(column.type)]
    told: dict[str, Any] = {
        "name": column.name,
        "logicalType": logical,
        "physicalType": physical,
        "description": meaning(column),
        "required": not column.nullable,
    }
    if options := limits(column):
        told["logicalTypeOptions"] = options
    if column.name in spec.key:
        told |= {"primaryKey": True, "primaryKeyPosition": spec.key.index(column.name) + 1}
        told |= {"unique": True} if len(spec.key) == 1 else {}
    if target:
        told["relationships"] = [{"type": "foreignKey", "to": f"{target}.id"}]
    if column.vocabulary:
        told["quality"] = [
            {
                "type": "library",
                "metric": "invalidValues",
                "arguments": {"validValues": codes(column)},
                "mustBe": 0,
            }
        ]
    custom = {"unit": column.unit} if column.unit else {}
    custom |= {f"code {code.value}": code.rule for code in column.vocabulary or ()}
    if custom:
        told["customProperties"] = [{"property": k, "value": v} for k, v in custom.items()]
    return told
