"""A release that is withdrawn says so and stays; what is taken down is nowhere any more."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from allegata.engines import check
from allegata.publishing import ProblemsFound, publish, publish_site
from allegata.releasing import (
    AllWithdrawn,
    NotARelease,
    PublishingBusy,
    StillReleased,
    TakenDown,
    UnknownRecord,
    UnknownVersion,
    WithdrawnRelease,
    before,
    open_release,
    plan_takedown,
    read_catalog,
    read_tombstone,
    takedown,
    withdraw,
)
from test_releasing import DAY, files

FICTIONAL = Path(__file__).parent / "fictional"
CLAIM = "clm-keldhaven-ledger-2025-03-07-99"
LEDGER = Path("sources") / "src-keldhaven-ledger-2025-03-07.yaml"
WRITTEN = f"""\
      - id: {CLAIM}
        proposition: prp-harl-attack-agent-sornia
        stance: doubts
        chain: [{{statement: stm-fenn-at-rally, cue: grumbled}}]
        note: Xylophonic remark.
        quotes:
          - role: content
            start: 516
            end: 539
            sha256: 60f2694479f2468188ee1ce935a4cc7b2be63a4f67bea03436add6687531ca99
"""
TEXTS = ("Xylophonic", "Quizzical", "grumbled")
SPARE = "  - {id: plc-spare, kind: site, name: Spare}\n"
WHY = "By order of a court."
Run = Callable[..., Any]


def with_claim(ledger: str) -> str:
    assert ledger.count("\nrelations:") == 1
    return ledger.replace("\nrelations:", f"\n{WRITTEN}relations:")


def revise(data: Path, release: str, change: str, record: str = CLAIM) -> None:
    with (data / "revisions.yaml").open("a") as file:
        if not file.tell():
            file.write("revisions:\n")
        file.write(
            f"  - {{release: {release}, record: {record}, change: {change}, reason: Reread.}}\n"
        )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the fictional dataset, and a release of it."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(FICTIONAL, folder / "data")
    publish(folder / "data", folder / "dist", "2026.10.0")
    return folder


@pytest.fixture(scope="module")
def fourth(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four releases: a claim is in none, added, changed, retracted."""
    folder = tmp_path_factory.mktemp("fourth") / "copy"
    shutil.copytree(first, folder)
    data, ledger = folder / "data", folder / "data" / LEDGER
    plain = ledger.read_text()
    ledger.write_text(with_claim(plain))
    publish(data, folder / "dist", "2026.11.0")
    ledger.write_text(ledger.read_text().replace("Xylophonic", "Quizzical"))
    revise(data, "2026.12.0", "changed")
    publish(data, folder / "dist", "2026.12.0")
    ledger.write_text(plain)
    revise(data, "2027.1.0", "retracted")
    publish(data, folder / "dist", "2027.1.0")
    return folder


@pytest.fixture
def dist(fourth: Path, tmp_path: Path) -> Path:
    shutil.copytree(fourth, tmp_path / "copy")
    return tmp_path / "copy" / "dist"


@pytest.fixture
def one(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "copy")
    return tmp_path / "copy" / "dist"


def holding(folder: Path, *texts: str) -> set[str]:
    """The files that hold any of some texts; of Parquet, in any value."""
    found = set()
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            content = str(pq.read_table(path).to_pylist())
        elif path.is_file():
            content = path.read_bytes().decode(errors="replace")
        else:
            continue
        if any(text in content for text in texts):
            found.add(path.relative_to(folder).as_posix())
    return found


def codes(data: Path, dist: Path, version: str | None = None, note: str = "Again.") -> set[str]:
    with pytest.raises(ProblemsFound) as raised:
        publish(data, dist, version, note=note)
    report = raised.value.report
    return {one.code for one in report.problems if one.severity == "error"}


