"""What a page of the site is, whatever engine puts it into a frame."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

_IN_A_SCRIPT = re.compile("[<>&\u2028\u2029]")  # would end it, or be read as markup
_URL = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*")


class SiteError(Exception):
    """The site cannot be built. The text says why and what to do, for people."""


@dataclass(frozen=True)
class Section:
    """A heading that a page can be entered at."""

    anchor: str
    title: str
    """Plain text, not yet escaped."""
    level: int


@dataclass(frozen=True)
class Page:
    """One page: ready HTML, and what an engine needs to know to frame it.

    >>> Page("events/evt-a/", "A", "About A", Markup("<h1>A</h1><h2 id='b'>B</h2>")).sections
    (Section(anchor='b', title='B', level=2),)
    """

    url: str
    """Where it is, from the site's root; empty for the home page."""
    title: str
    """Plain text, not yet escaped."""
    description: str
    """What it holds, in a line of plain text, not yet escaped."""
    html: Markup
    """The content, which begins with its h1."""
    is_index: bool = False
    """Whether it is the first page of a section, and so has a place in the navigation."""
    searchable: bool = True
    """Whether the site's search looks into it."""
    linked_data: Mapping[str, Any] | None = None
    """What it says to search engines, as JSON-LD."""

    def __post_init__(self) -> None:
        if not _URL.fullmatch(self.url):
            raise SiteError(f"no page can be made at {self.url!r}: an id is not a slug")

    @property
    def head(self) -> str:
        r"""What goes into the head of the framed page.

        >>> Page("", "A", "", Markup(), linked_data={"name": "</script>"}).head
        '<script type="application/ld+json">{"name":"\\u003c/script\\u003e"}</script>'
        """
        if self.linked_data is None:
            return ""
        written = json.dumps(self.linked_data, ensure_ascii=False, separators=(",", ":"))
        safe = _IN_A_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
        return f'<script type="application/ld+json">{safe}</script>'

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headings that it can be entered at, in order."""
        parser = _Headings()
        parser.feed(self.html)
        return tuple(parser.found)


def relative(origin: str, target: str, fragment: str = "") -> str:
    """The address of a page or a file as seen from a page.

    >>> relative("events/evt-a/", "actors/act-b/", "said")
    '../../actors/act-b/#said'
    >>> relative("", "events/"), relative("events/", "")
    ('events/', '../')
    """
    anchor = f"#{fragment}" if fragment else ""
    if origin == target:
        return anchor or "./"
    path = posixpath.relpath(f"/{target}", f"/{origin}")
    return path + ("/" if target.endswith("/") or not target else "") + anchor


class _Headings(HTMLParser):
    """Collects the headings that have an id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Section] = []
        self._open: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        anchor = dict(attrs).get("id")
        if tag in ("h2", "h3") and anchor:
            self._open, self._text = (tag, anchor), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[0]:
            title = " ".join(self._text.split())
            self.found.append(Section(self._open[1], title, int(tag[1])))
            self._open = None
