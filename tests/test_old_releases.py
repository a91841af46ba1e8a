"""Releases of an earlier schema: a later Allegata opens them, and publishes after them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import allegata.migrations
from allegata import open_release
from allegata.deriving import derived_tables
from allegata.evolving import migrate
from allegata.migrations import MIGRATIONS, Edit, Migration, Recode, Rename
from allegata.publishing import ProblemsFound, publish
from allegata.schema import SCHEMA_VERSION
from allegata.tables import base_tables

FROZEN = Path(__file__).parent / "frozen"
TABLES = {**base_tables(), **derived_tables()}
Declare = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data and the releases of a dataset of schema 1.0.0, in folders beside each other."""
    shutil.copytree(FROZEN / "1.0.0" / "published", tmp_path / "dist")
    return Path(shutil.copytree(FROZEN / "1.0.0" / "data", tmp_path / "data"))


@pytest.fixture
def dist(data: Path) -> Path:
    return data.parent / "dist"


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Add invented edits to those of the first migration."""

    def add(*edits: Edit) -> None:
        first = MIGRATIONS[0]
        more = Migration(first.old, first.new, "", first.nests, (*first.edits, *edits))
        monkeypatch.setattr(allegata.migrations, "MIGRATIONS", (more, *MIGRATIONS[1:]))

    return add


def rewrite(dist: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Let the old release be one whose table was another, as if it had been published so."""
    (folder,) = (dist / "releases").iterdir()
    file = folder / "data" / f"{table}.parquet"
    rows = change(pq.read_table(file))
    pq.write_table(rows, file)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    entry = next(one for one in manifest["tables"] if one["name"] == table)
    kinds = dict(entry["columns"])
    entry["columns"] = {name: kinds.get(name, "string") for name in rows.column_names}
    path.write_text(json.dumps(manifest))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for name in ("latest.json", "catalog.json"):
        pointer = json.loads((dist / name).read_text())
        (pointer if name == "latest.json" else pointer["releases"][0])["sha256"] = digest
        (dist / name).write_text(json.dumps(pointer))


def as_it_was(table: pa.Table) -> pa.Table:
    """Places as an earlier schema might have had them: other names, other codes, columns less."""
    names = {"name": "label", "parent_id": "above_id"}
    kinds = pc.replace_substring(table.column("kind"), "city", "town")
    table = table.set_column(table.schema.get_field_index("kind"), "kind", kinds)
    table = table.drop_columns(["wikidata"]).append_column("size", pa.array(["large"]))
    return table.rename_columns([names.get(name, name) for name in table.column_names])


EDITS = (
    Rename("places", "label", "name"),
    Rename("places", "above", "parent"),
    Recode("places", "kind", "town", "city"),
)


@pytest.mark.parametrize("version", sorted(one.name for one in FROZEN.iterdir()))
def test_every_frozen_release_opens_with_the_columns_of_now(version: str) -> None:
    release = open_release(FROZEN / version / "published")
    assert release.manifest.schema_version == version != SCHEMA_VERSION
    for name in release.table_names:
        rows = release.table(name)
        assert rows.column_names == [column.name for column in TABLES[name].columns], name
        path = release.path / f"data/{name}.parquet"
        assert rows.num_rows == pq.read_metadata(path).num_rows


def test_what_a_release_cannot_have_is_said(dist: Path) -> None:
    release = open_release(dist)
    assert "origins: schema 1.0.0 had no such table" in release.unmapped
    with pytest.raises(allegata.releasing.UnknownTable, match=r"of schema 1\.0\.0, has no table"):
        release.table("origins")


def test_what_the_dataset_says_of_itself_is_worded_as_now(dist: Path) -> None:
    assert (
        open_release(dist).dataset.coverage.agreement == "Coded once; agreement was not measured."
    )


def test_columns_and_codes_have_the_names_of_now(dist: Path, declare: Declare) -> None:
    was = open_release(dist).table("places").to_pylist()
    rewrite(dist, "places", as_it_was)
    declare(*EDITS)
    release = open_release(dist)
    rows = release.table("places")
    assert rows.to_pylist() == [{**row, "size": "large"} for row in was]
    assert rows.schema.field("wikidata").type == pa.string()
    assert rows.descriptions["wikidata"] == "Its item in Wikidata, where certain."
    assert [one for one in release.unmapped if one.startswith("places")] == [
        "places.wikidata: schema 1.0.0 had no such column; it is empty",
        "places.size: there is no such column any more; it comes last, as it was",
    ]


