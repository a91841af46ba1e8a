"""Two processes make the pages that one makes, and what goes wrong in either is told."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from allegata.site import SiteError, build_site, halving
from allegata.site.halving import FEWEST, in_halves
from allegata.site.pages import subject
from test_site import contents, make_release


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processors, whatever there are."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.mark.usefixtures("two")
class TestInHalves:
    @pytest.mark.parametrize("most", [0, 1, FEWEST - 1, FEWEST, FEWEST + 1, 50])
    def test_it_gives_what_a_map_gives(self, most: int) -> None:
        assert in_halves(range(most), lambda one: one * one) == [one * one for one in range(most)]

    def test_every_other_is_done_elsewhere(self) -> None:
        where = in_halves(range(FEWEST), lambda _: os.getpid())
        assert set(where[::2]) == {os.getpid()}
        assert len({*where[1::2], os.getpid()}) == 2

    @pytest.mark.parametrize("at", [2, 3])
    def test_what_is_raised_in_either_is_raised_here(self, at: int) -> None:
        def do(one: int) -> int:
            if one == at:
                raise SiteError(f"{one} cannot be made")
            return one

        with pytest.raises(SiteError, match=f"{at} cannot be made"):
            in_halves(range(FEWEST), do)

    def test_a_process_that_is_killed_is_told_of(self) -> None:
        here = os.getpid()

        def do(one: int) -> int:
            if os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            return one

        with pytest.raises(OSError, match="ended before it was done"):
            in_halves(range(FEWEST), do)


@pytest.mark.usefixtures("two")
def test_a_large_site_is_the_same_made_by_one_or_by_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "SEARCHABLE_PAGES", 0)  # so that it counts as large
    release = make_release(tmp_path / "dist")
    by_two = contents(build_site(release, tmp_path / "two"))
    monkeypatch.setattr(halving, "_has_two", lambda: False)
    assert contents(build_site(release, tmp_path / "one")) == by_two
