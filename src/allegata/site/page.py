"""What a page of the site is, whatever engine puts it into a frame."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from typing import Any

from markupsafe import Markup

_IN_A_SCRIPT = re.compile("[<>&\u2028\u2029]")  # would end it, or be read as markup
_HEADING = re.compile(r'<h([23])\b[^>]*?\bid=["\']([^"\']+)["\'][^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile("<[^>]*>")
_URL = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*")


TOP = "al-top"
"""The id of the first heading of each page, to which the theme's link leads that skips the rest."""


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
    document: Mapping[str, Any] | None = None
    """The records that it shows, which lie beside it as ``index.json``."""
    gone: bool = False
    """Whether it only says what became of a record or a release."""

    def __post_init__(self) -> None:
        if not _URL.fullmatch(self.url):
            raise SiteError(f"no page can be made at {self.url!r}: an id is not a slug")

    @cached_property
    def head(self) -> str:
        r"""What goes into the head of the framed page.

        >>> Page("", "A", "", Markup(), linked_data={"name": "</script>"}).head
        '<script type="application/ld+json">{"name":"\\u003c/script\\u003e"}</script>'
        """
        parts = []
        if self.document is not None:
            # The theme takes what is an alternate and nothing else for another language.
            parts.append(
                '<link rel="alternate describedby" type="application/json" href="index.json">'
            )
        if self.gone:
            parts.append('<meta name="robots" content="noindex">')
        if self.linked_data is not None:
            parts.append(_linked_data(self.linked_data))
        return "".join(parts)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The headings that it can be entered at, in order."""
        # What a record says is escaped, so that each of these tags is a template's.
        return tuple(
            Section(unescape(anchor), " ".join(unescape(_TAG.sub("", text)).split()), int(level))
            for level, anchor, text in _HEADING.findall(self.html)
        )


def _linked_data(value: Mapping[str, Any]) -> str:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = _IN_A_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    return f'<script type="application/ld+json">{safe}</script>'


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
    return _path(origin, target) + anchor


@lru_cache(maxsize=4_000)  # a page links to the same few over and over
def _path(origin: str, target: str) -> str:
    here, there = origin.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"
