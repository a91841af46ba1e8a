"""What was known of propositions, from day to day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from allegata.site.records import Records, Row

_SIDES = ("for", "against", "doubting")


@dataclass(frozen=True)
class Side:
    """The parties on one side of a proposition, on one day."""

    name: str
    number: int
    parties: tuple[tuple[Row, bool], ...]
    """Each party, and whether it is there by words on the proposition itself. There is none where
    they are too many to name."""


@dataclass(frozen=True)
class Change:
    """What holds of a proposition from a day on."""

    row: Row
    proposition: Row
    before: str
    """The status before, if it was another."""
    sides: tuple[Side, ...]

    @property
    def status(self) -> str:
        """The status in words."""
        return status(self.row)


@dataclass(frozen=True)
class Day:
    """A day on which anything changed."""

    day: date
    changes: tuple[Change, ...]


def history(records: Records, statuses: Iterable[Row]) -> list[Day]:
    """The days on which anything changed about some propositions, in order.

    Args:
        records: The records of the pages.
        statuses: All rows of the table ``contestation`` of each of the propositions.
    """
    rows = sorted(statuses, key=lambda row: (row["proposition_id"], row["seq"]))
    changes = [
        _change(records, before, row)
        for _, own in groupby(rows, key=lambda row: row["proposition_id"])
        # The first row is of the time when nothing was known.
        for before, row in pairwise(own)
    ]
    changes.sort(key=lambda one: (one.row["valid_from"], not one.row["is_head"]))
    return [
        Day(day, tuple(found)) for day, found in groupby(changes, lambda one: one.row["valid_from"])
    ]


def status(row: Row) -> str:
    """Where those who speak to a proposition stand, in words."""
    worded, derived = row["status_worded"], row["status_derived"]
    return worded if worded == derived else f"{worded} in words, {derived} by what follows"


def following(row: Row) -> list[tuple[str, list[str]]]:
    """Who stands where by what follows from words on other propositions, and by no words on this.

    Args:
        row: A row of the table ``contestation``.

    Returns:
        The sides that have any, each with the ids of its parties.
    """
    found = []
    for side in _SIDES:
        worded = (row[f"worded_{side}"] or "").split()
        beyond = [one for one in (row[f"derived_{side}"] or "").split() if one not in worded]
        if beyond:
            found.append((side, beyond))
    return found


def named_following(records: Records, row: Row | None) -> list[tuple[str, list[str]]]:
    """The same with names, by the records of a page; nothing without a row."""
    return [
        (side, [records.actors[one]["name"] for one in parties])
        for side, parties in (following(row) if row else ())
    ]


def _change(records: Records, before: Row, row: Row) -> Change:
    was = status(before)
    return Change(
        row=row,
        proposition=records.propositions[row["proposition_id"]],
        before=was if was != status(row) else "",
        sides=tuple(_side(records, row, side) for side in _SIDES),
    )


def _side(records: Records, row: Row, name: str) -> Side:
    worded = set((row[f"worded_{name}"] or "").split())
    found = (row[f"derived_{name}"] or "").split()
    parties = sorted(((records.actors[one], one in worded) for one in found), key=_name)
    return Side(name, row[f"n_derived_{name}"], tuple(parties))


def _name(party: tuple[Row, bool]) -> str:
    return str(party[0]["name"])
