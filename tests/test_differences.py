"""Deltas, the CHANGELOG and `diff`, held against differences that pandas finds row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pandas as pd
import pytest

import allegata
import differences_by_pandas as by_pandas
from allegata.comparing import DifferenceDocument, RecordDifference, difference_schema
from allegata.deriving import derived_tables
from allegata.releasing import Release, delta_table
from allegata.schema import MODELS
from allegata.tables import LEDGER, base_tables
from releases_in_a_row import CLAIM, GONE, VERSIONS, publish_in_a_row

Run = Callable[..., Any]
PAIRS = list(pairwise(VERSIONS))
SPECS = {**base_tables(), **derived_tables()}
KEYS = {name: list(spec.key) for name, spec in SPECS.items()}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_in_a_row(tmp_path_factory.mktemp("in-a-row"))


@pytest.fixture(scope="module")
def frames(dist: Path) -> dict[str, dict[str, pd.DataFrame]]:
    """Version -> table -> rows."""
    return {
        version: {
            name: by_pandas.frame(dist / "releases" / version / "data" / f"{name}.parquet")
            for name in SPECS
        }
        for version in VERSIONS
    }


class TestDeltas:
    @pytest.mark.parametrize(("old", "new"), PAIRS)
    def test_they_are_the_difference_row_by_row(
        self, dist: Path, frames: dict[str, dict[str, pd.DataFrame]], old: str, new: str
    ) -> None:
        release = allegata.open_release(dist, new)
        told = {}
        for name, key in KEYS.items():
            expected = by_pandas.delta(frames[old][name], frames[new][name], key)
            entry = release.manifest.delta(name)
            path = release.path / "delta" / f"{name}.parquet"
            assert path.exists() is bool(expected) is (entry is not None)
            if entry:
                assert by_pandas.frame(path).to_dict("records") == expected
                ops = [row["op"] for row in expected]
                counted = tuple(ops.count(op) for op in ("add", "mod", "del"))
                assert (entry.added, entry.changed, entry.removed) == counted
                told[name] = counted
        assert {"revisions", "claims_flat"} < told.keys() < SPECS.keys()
        assert sum(map(sum, told.values())) > 10

    @pytest.mark.parametrize(("old", "new"), PAIRS)
    def test_applied_to_the_old_table_they_give_the_new_one(
        self, dist: Path, frames: dict[str, dict[str, pd.DataFrame]], old: str, new: str
    ) -> None:
        for name, key in KEYS.items():
            path = dist / "releases" / new / "delta" / f"{name}.parquet"
            expected = by_pandas.by_key(frames[new][name], key)
            before = frames[old][name]
            given = (
                by_pandas.applied(by_pandas.frame(path), before, key)
                if path.exists()
                else by_pandas.by_key(before, key)
            )
            pd.testing.assert_frame_equal(given, expected)

    def test_every_column_says_what_it_means(self, dist: Path) -> None:
        release = allegata.open_release(dist, "2026.10.0")
        for entry in release.manifest.deltas:
            read = pd.read_parquet(release.path / entry.path).attrs
            spec = delta_table(SPECS[entry.table])
            assert read["columns"] == {one.name: one.description for one in spec.columns}
            assert (read["table"], read["previous"]) == (spec.name, "2026.9.0")
        assert {file.path for file in release.manifest.files if file.role == "delta"} == {
            entry.path for entry in release.manifest.deltas
        }

    def test_the_first_release_has_none(self, dist: Path) -> None:
        release = allegata.open_release(dist, VERSIONS[0])
        assert (release.manifest.previous, release.manifest.deltas) == (None, [])
        assert not (release.path / "delta").exists()


def test_first_release_and_last_changed_tell_the_history(
    frames: dict[str, dict[str, pd.DataFrame]],
) -> None:
    """Worked out anew from what each release holds, nested rows included."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    held: dict[str, Any] = {}
    for version in VERSIONS:
        for table, key in KEYS.items():
            if table not in MODELS or key != ["id"]:
                continue
            for record in _whole_records(frames[version], table):
                name = record["id"]
                first.setdefault(name, version)
                if held.get(name) != record:
                    last[name], held[name] = version, record
            told = frames[version][table]
            assert (
                dict(zip(told["id"], told["first_release"], strict=True)).items() <= first.items()
            )
            assert dict(zip(told["id"], told["last_changed"], strict=True)).items() <= last.items()
    assert set(first.values()) == {"2026.9.0", "2026.10.0"}
    assert set(last.values()) == set(VERSIONS)
    assert (first[CLAIM], last[CLAIM]) == ("2026.9.0", "2026.10.0")


