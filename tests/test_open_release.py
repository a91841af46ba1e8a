"""A release is opened by its folder or by the publishing folder, and errors speak plainly."""

from __future__ import annotations

import copy
import datetime
import importlib
import json
import pickle
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from allegata.describing import describe
from allegata.releasing import (
    MissingPackage,
    NewerSchema,
    NotARelease,
    Release,
    ReleaseError,
    UnknownTable,
    UnknownVersion,
    open_release,
    previous_release,
    write_release,
)
from allegata.schema import SCHEMA_VERSION, Actor, Dataset
from allegata.tables import base_tables, build_tables
from ledgers import with_ledger

DATASET = Dataset.model_validate(
    {
        "name": "fictional",
        "title": "A fictional dataset",
        "description": "Invented people.",
        "schema_version": SCHEMA_VERSION,
        "licence": {"id": "CC0-1.0", "name": "CC0", "url": "https://example.org/cc0"},
        "creators": [{"name": "Ada Example"}],
        "publisher": "Nobody",
        "lang": "en",
        "window": {"start": "2025-01-01", "end": "2026-12-31"},
        "coverage": {"sources": "None.", "start": "2025-01-01", "end": "2025-12-31"},
    }
)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A publishing folder with two releases, of one and of two actors."""
    for version, names in (("2026.11.0", ["ada"]), ("2026.12.0", ["ada", "bo"])):
        records = [
            Actor.model_validate({"id": f"act-{name}", "kind": "person", "name": name.title()})
            for name in names
        ]
        write_release(
            with_ledger(build_tables(records), previous_release(tmp_path, version), version),
            base_tables(),
            DATASET,
            tmp_path,
            version,
            date=datetime.date(2026, 11, 5),
            describe=describe,
            problems={},
            source_commit="0123abc",
            source_date_epoch=0,
        )
    return tmp_path


def changed(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


class TestOpening:
    def test_a_publishing_folder_gives_its_latest_release(self, dist: Path) -> None:
        release = open_release(dist)
        assert (release.version, release.path) == ("2026.12.0", dist / "releases/2026.12.0")
        assert release.dataset == DATASET
        assert release.manifest.source_commit == "0123abc"
        assert release.table_names == tuple(base_tables())

    def test_or_the_one_asked_for(self, dist: Path) -> None:
        assert open_release(str(dist), "2026.11.0").table("actors").num_rows == 1

    def test_a_folder_of_one_release_can_be_opened_and_moved(self, dist: Path) -> None:
        moved = (dist / "releases/2026.11.0").rename(dist / "elsewhere")
        assert open_release(moved).table("actors").num_rows == 1
        assert open_release(moved, "2026.11.0").version == "2026.11.0"
        with pytest.raises(UnknownVersion, match=r"is release 2026\.11\.0, not 2026\.12\.0"):
            open_release(moved, "2026.12.0")

    def test_an_unknown_version_is_answered_with_those_there_are(self, dist: Path) -> None:
        with pytest.raises(UnknownVersion, match=r"'2027\.1\.0'; it has 2026\.12\.0, 2026\.11\.0"):
            open_release(dist, "2027.1.0")
        with pytest.raises(UnknownVersion):
            open_release(dist, "../releases/2026.11.0")

    @pytest.mark.parametrize("version", [None, "2026.11.0"])
    def test_other_folders_are_no_releases(self, tmp_path: Path, version: str | None) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(NotARelease, match=r"has neither manifest\.json nor catalog\.json"):
            open_release(tmp_path, version)
        for name in ("nothing", "file"):
            with pytest.raises(NotARelease, match="is not a folder"):
                open_release(tmp_path / name, version)


class TestDamage:
    def test_a_manifest_that_was_altered_is_noticed(self, dist: Path) -> None:
        changed(dist / "releases/2026.12.0/manifest.json", licence="MIT")
        with pytest.raises(NotARelease, match="is not the file that was published"):
            open_release(dist)

    def test_a_release_that_is_gone_is_noticed(self, dist: Path) -> None:
        (dist / "releases/2026.12.0").rename(dist / "elsewhere")
        with pytest.raises(NotARelease, match="is missing; the release is incomplete"):
            open_release(dist)

    def test_a_pointer_can_not_lead_elsewhere(self, dist: Path) -> None:
        for manifest in ("../x/manifest.json", "releases/../../manifest.json"):
            changed(dist / "latest.json", manifest=manifest)
            with pytest.raises(NotARelease, match=r"latest\.json is damaged: manifest: "):
                open_release(dist)
        changed(dist / "latest.json", manifest="releases/2026.11.0/manifest.json")
        with pytest.raises(NotARelease, match=r"the manifest of 2026\.12\.0 cannot be"):
            open_release(dist)

    def test_a_table_can_not_be_read_from_elsewhere(self, dist: Path) -> None:
        place = dist / "releases/2026.12.0"
        tables = json.loads((place / "manifest.json").read_text())["tables"]
        tables[0]["path"] = "../../../secret.parquet"
        changed(place / "manifest.json", tables=tables)
        with pytest.raises(NotARelease, match=r"is damaged: tables\.0\.path"):
            open_release(place)

    @pytest.mark.parametrize(
        "text", ["", "[]", "{}", "null", '{"schema_version": 1}', "\0", "[" * 9]
    )
    def test_what_is_no_manifest_is_told(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(NotARelease, match="is not the manifest of a release"):
            open_release(tmp_path)

    def test_a_later_schema_asks_for_a_later_allegata(self, dist: Path) -> None:
        place = dist / "releases/2026.12.0"
        changed(place / "manifest.json", schema_version="99.0.0")
        with pytest.raises(NewerSchema, match="pip install --upgrade allegata"):
            open_release(place)

    def test_a_later_minor_schema_is_read_as_far_as_it_is_known(self, dist: Path) -> None:
        place = dist / "releases/2026.12.0"
        major = SCHEMA_VERSION.split(".")[0]
        changed(place / "manifest.json", schema_version=f"{major}.999.0", later=1)
        assert open_release(place).table("actors").num_rows == 2
        changed(place / "manifest.json", tables=None)
        with pytest.raises(NewerSchema):
            open_release(place)

    def test_a_missing_or_broken_table_is_told(self, dist: Path) -> None:
        release = open_release(dist)
        (release.path / "data/actors.parquet").write_bytes(b"PAR1 not really PAR1")
        with pytest.raises(NotARelease, match=r"actors\.parquet is damaged"):
            release.table("actors")
        (release.path / "data/actors.parquet").unlink()
        with pytest.raises(NotARelease, match=r"actors\.parquet is missing"):
            release.table("actors")


class TestTables:
    @pytest.fixture
    def release(self, dist: Path) -> Release:
        return open_release(dist)

    def test_an_unknown_table_is_answered_with_the_nearest(self, release: Release) -> None:
        with pytest.raises(UnknownTable, match=r"no table 'claim'; did you mean claims\?"):
            release.table("claim")
        with pytest.raises(UnknownTable, match=r"no table 'zzz'\. It has sources, "):
            release.table("zzz")

    def test_it_is_an_arrow_table_and_more(self, release: Release) -> None:
        actors = release.table("actors")
        assert isinstance(actors.arrow, pa.Table)
        assert (len(actors), actors.num_rows) == (2, 2)
        assert actors.column("name").to_pylist() == ["Ada", "Bo"]
        assert actors.descriptions["id"] == base_tables()["actors"].column("id").description
        assert repr(actors).startswith("<table actors: 2 rows, id, ")
        assert pa.table(actors).equals(actors.arrow)
        assert pl.DataFrame(actors).shape == actors.arrow.shape
        assert copy.copy(actors).num_rows == 2
        assert pickle.loads(pickle.dumps(actors)).arrow == actors.arrow
        with pytest.raises(AttributeError):
            _ = actors.nothing

    def test_to_pandas_keeps_what_columns_mean(self, release: Release) -> None:
        frame = release.table("actors").to_pandas()
        assert list(frame["id"]) == ["act-ada", "act-bo"]
        assert frame.attrs["table"] == "actors"
        assert frame.attrs["columns"] == release.table("actors").descriptions

    def test_to_polars(self, release: Release) -> None:
        assert release.table("actors").to_polars()["id"].to_list() == ["act-ada", "act-bo"]

    @pytest.mark.parametrize("package", ["pandas", "polars"])
    def test_a_missing_package_is_named(
        self, release: Release, monkeypatch: pytest.MonkeyPatch, package: str
    ) -> None:
        def missing(name: str) -> Any:
            raise ModuleNotFoundError(name)

        table = release.table("actors")
        monkeypatch.setattr(importlib, "import_module", missing)
        with pytest.raises(MissingPackage, match=f"pip install {package}") as raised:
            getattr(table, f"to_{package}")()
        assert isinstance(raised.value, ImportError)
        assert isinstance(raised.value, ReleaseError)
