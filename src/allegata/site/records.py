"""The records of a release as the pages need them: by id, and by what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar, cast

from allegata.releasing import Release
from allegata.schema import Vocabulary
from allegata.site.page import SiteError

Row = dict[str, Any]
_Code = TypeVar("_Code", bound=Vocabulary)


class Records:
    """The rows of a release. A table is read when it is first asked for."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def rows(self, table: str) -> list[Row]:
        """All rows of a table, in its order."""
        rows: list[Row] = self.release.table(table).arrow.to_pylist()
        return rows

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
    def claims_flat(self) -> dict[str, Row]:
        """The wide row of a claim by the claim's id."""
        return {row["claim_id"]: row for row in self.rows("claims_flat")}

    @cached_property
    def statuses_of(self) -> dict[str, list[Row]]:
        """The rows of contestation by event; none in a release from before there were any."""
        has_any = "contestation" in self.release.table_names
        return _by(self.rows("contestation"), "event_id") if has_any else {}

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
        return cast(Callable[[str], _Code], vocabulary)(value)
    except ValueError:
        raise SiteError(f"{vocabulary.__name__} has no code {value!r}") from None


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column] or ""].append(row)
    return dict(found)
