"""A release is written whole or not at all, and the same input gives the same bytes."""

from __future__ import annotations

import datetime
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from filelock import FileLock

from allegata.describing import describe, describe_catalog
from allegata.describing.markdown import escaped
from allegata.releasing import (
    Manifest,
    PublishingBusy,
    Release,
    ReleaseError,
    ReleaseExists,
    VersionRefused,
    manifest_schema,
    next_version,
    open_release,
    previous_release,
    read_catalog,
    write_release,
)
from allegata.releasing.commit import LOCK, QUARANTINE, STAGED
from allegata.releasing.manifest import json_bytes
from allegata.schema import SCHEMA_VERSION, Actor, Dataset, Revision, Source
from allegata.schema.record import Record
from allegata.tables import base_tables, build_tables
from allegata.tables.parquet import ROWS_IN_A_GROUP, TableError, write_parquet
from ledgers import with_ledger

SPECS = base_tables()
DAY = datetime.date(2026, 11, 5)


def dataset(**changes: Any) -> Dataset:
    given: dict[str, Any] = {
        "name": "fictional",
        "title": "A <b>fictional</b>: dataset",
        "description": "Invented *people*.\n\n# Not a heading",
        "schema_version": SCHEMA_VERSION,
        "licence": {
            "id": "CC-BY-4.0",
            "name": "Creative Commons Attribution 4.0 International",
            "url": "https://creativecommons.org/licenses/by/4.0/",
            "exception": "Words quoted from sources belong to their authors.",
        },
        "creators": [{"name": "Ada Example"}],
        "publisher": "Nobody",
        "lang": "en",
        "window": {"start": "2025-01-01", "end": "2026-12-31"},
        "coverage": {"sources": "One article.", "start": "2025-12-29", "end": "2025-12-29"},
    }
    return Dataset.model_validate(given | changes)


def actor(name: str, **more: Any) -> Record:
    return Actor.model_validate({"id": f"act-{name}", "kind": "person", "name": name, **more})


def source() -> Record:
    claim = {
        "id": "clm-1",
        "proposition": "prp-a",
        "stance": "denies",
        "method": "human",
        "coder": "c1",
        "coded": "2025-12-30",
        "chain": [{"statement": "stm-b", "cue": "said"}, {"statement": "stm-a"}],
    }
    return Source.model_validate(
        {
            "id": "src-a",
            "kind": "news_report",
            "publisher": "act-ada",
            "published": "2025-12-29",
            "lang": "en",
            "claims": [claim],
        }
    )


RECORDS = [source(), actor("bo"), actor("ada")]


