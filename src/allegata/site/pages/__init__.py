"""The pages of a release, one module a kind."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.releasing import Release
from allegata.site.page import Page
from allegata.site.pages import actors, codebook, data, events, home, places, rules, sources
from allegata.site.pages.subject import Subject


def pages_of(release: Release) -> Iterator[Page]:
    """All pages made from a release, in no order that matters.

    Raises:
        ReleaseError: a table of the release is missing or damaged.
        SiteError: a record's id cannot be part of an address.
    """
    subject = Subject(release)
    for kind in (home, events, actors, places, sources, codebook, rules, data):
        yield from kind.pages(subject)
