"""A release verifies; and whatever is altered in it is found, by its own code and in its place."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegata
from allegata.publishing import publish
from allegata.verifying import CODES, Verification, verify
from conftest import Ran
from tampering import (
    change_table,
    forge,
    manifest_of,
    sign,
    sums_of,
    with_field,
    with_metadata,
    with_value,
    write_manifest,
    write_sums,
)

FICTIONAL = Path(__file__).parent / "fictional"
FIRST, SECOND = "2026.11.0", "2026.12.0"
Tamper = Callable[[Path], object]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publishing folder with two releases: an actor is added, one is renamed, a claim is gone."""
    folder = tmp_path_factory.mktemp("published")
    data, out = folder / "data", folder / "dist"
    shutil.copytree(FICTIONAL, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1780000000")
        publish(data, out, FIRST)
        actors = data / "actors.yaml"
        actors.write_text(actors.read_text().replace("name: Parliament of", "name: Diet of"))
        newcomer = "actors:\n  - {id: act-newcomer, kind: person, name: Newcomer}\n"
        (data / "newcomer.yaml").write_text(newcomer)
        events = data / "events.yaml"
        events.write_text(events.read_text().replace("A fire, whatever its cause.", "A fire."))
        publish(data, out, SECOND, note="Coded anew.")
    return out


@pytest.fixture
def dist(published: Path, tmp_path: Path) -> Path:
    """A copy of it, to be altered."""
    return Path(shutil.copytree(published, tmp_path / "dist"))


@pytest.fixture
def first(published: Path, tmp_path: Path) -> Path:
    """A copy of the first release alone, to be altered."""
    return Path(shutil.copytree(published / "releases" / FIRST, tmp_path / FIRST))


def codes(done: Verification) -> set[str]:
    return {finding.code for finding in done.findings}


class TestWhatIsRight:
    def test_a_release_is_what_it_says(self, published: Path) -> None:
        done = allegata.verify(published)
        assert (done.findings, done.not_checked, done.version) == ([], [], SECOND)
        manifest = allegata.open_release(published).manifest
        assert (done.tables, done.files) == (len(manifest.tables), len(manifest.files) + 1)
        assert done.rows == sum(entry.rows for entry in manifest.tables)
        assert {entry.table for entry in manifest.deltas} >= {"actors", "events", "revisions"}

    def test_so_is_an_earlier_one_and_one_alone(self, published: Path, first: Path) -> None:
        assert verify(published, FIRST).ok
        assert verify(first).ok

    def test_what_cannot_be_looked_at_is_told(self, published: Path, tmp_path: Path) -> None:
        alone = shutil.copytree(published / "releases" / SECOND, tmp_path / "alone")
        done = verify(alone, derived=False)
        assert done.ok
        assert [line.split(":")[0] for line in done.not_checked] == [
            "the derived tables, as asked for",
            f"what has changed since {FIRST}",
        ]

    def test_the_release_before_is_found_beside_it(self, published: Path) -> None:
        done = verify(published / "releases" / SECOND, derived=False)
        assert any(f"since {FIRST}" in line for line in done.checked)

    def test_a_release_of_another_schema_is_held_against_its_codebook(self, first: Path) -> None:
        older = {"schema_version": "0.9.0"}
        write_manifest(first, manifest_of(first) | older)
        for entry in manifest_of(first)["tables"]:
            change_table(first, entry["path"], with_metadata(**older))
        forge(first)
        done = verify(first)
        assert done.findings == []
        assert "the derived tables" in done.not_checked[0]
        change_table(first, "data/claims.parquet", with_value("stance", 0, "invents"))
        forge(first)
        assert codes(verify(first)) == {"CODE_UNKNOWN"}


def changes(path: str, change: Callable[[pa.Table], pa.Table], then: Tamper = forge) -> Tamper:
    def tamper(release: Path) -> None:
        change_table(release, f"data/{path}.parquet", change)
        then(release)

    return tamper


def in_manifest(then: Tamper = sign, **changed: Any) -> Tamper:
    def tamper(release: Path) -> None:
        write_manifest(release, manifest_of(release) | changed)
        then(release)

    return tamper


def in_sheet(release: Path) -> None:
    sheet = release / "csv" / "claims.csv"
    content = sheet.read_bytes()
    assert b"denies" in content
    sheet.write_bytes(content.replace(b"denies", b"doubts", 1))
    sign(release)


def in_entry(table: str, **changed: Any) -> Tamper:
    def tamper(release: Path) -> None:
        manifest = manifest_of(release)
        next(one for one in manifest["tables"] if one["name"] == table).update(changed)
        write_manifest(release, manifest)
        sign(release)

    return tamper


def rewritten(name: str, text: str, then: Tamper = lambda _: None) -> Tamper:
    def tamper(release: Path) -> None:
        (release / name).write_text(text)
        then(release)

    return tamper


def relisted(change: Callable[[dict[str, str]], object]) -> Tamper:
    def tamper(release: Path) -> None:
        sums = sums_of(release)
        change(sums)
        write_sums(release, sums)

    return tamper


def without_file(path: str) -> Tamper:
    return lambda release: (release / path).unlink()


def without_table(release: Path) -> None:
    manifest = manifest_of(release)
    (release / "data/hops.parquet").unlink()
    for part in ("files", "tables"):
        manifest[part] = [one for one in manifest[part] if one["path"] != "data/hops.parquet"]
    write_manifest(release, manifest)
    sign(release)


def linked(release: Path) -> None:
    outside = release.parent / "outside"
    outside.write_bytes((release / "LICENSE").read_bytes())
    (release / "LICENSE").unlink()
    (release / "LICENSE").symlink_to(outside)


def swapped(rows: pa.Table) -> pa.Table:
    return rows.take([1, 0, *range(2, rows.num_rows)])


def doubled(rows: pa.Table) -> pa.Table:
    return pa.concat_tables([rows.slice(0, 1), rows])


def truncated(path: str) -> Tamper:
    def tamper(release: Path) -> None:
        content = (release / path).read_bytes()
        (release / path).write_bytes(content[: len(content) // 2])
        sign(release) if path.endswith("parquet") else None

    return tamper


def without_column(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda rows: rows.drop_columns([name])


def not_a_number(rows: pa.Table) -> pa.Table:
    return with_value("low", 0, float("inf"))(rows)


# What is done to a release, and every code that it must raise, the one that names it first.
TAMPERED: dict[str, tuple[Tamper, list[str]]] = {
    # Files, by someone who does not sign anew.
    "a table's bytes": (
        changes("actors", with_value("name", 0, "Else"), lambda _: None),
        ["FILE_CHANGED", "MANIFEST_FILES", "CONTENT_WRONG", "COPY_WRONG", "DERIVED_WRONG"],
    ),
    "a document": (rewritten("README.md", "else"), ["FILE_CHANGED", "MANIFEST_FILES"]),
    "a file is gone": (without_file("LICENSE"), ["FILE_MISSING"]),
    "a file more": (rewritten("data/more.parquet", "x"), ["FILE_UNLISTED"]),
    "a hidden file more": (rewritten(".more", "x"), ["FILE_UNLISTED"]),
    "a link": (linked, ["FILE_NOT_PLAIN"]),
    "no checksums": (
        without_file("SHA256SUMS"),
        ["CHECKSUMS_MISSING", "FILE_UNLISTED", "MANIFEST_FILES"],
    ),
    "a line that is none": (
        lambda release: (release / "SHA256SUMS").write_text(
            (release / "SHA256SUMS").read_text() + "nothing\n"
        ),
        ["CHECKSUMS_WRONG"],
    ),
    "a path outside": (
        relisted(lambda sums: sums.update({"../outside": "0" * 64})),
        ["CHECKSUMS_WRONG"],
    ),
    "a file not listed": (
        relisted(lambda sums: sums.pop("LICENSE")),
        ["FILE_UNLISTED", "MANIFEST_FILES"],
    ),
    # The manifest, signed anew where that can be.
    "no manifest": (without_file("manifest.json"), ["MANIFEST_MISSING", "FILE_MISSING"]),
    "half a manifest": (
        truncated("manifest.json"),
        ["MANIFEST_WRONG", "FILE_CHANGED", "SCHEMA_WRONG"],
    ),
    "a manifest of another kind": (
        lambda release: (
            write_manifest(release, manifest_of(release) | {"problems": []}),
            sign(release),
        ),
        ["MANIFEST_WRONG", "SCHEMA_WRONG"],
    ),
    "another licence": (
        in_manifest(forge, licence="CC0-1.0"),
        ["MANIFEST_WRONG", "METADATA_WRONG"],
    ),
    "another schema of the manifest": (
        rewritten("manifest.schema.json", '{"type": "object"}\n', sign),
        ["SCHEMA_WRONG"],
    ),
    "a schema that refuses the manifest": (
        rewritten("manifest.schema.json", '{"required": ["more"]}\n', sign),
        ["SCHEMA_WRONG"],
    ),
    "a table outside": (
        in_entry("actors", path="../../outside.parquet"),
        ["MANIFEST_WRONG", "SCHEMA_WRONG"],
    ),
    "another table's file": (
        in_entry("audience", path="data/hops.parquet"),
        [
            "MANIFEST_TABLES",
            "METADATA_WRONG",
            "COLUMNS_WRONG",
            "DESCRIPTION_WRONG",
            "ROWS_WRONG",
            "NULLS_WRONG",
            "CONTENT_WRONG",
        ],
    ),
    "a table is gone": (without_table, ["MANIFEST_TABLES", "CODEBOOK_WRONG"]),
    "rows counted wrongly": (in_entry("hops", rows=1), ["ROWS_WRONG"]),
    "nulls counted wrongly": (
        lambda release: in_entry("audience", null_counts={"statement_id": 0, "actor_id": 1})(
            release
        ),
        ["NULLS_WRONG"],
    ),
    "other days": (in_entry("claims", last_day="2031-01-01"), ["DAYS_WRONG"]),
    "another key": (in_entry("claims", key=["source_id"]), ["KEY_WRONG"]),
    "another content hash": (
        in_entry("claims_flat", content_hash="0" * 64),
        ["CONTENT_WRONG"],
    ),
    # Tables, signed anew, with all that the manifest counts made to fit.
    "half a table": (truncated("data/hops.parquet"), ["PARQUET_DAMAGED"]),
    "another value": (
        changes("statements", with_value("note", 0, "else"), sign),
        ["CONTENT_WRONG", "NULLS_WRONG", "COPY_WRONG"],
    ),
    "a column less": (
        changes("places", without_column("wikidata")),
        ["COLUMNS_WRONG", "CODEBOOK_WRONG"],
    ),
    "another type": (
        changes("hops", with_field("position", type=pa.string())),
        ["TYPE_WRONG"],
    ),
    "may be empty": (
        changes("hops", with_field("statement_id", nullable=True)),
        ["NULLABLE_WRONG"],
    ),
    "another description": (
        changes("hops", with_field("cue", description="Else.")),
        ["DESCRIPTION_WRONG"],
    ),
    "a file of another release": (
        changes("hops", with_metadata(version=SECOND)),
        ["METADATA_WRONG"],
    ),
    "an empty value": (
        changes(
            "sources",
            lambda rows: with_value("lang", 0, None)(with_field("lang", nullable=True)(rows)),
        ),
        ["VALUE_MISSING", "NULLABLE_WRONG", "DERIVED_WRONG"],
    ),
    "infinite": (changes("propositions", not_a_number), ["VALUE_NOT_A_NUMBER"]),
    "out of order": (changes("claims", swapped), ["ORDER_WRONG"]),
    "a derived table out of order": (changes("claims_flat", swapped), ["ORDER_WRONG"]),
    "a row twice": (
        changes("audience", doubled),
        ["ORDER_WRONG"],
    ),
    "a key twice": (
        changes("claims_flat", lambda rows: doubled(with_value("note", 0, "else")(rows))),
        ["KEY_WRONG", "ORDER_WRONG", "DERIVED_WRONG"],
    ),
    "a reference to nothing": (
        changes("roles", with_value("org_id", 0, "act-nobody")),
        ["REFERENCE_BROKEN", "DERIVED_WRONG"],
    ),
    "a relation to nothing": (
        changes("relations", with_value("object_id", -1, "prp-nothing")),
        ["REFERENCE_BROKEN"],
    ),
    "a revision of nothing": (
        changes("revisions", with_value("record_id", -1, "stm-zzz")),
        ["REFERENCE_BROKEN"],
    ),
    "a retired record": (
        changes("revisions", with_value("change", 0, "retracted")),
        ["REFERENCE_BROKEN"],
    ),
    "a code of no list": (
        changes("claims", with_value("method", 0, "guessed")),
        ["CODE_UNKNOWN", "DERIVED_WRONG"],
    ),
    "a codebook without a code": (
        changes(
            "codebook",
            lambda rows: rows.filter(pa.compute.field("entry") != "sources.kind.news_report"),
        ),
        ["CODE_UNKNOWN", "DERIVED_WRONG"],
    ),
    "a codebook that says otherwise": (
        changes("codebook", with_value("definition", 0, "Else.")),
        ["DERIVED_WRONG"],
    ),
    "a codebook without a column": (
        changes("codebook", lambda rows: rows.filter(pa.compute.field("entry") != "hops.cue")),
        ["CODEBOOK_WRONG", "DERIVED_WRONG"],
    ),
    "a status made up": (
        changes("contestation", with_value("status_worded", 0, "contested")),
        ["DERIVED_WRONG"],
    ),
    "a cell of a CSV file": (in_sheet, ["COPY_WRONG"]),
    "another release": (
        changes("events", with_value("first_release", 0, "2020.1.0")),
        ["HISTORY_WRONG"],
    ),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_what_is_altered_is_found(kind: str, first: Path) -> None:
    tamper, expected = TAMPERED[kind]
    tamper(first)
    done = verify(first, derived="DERIVED_WRONG" in expected)
    assert codes(done) == set(expected)
    assert all(CODES[finding.code] for finding in done.findings)
    assert done.as_dict()["ok"] is False
    json.dumps(done.as_dict())


class TestHistory:
    def altered(self, dist: Path, path: str, change: Callable[[pa.Table], pa.Table]) -> set[str]:
        release = dist / "releases" / SECOND
        change_table(release, path, change)
        forge(release)
        return codes(verify(release, derived=False))

    def test_a_date_that_the_release_before_denies(self, dist: Path) -> None:
        change = with_value("last_changed", 0, SECOND)
        assert self.altered(dist, "data/claims.parquet", change) == {"HISTORY_WRONG", "DELTA_WRONG"}

    def test_a_date_of_a_release_to_come(self, dist: Path) -> None:
        change = with_value("last_changed", 0, "2027.1.0")
        assert "HISTORY_WRONG" in self.altered(dist, "data/claims.parquet", change)

    def test_a_change_that_no_revision_tells(self, dist: Path) -> None:
        def change(rows: pa.Table) -> pa.Table:
            return with_value("label", 0, "Another fire")(rows)

        found = self.altered(dist, "data/events.parquet", change)
        assert found >= {"DELTA_WRONG"}
        release = dist / "releases" / SECOND
        change_table(
            release,
            "data/revisions.parquet",
            lambda rows: rows.filter(pa.compute.field("reason") != "Coded anew."),
        )
        forge(release)
        assert {"REVISION_WRONG", "DELTA_WRONG"} <= codes(verify(release, derived=False))

    def test_a_revision_of_earlier_that_says_something_else(self, dist: Path) -> None:
        change = with_value("reason", 0, "Else.")
        assert "HISTORY_WRONG" in self.altered(dist, "data/revisions.parquet", change)

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("actors", with_value("name", 0, "Else")),
            ("actors", with_value("op", 0, "del")),
            ("actors", lambda rows: rows.slice(1)),
            ("events", with_value("op", 0, "add")),
        ],
    )
    def test_a_delta_that_is_not_the_difference(
        self, dist: Path, table: str, change: Callable[[pa.Table], pa.Table]
    ) -> None:
        assert self.altered(dist, f"delta/{table}.parquet", change) == {"DELTA_WRONG"}

    def test_a_delta_counted_wrongly(self, dist: Path) -> None:
        release = dist / "releases" / SECOND
        manifest = manifest_of(release)
        manifest["deltas"][0]["added"] += 1
        write_manifest(release, manifest)
        sign(release)
        assert codes(verify(release, derived=False)) == {"DELTA_WRONG", "ROWS_WRONG"}

    def test_a_delta_left_out(self, dist: Path) -> None:
        release = dist / "releases" / SECOND
        manifest = manifest_of(release)
        gone = manifest["deltas"].pop(0)["path"]
        manifest["files"] = [one for one in manifest["files"] if one["path"] != gone]
        (release / gone).unlink()
        write_manifest(release, manifest)
        sign(release)
        assert codes(verify(release, derived=False)) == {"DELTA_WRONG"}


class TestPointers:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("latest.json", {"version": FIRST, "manifest": f"releases/{FIRST}/manifest.json"}),
            ("latest.json", {"sha256": "0" * 64}),
            ("latest.json", {"sha256": "nothing"}),
            ("catalog.json", {"dataset": "another"}),
            ("catalog.json", {"releases": []}),
            ("catalog.json", {"releases": {}}),
        ],
    )
    def test_a_pointer_that_says_otherwise(
        self, dist: Path, name: str, change: dict[str, Any]
    ) -> None:
        (dist / name).write_text(json.dumps(json.loads((dist / name).read_text()) | change))
        version = SECOND if "releases" in change else None
        if change.get("releases") == []:
            with pytest.raises(allegata.releasing.UnknownVersion):
                verify(dist, SECOND)
        else:
            assert codes(verify(dist, version, derived=False)) == {"POINTER_WRONG"}

    def test_a_catalog_that_dates_it_otherwise(self, dist: Path) -> None:
        catalog = json.loads((dist / "catalog.json").read_text())
        catalog["releases"][0] |= {"date": "1999-01-01", "schema_version": "9.9.9"}
        (dist / "catalog.json").write_text(json.dumps(catalog))
        done = verify(dist, derived=False)
        assert [finding.found for finding in done.findings] == ["9.9.9", "1999-01-01"]

    def test_a_release_signed_anew_is_not_the_one_of_the_catalog(self, dist: Path) -> None:
        release = dist / "releases" / SECOND
        (release / "README.md").write_text("else")
        sign(release)
        assert codes(verify(dist, derived=False)) == {"POINTER_WRONG"}


@pytest.fixture(scope="module")
def alone(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the first release alone, that is put right again."""
    place = tmp_path_factory.mktemp("flipped") / FIRST
    return Path(shutil.copytree(published / "releases" / FIRST, place))


class TestFlippedBytes:
    """Whichever byte of whichever file is flipped, it is found."""

    @settings(max_examples=25)
    @given(data=st.data())
    def test_any_byte(self, alone: Path, data: st.DataObject) -> None:
        files = sorted(path for path in alone.rglob("*") if path.is_file())
        file = data.draw(st.sampled_from(files))
        before = file.read_bytes()
        at = data.draw(st.integers(0, len(before) - 1))
        bit = data.draw(st.integers(0, 7))
        after = bytearray(before)
        after[at] ^= 1 << bit
        try:
            file.write_bytes(after)
            done = verify(alone, derived=False)
            assert not done.ok
            if file.name not in ("manifest.json", "SHA256SUMS"):
                assert file.relative_to(alone).as_posix() in {one.file for one in done.findings}
        finally:
            file.write_bytes(before)


class TestHostile:
    def test_nothing_outside_is_read(self, first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        secret = first.parent / "secret"
        secret.write_text("x")
        opened: list[str] = []
        real = Path.open

        def watched(self: Path, *args: Any, **more: Any) -> Any:
            opened.append(os.path.realpath(self))
            return real(self, *args, **more)

        monkeypatch.setattr(Path, "open", watched)
        sums = sums_of(first)
        for path in ("../secret", f"{secret}", "data/../../secret"):
            write_sums(first, sums | {path: "0" * 64})
            assert codes(verify(first, derived=False)) == {"CHECKSUMS_WRONG"}
        (first / "data/link").symlink_to(first.parent)
        write_sums(first, sums | {"data/link/secret": "0" * 64})
        done = verify(first, derived=False)
        assert codes(done) == {"FILE_NOT_PLAIN", "FILE_MISSING", "MANIFEST_FILES"}
        assert str(secret) not in opened

    @pytest.mark.parametrize("text", ["", "[]", "null", "[" * 100_000, '{"a": 1e999}', "\0\xff"])
    def test_documents_that_are_none(self, first: Path, text: str) -> None:
        for name in ("manifest.json", "manifest.schema.json", "SHA256SUMS"):
            before = (first / name).read_bytes()
            (first / name).write_text(text)
            assert not verify(first, derived=False).ok
            (first / name).write_bytes(before)

    def test_a_schema_cannot_call_for_another(self, first: Path) -> None:
        (first / "manifest.schema.json").write_text('{"$ref": "http://127.0.0.1:1/schema"}')
        sign(first)
        assert codes(verify(first, derived=False)) == {"SCHEMA_WRONG"}

    def test_what_is_printed_is_text(self, first: Path, run: Callable[..., Ran]) -> None:
        (first / "evil\x1b[31m.txt").write_text("x")
        done = run("verify", first, "--no-derived")
        assert done.code == 1
        assert "\x1b" not in done.out + done.err
        assert "FILE_UNLISTED" in done.out


class TestCommand:
    def test_a_good_release(self, published: Path, run: Callable[..., Ran]) -> None:
        done = run("verify", published, "--no-derived")
        assert (done.code, done.out) == (0, "")
        assert f"release {SECOND}: it is what it says" in done.err
        assert "not checked: the derived tables, as asked for" in done.err

    def test_findings_as_json(self, first: Path, run: Callable[..., Ran]) -> None:
        changes("roles", with_value("org_id", 0, "act-nobody"))(first)
        done = run("verify", first, "--format", "json", "--no-derived", "-q")
        assert (done.code, done.err) == (1, "")
        told = json.loads(done.out)
        (finding,) = told["findings"]
        assert told["ok"] is False
        assert finding["code"] == "REFERENCE_BROKEN"
        assert (finding["table"], finding["column"]) == ("roles", "org_id")
        assert finding["file"] == "data/roles.parquet"
        assert finding["found"] == "act-nobody"
        assert finding["key"].startswith("id=rol-")

    def test_examples_are_few_and_the_count_is_exact(self, first: Path) -> None:
        change_table(
            first,
            "data/claims.parquet",
            lambda rows: with_field("id", nullable=False)(
                rows.set_column(
                    rows.schema.get_field_index("source_id"),
                    rows.schema.field("source_id"),
                    pa.array(["src-nothing"] * rows.num_rows),
                )
            ).replace_schema_metadata(rows.schema.metadata),
        )
        forge(first)
        (finding,) = [
            one for one in verify(first, derived=False).findings if one.code == "REFERENCE_BROKEN"
        ]
        assert (finding.count, len(finding.examples)) == (51, 5)

    def test_where_there_is_no_release(self, tmp_path: Path, run: Callable[..., Ran]) -> None:
        for place in (tmp_path, tmp_path / "nothing"):
            done = run("verify", place)
            assert done.code == 2
            assert "has neither manifest.json nor catalog.json" in done.err
        done = run("verify", "http://127.0.0.1:1/dist")
        assert done.code == 3
        assert "cannot be reached" in done.err or "obstore" in done.err

    @pytest.mark.parametrize("version", ["2020.1.0", "../../x", "nothing"])
    def test_an_unknown_version(
        self, published: Path, run: Callable[..., Ran], version: str
    ) -> None:
        done = run("verify", published, "--version", version)
        assert done.code == 2
        assert FIRST in done.err


def test_every_code_is_written_in_capitals_and_told_of() -> None:
    for code, meaning in CODES.items():
        assert re.fullmatch("[A-Z]+(_[A-Z]+)+", code)
        assert meaning.endswith(".")
