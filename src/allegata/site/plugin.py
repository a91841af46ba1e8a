"""The MkDocs plugin that puts the pages of a release into the frame of a site.

It is thin: pages come ready made, and pass through neither Markdown nor MkDocs' own templates,
which do not escape. What those templates do print, such as a title, is escaped here.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from html import escape
from importlib.resources import files as resources
from pathlib import Path

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as FramedPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from allegata.releasing import Release, ReleaseError, open_release
from allegata.site import words
from allegata.site.page import Page, SiteError
from allegata.site.pages import pages_of
from allegata.site.pages.data import folder
from allegata.site.security import with_policy

_ASSETS = ("allegata.css", "allegata.js", "allegata.svg")
_HIDDEN = {"hide": ["navigation"]}


class AllegataConfig(Config):  # type: ignore[no-untyped-call]
    """What a site's ``mkdocs.yml`` can say under ``allegata``."""

    release = config_options.Type(str, default="dist")
    """The folder of a release or of releases, as seen from ``mkdocs.yml``."""


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
        """Add the pages and what they are styled with."""
        try:
            self._pages = {source_of(page): page for page in pages_of(self.release)}
        except (ReleaseError, SiteError) as error:
            raise PluginError(str(error)) from None
        for source, page in self._pages.items():
            if files.get_file_from_path(source):
                raise PluginError(f"{source} is where a page of the release goes; rename it")
            # Many pages in the navigation make building quadratic; they are found by links.
            inclusion = InclusionLevel.INCLUDED if page.is_index else InclusionLevel.NOT_IN_NAV
            files.append(File.generated(config, source, content="", inclusion=inclusion))
        for name in _ASSETS:
            content = _asset(name)
            files.append(File.generated(config, f"assets/{name}", content=content))
        return files

    def on_page_markdown(
        self, markdown: str, page: FramedPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell the frame what it prints of a page."""
        made_at = datetime.fromtimestamp(self.release.manifest.source_date_epoch, UTC)
        page.update_date = f"{made_at:%Y-%m-%d}"  # else the day of building: other bytes each day
        if ours := self._pages.get(page.file.src_uri):
            page.meta = {**_HIDDEN, "description": escape(ours.description)}
            if ours.url:
                page.meta["title"] = escape(ours.title)
            if not ours.searchable:
                page.meta["search"] = {"exclude": True}
        return markdown

    def on_page_content(
        self, html: str, page: FramedPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Put in the page as it was made."""
        ours = self._pages.get(page.file.src_uri)
        if ours is None:
            return html
        page.toc = _contents(ours)
        return str(ours.html)

    @event_priority(-100)
    def on_post_page(self, output: str, page: FramedPage, config: MkDocsConfig) -> str:
        """Tell search engines what a page holds, and give the finished page its policy."""
        if ours := self._pages.get(page.file.src_uri):
            output = output.replace("</head>", f"{ours.head}</head>", 1)
        return with_policy(output)

    @event_priority(-100)
    def on_post_template(
        self, output_content: str, template_name: str, config: MkDocsConfig
    ) -> str:
        """Give the theme's own pages, such as 404.html, their policy."""
        if template_name.endswith(".html"):
            return with_policy(output_content)
        return output_content

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Lay the files of the release beside the page of the release.

        They are copied, not linked: a site is to be served from its own folder, on any host, and
        whoever changes a file there must not change the release. They do not go through MkDocs,
        which would take Markdown among them for pages.
        """
        target = Path(config.site_dir) / folder(self.release.manifest)
        names = [file.path for file in self.release.manifest.files]
        for name in [*names, "manifest.json", "SHA256SUMS"]:
            copy = target / name
            if copy.exists():
                raise PluginError(f"the release's {name} is in the way of a page of the site")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.release.path / name, copy)


def source_of(page: Page) -> str:
    """The Markdown file that MkDocs believes a page to be made from."""
    return f"{page.url}index.md"


def _contents(page: Page) -> TableOfContents:
    top = AnchorLink(escape(page.title), "", 1)
    parents: dict[int, AnchorLink] = {1: top}
    for section in page.sections:
        link = AnchorLink(escape(section.title), section.anchor, section.level)
        above = max(level for level in parents if level < section.level)
        parents[above].children.append(link)
        parents = {level: one for level, one in parents.items() if level < section.level}
        parents[section.level] = link
    return TableOfContents([top])


def _asset(name: str) -> bytes:
    return (resources("allegata.site") / "assets" / name).read_bytes()
