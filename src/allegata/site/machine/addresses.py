"""Addresses for programs: absolute where it is known where the site will be, else relative."""

from __future__ import annotations

from urllib.parse import quote


def address(site: str | None, path: str) -> str:
    """The address of a page or a file of the site.

    >>> address("https://example.org/data", "events/evt-a/"), address(None, "feed.xml")
    ('https://example.org/data/events/evt-a/', 'feed.xml')
    """
    return f"{site.rstrip('/')}/{quote(path)}" if site else quote(path) or "./"