def publish(
    out: Path,
    version: str = "2026.11.0",
    records: list[Record] | None = None,
    **changes: Any,
) -> Release:
    tables = build_tables(RECORDS if records is None else records)
    given: dict[str, Any] = {
        "date": DAY,
        "describe": describe,
        "problems": {"SOURCE_UNCLAIMED": 1},
        "source_commit": None,
        "source_date_epoch": 1_762_300_800,
        "dataset": dataset(),
    }
    return write_release(
        with_ledger(tables, previous_release(out, version), version),
        SPECS,
        out=out,
        version=version,
        **(given | changes),
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock: path -> content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


class TestLayout:
    def test_a_release_has_these_files(self, tmp_path: Path) -> None:
        release = publish(tmp_path)
        assert set(files(tmp_path)) == {"catalog.json", "latest.json"} | {
            f"releases/2026.11.0/{name}"
            for name in (
                *(f"data/{table}.parquet" for table in SPECS),
                *(f"csv/{table}.csv" for table in SPECS),
                "geo/places.parquet",
                "README.md",
                "LICENSE",
                "CHANGELOG.md",
                "CITATION.cff",
                "croissant.json",
                "csv/csvw.json",
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
            )
        }
        assert not (tmp_path / STAGED).exists()
        assert release.path == tmp_path / "releases/2026.11.0"

    def test_checksums_hold_for_every_file_but_their_own(self, tmp_path: Path) -> None:
        place = publish(tmp_path).path
        assert shutil.which("sha256sum")
        subprocess.run(
            ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=place, check=True
        )
        listed = {line.split("  ")[1] for line in (place / "SHA256SUMS").read_text().splitlines()}
        assert listed == set(files(place)) - {"SHA256SUMS"}

    def test_the_manifest_tells_each_file_and_table(self, tmp_path: Path) -> None:
        release = publish(tmp_path)
        manifest, written = release.manifest, files(release.path)
        assert {file.path for file in manifest.files} == set(written) - {
            "manifest.json",
            "SHA256SUMS",
        }
        for file in manifest.files:
            assert file.bytes == len(written[file.path])
            assert file.sha256 == hashlib.sha256(written[file.path]).hexdigest()
        hops = manifest.table("hops")
        assert hops is not None
        assert hops.rows == 2
        assert hops.key == ["claim_id", "position"]
        assert hops.columns == {
            "claim_id": "string",
            "position": "int32",
            "statement_id": "string",
            "cue": "string",
        }
        assert hops.null_counts == {"claim_id": 0, "position": 0, "statement_id": 0, "cue": 1}
        sources = manifest.table("sources")
        assert sources is not None
        assert (sources.first_day, sources.last_day) == (datetime.date(2025, 12, 29),) * 2
        assert manifest.problems == {"SOURCE_UNCLAIMED": 1}
        assert manifest.tools["pyarrow"] == pa.__version__
        assert Manifest.model_validate_json(written["manifest.json"]) == manifest

    def test_the_published_schema_is_that_of_the_manifest(self, tmp_path: Path) -> None:
        place = publish(tmp_path).path
        schema = json.loads((place / "manifest.schema.json").read_text())
        assert schema == manifest_schema()
        assert set(schema["required"]) == set(json.loads((place / "manifest.json").read_text()))

    def test_pointers_name_the_manifest_by_its_hash(self, tmp_path: Path) -> None:
        place = publish(tmp_path).path
        sha256 = hashlib.sha256((place / "manifest.json").read_bytes()).hexdigest()
        pointer = {
            "version": "2026.11.0",
            "manifest": "releases/2026.11.0/manifest.json",
            "sha256": sha256,
        }
        assert json.loads((tmp_path / "latest.json").read_text()) == pointer
        assert json.loads((tmp_path / "catalog.json").read_text()) == {
            "dataset": "fictional",
            "releases": [
                pointer
                | {
                    "schema_version": SCHEMA_VERSION,
                    "date": "2026-11-05",
                    "status": "released",
                    "doi": None,
                    "reason": None,
                    "withdrawn": None,
                    "tombstone": None,
                    "record": None,
                }
            ],
        }

    def test_twice_the_same_input_gives_the_same_bytes(self, tmp_path: Path) -> None:
        publish(tmp_path / "one")
        publish(tmp_path / "two", records=RECORDS[::-1])
        assert files(tmp_path / "one") == files(tmp_path / "two")


class TestParquet:
    def test_readers_open_it_and_find_the_descriptions(self, tmp_path: Path) -> None:
        release = publish(tmp_path)
        for name, spec in SPECS.items():
            path = release.path / "data" / f"{name}.parquet"
            names = [column.name for column in spec.columns]
            meanings = {column.name: column.description for column in spec.columns}
            frame = pd.read_parquet(path)
            assert list(frame.columns) == names
            assert frame.attrs["columns"] == meanings
            assert frame.attrs["version"] == "2026.11.0"
            assert frame.attrs["licence"] == "CC-BY-4.0"
            assert pl.read_parquet(path).columns == names
            assert duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()[0][0] == names[0]
            schema = pq.read_schema(path)
            assert schema.remove_metadata() == spec.schema.remove_metadata()
            assert {f.name: f.metadata[b"description"].decode() for f in schema} == meanings

    def test_row_groups_are_full_and_pages_indexed(self, tmp_path: Path) -> None:
        count = 2 * ROWS_IN_A_GROUP + 1
        table = pa.table(
            {
                "actor_id": [f"act-{number:07}" for number in range(count)],
                "alias": ["same"] * count,
                "lang": pa.nulls(count, pa.string()),
            }
        )
        spec = SPECS["actor_aliases"]
        written = write_parquet(table, spec, tmp_path / "a.parquet", {})
        backwards = table.take(pa.array(range(count - 1, -1, -1)))
        again = write_parquet(backwards, spec, tmp_path / "b.parquet", {})
        assert again == written
        assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
        found = pq.ParquetFile(tmp_path / "a.parquet").metadata
        groups = [found.row_group(number) for number in range(found.num_row_groups)]
        assert [group.num_rows for group in groups] == [ROWS_IN_A_GROUP, ROWS_IN_A_GROUP, 1]
        ids, aliases = groups[0].column(0), groups[0].column(1)
        assert ids.compression == "ZSTD"
        assert ids.has_column_index
        assert ids.statistics.min == "act-0000000"
        assert not ids.has_dictionary_page
        assert aliases.has_dictionary_page

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ({"id": ["a"]}, "missing \\['actor_id'"),
            ({"actor_id": ["a", "a"], "alias": ["x", "x"], "lang": [None, "en"]}, "two rows with"),
            ({"actor_id": ["a"], "alias": [None], "lang": ["en"]}, "alias is missing in 1 rows"),
            ({"actor_id": ["a"], "alias": [b"\xff"], "lang": ["en"]}, "does not fit the types"),
        ],
    )
    def test_a_table_that_is_not_as_specified_is_refused(
        self, tmp_path: Path, table: dict[str, list[Any]], message: str
    ) -> None:
        with pytest.raises(TableError, match=message):
            write_parquet(pa.table(table), SPECS["actor_aliases"], tmp_path / "a.parquet", {})
        assert not list(tmp_path.iterdir())


