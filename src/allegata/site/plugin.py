"""The MkDocs plugin that puts the pages of a release into the frame of a site.

It is thin: pages come ready made, and pass through neither Markdown nor MkDocs' own templates,
which do not escape. What those templates do print, such as a title, is escaped here.
"""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from html import escape
from importlib.resources import files as resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as FramedPage

from allegata.reading import Progress, Step, untold
from allegata.releasing import Release, ReleaseError, catalog_around, open_release
from allegata.site import words
from allegata.site.attaching import lay_database
from allegata.site.editions import VERSIONS, Edition, edition_of, versions_json
from allegata.site.frames import Framer, is_made_here, meta_of, source_of
from allegata.site.halving import in_halves
from allegata.site.machine.feed import FEED, feed
from allegata.site.machine.form import SCHEMA, record_schema
from allegata.site.machine.llms import llms
from allegata.site.machine.records import as_json, fingerprint
from allegata.site.machine.sitemap import robots, write_sitemap
from allegata.site.page import Page, SiteError
from allegata.site.pages import general_pages, record_batches, record_pages, subject_of
from allegata.site.pages.data import folder
from allegata.site.pages.subject import MOST_PAGES, Subject
from allegata.site.records import Row
from allegata.site.scripting import PLACE, scripts
from allegata.site.security import with_policy

_METHOD = "method.md"
"""The page by hand that each page of a site leads to: how the data are made, and what is done when
they are wrong."""
_ASSETS = ("allegata.css", "allegata.js", "allegata.svg", "events.js")


class AllegataConfig(Config):  # type: ignore[no-untyped-call]
    """What a site's ``mkdocs.yml`` can say under ``allegata``."""

    release = config_options.Type(str, default="dist")
    """The folder of a release or of releases, as seen from ``mkdocs.yml``."""

    pages = config_options.Type(int, default=MOST_PAGES)
    """How many records have a page of their own at most; the viewer shows the others."""

    earlier = config_options.Optional(config_options.Type(int))
    """How many earlier releases have a site below ``r/`` at most; all that stand without it."""


