"""The rules that records must satisfy."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.rules import GROUPS
from allegata.site.page import Page
from allegata.site.pages.subject import Subject


def pages(subject: Subject) -> Iterator[Page]:
    """The page of all rules."""
    yield subject.page(
        "rules.html",
        "rules/",
        "Rules",
        "What records must satisfy, why, and what to do where they do not.",
        is_index=True,
        groups=GROUPS,
    )