def _whole_records(frames: dict[str, pd.DataFrame], table: str) -> list[dict[str, Any]]:
    own = frames[table].drop(columns=[column.name for column in LEDGER]).to_dict("records")
    for child, nested in MODELS[table].children().values():
        if child.key != ("id",):
            rows = frames[child.table].to_dict("records")
            for record in own:
                record[child.table] = [row for row in rows if row[nested.key] == record["id"]]
    return own


class TestDiff:
    @pytest.mark.parametrize(
        ("old", "new"), [*PAIRS, ("2026.9.0", "2026.12.0"), ("2026.12.0", "2026.10.0")]
    )
    def test_it_is_the_difference_record_by_record(
        self, dist: Path, frames: dict[str, dict[str, pd.DataFrame]], old: str, new: str
    ) -> None:
        difference = allegata.diff(dist / "releases" / old, dist / "releases" / new)
        keys = {name: KEYS[name] for name in MODELS if name != "revisions"}
        expected = by_pandas.records(frames[old], frames[new], keys)
        assert {(one.table, one.id): _plain(one) for one in difference.records()} == expected
        assert difference.count == len(expected)
        for table in difference.tables:
            rows = by_pandas.delta(
                frames[old][table.table], frames[new][table.table], KEYS[table.table]
            )
            ops = [row["op"] for row in rows]
            counted = tuple(ops.count(op) for op in ("add", "mod", "del"))
            assert (table.added, table.changed, table.removed) == counted
        assert [table.table for table in difference.tables] == list(SPECS)

    @pytest.mark.parametrize("table", ["revisions", "contestation", "claims_flat", "hops"])
    def test_any_table_can_be_asked_for(
        self, dist: Path, frames: dict[str, dict[str, pd.DataFrame]], table: str
    ) -> None:
        old, new = "2026.9.0", "2026.11.0"
        releases = [allegata.open_release(dist, version) for version in (old, new)]
        with allegata.diff(*releases, tables=[table]) as difference:
            expected = by_pandas.records(frames[old], frames[new], {table: KEYS[table]})
            found = {(one.table, one.id): _plain(one) for one in difference.records()}
            assert found == expected
            assert [one.table for one in difference.tables] == [table]

    def test_a_merger_and_a_retraction_are_told_with_their_reasons(self, dist: Path) -> None:
        difference = allegata.diff(dist / "releases/2026.9.0", dist)
        told = {one.id: one for one in difference.records()}
        assert "plc-harl-sluice" not in told  # it came and went in between
        (revision,) = told[GONE].revisions
        assert (revision.release, revision.change) == ("2026.11.0", "retracted")
        assert revision.reason == "It was coded from the wrong page."
        assert [one.change for one in told["act-ilva-marn"].revisions] == ["added", "changed"]
        between = allegata.diff(dist / "releases/2026.10.0", dist / "releases/2026.11.0")
        merged = next(one for one in between.records() if one.id == "plc-harl-sluice")
        assert (merged.op, merged.revisions[0].merged_into) == ("del", "plc-harl-lock")

    def test_a_record_can_be_asked_for(self, dist: Path, run: Run) -> None:
        (only,) = allegata.diff(dist / "releases/2026.9.0", dist, record=CLAIM).records()
        assert (only.table, only.id, only.op) == ("claims", CLAIM, "mod")
        assert [(part.table, part.key) for part in only.parts] == [("hops", {"position": 1})]
        asked = ("diff", "2026.9.0", "2026.12.0", "--release", dist, "--record")
        assert run(*asked, CLAIM).out.count("told | <us>") == 1
        same = run(*asked, "act-sornia")
        assert (same.code, same.out) == (0, "")
        assert same.err == "nothing differs between 2026.9.0 and 2026.12.0\n"
        unknown = run(*asked, "act-sornja")
        assert (unknown.code, unknown.out) == (2, "")
        assert "has a record 'act-sornja'; did you mean act-sornia?" in unknown.err

    def test_records_come_in_order_and_as_many_as_are_wanted(self, dist: Path) -> None:
        difference = allegata.diff(dist / "releases/2026.9.0", dist)
        every = [(list(SPECS).index(one.table), one.id) for one in difference.records()]
        assert every == sorted(every)
        assert len(every) == difference.count > 5
        assert len(list(difference.records(3))) == 3
        next(difference.records())  # read in part, and then anew
        assert len(list(difference.records())) == len(every)


