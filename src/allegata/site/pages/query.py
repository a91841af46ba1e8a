"""The page where a reader asks the release in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.scripting import MISSING, data_for, scripts_for

URL = "query/"


@dataclass(frozen=True)
class Example:
    """A query to begin with."""

    theme: str
    title: str
    sql: str


def examples() -> list[Example]:
    """The examples, from ``sql/examples.sql``: each begins with a line ``-- Theme: title``."""
    text = (files("allegata.site") / "sql" / "examples.sql").read_text("utf-8")
    found = []
    for part in text.split("\n-- ")[1:]:
        head, _, sql = part.partition("\n")
        theme, _, title = head.partition(": ")
        found.append(Example(theme, title, sql.strip()))
    return found


def pages(subject: Subject) -> Iterator[Page]:
    """The page of queries."""
    tables = list(subject.release.table_names)
    themes: dict[str, list[Example]] = {}
    for example in examples():
        themes.setdefault(example.theme, []).append(example)
    yield subject.page(
        "query.html",
        URL,
        "Ask in SQL",
        "Asks the tables of the release in SQL, in the browser, without a server.",
        is_index=True,
        themes=themes,
        first=examples()[0],
        tables=[(name, subject.store.schema(name).names) for name in tables],
        release_data=data_for(subject, URL, tables),
        scripts=scripts_for(subject, URL),
        missing=MISSING,
    )
