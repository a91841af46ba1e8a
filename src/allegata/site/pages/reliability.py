"""How far coders agree, as the release tells it."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.agreeing.shipping import agreements_of
from allegata.site.page import Page
from allegata.site.pages.data import folder
from allegata.site.pages.subject import Subject


def pages(subject: Subject) -> Iterator[Page]:
    """The page of what two coders made of the same sources."""
    place = folder(subject.manifest)
    yield subject.page(
        "reliability.html",
        "reliability/",
        "Reliability",
        "How far two coders agree who coded the same sources apart.",
        is_index=True,
        results=[(f"{place}{path}", one) for path, one in agreements_of(subject.release)],
        said=subject.dataset.coverage.agreement,
    )
