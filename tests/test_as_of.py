"""What was known by a day, asked of a release: two clocks, answered from its files alone."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

import allegata
from allegata.publishing import publish
from allegata.releasing import Release, UnknownRecord

FICTIONAL = Path(__file__).parent / "fictional"
HEAD = "prp-harl-attack-occurrence"
LATER = "src-keldhaven-ledger-2025-03-07"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: when the first was made, a source of 7 March had not been coded yet."""
    folder = tmp_path_factory.mktemp("as-of")
    records = folder / "records"
    shutil.copytree(FICTIONAL, records)
    source = records / "sources" / f"{LATER}.yaml"
    held = source.read_text()
    source.unlink()
    publish(records, folder / "dist", "2025.4.0")
    source.write_text(held)
    publish(records, folder / "dist", "2025.5.0")
    # Nothing but the releases themselves is needed.
    shutil.rmtree(records)
    return folder / "dist"


@pytest.fixture(scope="module")
def release(dist: Path) -> Release:
    return allegata.open_release(dist)


def _told(release: Release, day: str, proposition: str = HEAD) -> tuple[str, str, int]:
    (row,) = release.contestation(day, proposition=proposition).to_pylist()
    return row["status_worded"], row["status_derived"], row["n_sources_as_given"]


def test_the_days_of_what_was_public(release: Release) -> None:
    days = ("2025-03-02", "2025-03-03", "2025-03-04", "2025-03-05", "2025-03-31")
    assert [_told(release, day) for day in days] == [
        ("unaddressed", "unaddressed", 0),
        # Nobody has spoken of it yet, but of what follows from it and of what excludes it.
        ("unaddressed", "contested", 0),
        ("asserted", "contested", 1),
        ("asserted", "contested", 3),
        ("asserted", "contested", 4),
    ]


def test_an_earlier_release_knows_less_of_the_same_day(dist: Path) -> None:
    first, second = (allegata.open_release(dist, version) for version in ("2025.4.0", "2025.5.0"))
    assert _told(first, "2025-03-05") == _told(second, "2025-03-05")
    assert [_told(one, "2025-03-07")[2] for one in (first, second)] == [3, 4]


def test_every_proposition_has_one_row_on_every_day(release: Release) -> None:
    ids = sorted(release.table("propositions").column("id").to_pylist())
    for day in ("1990-01-01", datetime.date(2025, 3, 4), datetime.datetime(2025, 3, 4, 12), None):
        found = release.contestation(day)
        assert sorted(found.column("proposition_id").to_pylist()) == ids
    assert set(release.contestation("1990-01-01").column("status_derived").to_pylist()) == {
        "unaddressed"
    }
    assert release.contestation().to_pylist() == release.contestation("2100-01-01").to_pylist()


def test_the_rows_are_a_table_of_the_release(release: Release) -> None:
    found = release.contestation("2025-03-04", event="evt-harl-lock-fire")
    assert found.name == "contestation"
    assert found.arrow.schema.equals(
        release.table("contestation").arrow.schema, check_metadata=True
    )
    assert set(found.column("event_id").to_pylist()) == {"evt-harl-lock-fire"}
    assert found.to_pandas().attrs["table"] == "contestation"


def test_stances_as_of_a_day_are_those_behind_the_status(release: Release) -> None:
    for day in ("2025-03-03", "2025-03-31"):
        (row,) = release.contestation(day, proposition=HEAD).to_pylist()
        stances = release.stances(day, proposition=HEAD).to_pylist()
        denying = {one["party_id"] for one in stances if one["stance"] == "denies"}
        assert row["derived_against"] == " ".join(sorted(denying))
        assert release.stances(day, actor="act-maren-osk").num_rows <= release.stances(day).num_rows


def test_what_is_not_there_is_told_with_what_is_near(release: Release) -> None:
    with pytest.raises(UnknownRecord, match=f"did you mean {HEAD}"):
        release.contestation(proposition="prp-harl-attack-occurence")
    with pytest.raises(UnknownRecord, match="did you mean evt-harl-lock-fire"):
        release.contestation(event="evt-harl-lock-fires")
    with pytest.raises(UnknownRecord, match=r"no record 'x' in actors$"):
        release.stances(actor="x")
    for day in ("30.12.2025", "2025-12", "", 20251230):
        with pytest.raises(ValueError, match="is not a day such as 2025-12-30"):
            release.contestation(day)  # type: ignore[arg-type]