def _plain(record: RecordDifference) -> dict[str, Any]:
    def fields(of: Any) -> dict[str, tuple[Any, Any]]:
        return {one.field: (_value(one.field, one.old), _value(one.field, one.new)) for one in of}

    return {
        "op": record.op.value,
        "fields": fields(record.fields),
        "parts": {
            (part.table, tuple(part.key.items())): (part.op.value, fields(part.fields))
            for part in record.parts
        },
    }


_TYPES = {column.name: str(column.type) for spec in SPECS.values() for column in spec.columns}


def _value(field: str, value: Any) -> Any:
    """A value of a difference as Python has it in the table."""
    if value is not None and _TYPES[field] == "date32[day]":
        return pd.Timestamp(value).date()
    if value is not None and _TYPES[field].startswith("timestamp"):
        return pd.Timestamp(value).to_pydatetime()
    return value


class TestChangelog:
    def test_it_tells_what_became_of_records_and_why(self, dist: Path) -> None:
        text = (dist / "releases/2026.10.0/CHANGELOG.md").read_text()
        assert "| `places` | 5 | 7 | 2 | 1 | 0 |  |" in text
        assert "| `audience` | 12 | 12 | 0 | 0 | 0 | unchanged |" in text
        assert "### Added: 3\n\n- `act-ilva-marn`, `plc-harl-sluice`, `plc-keld`: New in" in text
        assert (
            "### Changed: 4\n\n"
            f"- `act-jori-lask`, `{CLAIM}`: A slip of the pen.\n"
            "- `plc-harl-lock`: A better map.\n"
            "- `evt-harl-lock-fire`: As it is \\*called\\* \\| there \\<b\\>.\n"
        ) in text
        text = (dist / "releases/2026.11.0/CHANGELOG.md").read_text()
        assert "### Retracted: 1\n\n- `clm-keldhaven" in text
        assert "### Merged: 1\n\n- `plc-harl-sluice` into `plc-harl-lock`: The same" in text
        assert "The schema is 1.1.0, as it was." in text
        text = (dist / "releases/2026.12.0/CHANGELOG.md").read_text()
        assert "for this release: Four of the five documents." in text
        assert "before it was: All five documents that were written for this example." in text
        assert "### Added" not in text

    def test_of_very_many_records_the_rest_is_counted(self) -> None:
        from allegata.engines import Embedded
        from allegata.releasing.history import revised

        rows = [("2026.11.0", f"act-{n:03}", "changed", None, "All.") for n in range(30)]
        rows += [("2026.11.0", f"plc-{n:03}", "changed", None, f"Why {n:02}.") for n in range(60)]
        rows += [("2026.10.0", "act-other", "added", None, "Earlier.")]
        with Embedded() as session:
            names = [column.name for column in SPECS["revisions"].columns]
            columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
            session.register("told", _table(columns))
            (changed,) = revised(session, "told", "2026.11.0")
        assert (changed.change, changed.count) == ("changed", 90)
        assert [one.reason for one in changed.reasons] == [
            "All.",
            *(f"Why {n:02}." for n in range(49)),
        ]
        assert (changed.reasons[0].count, len(changed.reasons[0].records)) == (30, 20)


