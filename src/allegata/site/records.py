"""The records that some pages need: by id, and by what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from allegata.schema import Vocabulary
from allegata.site.page import SiteError

Row = dict[str, Any]
_Code = TypeVar("_Code", bound=Vocabulary)


class Records:
    """Rows of a release: all that the pages of a batch show, and no more.

    Whatever refers to a record of the batch is here, up to a number for each; how many there are
    beyond that, ``left`` tells. Of other records only the row itself is sure to be here.
    """

    def __init__(
        self,
        tables: Mapping[str, Sequence[Row]],
        totals: Mapping[tuple[str, str], Mapping[str, int]] | None = None,
    ) -> None:
        self._tables = tables
        self._totals = totals or {}
        self._by: dict[tuple[str, str], dict[str, list[Row]]] = {}

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table, in its order."""
        return self._tables.get(table, ())

    def by(self, table: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by what stands in one of its columns."""
        if (table, column) not in self._by:
            self._by[table, column] = _by(self.rows(table), column)
        return self._by[table, column]

    def left(self, table: str, column: str, record: str, shown: int) -> int:
        """How many rows refer to a record by a column beyond those that are shown."""
        return max(0, self._totals.get((table, column), {}).get(record, 0) - shown)

    @cached_property
    def sources(self) -> dict[str, Row]:
        """Source by id."""
        return _by_id(self.rows("sources"))

    @cached_property
    def actors(self) -> dict[str, Row]:
        """Actor by id."""
        return _by_id(self.rows("actors"))

    @cached_property
    def places(self) -> dict[str, Row]:
        """Place by id."""
        return _by_id(self.rows("places"))

    @cached_property
    def events(self) -> dict[str, Row]:
        """Event by id."""
        return _by_id(self.rows("events"))

    @cached_property
    def propositions(self) -> dict[str, Row]:
        """Proposition by id."""
        return _by_id(self.rows("propositions"))

    @cached_property
    def statements(self) -> dict[str, Row]:
        """Statement by id."""
        return _by_id(self.rows("statements"))

    @cached_property
    def statuses_of(self) -> dict[str, list[Row]]:
        """The rows of contestation by event; none in a release from before there were any."""
        return _by(self.rows("contestation"), "event_id")

    @cached_property
    def statuses_on(self) -> dict[str, list[Row]]:
        """The rows of contestation by proposition."""
        return _by(self.rows("contestation"), "proposition_id")

    @cached_property
    def revisions_of(self) -> dict[str, list[Row]]:
        """What became of a record, release by release."""
        return _by(self.rows("revisions"), "record_id")

    @cached_property
    def origins_of(self) -> dict[str, list[Row]]:
        """What an importer made a record from."""
        return _by(self.rows("origins"), "record_id")

    @cached_property
    def aliases_of(self) -> dict[str, list[Row]]:
        """Aliases by actor."""
        return _by(self.rows("actor_aliases"), "actor_id")

    @cached_property
    def roles_of(self) -> dict[str, list[Row]]:
        """Roles by the person who holds them."""
        return _by(self.rows("roles"), "actor_id")

    @cached_property
    def roles_in(self) -> dict[str, list[Row]]:
        """Roles by the body that they are held in."""
        return _by(self.rows("roles"), "org_id")

    @cached_property
    def parts_of(self) -> dict[str, list[Row]]:
        """Bodies by the body that they are part of."""
        return _by(self.actors.values(), "parent_id")

    @cached_property
    def statements_in(self) -> dict[str, list[Row]]:
        """Statements by the event that they were made in."""
        return _by(self.statements.values(), "occasion_id")

    @cached_property
    def participants_of(self) -> dict[str, list[Row]]:
        """Participants by event."""
        return _by(self.rows("participants"), "event_id")

    @cached_property
    def events_of(self) -> dict[str, list[Row]]:
        """Participations by actor."""
        return _by(self.rows("participants"), "actor_id")

    @cached_property
    def propositions_of(self) -> dict[str, list[Row]]:
        """Propositions by event; those about none are under the empty name."""
        return _by(self.propositions.values(), "event_id")

    @cached_property
    def propositions_naming(self) -> dict[str, list[Row]]:
        """Propositions by the actor that they name."""
        return _by(self.propositions.values(), "actor_id")

    @cached_property
    def propositions_at(self) -> dict[str, list[Row]]:
        """Propositions by the place that they name."""
        return _by(self.propositions.values(), "place_id")

    @cached_property
    def audience_of(self) -> dict[str, list[Row]]:
        """Addressees by statement."""
        return _by(self.rows("audience"), "statement_id")

    @cached_property
    def hops_of(self) -> dict[str, list[Row]]:
        """Hops by claim, outermost first."""
        return _by(self.rows("hops"), "claim_id")

    @cached_property
    def quotes_of(self) -> dict[str, list[Row]]:
        """Quotes by claim."""
        return _by(self.rows("quotes"), "claim_id")

    @cached_property
    def _intervals_of(self) -> dict[str, list[Row]]:
        return _by(self.rows("parties"), "actor_id")

    def party_on(self, actor: str, day: date | None) -> str | None:
        """The party that a speaker counts for on a day, as the table of parties has it.

        Args:
            actor: The speaker.
            day: The day; without one, whatever holds without an end.
        """
        for row in self._intervals_of.get(actor, []):
            begun = row["valid_from"] is None or (day is not None and row["valid_from"] <= day)
            if begun and (row["valid_to"] is None or (day is not None and day < row["valid_to"])):
                return str(row["party_id"])
        return None

    @cached_property
    def relations_of(self) -> dict[str, list[Row]]:
        """Relations by each of the two records that they join."""
        rows = self.rows("relations")
        found = _by(rows, "subject_id")
        for row in rows:
            found.setdefault(row["object_id"], []).append(row)
        return found


def coded(vocabulary: type[_Code], value: str) -> _Code:
    """The code of a vocabulary that a row holds.

    Raises:
        SiteError: the vocabulary, as this version of Allegata has it, lacks the code.
    """
    try:
        return cast(_Code, _coded(vocabulary, value))
    except ValueError:
        raise SiteError(f"{vocabulary.__name__} has no code {value!r}") from None


@cache
def _coded(vocabulary: Callable[[str], Vocabulary], value: str) -> Vocabulary:
    return vocabulary(value)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column] or ""].append(row)
    return dict(found)
