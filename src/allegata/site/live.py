"""A site that follows its data: made whole once, then only where it changes.

The pages by hand and what MkDocs puts around pages are made once. When the data change, the
contents of pages are made anew, and those that differ are put into their frames and written.
"""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from allegata.releasing import Release
from allegata.site.building import built_alone
from allegata.site.plugin import AllegataPlugin


class LiveSite:
    """The site of a release that is to be shown while its data change.

    Args:
        folder: An empty folder of its own; the site is in a folder below it.
        config: The ``mkdocs.yml`` to build with; the packaged one without it.
    """

    def __init__(self, folder: Path, config: Path | None = None) -> None:
        self._folder, self._config = folder, config
        self._number = 0
        self._plugin: AllegataPlugin | None = None

    @property
    def path(self) -> Path:
        """Where the site is now; nothing is there before it was first shown."""
        return self._folder / f"site-{self._number}"

    def show(self, release: Release, *, anew: bool = False) -> set[str]:
        """Bring the site to show a release.

        Args:
            release: The release.
            anew: Whether pages by hand or the configuration have changed, and all is to be made.

        Returns:
            The addresses of the pages that changed.

        Raises:
            SiteError: a page cannot be made; the site stays as it was.
            ReleaseError: a table of the release is missing or damaged.
        """
        if anew or self._plugin is None or self._plugin.release.dataset != release.dataset:
            return self._build(release)
        with self._plugin.subject(release) as subject:
            return self._plugin.bring(subject, self.path)

    def _build(self, release: Release) -> set[str]:
        target = self._folder / f"site-{self._number + 1}"
        shutil.rmtree(target, ignore_errors=True)
        if self._config is not None:
            plugin = built_alone(release, target, self._config)
        else:
            pages = self._folder / "pages"
            pages.mkdir(exist_ok=True)
            with as_file(files("allegata.site") / "mkdocs.yml") as packaged:
                plugin = built_alone(release, target, packaged, docs_dir=str(pages))
        before, self._number = self.path, self._number + 1
        shutil.rmtree(before, ignore_errors=True)
        self._plugin = plugin
        return set(plugin.made)
