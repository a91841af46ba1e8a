"""The MkDocs plugin that puts the pages of a release into the frame of a site.

It is thin: pages come ready made, and pass through neither Markdown nor MkDocs' own templates,
which do not escape. What those templates do print, such as a title, is escaped here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from importlib.resources import files as resources
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as FramedPage

from allegata.releasing import Release, ReleaseError, open_release
from allegata.site import words
from allegata.site.frames import Framer, is_made_here, meta_of, source_of
from allegata.site.page import Page, SiteError
from allegata.site.pages import general_pages, record_pages, subject_of
from allegata.site.pages.data import folder
from allegata.site.pages.subject import MOST_PAGES
from allegata.site.scripting import PLACE, scripts
from allegata.site.security import with_policy

_ASSETS = ("allegata.css", "allegata.js", "allegata.svg")


class AllegataConfig(Config):  # type: ignore[no-untyped-call]
    """What a site's ``mkdocs.yml`` can say under ``allegata``."""

    release = config_options.Type(str, default="dist")
    """The folder of a release or of releases, as seen from ``mkdocs.yml``."""

    pages = config_options.Type(int, default=MOST_PAGES)
    """How many records have a page of their own at most; the viewer shows the others."""


class AllegataPlugin(BasePlugin[AllegataConfig]):  # type: ignore[no-untyped-call]
    """Adds the pages of a release to a site."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Open the release, and fill in what the site does not say of itself."""
        here = Path(config.config_file_path).parent if config.config_file_path else Path()
        try:
            self.release: Release = open_release(here / self.config.release)
        except ReleaseError as error:
            raise PluginError(str(error)) from None
        dataset = self.release.dataset
        config.site_name = config.site_name or escape(dataset.title)
        config.site_description = config.site_description or escape(
            words.shortened(dataset.description)
        )
        config.copyright = config.copyright or escape(
            f"{dataset.title}, release {self.release.version}, {dataset.licence.name}. "
            f"{words.STANDING}"
        )
        config.extra_css.append("assets/allegata.css")
        config.extra_javascript.append("assets/allegata.js")
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Make the pages that can have a place in the navigation, and tell where all will be."""
        try:
            self._subject = subject_of(self.release, self.config.pages)
            self._general = list(general_pages(self._subject))
            self._in_nav = {source_of(page): page for page in self._general}
        except (ReleaseError, SiteError) as error:
            raise PluginError(str(error)) from None
        named = set(_texts(config.nav))
        for source, is_index in self._sources():
            if files.get_file_from_path(source):
                raise PluginError(f"{source} is where a page of the release goes; rename it")
            # MkDocs makes nothing of them; pages by hand can link to them all the same.
            inclusion = InclusionLevel.EXCLUDED
            if is_index or source in named:
                inclusion = InclusionLevel.INCLUDED
            files.append(File.generated(config, source, content="", inclusion=inclusion))
        for name in _ASSETS:
            content = _asset(name)
            files.append(File.generated(config, f"assets/{name}", content=content))
        for script in scripts():
            content = script.read_bytes()
            files.append(File.generated(config, f"{PLACE}{script.name}", content=content))
        self._files = files
        return files

    def _sources(self) -> Iterator[tuple[str, bool]]:
        """What each page is said to be made from, and whether it is the first of a section."""
        for page in self._general:
            yield source_of(page), page.is_index
        for section, record in self._subject.addresses:
            yield f"{section}/{record}/index.md", False

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep what frames are made with."""
        self._nav = nav
        return nav

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Begin to put pages into their frames."""
        made_at = datetime.fromtimestamp(self.release.manifest.source_date_epoch, UTC)
        self._framer = Framer(config, files, self._nav, env, f"{made_at:%Y-%m-%d}")
        return env

    def on_page_markdown(
        self, markdown: str, page: FramedPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell the frame what it prints of a page."""
        made_at = datetime.fromtimestamp(self.release.manifest.source_date_epoch, UTC)
        page.update_date = f"{made_at:%Y-%m-%d}"  # else the day of building: other bytes each day
        if ours := self._in_nav.get(page.file.src_uri):
            page.meta = meta_of(ours)
        return markdown

    @event_priority(-100)
    def on_post_page(self, output: str, page: FramedPage, config: MkDocsConfig) -> str:
        """Give a page by hand its policy; the others are finished where they are written."""
        return output if is_made_here(page) else with_policy(output)

    @event_priority(-100)
    def on_post_template(
        self, output_content: str, template_name: str, config: MkDocsConfig
    ) -> str:
        """Give the theme's own pages, such as 404.html, their policy."""
        if template_name.endswith(".html"):
            return with_policy(output_content)
        return output_content

    @event_priority(50)  # before the search writes what it has found
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write the pages, and lay the files of the release beside them."""
        site = Path(config.site_dir)
        try:
            for page in chain(self._general, record_pages(self._subject)):
                self._write(page, site)
        except (ReleaseError, SiteError) as error:
            raise PluginError(str(error)) from None
        finally:
            self._subject.close()
        self._copy_release(site / folder(self.release.manifest))

    def _write(self, page: Page, site: Path) -> None:
        path = site / page.url / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._framer.framed(page), "utf-8", newline="")
        if page.searchable:
            self._framer.index(page)

    def _copy_release(self, target: Path) -> None:
        """Lay the files of the release beside the page of the release.

        They are copied, not linked: a site is to be served from its own folder, on any host, and
        whoever changes a file there must not change the release. They do not go through MkDocs,
        which would take Markdown among them for pages.
        """
        names = [file.path for file in self.release.manifest.files]
        for name in [*names, "manifest.json", "SHA256SUMS"]:
            copy = target / name
            if copy.exists():
                raise PluginError(f"the release's {name} is in the way of a page of the site")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.release.path / name, copy)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a nested value, such as a navigation."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))


def _asset(name: str) -> bytes:
    return (resources("allegata.site") / "assets" / name).read_bytes()
