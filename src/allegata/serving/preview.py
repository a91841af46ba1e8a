"""A site of a dataset as its files stand, brought up to date when they change."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from allegata.engines import Report
from allegata.publishing import ProblemsFound, publish
from allegata.reading import Progress
from allegata.rules import Severity, shortened
from allegata.site import pages_folder
from allegata.site.live import LiveSite
from allegata.tables.scratch import Scratch

_LONGEST = 500  # characters of a problem's message


@dataclass(frozen=True)
class Outcome:
    """What came of bringing a site up to date."""

    report: Report
    """What checking the records found."""
    changed: frozenset[str]
    """The addresses of the pages that changed; none where problems keep the last good site."""

    @property
    def ok(self) -> bool:
        """Whether the site shows the records as they stand."""
        return self.report.ok

    @property
    def lines(self) -> list[str]:
        """What stops a release, a line a problem."""
        return [
            f"{one.place}: {one.code}: {shortened(one.message, _LONGEST)}"
            for one in self.report.problems
            if one.severity is Severity.ERROR
        ]


class Preview:
    """The site of a dataset, in a temporary folder.

    >>> from tempfile import TemporaryDirectory
    >>> with Preview("tests/fictional") as preview:
    ...     preview.update().ok, (preview.site / "events" / "index.html").is_file()
    (True, True)

    Args:
        data: The dataset's folder.
        config: The ``mkdocs.yml`` to build with; the packaged one without it.
    """

    def __init__(self, data: str | Path, config: str | Path | None = None) -> None:
        self.data = Path(data)
        self._config = Path(config) if config else None
        self._scratch = Scratch()
        site = self._scratch.path / "site"
        site.mkdir()
        self._live = LiveSite(site, self._config)
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scratch.close()

    @property
    def site(self) -> Path:
        """The folder of the site as it was last good."""
        return self._live.path

    @property
    def watched(self) -> list[Path]:
        """The folders whose changes the site shows: the records, and the pages by hand.

        Raises:
            SiteError: the configuration does not serve.
        """
        by_hand = pages_folder(self._config) if self._config else None
        return [self.data, *([by_hand] if by_hand and by_hand.is_dir() else [])]

    def update(
        self, changed: Collection[Path] | None = None, progress: Progress | None = None
    ) -> Outcome:
        """Check the records, and bring the site to show them if nothing stops that.

        Args:
            changed: The files that changed since; all may have without it. If none but records
                are among them, pages by hand are not made anew.
            progress: Told how far the work is.

        Raises:
            NotADatasetError: the folder is a part of a dataset, or none.
            ReleaseError: the records cannot be published.
            SiteError: a page cannot be made; the last good site stays.
            OSError: the disk is full, or may not be written to.
        """
        self._number += 1
        out = self._scratch.path / f"release-{self._number}"
        try:
            done = publish(self.data, out, progress=progress, described=False, use_cache=True)
            pages = self._live.show(done.release, anew=self._is_by_hand(changed))
            return Outcome(done.report, frozenset(pages))
        except ProblemsFound as found:
            return Outcome(found.report, frozenset())
        finally:
            with suppress(OSError):
                shutil.rmtree(out)

    def _is_by_hand(self, changed: Collection[Path] | None) -> bool:
        data = self.data.absolute()
        return changed is None or not all(one.absolute().is_relative_to(data) for one in changed)
