"""The page that shows any record of the release, read in the browser from its files."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.site.addresses import VIEWER
from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.scripting import MISSING, data_for, scripts_for


def pages(subject: Subject) -> Iterator[Page]:
    """The page of the viewer."""
    yield subject.page(
        "viewer.html",
        VIEWER,
        "Any record",
        "Shows a record by its id, for those that have no page of their own.",
        complete=subject.addresses.complete,
        release_data=data_for(subject, VIEWER, subject.release.table_names),
        scripts=scripts_for(subject, VIEWER),
        missing=MISSING,
    )
