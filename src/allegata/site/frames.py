"""What MkDocs puts around a page: exact for each, or once for all that share it.

The theme's templates take some milliseconds a page, and all of the time for a site of thousands.
But what they give for pages that are not in the navigation differs in a few places only: so a
probe goes through them once for each folder of pages, with marks in these places, and a page is
joined from the pieces between them. The marks are looked for in the probe alone, never in what a
record says.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as FramedPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from allegata.site.page import TOP, Page
from allegata.site.security import inline_scripts, with_policy, with_policy_for

_MARKS = ("title", "description", "url", "toc", "content", "head")


def mark(place: str) -> str:
    """The word that stands in a probe for what differs from page to page.

    >>> mark("title")
    'xxallegatatitlexx'
    """
    return f"xxallegata{place}xx"


_SPLIT = re.compile(mark(f"({'|'.join(_MARKS)})"))
_CONTENTS = re.compile(
    r'<nav class="md-nav md-nav--secondary"(?:(?!</?nav).)*'
    + mark("toc")
    + r"(?:(?!</?nav).)*</nav>",
    re.DOTALL,
)
"""The table of contents of a probe, as the theme Material gives it."""


def probe(folder: str) -> Page:
    """The page that stands for all whose addresses are in a folder, such as ``events/``."""
    url = f"{folder}{mark('url')}/"
    # A page without an h1 would be given one by the theme.
    content = Markup("<h1></h1>") + mark("content")
    return Page(url, mark("title"), mark("description"), content)


@dataclass(frozen=True)
class Frame:
    """The HTML around a page, in pieces: what is the same, and the names of what is not."""

    pieces: tuple[str, ...]
    """Text and name by turns; it begins and ends with text."""

    @classmethod
    def of(cls, output: str, url: str) -> Frame | None:
        """The frame in what MkDocs made of a probe; None where the theme gives none.

        Args:
            output: The probe as a page.
            url: The probe's address.
        """
        output = output.replace(url, mark("url")).replace("<h1></h1>", "")
        output, found = _CONTENTS.subn(mark("toc"), output)
        output = _with_head(output, mark("head"))
        scripts = inline_scripts(output)
        if not found or mark("content") not in output or any(map(_SPLIT.search, scripts)):
            return None
        return cls(tuple(_SPLIT.split(with_policy_for(output, scripts))))

    def around(self, page: Page, contents: str) -> str:
        """A page in its frame.

        Args:
            page: The page.
            contents: Its table of contents, as the theme gives it.
        """
        values = {
            "title": escape(page.title),
            "description": escape(page.description),
            "url": page.url,
            "toc": contents,
            "content": str(page.html),
            "head": page.head,
        }
        return "".join(values[piece] if at % 2 else piece for at, piece in enumerate(self.pieces))


def contents_of(page: Page) -> TableOfContents:
    """The table of contents of a page, as themes take it."""
    top = AnchorLink(escape(page.title), TOP, 1)
    parents: dict[int, AnchorLink] = {1: top}
    for section in page.sections:
        link = AnchorLink(escape(section.title), section.anchor, section.level)
        above = max(level for level in parents if level < section.level)
        parents[above].children.append(link)
        parents = {level: one for level, one in parents.items() if level < section.level}
        parents[section.level] = link
    return TableOfContents([top])


def contents_of_probe() -> TableOfContents:
    """A table of contents with one entry, which is looked for in a probe."""
    top = AnchorLink(mark("title"), TOP, 1)
    top.children.append(AnchorLink(mark("toc"), mark("toc"), 2))
    return TableOfContents([top])


class Framer:
    """Puts pages into the frame of a site that MkDocs is building, or has built.

    Args:
        config: The configuration of the site.
        files: Its files.
        nav: Its navigation.
        env: The templates of its theme.
        day: The day that pages are said to be of.
    """

    def __init__(
        self, config: MkDocsConfig, files: Files, nav: Navigation, env: Environment, day: str
    ) -> None:
        self._config, self._nav, self._env, self._day = config, nav, env, day
        self._documents = files.documentation_pages()
        self._in_nav = {file.src_uri: file.page for file in self._documents if file.page}
        self._frames: dict[str, Frame | None] = {}

    def framed(self, page: Page) -> str:
        """A page as MkDocs puts it into its frame, made from the one it shares where it can be."""
        if source_of(page) in self._in_nav:
            return self.whole(page)
        folder = page.url[: page.url.rstrip("/").rfind("/") + 1]
        if folder not in self._frames:
            self._frames[folder] = self._frame(probe(folder))
        frame = self._frames[folder]
        return frame.around(page, self._contents(page)) if frame else self.whole(page)

    def whole(self, page: Page) -> str:
        """A page as MkDocs puts it into its frame, made by the theme's templates."""
        framed = self._page(page)
        framed.toc = contents_of(page)
        return with_policy(_with_head(self._output(framed), page.head))

    def index(self, page: Page) -> None:
        """Let the site's search look into a page."""
        framed = self._page(page)
        framed.toc = contents_of(page)
        del framed.meta["search"]
        for plugin in self._searches():
            plugin.search_index.add_entry_from_context(framed)

    def forget(self, urls: Collection[str]) -> None:
        """Let the site's search look into some pages no longer."""
        for plugin in self._searches():
            index = plugin.search_index
            kept = [one for one in index.entries if one["location"].split("#")[0] not in urls]
            index.entries = kept

    def write_index(self) -> None:
        """Write what the site's search has found."""
        for plugin in self._searches():
            plugin.on_post_build(config=self._config)

    def _searches(self) -> list[Any]:
        plugins = self._config.plugins.values()
        return [plugin for plugin in plugins if hasattr(plugin, "search_index")]

    def _frame(self, stands_for_all: Page) -> Frame | None:
        framed = self._page(stands_for_all)
        framed.toc = contents_of_probe()
        return Frame.of(self._output(framed), stands_for_all.url)

    def _page(self, page: Page) -> FramedPage:
        source = source_of(page)
        framed = self._in_nav.get(source)
        if framed is None:
            file = File.generated(self._config, source, content="")
            framed = FramedPage(None, file, self._config)
        framed.markdown, framed.content = "", str(page.html)
        framed.update_date = self._day
        framed.meta = meta_of(page)
        return framed

    def _output(self, framed: FramedPage) -> str:
        """What the theme and the plugins make of a page."""
        config, plugins = self._config, self._config.plugins
        framed.active = True
        try:
            context = get_context(self._nav, self._documents, config, framed)
            context = plugins.on_page_context(context, page=framed, config=config, nav=self._nav)
            template = self._env.get_template(framed.meta.get("template", "main.html"))
            output: str = plugins.on_post_page(template.render(context), page=framed, config=config)
        finally:
            framed.active = False
        return output

    def _contents(self, page: Page) -> str:
        return self._toc.render(page={"toc": contents_of(page)}, **self._shared).strip()

    @cached_property
    def _toc(self) -> Template:
        return self._env.get_template("partials/toc.html")

    @cached_property
    def _shared(self) -> dict[str, Any]:
        """What the theme's templates find in their surroundings."""
        given = {"config": self._config}
        language = self._env.get_template("partials/language.html", None, given)
        return given | {"lang": language.module}


_OURS = object()  # which nothing that is read from a file can be


def meta_of(page: Page) -> dict[str, Any]:
    """What themes and the search are told of a page; it is given to the search later."""
    told = {
        "allegata": _OURS,
        "hide": ["navigation"],
        "description": escape(page.description),
        "search": {"exclude": True},
    }
    return told | {"title": escape(page.title)} if page.url else told


def is_made_here(framed: FramedPage) -> bool:
    """Whether a page is one of a release, and not one by hand."""
    return framed.meta.get("allegata") is _OURS


def source_of(page: Page) -> str:
    """The Markdown file that MkDocs believes a page to be made from."""
    return f"{page.url}index.md"


def _with_head(output: str, head: str) -> str:
    return output.replace("</head>", f"{head}</head>", 1)