def _table(columns: dict[str, list[Any]]) -> Any:
    import pyarrow as pa

    return pa.table(columns, SPECS["revisions"].schema)


class TestCommand:
    def test_it_compares_the_latest_with_the_one_before(self, dist: Path, run: Run) -> None:
        ran = run("diff", "--release", dist)
        assert ran.code == 0
        assert ran.out.startswith("harl-lock: 2026.11.0 → 2026.12.0\n")
        assert (
            "~ plc-harl-lock (places)\n    changed in 2026.12.0: Put back as it was.\n" in ran.out
        )
        assert (
            "    note: The coordinates are invented and lie in the open ocean. → nothing" in ran.out
        )
        assert "last_changed" not in ran.out
        assert run("diff", "--release", dist, "--exit-code").code == 1
        assert run("diff", "2026.12.0", "--release", dist, "--exit-code").code == 0

    def test_releases_are_named_by_version_or_folder(self, dist: Path, run: Run) -> None:
        by_version = run("diff", "2026.9.0", "2026.12.0", "--release", dist)
        assert run("diff", dist / "releases/2026.9.0", dist).out == by_version.out
        assert "- clm-keldhaven-ledger-2025-03-07-03 (claims)\n" in by_version.out
        assert "+ act-ilva-marn (actors)\n" in by_version.out
        assert "name: Ilva Marn" not in by_version.out
        everything = run("diff", "2026.9.0", "2026.12.0", "--release", dist, "--all")
        assert "name: Ilva Marn" in everything.out

    def test_json_has_the_shape_that_its_schema_tells(self, dist: Path, run: Run) -> None:
        ran = run("diff", "2026.9.0", "--release", dist, "--format", "json")
        assert ran.code == 0
        jsonschema_rs.validate(difference_schema(), json.loads(ran.out))
        document = DifferenceDocument.model_validate_json(ran.out)
        difference = allegata.diff(dist / "releases/2026.9.0", dist)
        assert document.records == list(difference.records())
        assert document.tables == difference.tables

    def test_results_go_to_a_file_where_one_is_named(
        self, dist: Path, run: Run, tmp_path: Path
    ) -> None:
        for name in ("a.json", "a.html"):
            ran = run("diff", "2026.9.0", "--release", dist, "--out", tmp_path / name)
            assert (ran.code, ran.out) == (0, "")
        assert {path.name for path in tmp_path.iterdir()} == {"a.json", "a.html"}
        assert json.loads((tmp_path / "a.json").read_text())["old"]["version"] == "2026.9.0"
        assert run("diff", "--release", dist, "--out", tmp_path / "a.txt").code == 2

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            (["2026.8.0"], "has no release '2026.8.0'"),
            (["nowhere"], "nowhere is not a release"),
            (["--table", "clams"], "did you mean claims?"),
            (["--record", "nothing"], "neither release has a record 'nothing'"),
        ],
    )
    def test_what_is_not_there_is_wrong_usage(
        self, dist: Path, run: Run, asked: list[str], said: str
    ) -> None:
        ran = run("diff", *asked, "--release", dist)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err

    def test_the_first_release_has_none_before_it(self, dist: Path, run: Run) -> None:
        ran = run("diff", "--release", dist / "releases" / "2026.9.0")
        assert ran.code == 2

    def test_a_damaged_file_is_named(self, dist: Path, run: Run, tmp_path: Path) -> None:
        import shutil

        copied = Path(shutil.copytree(dist / "releases/2026.10.0", tmp_path / "copied"))
        (copied / "data/claims_flat.parquet").write_bytes(b"PAR1 no table PAR1")
        ran = run("diff", copied, dist)
        assert ran.code == 2
        assert "claims_flat.parquet is damaged" in ran.err


def test_releases_of_two_datasets_are_not_compared(dist: Path) -> None:
    release = allegata.open_release(dist)
    other = release.manifest.dataset.model_copy(update={"name": "other"})
    stranger = Release(release.path, release.manifest.model_copy(update={"dataset": other}))
    with pytest.raises(allegata.releasing.ReleaseError, match="of one dataset"):
        allegata.diff(release, stranger)
