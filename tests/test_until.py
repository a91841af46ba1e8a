"""A release until a day holds what sources published by then tell, and all that they refer to."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import allegata
from allegata.publishing import NotADatasetError, publish
from allegata.reading import read
from allegata.rebuilding import rebuild
from allegata.releasing import Release
from allegata.site import pages_of
from allegata.tables import base_tables

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
DAYS = [datetime.date(2025, 12, 29), datetime.date(2025, 12, 31), datetime.date(2026, 1, 2)]
FIRST, _, LAST = DAYS
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publishing folder with a release until each of some days, and one of everything."""
    folder = tmp_path_factory.mktemp("until") / "dist"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1793620000")
        for day in DAYS:
            publish(DATA, folder, until=day, described=False)
        publish(DATA, folder, described=False)
    return folder


@pytest.fixture(scope="module")
def releases(out: Path) -> list[Release]:
    return [allegata.open_release(out, f"2026.11.{number}") for number in range(len(DAYS) + 1)]


def kept_by_hand(day: datetime.date) -> dict[str, set[tuple[Any, ...]]]:
    """The keys of what is to be kept, found record by record."""
    tables = {name: rows.to_pylist() for name, rows in read([DATA]).tables().items()}
    specs = base_tables()
    owners = {name: spec.key[0] for name, spec in specs.items()}
    ties = {"relations", "revisions"}
    timely = {row["id"] for row in tables["sources"] if row["published_latest"] <= day}
    ids, waiting = set[str](), set(timely)
    while waiting:
        ids |= waiting
        waiting = set()
        for name in specs.keys() - ties:
            for row in tables[name]:
                if name == "claims" and row["source_id"] in timely:
                    waiting.add(row["id"])
                if name == "roles" and row["actor_id"] in ids:
                    waiting.add(row["id"])
                if row[owners[name]] in ids:
                    waiting |= {
                        row[column.name]
                        for column in specs[name].columns
                        if column.is_reference and row[column.name]
                    }
        waiting -= ids
    found = {
        name: {
            tuple(row[key] for key in specs[name].key) for row in rows if row[owners[name]] in ids
        }
        for name, rows in tables.items()
    }
    return found | {"relations": {one for one in found["relations"] if one[2] in ids}}


@pytest.mark.parametrize("number", range(len(DAYS)))
def test_it_holds_what_was_published_and_what_that_refers_to(
    releases: list[Release], number: int
) -> None:
    expected = kept_by_hand(DAYS[number])
    for name, spec in base_tables().items():
        if name != "revisions":
            rows = releases[number].table(name).select(list(spec.key)).to_pylist()
            assert {tuple(row.values()) for row in rows} == expected[name], name


@pytest.mark.parametrize("number", range(len(DAYS)))
def test_it_tells_of_that_day_what_a_later_release_tells_of_it(
    releases: list[Release], number: int
) -> None:
    def statuses(release: Release) -> dict[str, tuple[str, str]]:
        rows = release.contestation(DAYS[number]).to_pylist()
        return {
            row["proposition_id"]: (row["status_worded"], row["status_derived"]) for row in rows
        }

    then, now = statuses(releases[number]), statuses(releases[-1])
    assert len(then) > 50
    assert then == {one: now[one] for one in then}
    assert all(now[one][0] == "unaddressed" for one in now.keys() - then.keys())


def test_each_says_until_when_and_adds_to_the_one_before(releases: list[Release]) -> None:
    assert [one.manifest.until for one in releases] == [*DAYS, None]
    assert [one.dataset.coverage.end for one in releases[:2]] == DAYS[:2]
    for one in releases[1:]:
        delta = one.manifest.delta("claims")
        assert delta
        assert (delta.changed, delta.removed) == (0, 0)
        assert delta.added
    first = releases[-1].table("claims").to_pandas()["first_release"].value_counts()
    assert dict(first) == {
        one.version: one.manifest.table("claims").rows  # type: ignore[union-attr]
        - (before.manifest.table("claims").rows if before else 0)  # type: ignore[union-attr]
        for before, one in zip([None, *releases], releases, strict=False)
    }
    assert allegata.verify(releases[1].path).ok


def test_its_page_says_until_when(releases: list[Release]) -> None:
    page = next(page for page in pages_of(releases[0]) if page.url == "releases/2026.11.0/")
    assert "what sources published until 29 December 2025 tell" in page.html


def test_nothing_is_made_twice_and_nothing_earlier_than_the_latest(out: Path) -> None:
    for until in (FIRST, LAST, None):
        done = publish(DATA, out, until=until)
        assert (done.is_new, done.release.version) == (False, "2026.11.3")


def test_it_can_be_made_again(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1793620000")
    told = rebuild("2026.11.1", DATA, out)
    # The releases of this test are made without the files that describe them to others.
    assert not any(path.endswith((".parquet", ".csv")) for path in told.differences)


def test_before_the_first_source_there_is_nothing(run: Run, tmp_path: Path) -> None:
    day = FIRST - datetime.timedelta(days=1)
    with pytest.raises(NotADatasetError, match="no source was published by 2025-12-28"):
        publish(DATA, tmp_path / "dist", until=day)
    done = run("publish", DATA, "--out", tmp_path / "dist", "--until", day, "--no-site")
    assert done.code == 2
    assert not (tmp_path / "dist").exists()


def test_the_command_makes_one_and_refuses_what_cannot_go_together(
    run: Run, tmp_path: Path
) -> None:
    data = shutil.copytree(ROOT / "tests" / "fictional", tmp_path / "data")
    arguments = ("publish", data, "--out", tmp_path / "dist", "--no-site", "--until")
    assert run(*arguments, "2025-03-04", "--quarantine").code == 2
    assert run(*arguments, "tomorrow").code == 2
    assert run(*arguments, "2025-03-04").code == 0
    assert allegata.open_release(tmp_path / "dist").manifest.until == datetime.date(2025, 3, 4)