class TestVersions:
    def test_a_version_is_not_published_twice(self, tmp_path: Path) -> None:
        publish(tmp_path)
        before = files(tmp_path)
        with pytest.raises(ReleaseExists, match=r"never overwritten.* 2026\.11\.1"):
            publish(tmp_path, records=[])
        assert files(tmp_path) == before

    @pytest.mark.parametrize(
        ("version", "message"),
        [
            ("2026.10.3", "older than 2026.11.0"),
            ("2026.9.30", "older than 2026.11.0"),
            ("2026.11.01", "not a version"),
            ("2026.13.0", "not a version"),
            ("../../x", "not a version"),
            ("", "not a version"),
        ],
    )
    def test_what_can_not_come_next_is_refused(
        self, tmp_path: Path, version: str, message: str
    ) -> None:
        publish(tmp_path)
        before = files(tmp_path)
        tables = with_ledger(build_tables(RECORDS), None, "2026.11.1")
        with pytest.raises(VersionRefused, match=message):
            write_release(
                tables,
                SPECS,
                dataset(),
                tmp_path,
                version,
                date=DAY,
                describe=describe,
                problems={},
                source_commit=None,
                source_date_epoch=0,
            )
        assert files(tmp_path) == before

    def test_the_next_release_supersedes_the_one_before(self, tmp_path: Path) -> None:
        first = publish(tmp_path)
        before = files(first.path)
        second = publish(tmp_path, "2026.12.0")
        assert second.manifest.previous == "2026.11.0"
        assert files(first.path) == before
        catalog = read_catalog(tmp_path)
        assert catalog is not None
        assert [(entry.version, entry.status.value) for entry in catalog.releases] == [
            ("2026.12.0", "released"),
            ("2026.11.0", "superseded"),
        ]
        assert open_release(tmp_path).version == "2026.12.0"

    def test_next_version_counts_within_the_month(self, tmp_path: Path) -> None:
        assert next_version(None, DAY) == "2026.11.0"
        publish(tmp_path, "2026.11.9")
        catalog = read_catalog(tmp_path)
        assert next_version(catalog, DAY) == "2026.11.10"
        assert next_version(catalog, datetime.date(2026, 12, 1)) == "2026.12.0"
        assert next_version(catalog, datetime.date(2026, 1, 1)) == "2026.11.10"

    def test_another_dataset_needs_another_folder(self, tmp_path: Path) -> None:
        publish(tmp_path)
        with pytest.raises(ReleaseError, match="holds releases of fictional"):
            publish(tmp_path, "2026.12.0", dataset=dataset(name="other"))

    def test_a_folder_that_the_catalog_does_not_name_is_left_alone(self, tmp_path: Path) -> None:
        publish(tmp_path)
        (tmp_path / "catalog.json").unlink()
        before = files(tmp_path)
        with pytest.raises(ReleaseExists, match="does not name it"):
            publish(tmp_path)
        assert files(tmp_path) == before

    def test_a_second_publisher_is_turned_away(self, tmp_path: Path) -> None:
        with FileLock(tmp_path / LOCK), pytest.raises(PublishingBusy):
            publish(tmp_path)
        assert files(tmp_path) == {}

    def test_a_description_can_not_take_the_place_of_our_files(self, tmp_path: Path) -> None:
        for name in ("manifest.json", "data/claims.parquet"):
            with pytest.raises(ReleaseError, match="cannot be written to"):
                publish(tmp_path, describe=lambda *_, name=name: {name: b""})
        with pytest.raises(ValueError, match="pattern"):
            publish(tmp_path, describe=lambda *_: {"../x": b""})
        assert files(tmp_path) == {}


