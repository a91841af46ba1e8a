"""Withdrawing and taking down can be cut off anywhere, and be made up for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from allegata.describing import describe
from allegata.releasing import (
    Release,
    ReleaseError,
    TakenDown,
    WithdrawnRelease,
    open_release,
    plan_takedown,
    previous_release,
    read_catalog,
    takedown,
    withdraw,
    write_release,
)
from allegata.schema.record import Record
from allegata.tables import base_tables, build_tables
from ledgers import with_ledger
from test_releasing import DAY, STAGED, Crash, actor, dataset, failing, files, full_disk

SMALL = {name: base_tables()[name] for name in ("actors", "revisions")}
VERSIONS = ("2026.10.0", "2026.11.0", "2026.12.0")
WHY = "By order of a court."
SECRET = "Xylophonic"
Act = Callable[[Path], object]


def publish(out: Path, version: str, records: list[Record]) -> Release:
    tables = {name: build_tables(records)[name] for name in SMALL}
    return write_release(
        with_ledger(tables, previous_release(out, version), version, "Again."),
        SMALL,
        dataset(),
        out,
        version,
        date=DAY,
        describe=describe,
        problems={},
        aside=lambda path: path.write_text(f'{{"id": "act-bo", "name": "{SECRET}"}}\n') and None,
        source_commit=None,
        source_date_epoch=0,
    )


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases, the first two with a record that has to go, and the site of the second."""
    out = tmp_path_factory.mktemp("start") / "dist"
    secret = actor("bo", note=SECRET)
    publish(out, VERSIONS[0], [actor("ada"), secret])
    publish(out, VERSIONS[1], [actor("ada"), secret])
    publish(out, VERSIONS[2], [actor("ada")])
    for site in (out / "site", out / ".site.building"):
        shown = site / "releases" / VERSIONS[1] / "data"
        shown.mkdir(parents=True)
        (shown / "actors.parquet").write_text(SECRET)
        (site / "sitemap.xml").write_text(SECRET)
    return out


def hold_it(out: Path) -> set[str]:
    """The files that hold the text of the record."""
    found = set()
    for path, content in files(out).items():
        is_parquet = path.endswith(".parquet") and content.startswith(b"PAR1")
        text = str(pq.read_table(out / path).to_pylist()).encode() if is_parquet else content
        if SECRET.encode() in text:
            found.add(path)
    return found


def withdrawing(out: Path) -> object:
    return withdraw(out, VERSIONS[2], "Wrong.", DAY)


def withdrawing_all(out: Path) -> object:
    return [withdraw(out, version, "Wrong.", DAY) for version in VERSIONS]


def taking_down(out: Path) -> object:
    return takedown(plan_takedown(out, record="act-bo"), WHY, DAY)


def outcome(act: Act, start: Path, out: Path) -> tuple[dict[str, bytes], int]:
    """The files after an act that nothing disturbs, and in how many steps it is done."""
    shutil.copytree(start, out)
    with failing(full_disk, 0, lasting=False, clearing=True) as count:
        act(out)
    return visible(out), count[0]


def visible(out: Path) -> dict[str, bytes]:
    return {path: content for path, content in files(out).items() if path != ".site.lock"}


@contextmanager
def disturbed(
    start: Path, out: Path, error: Callable[[], BaseException], which: int, *, lasting: bool
) -> Iterator[Path]:
    shutil.copytree(start, out)
    with (
        suppress(Crash, OSError, KeyboardInterrupt),
        failing(error, which, lasting=lasting, clearing=True),
    ):
        yield out


def assert_consistent(out: Path, before: dict[str, bytes]) -> None:
    """Readers get what is whole, or are told that it is gone."""
    catalog = read_catalog(out)
    assert catalog is not None
    for entry in catalog.releases:
        if entry.tombstone:
            with pytest.raises(TakenDown, match=WHY):
                open_release(out, entry.version)
            continue
        with nullcontext() if entry.stands else pytest.warns(WithdrawnRelease):
            assert open_release(out, entry.version).table("actors").num_rows
        place = f"releases/{entry.version}/"
        after = visible(out)
        assert {p: t for p, t in after.items() if p.startswith(place)} == {
            p: t for p, t in before.items() if p.startswith(place)
        }
    if latest := catalog.latest():
        assert open_release(out).version == latest.version
    else:
        with pytest.raises(ReleaseError, match="none is the latest"):
            open_release(out)


ERRORS = [(Crash, True), (full_disk, False), (KeyboardInterrupt, False)]


@pytest.mark.parametrize("act", [withdrawing, withdrawing_all, taking_down])
@pytest.mark.parametrize(("error", "lasting"), ERRORS)
def test_the_second_run_finishes_what_was_begun(
    start: Path, tmp_path: Path, act: Act, error: Callable[[], BaseException], lasting: bool
) -> None:
    before = visible(start)
    end, steps = outcome(act, start, tmp_path / "whole")
    undone = done = 0
    for which in range(1, steps + 1):
        with disturbed(start, tmp_path / str(which), error, which, lasting=lasting) as out:
            act(out)
        assert_consistent(out, before)
        if visible(out) == before:
            undone += 1
        act(out)
        done += 1
        assert visible(out) == end, which
        assert not (out / STAGED).exists()
        shutil.rmtree(out)
    assert undone
    assert done == steps > 6


def test_nothing_is_left_of_what_was_taken_down(start: Path, tmp_path: Path) -> None:
    assert len(hold_it(start)) == 9
    end, _ = outcome(taking_down, start, tmp_path / "whole")
    assert hold_it(tmp_path / "whole") == set()
    assert not [path for path in end if "site" in path]
    tombstone = json.loads(end["releases/2026.11.0/tombstone.json"])
    assert tombstone["site"]


def test_whoever_comes_next_finishes_it(start: Path, tmp_path: Path) -> None:
    """Also one who publishes, or withdraws another release."""
    _, steps = outcome(taking_down, start, tmp_path / "whole")
    finished = 0
    for which in range(1, steps + 1):
        with disturbed(start, tmp_path / str(which), Crash, which, lasting=True) as out:
            taking_down(out)
        catalog = read_catalog(out)
        assert catalog is not None
        if which % 2:
            withdraw(out, VERSIONS[2], "Wrong.", DAY)
        else:
            publish(out, "2027.1.0", [actor("ada")])
        begun = any(entry.tombstone for entry in catalog.releases)
        left = {path for path in hold_it(out) if VERSIONS[2] not in path and "2027" not in path}
        assert bool(left) is not begun
        finished += begun
        shutil.rmtree(out)
    assert finished > 10


def test_a_pointer_that_lags_behind_misleads_nobody(start: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    shutil.copytree(start, out)
    pointer = (out / "latest.json").read_bytes()
    withdrawing(out)
    (out / "latest.json").write_bytes(pointer)
    assert open_release(out).version == VERSIONS[1]
    with pytest.warns(WithdrawnRelease):
        open_release(out, VERSIONS[2])
    withdraw(out, VERSIONS[0], "Wrong.", DAY)
    assert json.loads((out / "latest.json").read_text())["version"] == VERSIONS[1]
