"""From rows that break a rule to problems with their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from allegata.reading import Origin, Reading, Spot
from allegata.reading.stock import ORIGIN, ROW
from allegata.rules import RULES, Place, Problem, Related, shortened
from allegata.tables import base_tables
from allegata.tables.session import Session

_AT_ONCE = 5_000


class Other(NamedTuple):
    """Another row that a finding has to do with."""

    table: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that breaks a rule, by its number; where it stands is not known yet."""

    code: str
    message: str
    table: str
    row: int | None
    """The row's number in its table; None where the dataset as a whole is at fault."""
    column: str | None = None
    value: str | None = None
    fix: str | None = None
    other: Other | None = None


class _Known(NamedTuple):
    origin: Origin
    record: str


def placed(
    session: Session, reading: Reading, findings: Sequence[Finding], *, of: str = ""
) -> list[Problem]:
    """The findings as problems.

    Args:
        session: A session that has the rows with their origins.
        reading: Where they were read.
        findings: What was found.
        of: What the names of the tables that have all rows begin with in the session.
    """
    wanted: dict[str, set[int]] = {}
    for one in findings:
        if one.row is not None:
            wanted.setdefault(one.table, set()).add(one.row)
        if one.other:
            wanted.setdefault(one.other.table, set()).add(one.other.row)
    known = {table: _known(session, table, sorted(rows), of) for table, rows in wanted.items()}

    def spots(one: Finding) -> tuple[Spot | None, Spot | None]:
        own = other = None
        if one.row is not None:
            own = Spot(one.table, known[one.table][one.row].origin, one.column)
        if one.other:
            other = Spot(one.other.table, known[one.other.table][one.other.row].origin)
        return own, other

    pairs = [spots(one) for one in findings]
    places = reading.places.locate({spot for pair in pairs for spot in pair if spot})
    whole = Place(file=reading.dataset_file)
    return [
        Problem(
            code=one.code,
            severity=RULES[one.code].severity,
            message=shortened(one.message, 500),
            place=places[own] if own else whole,
            table=one.table,
            record=one.value if one.row is None else known[one.table][one.row].record,
            field=(one.column or "").removesuffix("_id") or None,
            value=one.value,
            fix=one.fix,
            related=(Related(place=places[other], message=one.other.message),)
            if one.other and other
            else (),
        )
        for one, (own, other) in zip(findings, pairs, strict=True)
    ]


def _known(session: Session, table: str, rows: list[int], of: str) -> dict[int, _Known]:
    """Where some rows of a table come from, and how their records are called."""
    key = base_tables()[table].key[0]
    found: dict[int, _Known] = {}
    for start in range(0, len(rows), _AT_ONCE):
        listed = ", ".join(map(str, rows[start : start + _AT_ONCE]))
        columns = ", ".join((ROW, f'"{key}"', *ORIGIN))
        sql = f'SELECT {columns} FROM "{of}{table}" WHERE {ROW} IN ({listed})'
        for row, record, *origin in _tuples(session, sql):
            found[row] = _Known(Origin(*origin), str(record))
    return found


def _tuples(session: Session, sql: str) -> Iterable[tuple[Any, ...]]:
    table = session.fetch(sql)
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
