"""Where the page of a record is: the one place that knows.

A site has a page for each record as long as they are not too many. Beyond that the newest and the
most disputed events have one, with what they need; every other record is shown by one page, the
viewer, which reads it from the release's files in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allegata.site.store import Store

VIEWER = "viewer/"
"""The page that shows any record; which one, its fragment says."""

SECTIONS = ("events", "actors", "places", "sources", "propositions")
"""The tables whose records have pages."""

_ORDER = """
    SELECT section, id FROM needed
    WHERE section IN (SELECT id FROM sections)
    ORDER BY
        CASE
            WHEN section = 'events' AND turn <= {events} THEN 0
            WHEN section = 'events' THEN 3
            WHEN turn > {events} OR turn IS NULL THEN 4
            WHEN section = 'propositions' THEN 2
            ELSE 1
        END,
        turn NULLS LAST, section, id
    LIMIT {most}
"""


class Addresses:
    """Which records have a page of their own, and where each is to be found."""

    def __init__(
        self,
        static: Iterable[tuple[str, str]],
        total: int | None = None,
        sections: Iterable[str] = SECTIONS,
    ) -> None:
        self._static = frozenset(static)
        self.sections = tuple(sections)
        """The tables whose records have pages."""
        self.total = len(self._static) if total is None else total
        """How many records there are that could have a page."""

    @classmethod
    def of(cls, store: Store, most: int, sections: Iterable[str] = SECTIONS) -> Addresses:
        """Choose the records that get a page.

        The newest and the most disputed events come first, up to half of the pages; then the
        actors, places and sources that these need, in their order; then their propositions; then
        further events and whatever is left.

        Args:
            store: The tables of the release.
            most: How many pages there may be.
            sections: The tables whose records have pages.
        """
        store.keep("ranked", store.sql("ranked"))
        store.keep("needed", store.sql("needed"))
        store.give("sections", sections)
        rows = store.rows(_ORDER.format(events=most // 2, most=most))
        (counted,) = store.rows(
            "SELECT count(*) AS total FROM needed WHERE section IN (SELECT id FROM sections)"
        )
        static = ((row["section"], row["id"]) for row in rows)
        return cls(static, counted["total"], sections)

    @property
    def complete(self) -> bool:
        """Whether every record has a page of its own."""
        return len(self._static) == self.total

    def has(self, section: str | None, record: str) -> bool:
        """Whether a record has a page of its own."""
        return (section, record) in self._static

    def __len__(self) -> int:
        return len(self._static)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._static))

    def ids(self, section: str) -> list[str]:
        """The records of a section that have a page, in the order of their ids."""
        return sorted(record for one, record in self._static if one == section)

    def page(self, section: str | None, record: str) -> str:
        """The page that shows a record, from the site's root: its own, or the viewer.

        >>> Addresses([("events", "evt-a")]).page("events", "evt-a")
        'events/evt-a/'
        >>> Addresses([]).page("events", "evt-a")
        'viewer/'
        """
        return f"{section}/{record}/" if self.has(section, record) else VIEWER

    def anchor(self, section: str | None, record: str) -> str:
        """The fragment that leads to a record on that page; empty where it is the whole page."""
        return "" if self.has(section, record) else record