class TestHistory:
    def test_ledger_follows_each_record(self, tmp_path: Path) -> None:
        publish(tmp_path)
        records = [source(), actor("ada", country="FR"), actor("bo"), actor("cy")]
        release = publish(tmp_path, "2026.12.0", records)
        actors = release.table("actors").select(["id", "first_release", "last_changed"])
        assert actors.to_pylist() == [
            {"id": "act-ada", "first_release": "2026.11.0", "last_changed": "2026.12.0"},
            {"id": "act-bo", "first_release": "2026.11.0", "last_changed": "2026.11.0"},
            {"id": "act-cy", "first_release": "2026.12.0", "last_changed": "2026.12.0"},
        ]
        third = publish(tmp_path, "2026.12.1", [*records[:2], actor("bo"), actor("cy")])
        assert third.table("actors").column("last_changed").to_pylist() == [
            "2026.12.0",
            "2026.11.0",
            "2026.12.0",
        ]

    def test_revisions_tell_what_was_added_and_are_kept(self, tmp_path: Path) -> None:
        publish(tmp_path, records=[actor("ada")])
        own = Revision.model_validate(
            {
                "release": "2026.12.0",
                "record": "act-bo",
                "change": "added",
                "reason": "Found in a second reading.",
            }
        )
        release = publish(tmp_path, "2026.12.0", [actor("ada"), actor("bo"), actor("cy"), own])
        rows = release.table("revisions").to_pylist()
        assert [
            (row["release"], row["record_id"], row["change"], row["reason"]) for row in rows
        ] == [
            ("2026.11.0", "act-ada", "added", "New in this release."),
            ("2026.12.0", "act-bo", "added", "Found in a second reading."),
            ("2026.12.0", "act-cy", "added", "New in this release."),
        ]

    def test_a_missing_value_is_equal_to_itself_and_to_no_other(self, tmp_path: Path) -> None:
        publish(tmp_path, records=[actor("ada", note="n"), actor("bo"), actor("cy", note="n")])
        changed = [actor("ada"), actor("bo"), actor("cy", note="n")]
        release = publish(tmp_path, "2026.12.0", changed)
        assert release.table("actors").column("last_changed").to_pylist() == [
            "2026.12.0",
            "2026.11.0",
            "2026.11.0",
        ]

    def test_a_column_that_is_new_and_empty_changes_nothing(self, tmp_path: Path) -> None:
        first = publish(tmp_path, records=[actor("ada")])
        entries = [
            entry.model_copy(update={"columns": entry.columns.keys() - {"note"}})
            if entry.name == "actors"
            else entry
            for entry in first.manifest.tables
        ]
        previous = Release(first.path, first.manifest.model_copy(update={"tables": entries}))
        tables = with_ledger(
            build_tables([actor("ada"), actor("bo", note="n")]), previous, "2026.12.0"
        )
        assert tables["actors"].column("last_changed").to_pylist() == ["2026.11.0", "2026.12.0"]