class TestWithdraw:
    def test_the_latest_is_the_newest_that_stands(self, dist: Path, run: Run) -> None:
        before_files = files(dist)
        ran = run("withdraw", "2027.1.0", "--out", dist, "--reason", "The dates are wrong.")
        assert (ran.code, ran.out) == (0, "")
        assert ran.err == (
            "release 2027.1.0 is withdrawn\n"
            "the latest release is 2026.12.0; publish builds the site that shows it\n"
        )
        catalog = read_catalog(dist)
        assert catalog is not None
        assert [(one.version, one.status.value, one.reason) for one in catalog.releases] == [
            ("2027.1.0", "withdrawn", "The dates are wrong."),
            ("2026.12.0", "released", None),
            ("2026.11.0", "superseded", None),
            ("2026.10.0", "superseded", None),
        ]
        assert catalog.releases[0].withdrawn is not None
        latest = catalog.entry("2026.12.0")
        assert latest is not None
        assert json.loads((dist / "latest.json").read_text()) == {
            name: getattr(latest, name) for name in ("version", "manifest", "sha256")
        }
        assert open_release(dist).version == "2026.12.0"
        after = files(dist)
        changed = {path for path in after if after[path] != before_files.get(path)}
        assert changed == {"catalog.json", "catalog.ttl", "latest.json"}
        assert before_files.keys() == after.keys()

    def test_twice_is_once(self, dist: Path, run: Run) -> None:
        run("withdraw", "2026.11.0", "--out", dist, "--reason", "Wrong.")
        once = files(dist)
        ran = run("withdraw", "2026.11.0", "--out", dist, "--reason", "Something else.")
        assert ran.code == 0
        assert "had been withdrawn on " in ran.err
        assert files(dist) == once

    def test_who_opens_it_is_told_why(self, dist: Path, run: Run) -> None:
        withdraw(dist, "2026.12.0", "The dates\nare wrong.", DAY)
        told = (
            r"release 2026\.12\.0 was withdrawn on 2026-11-05: The .* wrong\.; the latest is 2027"
        )
        with pytest.warns(WithdrawnRelease, match=told):
            assert open_release(dist, "2026.12.0").table("claims").num_rows
        with pytest.warns(WithdrawnRelease, match=told):
            open_release(dist / "releases" / "2026.12.0")
        ran = run("show", CLAIM, "--release", dist, "--version", "2026.12.0")
        assert ran.code == 0
        assert "Quizzical" in ran.out
        assert ran.err.startswith("warning: release 2026.12.0 was withdrawn on 2026-11-05: The")
        query = run("query", "SELECT 1", "--release", dist, "--version", "2026.12.0")
        assert (query.code, query.err.count("was withdrawn")) == (0, 1)
        place = dist / "releases" / "2026.12.0"
        since = run("check", dist.parent / "data", "--since", place, "--no-cache")
        assert since.err.startswith("warning: release 2026.12.0 was withdrawn on 2026-11-05: The")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            open_release(dist)

    def test_where_none_stands_there_is_no_latest(self, one: Path, run: Run) -> None:
        ran = run("withdraw", "2026.10.0", "--out", one, "--reason", "Wrong.")
        assert ran.code == 0
        assert "there is no latest until the next is published" in ran.err
        assert not (one / "latest.json").exists()
        with pytest.raises(AllWithdrawn, match=r"2026\.10\.0 was withdrawn on .*: Wrong\."):
            open_release(one)
        shown = run("show", "act-jori-lask", "--release", one)
        assert (shown.code, shown.out) == (2, "")
        assert "none is the latest" in shown.err
        with pytest.warns(WithdrawnRelease):
            open_release(one, "2026.10.0")
        data = one.parent / "data"
        release = publish(data, one).release
        assert release.manifest.previous is None
        assert set(release.table("events").column("first_release").to_pylist()) == {release.version}
        assert open_release(one).version == release.version != "2026.10.0"

    def test_what_cannot_be_withdrawn_is_told(self, one: Path, tmp_path: Path, run: Run) -> None:
        before_files = files(one)
        for arguments, message in (
            (("2026.9.0", "--out", one, "--reason", "Wrong."), "has no release '2026.9.0'"),
            (("2026.10.0", "--out", tmp_path / "no", "--reason", "Wrong."), "not a folder of"),
            (("2026.10.0", "--out", one, "--reason", ""), "the reason cannot be published"),
            (("2026.10.0", "--out", one, "--reason", "a\x1b[31m"), "the reason cannot be"),
            (("2026.10.0", "--out", one), "--reason"),
        ):
            ran = run("withdraw", *arguments)
            assert (ran.code, message in ran.err) == (2, True), ran.err
        with FileLock(one / ".publishing.lock"):
            assert run("withdraw", "2026.10.0", "--out", one, "--reason", "Wrong.").code == 3
        assert files(one) == before_files
        assert not (tmp_path / "no").exists()


