"""The home page: what it is, how much, the events, the data, how to cite."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.site.page import Page
from allegata.site.pages.eventlist import event_rows, listed
from allegata.site.pages.subject import Subject
from allegata.site.words import parted

_EVENTS = 10
_PARTIES = "SELECT count(DISTINCT holder_id) AS parties FROM facts WHERE NOT as_publisher"
_NUMBERS = (
    ("sources", "source", "sources", "sources/"),
    ("statements", "statement", "statements", "codebook/statements/"),
    ("claims", "claim", "claims", "codebook/claims/"),
    ("parties", "party", "parties", "codebook/parties/"),
    ("propositions", "proposition", "propositions", "codebook/propositions/"),
    ("events", "event", "events", "events/"),
    ("actors", "actor", "actors", "actors/"),
)


def pages(subject: Subject) -> Iterator[Page]:
    """The home page."""
    rows = {table.name: table.rows for table in subject.manifest.tables}
    rows["parties"] = subject.store.rows(_PARTIES)[0]["parties"]
    first = [row["id"] for row in event_rows(subject) if row["claims"]][:_EVENTS]
    batch = subject.listed("events", first)
    shown = listed(batch)
    lead, more_of_it = parted(subject.dataset.description)
    page = batch.page(
        "home.html",
        "",
        subject.dataset.title,
        subject.dataset.description,
        is_index=True,
        dataset=subject.dataset,
        lead=lead,
        more_of_it=more_of_it,
        cited=subject.cited(),
        numbers=[(rows.get(table, 0), one, many, url) for table, one, many, url in _NUMBERS],
        events=shown,
        more=rows["events"] if rows["events"] > len(shown) else 0,
    )
    yield subject.with_dataset(page)
