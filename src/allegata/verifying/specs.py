"""What the tables of a release are to be.

A release of the schema that this program has is held against the models. One of another schema is
held against its own codebook, which says of every column what the models said when it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from allegata.deriving import derived_tables
from allegata.releasing import Manifest
from allegata.schema import SCHEMA_VERSION
from allegata.tables import Column, Table, base_tables
from allegata.tables.content_hash import arrow_type

CODEBOOK = "codebook"
Codes = Mapping[tuple[str, str], frozenset[str]]
"""(table, column) -> the codes that it may hold."""


@dataclass(frozen=True)
class Specs:
    """What the tables are to be, and where that is known from."""

    tables: Mapping[str, Table]
    codes: Codes
    of_models: bool
    """Whether the models say so; otherwise the release's own codebook does."""


def specs_of(manifest: Manifest, codebook: Path | None) -> Specs:
    """What the tables of a release are to be.

    Args:
        manifest: Its manifest.
        codebook: The file of its table ``codebook``, if there is one.

    Raises:
        ValueError: the codebook cannot be read as one (``pyarrow.ArrowInvalid`` is one of these).
    """
    rows = _rows(codebook) if codebook else []
    codes: dict[tuple[str, str], frozenset[str]] = {}
    for row in rows:
        if row["field"] and row["value"] is not None:
            at = row["table"], row["field"]
            codes[at] = codes.get(at, frozenset()) | {row["value"]}
    if manifest.schema_version == SCHEMA_VERSION:
        return Specs({**base_tables(), **derived_tables()}, codes, of_models=True)
    return Specs(_of_codebook(rows, manifest), codes, of_models=False)


def _rows(codebook: Path) -> list[dict[str, Any]]:
    columns = derived_tables()[CODEBOOK].schema
    try:
        found: list[dict[str, Any]] = pq.read_table(codebook, partitioning=None).to_pylist()
    except OSError as error:
        raise ValueError(str(error)) from None
    needed = {
        "seq",
        "table",
        "field",
        "value",
        "type",
        "nullable",
        "key",
        "refers_to",
        "definition",
    }
    if found and not needed <= found[0].keys():
        raise ValueError(f"it has not the columns {', '.join(sorted(columns.names))}")
    return sorted(found, key=lambda row: row["seq"] or 0)


def _of_codebook(rows: list[dict[str, Any]], manifest: Manifest) -> dict[str, Table]:
    columns: dict[str, list[Column]] = {}
    definitions: dict[str, str] = {}
    for row in rows:
        if row["field"] is None:
            definitions[row["table"]] = row["definition"] or ""
        elif row["value"] is None:
            columns.setdefault(row["table"], []).append(_column(row))
    keys = {entry.name: tuple(entry.key) for entry in manifest.tables}
    return {
        name: Table(name, definitions.get(name, ""), keys.get(name, ()), tuple(of))
        for name, of in columns.items()
    }


def _column(row: Mapping[str, Any]) -> Column:
    return Column(
        row["field"],
        _kind(row["type"]),
        bool(row["nullable"]),
        row["definition"] or "",
        is_reference=row["refers_to"] is not None,
        refers_to=row["refers_to"],
    )


def _kind(name: str) -> pa.DataType:
    try:
        return arrow_type(name)
    except KeyError:
        raise ValueError(f"{name} is no type of a column") from None