def test_a_column_of_another_type_is_told_of(dist: Path) -> None:
    rewrite(
        dist,
        "places",
        lambda t: t.set_column(t.schema.get_field_index("lat"), "lat", t["lat"].cast(pa.string())),
    )
    path = next((dist / "releases").iterdir()) / "manifest.json"
    path.write_text(path.read_text().replace('"lat": "float64"', '"lat": "string"'))
    release = open_release(path.parent)
    assert "places.lat: it is string, as it was, and would be float64 today" in release.unmapped


def test_what_is_asked_as_of_a_day_is_answered(dist: Path) -> None:
    release = open_release(dist)
    (row,) = release.contestation("2025-03-03", event="evt-fire").to_pylist()
    assert (row["proposition_id"], row["status_worded"]) == ("prp-fire", "contested")


def test_a_release_after_one_of_an_earlier_schema(data: Path, dist: Path) -> None:
    """Nothing has changed but the schema, so no record has, and no revision is asked for."""
    migrate(data)
    release = publish(data, dist, "2025.11.0").release
    assert release.manifest.schema_version == SCHEMA_VERSION
    assert release.manifest.previous == "2025.10.0"
    for name, spec in base_tables().items():
        rows = release.table(name).to_pylist()
        if spec.key == ("id",):
            dates = {(row["first_release"], row["last_changed"]) for row in rows}
            assert dates <= {("2025.10.0", "2025.10.0")}, name
    assert {row["release"] for row in release.table("revisions").to_pylist()} == {"2025.10.0"}
    assert release.table("origins").num_rows == 0
    assert release.unmapped == ()


def test_an_origin_that_is_new_is_a_change_of_its_record(data: Path, dist: Path) -> None:
    (data / "origins.yaml").write_text(
        "origins:\n  - {record: plc-harl, seq: 1, importer: towns, importer_version: 1.0.0, "
        f"file: towns.csv, file_sha256: {'c' * 64}, row: 2}}\n"
    )
    with pytest.raises(ProblemsFound) as found:
        publish(data, dist, "2025.11.0")
    problems = [(one.code, one.record) for one in found.value.report.problems]
    assert problems == [("REVISION_MISSING", "plc-harl")]
    release = publish(data, dist, "2025.11.0", note="Its origin was found.").release
    (row,) = release.table("origins").to_pylist()
    assert (row["record_id"], row["row"], row["raw"]) == ("plc-harl", 2, None)
    changed = [
        row for row in release.table("places").to_pylist() if row["last_changed"] != "2025.10.0"
    ]
    assert [row["id"] for row in changed] == ["plc-harl"]


def test_renamed_and_added_columns_are_no_change_of_records(
    data: Path, dist: Path, declare: Declare
) -> None:
    """Renamed columns, other codes, a column that is new and may be empty, one that may not."""
    rewrite(dist, "places", lambda t: as_it_was(t).drop_columns(["size"]))
    rewrite(dist, "statements", lambda table: table.drop_columns(["iterated"]))
    declare(*EDITS)
    release = publish(data, dist, "2025.11.0").release
    for name in ("places", "statements"):
        assert [row["last_changed"] for row in release.table(name).to_pylist()] == ["2025.10.0"]


def test_a_value_in_a_column_that_is_new_is_a_change(
    data: Path, dist: Path, declare: Declare
) -> None:
    rewrite(dist, "places", lambda t: as_it_was(t).drop_columns(["size"]))
    declare(*EDITS)
    file = data / "actors.yaml"
    file.write_text(
        file.read_text().replace("    name: Härl\n", "    name: Härl\n    wikidata: Q5\n")
    )
    with pytest.raises(ProblemsFound) as found:
        publish(data, dist, "2025.11.0")
    assert [one.record for one in found.value.report.problems] == ["plc-harl"]


def test_a_renaming_that_is_not_declared_changes_every_record(data: Path, dist: Path) -> None:
    rewrite(dist, "places", lambda t: as_it_was(t).drop_columns(["size"]))
    with pytest.raises(ProblemsFound) as found:
        publish(data, dist, "2025.11.0")
    assert [one.record for one in found.value.report.problems] == ["plc-harl"]


def test_the_command_line_opens_it(dist: Path, run: Callable[..., Any]) -> None:
    ran = run("show", "clm-fire-vellmark", "--release", dist)
    assert ran.code == 0, ran.err
    ran = run("query", "FROM places", "--release", dist, "--format", "csv")
    assert ran.code == 0, ran.err