class TestDescriptions:
    def test_front_matter_names_the_tables_that_have_rows(self, tmp_path: Path) -> None:
        text = (publish(tmp_path).path / "README.md").read_text()
        head = yaml.safe_load(text.split("---\n")[1])
        assert head["pretty_name"] == "A <b>fictional</b>: dataset"
        assert head["license"] == "cc-by-4.0"
        assert head["language"] == ["en"]
        assert [config["config_name"] for config in head["configs"]] == [
            "sources",
            "actors",
            "claims",
            "hops",
            "revisions",
        ]
        assert [c["config_name"] for c in head["configs"] if c.get("default")] == ["claims"]
        assert head["configs"][0]["data_files"] == "data/sources.parquet"

    def test_an_unusual_licence_is_named_in_full(self, tmp_path: Path) -> None:
        terms = {"id": "Own-1", "name": "Own terms", "url": "https://example.org/terms"}
        place = publish(tmp_path, dataset=dataset(licence=terms)).path
        head = yaml.safe_load((place / "README.md").read_text().split("---\n")[1])
        assert (head["license"], head["license_name"]) == ("other", "own-1")
        assert head["license_link"] == "https://example.org/terms"
        assert "does not cover" not in (place / "LICENSE").read_text()

    def test_text_of_the_dataset_is_not_markup(self, tmp_path: Path) -> None:
        hostile = '---\n"x": {y}\n\n<script>alert(1)</script> | [a](http://b.example) `c`'
        place = publish(tmp_path, dataset=dataset(description=hostile)).path
        text = (place / "README.md").read_text()
        assert "\n# A \\<b\\>fictional\\</b\\>: dataset\n" in text
        assert "\\<script\\>alert(1)\\</script\\> \\| \\[a\\](http\\://b.example) \\`c\\`" in text
        assert '\n\\--- "x": {y}\n' in text
        assert escaped("1. one") == "1\\. one"
        assert escaped("www.example.org a@b.c") == "www\\.example.org a\\@b.c"

    def test_python_and_sql_snippets_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = publish(tmp_path).path
        monkeypatch.chdir(place)
        blocks = (place / "README.md").read_text().split("```")[1::2]
        languages = [block.split("\n", 1)[0] for block in blocks]
        assert languages == ["python", "python", "python", "python", "sql", "r", "r"]
        for block in blocks[:2]:
            names: dict[str, Any] = {}
            exec(block.removeprefix("python\n"), names)
            assert len(names["claims"]) == 1
        assert duckdb.sql(blocks[4].removeprefix("sql\n")).fetchall() == [(1,)]

    def test_licence_names_its_exception(self, tmp_path: Path) -> None:
        text = (publish(tmp_path).path / "LICENSE").read_text()
        assert "Creative Commons Attribution 4.0 International (CC-BY-4.0)" in text
        assert "https://creativecommons.org/licenses/by/4.0/" in text
        assert "Words quoted from sources belong to their authors." in text
        assert "Ada Example (2026). A <b>fictional</b>: dataset (version 2026.11.0)" in text

    def test_changelog_counts_against_the_release_before(self, tmp_path: Path) -> None:
        first = publish(tmp_path)
        assert "| `actors` | 2 |" in (first.path / "CHANGELOG.md").read_text()
        second = publish(tmp_path, "2026.12.0", [source(), actor("ada")])
        text = (second.path / "CHANGELOG.md").read_text()
        assert "| `actors` | 2 | 1 | 0 | 0 | 1 |  |" in text
        assert "| `hops` | 2 | 2 | 0 | 0 | 0 | unchanged |" in text


class Crash(BaseException):
    """The end of the process: nothing after it reaches the disk."""


STEPS = [
    (os, "fsync"),
    (os, "rename"),
    (os, "replace"),
    (os, "mkdir"),
    (Path, "open"),
    (Path, "replace"),
    (Path, "mkdir"),
]
CLEARING = [(shutil, "rmtree"), (os, "unlink"), (os, "rmdir"), (Path, "unlink")]