class TestWhatComesNext:
    def test_is_compared_with_the_newest_that_stands(self, dist: Path) -> None:
        """And an id that only the withdrawn one had is retired."""
        data = dist.parent / "data"
        places = data / "places.yaml"
        plain = places.read_text()
        places.write_text(plain + SPARE)
        publish(data, dist, "2027.2.0")
        withdraw(dist, "2027.2.0", "Wrong.", DAY)
        places.write_text(plain)
        assert publish(data, dist, "2027.2.1").release.manifest.previous == "2027.1.0"
        rows = open_release(dist).table("revisions").to_pylist()
        assert [
            (row["record_id"], row["change"], row["reason"])
            for row in rows
            if row["release"].startswith("2027.2")
        ] == [("plc-spare", "retracted", "Was in release 2027.2.0, which was withdrawn.")]
        places.write_text(plain + SPARE)
        assert codes(data, dist) == {"ID_REUSED"}

    def test_keeps_a_record_of_a_withdrawn_release(self, dist: Path) -> None:
        data = dist.parent / "data"
        places = data / "places.yaml"
        places.write_text(places.read_text() + SPARE)
        publish(data, dist, "2027.2.0")
        withdraw(dist, "2027.2.0", "Wrong.", DAY)
        release = publish(data, dist).release
        (spare,) = (row for row in release.table("places").to_pylist() if row["id"] == "plc-spare")
        assert spare["first_release"] == release.version
        told = [
            row for row in release.table("revisions").to_pylist() if "spare" in row["record_id"]
        ]
        assert [(row["release"], row["change"]) for row in told] == [(release.version, "added")]

    def test_uses_no_id_that_a_withdrawn_release_retired(self, dist: Path) -> None:
        data = dist.parent / "data"
        places = data / "places.yaml"
        plain = places.read_text()
        places.write_text(plain + SPARE)
        publish(data, dist, "2027.2.0")
        places.write_text(plain)
        publish(data, dist, "2027.3.0", note="Of no use.")
        withdraw(dist, "2027.2.0", "Wrong.", DAY)
        withdraw(dist, "2027.3.0", "Wrong.", DAY)
        places.write_text(plain + SPARE)
        assert codes(data, dist) == {"ID_REUSED"}
        assert {one.code for one in check([data], before=before(dist)).problems} >= {"ID_REUSED"}
        places.write_text(plain)
        assert publish(data, dist).release.version > "2027.3.0"

    def test_a_version_comes_after_the_withdrawn_one(self, one: Path) -> None:
        withdraw(one, "2026.10.0", "Wrong.", DAY)
        with pytest.raises(Exception, match=r"2026\.10\.0 has been published"):
            publish(one.parent / "data", one, "2026.10.0")


