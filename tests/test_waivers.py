"""Waivers: one record let off one rule, in the open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from allegata.engines import check
from allegata.publishing import publish, publish_site

FICTIONAL = Path(__file__).parent / "fictional"
UNUSED = "places:\n  - {id: plc-spare, kind: site, name: Spare}\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data"))


def waived(data: Path, *, record: str = "plc-spare", rule: str = "RECORD_UNUSED") -> Path:
    file = data / "spare.yaml"
    file.write_text(
        f"waivers:\n  - {{record: {record}, rule: {rule}, reason: Kept for later.}}\n" + UNUSED
    )
    return file


def test_a_waiver_lets_its_record_off_its_rule(data: Path) -> None:
    (data / "spare.yaml").write_text(UNUSED)
    assert [problem.code for problem in check([data]).problems] == ["RECORD_UNUSED"]
    waived(data)
    report = check([data])
    assert report.problems == []
    ((waiver, problem),) = [(one.waiver, one.problem) for one in report.waived]
    assert (waiver.record_id, waiver.rule) == ("plc-spare", "RECORD_UNUSED")
    assert waiver.reason == "Kept for later."
    assert problem.code == "RECORD_UNUSED"


def test_a_waiver_for_another_record_lets_nobody_off(data: Path) -> None:
    other = check([data]).reading.table("places").column("id")[0].as_py()
    file = waived(data, record=other)
    found = [(p.code, p.record, p.place.line) for p in check([data]).problems]
    assert found == [("WAIVER_UNUSED", other, 2), ("RECORD_UNUSED", "plc-spare", 4)]
    assert all(p.place.file.endswith(file.name) for p in check([data]).problems)


@pytest.mark.parametrize(
    ("rule", "fix"),
    [
        ("RECORD_UNSUED", "write RECORD_UNUSED"),
        ("ID_DUPLICATE", None),
        ("ENUM_UNKNOWN", None),
    ],
)
def test_a_waiver_names_a_rule_that_can_be_waived(data: Path, rule: str, fix: str | None) -> None:
    waived(data, rule=rule)
    found = [(p.code, p.fix) for p in check([data]).problems]
    assert found == [("WAIVER_WRONG", fix), ("RECORD_UNUSED", None)]


def test_a_circle_of_parents_cannot_be_waived(data: Path) -> None:
    """Whom its actors speak for could not be told, so there would be nothing to publish."""
    (data / "circle.yaml").write_text(
        "waivers:\n"
        "  - {record: act-over, rule: PARENT_CYCLE, reason: They agree.}\n"
        "actors:\n"
        "  - {id: act-over, kind: organisation, name: Over, parent: act-under}\n"
        "  - {id: act-under, kind: organisation, name: Under, parent: act-over}\n"
    )
    found = [(p.code, p.record) for p in check([data]).problems]
    assert found == [
        ("WAIVER_WRONG", "act-over"),
        ("PARENT_CYCLE", "act-over"),
        ("PARENT_CYCLE", "act-under"),
    ]


def test_a_second_waiver_for_the_same_is_of_no_use(data: Path) -> None:
    waived(data)
    (data / "twice.yaml").write_text(
        "waivers:\n  - {record: plc-spare, rule: RECORD_UNUSED, reason: Again.}\n"
    )
    assert [problem.code for problem in check([data]).problems] == ["WAIVER_UNUSED"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("waivers: {record: plc-a}\n", "FILE_SHAPE"),
        ("waivers:\n  - {record: plc-spare, rule: RECORD_UNUSED}\n", "FIELD_REQUIRED"),
        ("waivers:\n  - just text\n", "FIELD_TYPE"),
        ("waivers:\n  - {record: plc-x, rule: lower case, reason: R.}\n", "WAIVER_WRONG"),
    ],
)
def test_a_malformed_waiver_is_told(data: Path, text: str, code: str) -> None:
    (data / "spare.yaml").write_text(text)
    assert [problem.code for problem in check([data]).problems] == [code]


def test_waivers_stand_in_the_manifest_and_on_the_site(data: Path, tmp_path: Path) -> None:
    waived(data)
    release = publish(data, tmp_path / "dist", "2026.11.0").release
    (entry,) = release.manifest.waivers
    assert (entry.record, entry.rule, entry.reason) == (
        "plc-spare",
        "RECORD_UNUSED",
        "Kept for later.",
    )
    site = publish_site(release, tmp_path / "dist")
    page = (site / "releases" / "2026.11.0" / "index.html").read_text()
    assert "Kept for later." in page