@contextmanager
def failing(
    error: Callable[[], BaseException], which: int, *, lasting: bool, clearing: bool
) -> Iterator[list[int]]:
    """Let the n-th step that changes the disk fail; ``lasting``: and all steps after it.

    ``clearing`` counts removals among the steps, so that nothing can be tidied up.
    """
    count = [0]

    def guarded(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            count[0] += 1
            if count[0] == which or (lasting and count[0] > which):
                raise error()
            return step(*arguments, **options)

        return call

    def opening(step: Callable[..., Any]) -> Callable[..., Any]:
        guard = guarded(step)

        def call(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if mode[0] == "r":
                return step(path, mode, *arguments, **options)
            return guard(path, mode, *arguments, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for holder, name in STEPS + (CLEARING if clearing else []):
            wrap = opening if name == "open" else guarded
            patch.setattr(holder, name, wrap(getattr(holder, name)))
        yield count


def full_disk() -> BaseException:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


SMALL = {name: SPECS[name] for name in ("actors", "revisions")}


COMMIT = 32
"""More steps than it takes from the last file of a release until it is published."""


def publish_small(out: Path, version: str = "2026.12.0", day: datetime.date = DAY) -> Release:
    tables = build_tables(RECORDS)
    return write_release(
        with_ledger(
            {name: tables[name] for name in SMALL}, previous_release(out, version), version
        ),
        SMALL,
        dataset(),
        out,
        version,
        date=day,
        describe=describe,
        describe_catalog=describe_catalog,
        problems={},
        aside=lambda path: path.write_text("{}\n") and None,
        source_commit=None,
        source_date_epoch=0,
    )


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publishing folder with one release."""
    out = tmp_path_factory.mktemp("start")
    publish_small(out, "2026.11.0")
    return out


@pytest.fixture(scope="module")
def end(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of that folder after the next release."""
    out = tmp_path_factory.mktemp("end") / "dist"
    shutil.copytree(start, out)
    publish_small(out)
    return files(out)


@pytest.fixture(scope="module")
def steps(start: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """In how many steps the next release is published."""
    out = tmp_path_factory.mktemp("steps") / "dist"
    shutil.copytree(start, out)
    with failing(full_disk, 0, lasting=False, clearing=True) as count:
        publish_small(out)
    return count[0]


class TestFailure:
    @pytest.mark.parametrize(
        ("error", "lasting", "among_the_last"),
        [(full_disk, True, None), (full_disk, False, COMMIT), (KeyboardInterrupt, False, COMMIT)],
    )
    def test_a_failure_at_any_step_leaves_the_folder_as_it_was(
        self,
        tmp_path: Path,
        start: Path,
        end: dict[str, bytes],
        steps: int,
        error: Callable[[], BaseException],
        lasting: bool,
        among_the_last: int | None,
    ) -> None:
        before, failures = files(start), 0
        tried = range(1, steps + 1)[-among_the_last if among_the_last else None :]
        for which in tried:
            out = tmp_path / str(which)
            shutil.copytree(start, out)
            try:
                with failing(error, which, lasting=lasting, clearing=False):
                    publish_small(out)
            except (OSError, KeyboardInterrupt):
                failures += 1
                assert_whole(out, before, end)
                if files(out) != end:  # interrupted when all was done
                    assert (out / "latest.json").read_bytes() == before["latest.json"]
                    publish_small(out)
            assert files(out) == end
            assert not (out / STAGED).exists()
        assert failures >= len(tried) - 8  # what clears up may fail without a word

    def test_a_crash_at_any_step_is_settled_by_the_next_run(
        self, tmp_path: Path, start: Path, end: dict[str, bytes], steps: int
    ) -> None:
        before, crashes = files(start), 0
        for which in range(1, steps + 1):
            out = tmp_path / str(which)
            shutil.copytree(start, out)
            try:
                with failing(Crash, which, lasting=True, clearing=True):
                    publish_small(out)
            except Crash:
                crashes += 1
            assert_whole(out, before, end)
            publish_small(out)
            assert files(out) == end
            assert not (out / STAGED).exists()
        assert crashes >= steps - 3

    def test_after_a_crash_other_data_can_be_published(
        self, tmp_path: Path, start: Path, steps: int
    ) -> None:
        for which in range(steps - COMMIT, steps + 1):
            out = tmp_path / str(which)
            shutil.copytree(start, out)
            with suppress(Crash), failing(Crash, which, lasting=True, clearing=True):
                publish_small(out, day=datetime.date(2026, 12, 31))
            catalog = read_catalog(out)
            assert catalog is not None
            if catalog.entry("2026.12.0"):
                with pytest.raises(ReleaseExists):
                    publish_small(out)
                assert open_release(out).manifest.date == datetime.date(2026, 12, 31)
            else:
                assert publish_small(out).manifest.date == DAY

    def test_nothing_is_left_of_a_first_release_that_failed(self, tmp_path: Path) -> None:
        out = tmp_path / "dist"
        with pytest.raises(OSError), failing(full_disk, 12, lasting=True, clearing=False):  # noqa: PT011
            publish_small(out)
        assert files(tmp_path) == {}
        publish_small(out)

    def test_a_description_that_fails_leaves_nothing(self, tmp_path: Path) -> None:
        def broken(*_: object) -> dict[str, bytes]:
            raise RuntimeError("cannot describe")

        with pytest.raises(RuntimeError, match="cannot describe"):
            publish(tmp_path, describe=broken)
        assert files(tmp_path) == {}

    def test_a_disk_that_is_really_full(self, tmp_path: Path, start: Path) -> None:
        """On a file system of its own, of sizes that are exhausted at different files."""
        script = textwrap.dedent(
            f"""
            import importlib.util, pathlib, shutil, sys, os
            spec = importlib.util.spec_from_file_location("releasing_tests", {__file__!r})
            tests = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = tests
            sys.path.insert(0, str(pathlib.Path({__file__!r}).parent))
            spec.loader.exec_module(tests)
            out = pathlib.Path(sys.argv[1]) / "dist"
            failed = 0
            for kilobytes in range(8, 1000, 80):
                shutil.copytree(sys.argv[2], out)
                free = os.statvfs(out).f_bavail * os.statvfs(out).f_frsize
                ballast = out.parent / "ballast"
                ballast.write_bytes(bytes(max(0, free - 1024 * kilobytes)))
                before = tests.files(out)
                try:
                    tests.publish_small(out)
                except OSError as error:
                    assert error.errno == 28, error
                    assert tests.files(out) == before
                    failed += 1
                    ballast.unlink()
                    tests.publish_small(out)
                ballast.unlink(missing_ok=True)
                shutil.rmtree(out)
            print(failed)
            """
        )
        mount = 'mount -t tmpfs -o size=4m none "$2" && exec "$0" -c "$1" "$2" "$3"'
        command = ["unshare", "-rm", "sh", "-c", mount, sys.executable, script, tmp_path, start]
        try:
            subprocess.run(["unshare", "-rm", "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("needs a file system of its own, which this machine does not allow")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert 3 <= int(done.stdout) < 13


def assert_whole(out: Path, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Readers find either what there was or, beside it, the whole new release."""
    found = {path: text for path, text in files(out).items() if not path.startswith(STAGED)}
    pointers = {"catalog.json", "catalog.ttl", "latest.json"}
    for name in pointers:
        assert found[name] in (before[name], after[name])
    latest = open_release(out)
    for name in latest.table_names:
        latest.table(name)
    # What was set aside is no part of a release, and comes to its place right after it.
    parts = [
        {p: t for p, t in state.items() if p not in pointers and not p.startswith(QUARANTINE)}
        for state in (found, before, after)
    ]
    assert parts[0] in parts[1:]


def test_json_is_written_in_one_way() -> None:
    assert json_bytes({"b": "é", "a": 1}) == '{\n  "b": "é",\n  "a": 1\n}\n'.encode()