class TestTakedown:
    def test_nothing_of_the_record_is_left(self, dist: Path, run: Run) -> None:
        data = dist.parent / "data"
        held = {f"releases/{version}" for version in ("2026.11.0", "2026.12.0")}
        assert {"/".join(p.split("/")[:2]) for p in holding(dist, *TEXTS)} == held
        manifests = {
            path: content
            for path, content in files(dist).items()
            if path.endswith("/manifest.json")
        }
        ran = run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes")
        assert ran.code == 0, ran.err
        assert [line.partition(":")[0] for line in ran.out.splitlines()] == [
            "release 2026.12.0",
            "release 2026.11.0",
        ]
        assert "taken down: 2026.12.0, 2026.11.0" in ran.err
        assert f"see that {CLAIM} is retracted in the record files" in ran.err
        assert holding(dist, *TEXTS) == set()
        # The id is in what says that it is no more, and nowhere else.
        found = holding(dist, CLAIM)
        deltas = {path for path in found if path.startswith("releases/2027.1.0/delta/")}
        assert found - deltas == {
            "catalog.json",
            "releases/2026.11.0/tombstone.json",
            "releases/2026.12.0/tombstone.json",
            "releases/2027.1.0/CHANGELOG.md",
            "releases/2027.1.0/csv/revisions.csv",
            "releases/2027.1.0/data/revisions.parquet",
        }
        assert deltas
        for path in deltas - {"releases/2027.1.0/delta/revisions.parquet"}:
            rows = pq.read_table(dist / path).to_pylist()
            assert {row["op"] for row in rows if CLAIM in row.values()} == {"del"}, path
        after = files(dist)
        assert {path: after[path] for path in manifests} == manifests
        for version in ("2026.11.0", "2026.12.0"):
            assert {path.name for path in (dist / "releases" / version).iterdir()} == {
                "LICENSE",
                "SHA256SUMS",
                "manifest.json",
                "manifest.schema.json",
                "tombstone.json",
                "tombstone.schema.json",
            }
        assert open_release(dist).version == "2027.1.0"
        assert open_release(dist, "2026.10.0").table("claims").num_rows

        places = data / "places.yaml"
        places.write_text(places.read_text() + SPARE)
        assert publish(data, dist, "2027.2.0").release.manifest.previous == "2027.1.0"
        ledger = data / LEDGER
        ledger.write_text(with_claim(ledger.read_text()))
        assert codes(data, dist) == {"ID_REUSED", "REF_RETIRED"}
        assert holding(dist, *TEXTS) == set()

    def test_the_tombstone_tells_what_was_removed(self, dist: Path) -> None:
        place = dist / "releases" / "2026.12.0"
        release = open_release(dist, "2026.12.0")
        takedown(plan_takedown(dist, record=CLAIM), WHY, DAY)
        tombstone = read_tombstone(place)
        assert tombstone is not None
        assert (tombstone.version, tombstone.date, tombstone.reason, tombstone.record) == (
            "2026.12.0",
            DAY,
            WHY,
            CLAIM,
        )
        kept = {"LICENSE", "manifest.schema.json"}
        assert {(one.path, one.bytes, one.sha256) for one in tombstone.removed} == {
            (f"releases/2026.12.0/{one.path}", one.bytes, one.sha256)
            for one in release.manifest.files
            if one.path not in kept
        }
        assert not tombstone.records  # the release after it knows them
        schema = json.loads((place / "tombstone.schema.json").read_text())
        assert jsonschema_rs.is_valid(schema, json.loads((place / "tombstone.json").read_text()))
        assert not jsonschema_rs.is_valid(schema, {"version": "2026.12.0"})
        catalog = read_catalog(dist)
        assert catalog is not None
        entry = catalog.entry("2026.12.0")
        assert entry is not None
        assert (entry.status.value, entry.reason, entry.tombstone) == (
            "withdrawn",
            WHY,
            "releases/2026.12.0/tombstone.json",
        )

    def test_who_opens_it_is_told_why(self, dist: Path, run: Run) -> None:
        takedown(plan_takedown(dist, version="2026.12.0"), WHY, DAY)
        told = rf"release 2026\.12\.0 was taken down on 2026-11-05: {WHY}"
        for place in ((dist, "2026.12.0"), (dist / "releases" / "2026.12.0",)):
            with pytest.raises(TakenDown, match=told):
                open_release(*place)
        moved = (dist / "releases" / "2026.12.0").rename(dist.parent / "elsewhere")
        with pytest.raises(TakenDown, match=told):
            open_release(moved)
        with pytest.raises(TakenDown, match=told):
            open_release(dist, "2026.12.0")
        for verb in (("show", CLAIM), ("query", "SELECT 1")):
            ran = run(*verb, "--release", dist, "--version", "2026.12.0")
            assert (ran.code, ran.out) == (2, "")
            assert WHY in ran.err

    def test_it_tells_first_and_asks(
        self, dist: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before_files = files(dist)
        dry = run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--dry-run")
        assert dry.code == 0
        assert dry.out.count("files go") == 2
        assert "dry run" in dry.err
        unasked = run("takedown", CLAIM, "--out", dist, "--reason", WHY)
        assert (unasked.code, unasked.out) == (2, dry.out)
        assert "--yes" in unasked.err
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        asked = []
        monkeypatch.setattr("typer.confirm", lambda text, **_: asked.append(text))
        declined = run("takedown", CLAIM, "--out", dist, "--reason", WHY)
        assert declined.code == 1
        assert asked == ["Remove the files of 2026.12.0, 2026.11.0? It cannot be undone."]
        assert files(dist) == before_files

    def test_what_the_latest_holds_is_retracted_first(self, dist: Path, run: Run) -> None:
        withdraw(dist, "2027.1.0", "Wrong.", DAY)
        before_files = files(dist)
        ran = run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes")
        assert ran.code == 1
        assert f"{CLAIM} is in the latest release, 2026.12.0: retract it" in ran.err
        with pytest.raises(StillReleased):
            takedown(plan_takedown(dist, record=CLAIM), WHY, DAY)
        assert files(dist) == before_files
        ran = run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes", "--even-latest")
        assert ran.code == 0
        assert "the latest release is 2026.10.0" in ran.err
        assert f"now retract {CLAIM} in the record files and publish" in ran.err

    def test_the_only_release_can_be_taken_down(self, one: Path) -> None:
        """Then no release is left to compare with, and still no id is used for another record."""
        data = one.parent / "data"
        places = data / "places.yaml"
        plain = places.read_text()
        places.write_text(plain + SPARE)
        publish(data, one, "2026.11.0")
        for version in ("2026.10.0", "2026.11.0"):
            takedown(plan_takedown(one, version=version), WHY, DAY)
        tombstone = read_tombstone(one / "releases" / "2026.11.0")
        assert tombstone is not None
        assert "plc-spare" in tombstone.records
        with pytest.raises(AllWithdrawn):
            open_release(one)
        places.write_text(plain)
        rows = publish(data, one, "2026.12.0").release.table("revisions").to_pylist()
        assert [row["record_id"] for row in rows if row["change"] == "retracted"] == ["plc-spare"]
        places.write_text(plain + SPARE)
        assert codes(data, one) == {"ID_REUSED"}

    def test_the_id_of_a_record_taken_down_is_used_no_more(self, one: Path, run: Run) -> None:
        data = one.parent / "data"
        ledger = data / LEDGER
        plain = ledger.read_text()
        ledger.write_text(with_claim(plain))
        publish(data, one, "2026.11.0")
        takedown(plan_takedown(one, record=CLAIM), WHY, DAY, even_latest=True)
        assert codes(data, one) == {"ID_REUSED", "REF_RETIRED"}
        ran = run("check", data, "--since", one, "--format", "json", "--no-cache")
        assert {json.loads(line)["value"] for line in ran.out.splitlines()} == {CLAIM}
        ledger.write_text(plain)
        rows = publish(data, one).release.table("revisions").to_pylist()
        assert [row["reason"] for row in rows if row["record_id"] == CLAIM] == [
            "Taken down with release 2026.11.0."
        ]

    def test_twice_is_once(self, dist: Path, run: Run) -> None:
        run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes")
        once = files(dist)
        ran = run("takedown", CLAIM, "--out", dist, "--reason", "Other.")
        assert ran.code == 0
        assert "release 2026.12.0: taken down on " in ran.out
        assert "nothing is left to be removed" in ran.err
        again = run("takedown", "--version", "2026.12.0", "--out", dist, "--reason", "Other.")
        assert (again.code, "nothing is left" in again.err) == (0, True)
        assert files(dist) == once

    def test_what_was_set_aside_goes_too(self, dist: Path, run: Run) -> None:
        """That of its releases, and of others where it speaks of the record."""
        aside = dist / "quarantine"
        aside.mkdir()
        (aside / "2026.12.0.jsonl").write_text("{}\n")
        (aside / "2027.1.0.jsonl").write_text(json.dumps({"text": f'{{"id": "{CLAIM}"}}'}) + "\n")
        hidden = {"base64": "eyJpZCI6ICJjbG0ta2VsZGhhdmVuLWxlZGdlci0yMDI1LTAzLTA3LTk5Iv8="}
        (aside / "2027.2.0.jsonl").write_text(json.dumps(hidden) + "\n")
        (aside / "2026.10.0.jsonl").write_text(json.dumps({"ids": [f"{CLAIM}9"]}) + "\n")
        ran = run("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes")
        assert [line for line in ran.out.splitlines() if "quarantine" in line] == [
            "quarantine/2026.12.0.jsonl goes",
            "quarantine/2027.1.0.jsonl goes",
            "quarantine/2027.2.0.jsonl goes",
        ]
        assert [path.name for path in aside.iterdir()] == ["2026.10.0.jsonl"]
        tombstone = read_tombstone(dist / "releases" / "2026.12.0")
        assert tombstone is not None
        assert "quarantine/2026.12.0.jsonl" in {one.path for one in tombstone.removed}

    def test_a_delta_that_names_what_is_gone_does_not_hold_it(self, dist: Path) -> None:
        """But for an alias, which is part of the key by which it is named."""
        place = dist / "releases" / "2027.1.0" / "delta"
        quotes = pq.read_table(dist / "releases/2026.12.0/data/quotes.parquet")
        mine = quotes.filter([one.as_py() == CLAIM for one in quotes.column("claim_id")])
        for op, expected in (("del", 2), ("mod", 3)):
            pq.write_table(mine.append_column("op", [[op]]), place / "quotes.parquet")
            assert len(plan_takedown(dist, record=CLAIM).releases) == expected
        (place / "quotes.parquet").unlink()
        aliases = pq.read_table(dist / "releases/2026.12.0/data/actor_aliases.parquet").slice(0, 1)
        gone = aliases.set_column(0, "actor_id", [["act-gone"]]).append_column("op", [["del"]])
        pq.write_table(gone, place / "actor_aliases.parquet")
        (only,) = plan_takedown(dist, record="act-gone").releases
        assert only.version == "2027.1.0"

    def test_a_waiver_stays_in_the_manifest_and_is_told(self, one: Path, run: Run) -> None:
        data = one.parent / "data"
        places = data / "places.yaml"
        plain = places.read_text()
        waiver = "{record: plc-spare, rule: RECORD_UNUSED, reason: Asked for by a reader.}"
        places.write_text(f"{plain}{SPARE}waivers:\n  - {waiver}\n")
        publish(data, one, "2026.11.0")
        ran = run("takedown", "plc-spare", "--out", one, "--reason", WHY, "--dry-run")
        assert (
            "a manifest, which stays, has a waiver of plc-spare from RECORD_UNUSED: "
            "'Asked for by a reader.'" in ran.out
        )

    def test_what_cannot_be_taken_down_is_told(self, one: Path, tmp_path: Path, run: Run) -> None:
        before_files = files(one)
        reason = ("--reason", WHY, "--yes")
        for arguments, code, message in (
            (("clm-of-nobody", "--out", one, *reason), 2, "no release in"),
            (("../../etc", "--out", one, *reason), 2, "is not the id of a record"),
            (("--version", "2026.9.0", "--out", one, *reason), 2, "has no release '2026.9.0'"),
            ((CLAIM, "--version", "2026.10.0", "--out", one, *reason), 2, "name either"),
            (("--out", one, *reason), 2, "name either"),
            (("plc-harl", "--out", tmp_path / "no", *reason), 2, "not a folder of releases"),
            (("plc-harl", "--out", one, "--reason", "", "--yes"), 2, "the reason cannot be"),
        ):
            ran = run("takedown", *arguments)
            assert (ran.code, message in ran.err) == (code, True), ran.err
        for lock in (".publishing.lock", ".site.lock"):
            with FileLock(one / lock):
                ran = run("takedown", "--version", "2026.10.0", "--out", one, *reason)
                assert ran.code == 3
        (one / ".site.lock").unlink(missing_ok=True)
        assert files(one) == before_files
        (one / "releases/2026.10.0/data/places.parquet").write_bytes(b"PAR1")
        ran = run("takedown", "plc-nowhere", "--out", one, *reason)
        assert (ran.code, "take the release down by its version" in ran.err) == (2, True)
        assert run("takedown", "--version", "2026.10.0", "--out", one, *reason).code == 0

    def test_a_plan_is_not_outdone(self, dist: Path) -> None:
        plan = plan_takedown(dist, record=CLAIM)
        shutil.copytree(
            dist / "releases/2026.12.0/data", dist / "releases/2027.1.0/data", dirs_exist_ok=True
        )
        with pytest.raises(Exception, match="has changed since this was planned"):
            takedown(plan, WHY, DAY)

    def test_errors_are_those_of_releases(self, one: Path) -> None:
        with pytest.raises(UnknownRecord):
            plan_takedown(one, record="clm-of-nobody")
        with pytest.raises(UnknownVersion):
            plan_takedown(one, version="2020.1.0")
        with pytest.raises(NotARelease):
            withdraw(one / "releases", "2026.10.0", WHY, DAY)
        with FileLock(one / ".publishing.lock"), pytest.raises(PublishingBusy):
            takedown(plan_takedown(one, version="2026.10.0"), WHY, DAY)


class TestSite:
    def test_the_site_goes_and_the_next_tells_why(self, dist: Path, run: Run) -> None:
        data = dist.parent / "data"
        withdraw(dist, "2027.1.0", "The dates <b>are</b> wrong.", DAY)
        publish_site(open_release(dist), dist)
        (dist / ".site.building").mkdir()
        assert {path.split("/")[0] for path in holding(dist, *TEXTS)} == {"releases", "site"}
        ran = run(*("takedown", CLAIM, "--out", dist, "--reason", WHY, "--yes", "--even-latest"))
        assert ran.code == 0
        assert "the site goes; publish builds it anew" in ran.out
        assert not (dist / "site").exists()
        assert not (dist / ".site.building").exists()
        assert holding(dist, *TEXTS) == set()
        assert run("publish", data, "--out", dist).code == 0
        assert holding(dist, *TEXTS) == set()
        page = (dist / "site" / "data" / "index.html").read_text()
        table = page.partition('id="releases"')[2].partition("</table>")[0]
        rows = re.findall("<tr>(.*?)</tr>", table)[1:]
        told = [" ".join(re.sub("<[^>]*>", "", row).split()) for row in rows]
        newest = open_release(dist)
        day = f"{newest.manifest.date.day} {newest.manifest.date:%B %Y}"
        assert [line.split()[0] for line in told] == [
            newest.version,
            "2027.1.0",
            "2026.12.0",
            "2026.11.0",
            "2026.10.0",
        ]
        assert told[0].endswith(" released")
        assert told[1].endswith(
            "withdrawn on 5 November 2026: The dates &lt;b&gt;are&lt;/b&gt; wrong."
        )
        assert told[2].endswith(f"withdrawn on {day}, its files taken down: {WHY}")
        assert told[4].endswith(" superseded")
