"""What the pages of some records need, read at once.

Each kind of page begins with other rows (``_BEGIN``); what these refer to is followed in one order
for all, so that a page can show whatever it links to by name. Lists without a natural end are cut
here, and how many there are is kept (``Records.left``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from allegata.site.records import Records, Row
from allegata.site.store import Store

MOST = 100
"""So many rows that refer to a record are shown on its page."""

_SHOWN = """
    SELECT shown.section AS in_section, shown.id AS in_id, shown.part, facts.*,
        placed.claim_id IS NOT NULL AS placed
    FROM shown
    JOIN facts ON facts.claim_id = shown.claim_id
    LEFT JOIN shown AS placed ON placed.claim_id = shown.claim_id AND placed.part = 'home'
    WHERE shown.section = '{section}' AND shown.id IN (SELECT id FROM wanted)
    ORDER BY shown.section, shown.id, shown.part, shown.start, shown.claim_id
"""
_TAKEN = """
    SELECT taken.*, facts.section, facts.home, placed.claim_id IS NOT NULL AS placed
    FROM taken
    JOIN facts ON facts.claim_id = taken.claim_id
    LEFT JOIN shown AS placed ON placed.claim_id = taken.claim_id AND placed.part = 'home'
    WHERE taken.proposition_id IN (SELECT id FROM wanted)
    ORDER BY taken.proposition_id, taken.stance, taken.as_publisher, taken.holder_name,
        taken.holder_id
"""
_AMOUNTS = """
    SELECT * FROM amounts WHERE section = '{section}' AND id IN (SELECT id FROM wanted)
"""
_HOMES = """
    SELECT * FROM homes WHERE proposition_id IN (SELECT id FROM wanted)
"""
_RELATIONS = """
    SELECT * FROM relations
    WHERE subject_id IN (SELECT id FROM wanted) OR object_id IN (SELECT id FROM wanted)
    ORDER BY subject_id, predicate, object_id
"""


@dataclass
class Loaded:
    """Rows by table, and what has been worked out of them (``Store``)."""

    records: Records
    shown: list[Row] = field(default_factory=list)
    """A row a claim in a list of the page it is in."""
    taken: list[Row] = field(default_factory=list)
    amounts: list[Row] = field(default_factory=list)
    homes: list[Row] = field(default_factory=list)


class _Load:
    """Collects rows by table, each once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.tables: dict[str, dict[str, Row]] = {}
        self.totals: dict[tuple[str, str], dict[str, int]] = {}

    def add(self, table: str, rows: Iterable[Row]) -> None:
        entry = self.store.release.manifest.table(table)
        key = entry.key if entry else ()
        found = self.tables.setdefault(table, {})
        for row in rows:
            found.setdefault("\0".join(str(row[name]) for name in key), row)

    def of(self, table: str, column: str, wanted: Iterable[str | None]) -> None:
        """All rows of a table in whose column one of some values stands."""
        self.add(table, self.store.of(table, column, {one for one in wanted if one}))

    def by_id(self, table: str, wanted: Iterable[str | None]) -> None:
        """The records of those ids that are not here yet."""
        self.of(table, "id", {one for one in wanted if one} - self.tables.get(table, {}).keys())

    def some(self, table: str, column: str, wanted: Iterable[str], where: str = "TRUE") -> None:
        """The first rows that refer to some records, and how many there are."""
        rows, totals = self.store.some_of(table, column, wanted, MOST, where)
        self.add(table, rows)
        before = self.totals.setdefault((table, column), {})
        for record, number in totals.items():
            before[record] = before.get(record, 0) + number

    def column(self, table: str, *columns: str) -> set[str]:
        """What stands in some columns of the rows that are here."""
        rows = self.tables.get(table, {}).values()
        return {row[column] for row in rows for column in columns if row[column]}

    def rows(self) -> dict[str, list[Row]]:
        """The rows in the order of their tables."""
        return {table: self._in_order(table, rows) for table, rows in self.tables.items()}

    def _in_order(self, table: str, rows: dict[str, Row]) -> list[Row]:
        entry = self.store.release.manifest.table(table)
        key = entry.key if entry else []
        return sorted(rows.values(), key=lambda row: [_ordered(row[name]) for name in key])


def _ordered(value: object) -> tuple[bool, object]:
    return value is not None, value


