"""A release, altered in one way and, if wanted, signed anew by whoever altered it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.tables.content_hash import content_hash, type_name
from allegata.tables.csv import write_csv
from allegata.tables.geoparquet import write_geoparquet

GEO = "geo/places.parquet"
Change = Callable[[pa.Table], pa.Table]


def manifest_of(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release / "manifest.json").read_text())
    return found


def write_manifest(release: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (release / "manifest.json").write_text(text)


def sums_of(release: Path) -> dict[str, str]:
    lines = (release / "SHA256SUMS").read_text().splitlines()
    return {path: sha256 for sha256, path in (line.split("  ") for line in lines)}


def write_sums(release: Path, sums: dict[str, str]) -> None:
    lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    (release / "SHA256SUMS").write_text(lines)


def sign(release: Path) -> None:
    """Make SHA256SUMS and the manifest's list of files those of the files as they are."""
    manifest = manifest_of(release)
    for entry in manifest["files"]:
        content = (release / entry["path"]).read_bytes()
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    write_manifest(release, manifest)
    paths = [entry["path"] for entry in manifest["files"]] + ["manifest.json"]
    write_sums(
        release, {path: hashlib.sha256((release / path).read_bytes()).hexdigest() for path in paths}
    )


def forge(release: Path) -> None:
    """Make the manifest and the CSV files say what the tables and deltas hold, and sign it."""
    manifest = manifest_of(release)
    for entry in manifest["tables"]:
        for copy, write in ((f"csv/{entry['name']}.csv", write_csv), (GEO, write_geoparquet)):
            if copy == GEO and entry["name"] != "places":
                continue
            (release / copy).unlink(missing_ok=True)
            write(release / entry["path"], release / copy)
        rows = pq.ParquetFile(release / entry["path"]).read()
        days = [pc.min_max(one).as_py() for one in rows.columns if pa.types.is_date32(one.type)]
        known = [day for one in days for day in one.values() if day is not None]
        entry |= {
            "rows": rows.num_rows,
            "columns": {field.name: type_name(field.type) for field in rows.schema},
            "null_counts": {name: rows.column(name).null_count for name in rows.column_names},
            "first_day": str(min(known)) if known else None,
            "last_day": str(max(known)) if known else None,
            "content_hash": content_hash(rows),
        }
    for entry in manifest["deltas"]:
        rows = pq.ParquetFile(release / entry["path"]).read()
        ops = rows.column("op").to_pylist()
        entry |= {"added": ops.count("add"), "changed": ops.count("mod")}
        entry |= {"removed": ops.count("del"), "content_hash": content_hash(rows)}
    write_manifest(release, manifest)
    sign(release)


def change_table(release: Path, path: str, change: Change) -> None:
    """Write a Parquet file anew with other rows, and all that it says of itself as before."""
    file = release / path
    with pq.ParquetFile(file) as opened:
        before = opened.read()
        groups = opened.metadata.num_row_groups
        sorting = opened.metadata.row_group(0).sorting_columns if groups else None
    after = change(before)
    if after.schema.metadata is None:
        after = after.replace_schema_metadata(before.schema.metadata)
    same = after.column_names == before.column_names
    pq.write_table(after, file, sorting_columns=sorting if same else None)


def with_value(column: str, at: int, value: object) -> Change:
    """One value is another."""

    def change(rows: pa.Table) -> pa.Table:
        index = rows.schema.get_field_index(column)
        values = rows.column(column).to_pylist()
        values[at] = value
        field = rows.schema.field(index)
        return rows.set_column(index, field, pa.array(values, field.type))

    return change


def with_field(column: str, **changes: Any) -> Change:
    """What the schema says of one column is another."""

    def change(rows: pa.Table) -> pa.Table:
        index = rows.schema.get_field_index(column)
        field = rows.schema.field(index)
        values = rows.column(index)
        if "type" in changes:
            field, values = field.with_type(changes["type"]), values.cast(changes["type"])
        if "nullable" in changes:
            field = field.with_nullable(changes["nullable"])
        if "description" in changes:
            field = field.with_metadata({"description": changes["description"]})
        return rows.set_column(index, field, values)

    return change


def with_metadata(**said: str) -> Change:
    """What the file says of itself is another."""

    def change(rows: pa.Table) -> pa.Table:
        changed = {name.encode(): value.encode() for name, value in said.items()}
        return rows.replace_schema_metadata(rows.schema.metadata | changed)

    return change
