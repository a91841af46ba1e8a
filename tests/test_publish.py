"""Publishing, through the command line: what comes out, and what never does."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

import allegata
from allegata.deriving import derived_tables
from allegata.tables import base_tables

ROOT = Path(__file__).parent.parent
FICTIONAL = ROOT / "tests" / "fictional"
EPOCH = "1780000000"


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "allegata", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **environment},
        check=False,
    )


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Away from the checkout, whose commit would be part of what is published.
    folder = tmp_path_factory.mktemp("published")
    data, out = shutil.copytree(FICTIONAL, folder / "data"), folder / "dist"
    done = run("publish", data, "--out", out, "--version", "2026.11.0")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data"))


def test_a_release_holds_every_table_and_what_describes_it(dist: Path) -> None:
    release = dist / "releases" / "2026.11.0"
    tables = {path.stem for path in (release / "data").iterdir()}
    assert tables == {*base_tables(), *derived_tables()}
    assert len(base_tables()) == 16
    assert {path.name for path in release.iterdir()} == {
        "data",
        "csv",
        "geo",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
        "croissant.json",
        "datacite.json",
        "datacite.xml",
        "datacontract.yaml",
        "datapackage.json",
        "dcat.ttl",
        "provenance.intoto.json",
        "ro-crate-metadata.json",
        "schemaorg.jsonld",
        "vocabularies.ttl",
        "manifest.json",
        "manifest.schema.json",
        "SHA256SUMS",
    }
    assert {path.name for path in dist.iterdir() if not path.name.startswith(".")} == {
        "releases",
        "site",
        "catalog.json",
        "catalog.ttl",
        "latest.json",
    }


def test_the_checksums_are_those_of_the_files(dist: Path) -> None:
    release = dist / "releases" / "2026.11.0"
    lines = (release / "SHA256SUMS").read_text().splitlines()
    listed = {path: sha256 for sha256, path in (line.split("  ") for line in lines)}
    actual = files_of(release)
    del actual["SHA256SUMS"]
    assert listed == actual
    latest = json.loads((dist / "latest.json").read_text())
    assert latest["version"] == "2026.11.0"
    assert latest["sha256"] == actual["manifest.json"]


def test_every_column_says_what_it_means(dist: Path) -> None:
    specs = {**base_tables(), **derived_tables()}
    for path in (dist / "releases" / "2026.11.0" / "data").iterdir():
        schema = pq.read_schema(path)
        expected = {column.name: column.description for column in specs[path.stem].columns}
        assert {field.name: field.metadata[b"description"].decode() for field in schema} == expected
        assert all(expected.values())


def test_other_programs_read_every_table_alike(dist: Path) -> None:
    release = allegata.open_release(dist)
    for name in release.table_names:
        path = dist / "releases" / "2026.11.0" / "data" / f"{name}.parquet"
        rows = release.table(name).num_rows
        columns = release.table(name).column_names
        by_pandas, by_polars = pd.read_parquet(path), pl.read_parquet(path)
        by_duckdb = duckdb.sql(f"SELECT * FROM '{path}'")
        assert list(by_pandas.columns) == by_polars.columns == by_duckdb.columns == columns
        assert len(by_pandas) == len(by_polars) == by_duckdb.to_arrow_table().num_rows == rows
        assert by_pandas.attrs["columns"][columns[0]]
        assert release.table(name).to_polars().equals(by_polars)


def test_the_same_records_give_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(FICTIONAL, tmp_path / "elsewhere" / "records"))
    again = tmp_path / "again"
    done = run(
        "publish", moved, "--out", again, "--version", "2026.11.0", TZ="Asia/Tokyo", LC_ALL="C"
    )
    assert done.returncode == 0, done.stderr
    assert files_of(again) == files_of(dist)


def test_a_release_is_never_overwritten(dist: Path, copy: Path) -> None:
    before = files_of(dist)
    events = copy / "events.yaml"
    events.write_text(events.read_text().replace("    label: ", "    label: Once more, ", 1))
    for moment in (EPOCH, "1790000000"):
        done = run(
            *("publish", copy, "--out", dist, "--version", "2026.11.0"), SOURCE_DATE_EPOCH=moment
        )
        assert done.returncode == 1
        assert "2026.11.0 has been published" in done.stderr
        assert files_of(dist) == before


def test_to_repeat_a_run_is_no_error_and_changes_nothing(
    dist: Path, copy: Path, tmp_path: Path
) -> None:
    """So a run that was killed after publishing, when it built the site, can be run again."""
    out = Path(shutil.copytree(dist, tmp_path / "dist"))
    shutil.rmtree(out / "site")
    done = run("publish", copy, "--out", out, "--version", "2026.11.0")
    assert done.returncode == 0, done.stderr
    assert files_of(out) == files_of(dist)


def test_without_a_version_the_month_decides_and_nothing_new_makes_none(
    copy: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dist"
    first = run("publish", copy, "--out", out, "--no-site")
    assert first.returncode == 0, first.stderr
    second = run("publish", copy, "--out", out, "--no-site")
    assert second.returncode == 0
    assert "nothing has changed since release 2026.5.0" in second.stderr
    places = copy / "places.yaml"
    places.write_text(places.read_text() + "\n# no record changed\n")
    assert "nothing has changed" in run("publish", copy, "--out", out, "--no-site").stderr
    events = copy / "events.yaml"
    events.write_text(events.read_text().replace("    label: ", "    label: Once more, ", 1))
    third = run("publish", copy, "--out", out, "--no-site", "--note", "A clearer label.")
    assert "release 2026.5.1" in third.stderr
    release = allegata.open_release(out)
    changed = release.table("events").to_pandas().query("last_changed == '2026.5.1'")
    assert len(changed) == 1
    assert set(release.table("events").to_pandas()["first_release"]) == {"2026.5.0"}


def test_problems_stop_a_release_before_anything_is_written(copy: Path, tmp_path: Path) -> None:
    (copy / "broken.yaml").write_text("actors:\n  - {id: act-x, kind: persn, name: X}\n")
    out = tmp_path / "dist"
    done = run("publish", copy, "--out", out)
    assert done.returncode == 1
    assert "ENUM_UNKNOWN" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists() or files_of(out) == {}


def test_a_folder_without_dataset_yaml_is_told_what_it_lacks(copy: Path, tmp_path: Path) -> None:
    (copy / "dataset.yaml").unlink()
    done = run("publish", copy, "--out", tmp_path / "dist")
    assert done.returncode == 1
    assert "DATASET_MISSING" in done.stderr


def test_a_missing_folder_is_not_a_problem_of_the_records(tmp_path: Path) -> None:
    done = run("publish", tmp_path / "nowhere", "--out", tmp_path / "dist")
    assert done.returncode == 3
    assert "no such file or folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("version", ["", "2026.11", "2026.011.0", "v1", "2026.13.0", "../x"])
def test_a_version_that_is_none_is_refused(version: str, copy: Path, tmp_path: Path) -> None:
    done = run("publish", copy, "--out", tmp_path / "dist", "--version", version)
    assert done.returncode == 2
    assert "is not a version" in done.stderr


def test_a_place_that_cannot_be_written_is_said_plainly(copy: Path, tmp_path: Path) -> None:
    taken = tmp_path / "dist"
    taken.write_text("a file stands here")
    done = run("publish", copy, "--out", taken)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert str(taken) in done.stderr


@pytest.mark.parametrize("time", ["yesterday", "-1", "1_000", "9" * 30])
def test_a_wrong_time_of_release_is_said_plainly(time: str, copy: Path, tmp_path: Path) -> None:
    done = run("publish", copy, "--out", tmp_path / "dist", SOURCE_DATE_EPOCH=time)
    assert done.returncode == 3
    assert f"SOURCE_DATE_EPOCH is '{time}', not a number of seconds" in done.stderr
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("part", ["sources", "actors.yaml"])
def test_a_part_of_a_dataset_is_never_published(part: str, copy: Path, tmp_path: Path) -> None:
    """Problems elsewhere in the dataset would leave the release without records."""
    sources = copy / "sources" / "src-harl-courier-2025-03-03.yaml"
    sources.write_text(sources.read_text().replace("stance: asserts", "stance: assertz"))
    done = run("publish", copy / part, "--out", tmp_path / "dist")
    assert done.returncode == 2
    assert f"a part of the dataset in {copy}" in done.stderr
    assert not (tmp_path / "dist").exists()


def test_a_dataset_in_a_circle_is_told_with_its_place(copy: Path, tmp_path: Path) -> None:
    (copy / "circle.yaml").write_text(
        "actors:\n"
        "  - {id: act-over, kind: organisation, name: Over, parent: act-under}\n"
        "  - {id: act-under, kind: organisation, name: Under, parent: act-over}\n"
    )
    done = run("publish", copy, "--out", tmp_path / "dist")
    assert done.returncode == 1
    assert "PARENT_CYCLE" in done.stderr
    assert "circle.yaml:2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_config_that_is_not_there_is_wrong_usage(copy: Path, tmp_path: Path) -> None:
    done = run("publish", copy, "--out", tmp_path / "dist", "--config", tmp_path / "none.yml")
    assert done.returncode == 2
    assert not (tmp_path / "dist").exists()


def test_a_folder_that_is_no_site_is_told_before_anything_is_published(
    copy: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "dist" / "site" / "thesis.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("years of work")
    done = run("publish", copy, "--out", tmp_path / "dist")
    assert done.returncode == 3
    assert "not published" in done.stderr
    assert [path.name for path in (tmp_path / "dist").rglob("*")] == ["site", "thesis.txt"]
