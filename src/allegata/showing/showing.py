"""One record, found by its id, with all that hangs on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from rapidfuzz import process
from rich.console import RenderableType
from rich.text import Text

from allegata.releasing import UnknownRecord
from allegata.schema.types import PREFIXES
from allegata.showing import records
from allegata.showing.events import event
from allegata.showing.session import ReleaseSession, Row
from allegata.showing.view import View, visible
from allegata.site.words import STANDING

_Shown = Callable[[View, Row], Iterator[RenderableType]]
_SHOWN: dict[str, _Shown] = {
    "sources": records.source,
    "actors": records.actor,
    "roles": records.role,
    "places": records.place,
    "events": event,
    "propositions": records.proposition,
    "statements": records.statement,
    "claims": records.claim,
}
_NEAR = 5


def show(
    session: ReleaseSession, record: str, as_of: datetime.date | None = None
) -> Iterator[RenderableType]:
    """A record for a terminal.

    Args:
        session: The release.
        record: Its id, such as ``evt-…``.
        as_of: Show what was known by the end of that day; without one, all that the release knows.

    Returns:
        What is to be printed, part by part.

    Raises:
        UnknownRecord: the release has no record of that id; the text names those that are near.
    """
    table = PREFIXES.get(record.partition("-")[0])
    view = View(session, as_of)
    row = view.find(table, record) if table else None
    if table is None or row is None:
        raise UnknownRecord(_unknown(session, record, table))
    return _whole(view, table, row)


def _whole(view: View, table: str, row: Row) -> Iterator[RenderableType]:
    # Not the text of a proposition, which is never shown without those who speak to it.
    name = next((row[one] for one in ("label", "name", "title") if row.get(one)), None)
    if name:
        yield Text(visible(name), "bold")
    yield Text(f"{row['id']} · {table} · release {view.session.release.version}{view.when}", "dim")
    yield from _SHOWN[table](view, row)
    yield Text(f"\n{STANDING.replace('This site', 'This dataset')}", "dim")


def _unknown(session: ReleaseSession, record: str, table: str | None) -> str:
    gone = session.rows(
        "SELECT * FROM revisions WHERE record_id = ? AND change IN ('retracted', 'merged')", record
    )
    if gone:
        into = f" into {gone[0]['merged_into']}" if gone[0]["merged_into"] else ""
        return (
            f"{record} was {gone[0]['change']}{into} in {gone[0]['release']}: {gone[0]['reason']}"
        )
    tables = [table] if table else list(_SHOWN)
    ids = [row["id"] for one in tables for row in session.rows(f'SELECT id FROM "{one}"')]
    near = [str(found[0]) for found in process.extract(record, ids, limit=_NEAR, score_cutoff=60)]
    hint = f"; near it are {', '.join(near)}" if near else ""
    return f"release {session.release.version} has no record {record!r}{hint}"
