"""From rows that break a rule to problems with their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from allegata.reading import Origin, Reading, Spot
from allegata.reading.stock import ORIGIN, ROW
from allegata.rules import RULES, Problem, Related, shortened
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
    row: int
    column: str | None = None
    value: str | None = None
    fix: str | None = None
    other: Other | None = None


class _Known(NamedTuple):
    origin: Origin
    record: str


def placed(session: Session, reading: Reading, findings: Sequence[Finding]) -> list[Problem]:
    """The findings as problems.

    Args:
        session: A session that has the rows with their origins.
        reading: Where they were read.
        findings: What was found.
    """
    wanted: dict[str, set[int]] = {}
    for one in findings:
        wanted.setdefault(one.table, set()).add(one.row)
        if one.other:
            wanted.setdefault(one.other.table, set()).add(one.other.row)
    known = {table: _known(session, table, sorted(rows)) for table, rows in wanted.items()}
    spot_of = {
        one: Spot(one.table, known[one.table][one.row].origin, one.column) for one in findings
    }
    other_of = {
        one: Spot(one.other.table, known[one.other.table][one.other.row].origin)
        for one in findings
        if one.other
    }
    places = reading.places.locate({*spot_of.values(), *other_of.values()})
    return [
        Problem(
            code=one.code,
            severity=RULES[one.code].severity,
            message=shortened(one.message, 500),
            place=places[spot_of[one]],
            table=one.table,
            record=known[one.table][one.row].record,
            field=(one.column or "").removesuffix("_id") or None,
            value=one.value,
            fix=one.fix,
            related=(Related(place=places[other_of[one]], message=one.other.message),)
            if one.other
            else (),
        )
        for one in findings
    ]


def _known(session: Session, table: str, rows: list[int]) -> dict[int, _Known]:
    """Where some rows of a table come from, and how their records are called."""
    key = base_tables()[table].key[0]
    found: dict[int, _Known] = {}
    for start in range(0, len(rows), _AT_ONCE):
        listed = ", ".join(map(str, rows[start : start + _AT_ONCE]))
        columns = ", ".join((ROW, f'"{key}"', *ORIGIN))
        sql = f'SELECT {columns} FROM "{table}" WHERE {ROW} IN ({listed})'
        for row, record, *origin in _tuples(session, sql):
            found[row] = _Known(Origin(*origin), str(record))
    return found


def _tuples(session: Session, sql: str) -> Iterable[tuple[object, ...]]:
    table = session.fetch(sql)
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