def load(
    store: Store,
    section: str,
    ids: Iterable[str],
    *,
    in_full: bool = True,
    propositions: Iterable[str] = (),
) -> Loaded:
    """All that the pages of some records show.

    Args:
        store: The tables of the release.
        section: The table of the records.
        ids: The records.
        in_full: Whether it is for their own pages, and not only for a list of them.
        propositions: Propositions that are shown besides.
    """
    wanted = sorted(set(ids))
    into = _Load(store)
    into.by_id(section, wanted)
    into.by_id("propositions", {*propositions, *into.column("events", "head_id")})
    shown: list[Row] = []
    if in_full:
        _BEGIN[section](into, wanted)
        into.of("revisions", "record_id", wanted)
        into.some("origins", "record_id", wanted)
        store.give("wanted", wanted)
        shown = store.rows(_SHOWN.format(section=section))
    _follow(into, shown)
    store.give("wanted", into.tables.get("propositions", {}).keys())
    taken, homes = store.rows(_TAKEN), store.rows(_HOMES)
    amounts = store.rows(_AMOUNTS.format(section="propositions"))
    into.by_id("actors", {row["holder_id"] for row in taken})
    if section != "propositions":
        store.give("wanted", wanted)
        amounts += store.rows(_AMOUNTS.format(section=section))
    return Loaded(Records(into.rows(), into.totals), shown, taken, amounts, homes)


def _events(into: _Load, ids: list[str]) -> None:
    into.some("propositions", "event_id", ids)
    into.some("participants", "event_id", ids)
    into.some("statements", "occasion_id", ids)
    into.of("contestation", "event_id", ids)
    _relations(into, {*ids, *into.column("propositions", "id")})


def _actors(into: _Load, ids: list[str]) -> None:
    into.of("actor_aliases", "actor_id", ids)
    into.some("roles", "actor_id", ids)
    into.some("roles", "org_id", ids)
    into.some("actors", "parent_id", ids)
    into.some("participants", "actor_id", ids)
    into.some("propositions", "actor_id", ids, "event_id IS NULL")
    into.some("propositions", "actor_id", ids, "event_id IS NOT NULL")
    _relations(into, into.column("propositions", "id"))


def _places(into: _Load, ids: list[str]) -> None:
    into.some("places", "parent_id", ids)
    into.some("events", "place_id", ids)
    into.some("propositions", "place_id", ids, "event_id IS NULL AND actor_id IS NULL")
    into.some("propositions", "place_id", ids, "event_id IS NOT NULL OR actor_id IS NOT NULL")
    _relations(into, into.column("propositions", "id"))


def _sources(into: _Load, ids: list[str]) -> None:
    _relations(into, ids)


def _propositions(into: _Load, ids: list[str]) -> None:
    into.of("contestation", "proposition_id", ids)
    rows = into.tables.get("propositions", {}).values()
    events = {row["event_id"] for row in rows if row["event_id"]}
    counted = {row["event_id"] for row in rows if row["event_id"] and row["aspect"] == "quantity"}
    into.some("propositions", "event_id", counted, "aspect = 'quantity'")
    _relations(into, {*ids, *events})


_BEGIN: dict[str, Callable[[_Load, list[str]], None]] = {
    "events": _events,
    "actors": _actors,
    "places": _places,
    "sources": _sources,
    "propositions": _propositions,
}


def _relations(into: _Load, ids: Iterable[str]) -> None:
    """What ties some records to others, and the others."""
    into.store.give("wanted", sorted(ids))
    if into.store.has("relations"):
        into.add("relations", into.store.rows(_RELATIONS))
    ends = into.column("relations", "subject_id", "object_id")
    for table, prefix in (("events", "evt-"), ("propositions", "prp-"), ("sources", "src-")):
        into.by_id(table, {one for one in ends if one.startswith(prefix)})


def _follow(into: _Load, shown: list[Row]) -> None:
    """From claims and propositions to all that is said of them by name."""
    claims = {row["claim_id"] for row in shown}
    into.by_id("claims", claims)
    into.of("hops", "claim_id", claims)
    into.of("quotes", "claim_id", claims)
    into.by_id("propositions", into.column("claims", "proposition_id"))
    into.by_id("statements", into.column("hops", "statement_id"))
    into.of("audience", "statement_id", into.column("statements", "id"))
    into.of("parties", "actor_id", into.column("statements", "speaker_id"))
    into.by_id(
        "events",
        into.column("statements", "occasion_id")
        | into.column("propositions", "event_id")
        | into.column("participants", "event_id"),
    )
    into.by_id("sources", into.column("claims", "source_id"))
    into.by_id(
        "places",
        into.column("events", "place_id")
        | into.column("places", "parent_id")
        | into.column("propositions", "place_id"),
    )
    into.by_id(
        "actors",
        {row[name] for row in shown for name in ("speaker_id", "holder_id")}
        | into.column("statements", "speaker_id", "on_behalf_of")
        | into.column("audience", "actor_id")
        | into.column("sources", "publisher_id")
        | into.column("participants", "actor_id")
        | into.column("roles", "actor_id", "org_id")
        | into.column("propositions", "actor_id")
        | into.column("parties", "party_id")
        | _named(into.tables.get("contestation", {}).values()),
    )
    into.by_id("actors", into.column("actors", "parent_id"))


def _named(rows: Iterable[Row]) -> set[str]:
    """The parties that rows of contestation name."""
    columns = [f"{basis}_{side}" for basis in ("worded", "derived") for side in _SIDES]
    return {name for row in rows for column in columns for name in (row[column] or "").split()}


_SIDES = ("for", "against", "doubting")
