"""Checking: reading record files and judging them by every rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from allegata.deriving import DerivingError, create_voices
from allegata.engines.embedded import Embedded
from allegata.reading import Reading, nearest, read
from allegata.reading.files import absolute, shown
from allegata.reading.reading import Progress
from allegata.rules import (
    CLOSURES,
    RULES,
    WORKING_TABLES,
    Check,
    Problem,
    Related,
    Rule,
    Severity,
    shortened,
)
from allegata.tables import base_tables
from allegata.tables.closure import create_closure
from allegata.tables.session import Session


@dataclass
class Report:
    """What checking found."""

    reading: Reading
    """The dataset as read."""
    problems: list[Problem]
    """The problems, by file, line and column."""

    def count(self, severity: Severity) -> int:
        """How many problems are of that severity."""
        return sum(problem.severity is severity for problem in self.problems)

    @property
    def ok(self) -> bool:
        """Whether no problem stops a release."""
        return self.count(Severity.ERROR) == 0


def check(paths: Iterable[str | Path], progress: Progress | None = None) -> Report:
    """Read record files and folders, and judge them by every rule.

    Problems are reported for the paths asked for; what else their dataset holds is read so that
    references can be followed.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    asked = [Path(path) for path in paths]
    reading = read(asked, progress)
    problems = [*reading.records.problems, *judge(reading)]
    within = [absolute(shown(path)) for path in asked]
    return Report(reading, sorted((p for p in problems if _is_within(p, within)), key=_order))


def judge(reading: Reading) -> Iterator[Problem]:
    """What the rules over the whole dataset find."""
    complete = reading.records.complete
    with Embedded() as session:
        has_parties = _register(session, reading)
        for rule in RULES.values():
            if (rule.whole_only and not complete) or (rule.needs_parties and not has_parties):
                continue
            for one in rule.checks:
                if reading.records.rows[one.table]:
                    for finding in session.fetch(one.sql).to_pylist():
                        yield _problem(reading, rule, one, finding)


def _register(session: Session, reading: Reading) -> bool:
    """Make all that rules read; False if it cannot be told for whom actors speak."""
    for name, table in reading.tables().items():
        row = pa.array(range(table.num_rows), pa.int64())
        session.register(name, table.append_column("_row", row))
    unread = pa.array(sorted(reading.records.unread_ids), pa.string())
    session.register("unread_ids", pa.table({"id": unread}))
    window = [reading.dataset.window] if reading.dataset else []
    days = {
        "first_day": pa.array([one.start for one in window], pa.date32()),
        "last_day": pa.array([one.end for one in window], pa.date32()),
    }
    session.register("time_window", pa.table(days))
    for name, sql in WORKING_TABLES.items():
        session.create(name, sql)
    for name, steps in CLOSURES.items():
        create_closure(session, name, steps)
    try:
        create_voices(session)
    except DerivingError:
        return False
    return True


def _problem(reading: Reading, rule: Rule, one: Check, finding: dict[str, Any]) -> Problem:
    row, column = finding["_row"], finding.get("field") or one.field
    record = reading.records.rows[one.table][row].record
    related: tuple[Related, ...] = ()
    if finding.get("other_table"):
        other = reading.place(finding["other_table"], finding["other_row"])
        related = (Related(place=other, message=rule.other),)
    meant = finding.get("nearest") or _suggestion(reading, rule, one, finding)
    shown = {name: shortened(value) for name, value in finding.items() if value is not None}
    return Problem(
        code=rule.code,
        severity=rule.severity,
        message=rule.message.format_map({"table": one.table, "instead": "", **shown}),
        place=reading.place(one.table, row, column),
        table=one.table,
        record=str(getattr(record, base_tables()[one.table].key[0])),
        field=(column or "").removesuffix("_id") or None,
        value=shown.get("value"),
        fix=f"write {meant}" if meant else None,
        related=related,
    )


def _suggestion(reading: Reading, rule: Rule, one: Check, finding: dict[str, Any]) -> str | None:
    """The id that an unknown reference was most likely meant to be."""
    column = base_tables()[one.table].column(one.field) if one.field else None
    if rule.code != "REF_UNKNOWN" or column is None:
        return None
    tables = [column.refers_to] if column.refers_to else list(reading.records.rows)
    ids = (
        row.record.id
        for table in tables
        for row in reading.records.rows[table]
        if hasattr(row.record, "id")
    )
    # Prefixes are alike in all of them and would make everything seem near.
    by_slug = {str(one).split("-", 1)[1]: str(one) for one in ids}
    slug = nearest(str(finding["value"]).split("-", 1)[1], by_slug)
    return by_slug[slug] if slug else None


def _is_within(problem: Problem, asked: list[Path]) -> bool:
    file = absolute(problem.place.file)
    return any(path == file or path in file.parents for path in asked)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return (place.file, place.line, place.column, problem.code)