class AllegataPlugin(BasePlugin[AllegataConfig]):  # type: ignore[no-untyped-call]
    """Adds the pages of a release to a site."""

    edition: Edition | None = None
    """Where the release stands among others; at the root without it."""
    editions: Collection[str] = ()
    """The earlier releases that the whole site shows as well."""
    tell: Progress = staticmethod(untold)
    """Told how far the work is."""
    made: dict[str, str]
    """The fingerprint of each page that was made, by its address."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Open the release, and fill in what the site does not say of itself."""
        here = Path(config.config_file_path).parent if config.config_file_path else Path()
        try:
            self.release: Release = open_release(here / self.config.release)
        except ReleaseError as error:
            raise PluginError(str(error)) from None
        self.edition = self.edition or edition_of(self.release)
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
            self._subject = self.subject(self.release, files)
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
        assert self.edition is not None
        for script in scripts() if not self.edition.earlier else ():
            content = script.read_bytes()
            files.append(File.generated(config, f"{PLACE}{script.name}", content=content))
        self._files = files
        return files

    def subject(self, release: Release, files: Files | None = None) -> Subject:
        """A release as the pages of this site see it; to be closed, or used in a ``with``.

        Args:
            release: The release.
            files: The files of the site; those that it was built with without them.
        """
        by_hand = {file.src_uri: file.url for file in (files or self._files).documentation_pages()}
        return subject_of(
            release, self.config.pages, self.editions, self.edition, by_hand.get(_METHOD)
        )

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
        """Say of which release a page is, and give one by hand its policy.

        The others are finished where they are written.
        """
        assert self.edition is not None
        output = self.edition.around(output, page.url)
        return output if is_made_here(page) else with_policy(output)

    @event_priority(-100)
    def on_post_template(
        self, output_content: str, template_name: str, config: MkDocsConfig
    ) -> str:
        """Give the theme's own pages, such as 404.html, their policy."""
        if template_name == "sitemap.xml":
            return ""  # it is written with all pages, later
        if not template_name.endswith(".html"):
            return output_content
        if template_name == "404.html":
            # It is shown at any address, so that it can only name its root in full.
            root = urlsplit(config.site_url or "/").path
            output_content = with_way_out(output_content, root)
        return with_policy(output_content)

    @event_priority(50)  # before the search writes what it has found
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write the pages, and lay the files of the release beside them."""
        site, self._address = Path(config.site_dir), config.site_url
        documents = {one.url for one in self._files.documentation_pages()}
        self._by_hand = {"" if url in (".", "./") else url for url in documents}
        self._by_hand -= {page.url for page in self._general}
        self.made = {}
        try:
            self._add(map(partial(self._write_and_index, site), self._general))
            for rows, make in record_batches(self._subject):
                one = partial(self._make, make, site)
                # What the search takes in must be here, and not in another process.
                is_searchable = self._subject.is_searchable
                self._add(map(one, rows) if is_searchable else in_halves(rows, one))
            pages = self.made.keys() - {page.url for page in self._general if page.gone}
            self._write_for_programs(self._subject, site, pages)
            lay_release(self.release, site)
            lay_database(self.release, site)
        except (ReleaseError, SiteError) as error:
            raise PluginError(str(error)) from None
        finally:
            self._subject.close()

    def _add(self, made: Iterable[tuple[str, str]]) -> None:
        most = len(self._general) + len(self._subject.addresses)
        for url, one in made:
            self.made[url] = one
            self.tell(Step(f"making the pages of {self.release.version}", len(self.made), most))

    def _make(self, make: Callable[[Row], Page], site: Path, row: Row) -> tuple[str, str]:
        return self._write_and_index(site, make(row))

    def _write_and_index(self, site: Path, page: Page) -> tuple[str, str]:
        if page.searchable:
            self._framer.index(page)
        return page.url, self.write(page, site)

    def bring(self, subject: Subject, site: Path) -> set[str]:
        """Bring a site that was built to show another release of the same dataset.

        Args:
            subject: The release.
            site: Where the site is now.

        Returns:
            The addresses of the pages that changed.

        Raises:
            SiteError: a page cannot be made; nothing was written.
            ReleaseError: a table of the release is missing or damaged.
        """
        pages = [*general_pages(subject), *record_pages(subject)]
        now = {page.url: fingerprint(page, _json_of(page)) for page in pages}
        changed = [page for page in pages if self.made.get(page.url) != now[page.url]]
        gone = self.made.keys() - now.keys()
        for page in changed:
            self.write(page, site)
        for url in gone:
            shutil.rmtree(site / url)
        self._framer.forget({*(page.url for page in changed), *gone})
        for page in changed:
            if page.searchable:
                self._framer.index(page)
        self._framer.write_index()
        self._write_for_programs(subject, site, (page.url for page in pages if not page.gone))
        lay_release(subject.release, site, again=True)
        lay_database(subject.release, site)
        self.made = now
        return {page.url for page in changed} | gone

    def write(self, page: Page, site: Path) -> str:
        """Write a page in its frame, and its records beside it; gives the fingerprint."""
        path = site / page.url / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._framer.framed(page), "utf-8", newline="")
        written = _json_of(page)
        if written is not None:
            path.with_suffix(".json").write_bytes(written)
        return fingerprint(page, written)

    def _write_for_programs(self, subject: Subject, site: Path, pages: Iterable[str]) -> None:
        """Write what is not for people: versions, a feed, and where everything is."""
        assert self.edition is not None
        (site / SCHEMA).write_bytes(record_schema(subject))
        if self.edition.earlier:
            return  # the rest is all the root's to tell
        catalog = catalog_around(subject.release.path)
        address, day = self._address, subject.manifest.date.isoformat()
        releases = catalog.releases if catalog else []
        (site / VERSIONS).write_bytes(versions_json(self.edition, (), {}))
        (site / FEED).write_bytes(feed(subject, releases, address))
        (site / "llms.txt").write_text(llms(subject, address), "utf-8", newline="")
        (site / "robots.txt").write_text(robots(address), "utf-8", newline="")
        write_sitemap(site, address, sorted({*pages, *self._by_hand}), day)


def lay_release(release: Release, site: Path, *, again: bool = False) -> None:
    """Lay the files of a release beside the page of the release.

    They are copied, not linked: a site is to be served from its own folder, on any host, and
    whoever changes a file there must not change the release. They do not go through MkDocs, which
    would take Markdown among them for pages.

    Args:
        release: The release.
        site: The folder of the site.
        again: Whether those of a release before may lie there, and are replaced where they differ.

    Raises:
        SiteError: one would lie where a page is.
    """
    target = site / folder(release.manifest)
    names = [file.path for file in release.manifest.files]
    for name in [*names, "manifest.json", "SHA256SUMS"]:
        copy = target / name
        if copy.exists() and not again:
            raise SiteError(f"the release's {name} is in the way of a page of the site")
        if copy.is_file() and filecmp.cmp(release.path / name, copy, shallow=False):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.path / name, copy)


def with_way_out(output: str, root: str) -> str:
    """The page for addresses that lead nowhere, which shows a record by its id if one was meant.

    Args:
        output: The page.
        root: The path of the site's root.
    """
    viewer = escape(f"{root}viewer/")
    told = (
        f'<p data-missing="{viewer}">If it is a record that you look for, '
        f'<a href="{viewer}">show it by its id</a>.</p>'
    )
    return output.replace("</h1>", f"</h1>{told}", 1)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a nested value, such as a navigation."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))


def _json_of(page: Page) -> bytes | None:
    return as_json(page.document) if page.document is not None else None


def _asset(name: str) -> bytes:
    return (resources("allegata.site") / "assets" / name).read_bytes()
