"""The pages of a release, one module a kind."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.releasing import Release
from allegata.site.page import Page
from allegata.site.pages import actors, codebook, data, events, home, places, rules, sources, viewer
from allegata.site.pages.subject import MOST_PAGES, Subject


def pages_of(release: Release, most: int = MOST_PAGES) -> Iterator[Page]:
    """All pages made from a release, in no order that matters.

    Args:
        release: The release.
        most: How many records may have a page of their own; the others are shown by the viewer.

    Raises:
        ReleaseError: a table of the release is missing or damaged.
        SiteError: a record's id cannot be part of an address.
    """
    with Subject(release, most) as subject:
        for kind in (home, events, actors, places, sources, codebook, rules, data, viewer):
            yield from kind.pages(subject)
