"""Checking: reading record files and judging them by every rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from allegata.deriving import DerivingError, create_voices
from allegata.engines.embedded import Embedded
from allegata.engines.waiving import Waived, waive
from allegata.reading import (
    Anchors,
    MissingPathError,
    Progress,
    Reading,
    nearest,
    read,
    verify_anchors,
)
from allegata.reading.files import absolute, shown
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
    waived: list[Waived] = field(default_factory=list)
    """The problems that waivers let be."""
    anchors: Anchors = field(default_factory=Anchors)
    """How many quotes were held against the texts of their sources."""

    def count(self, severity: Severity) -> int:
        """How many problems are of that severity."""
        return sum(problem.severity is severity for problem in self.problems)

    @property
    def ok(self) -> bool:
        """Whether no problem stops a release."""
        return self.count(Severity.ERROR) == 0


def check(
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    texts: str | Path | None = None,
) -> Report:
    """Read record files and folders, and judge them by every rule.

    Problems are reported for the paths asked for; what else their dataset holds is read so that
    references can be followed.

    Args:
        paths: Record files, and folders of them.
        progress: Told of the files read.
        texts: The folder of the sources' texts, one ``<source id>.txt`` each, to hold quotes
            against. Without one, that of ``dataset.yaml``, if it names one that is there.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    asked = [Path(path) for path in paths]
    if texts is not None and not Path(texts).is_dir():
        raise MissingPathError(f"{texts}: no such folder of texts")
    reading = read(asked, progress)
    judged = list(judge(reading))
    anchors = verify_anchors(reading.records, Path(texts) if texts else reading.texts)
    problems, waived = waive(reading, [*reading.records.problems, *judged])
    within = [absolute(shown(path)) for path in asked]
    standing = sorted((p for p in problems if _is_within(p, within)), key=_order)
    return Report(reading, standing, waived, anchors)


def judge(reading: Reading) -> Iterator[Problem]:
    """What the rules over the whole dataset find."""
    complete = reading.records.complete
    if not any(reading.records.rows.values()):
        return
    suggestions = _Suggestions(reading)
    with Embedded() as session:
        has_parties = _register(session, reading)
        for rule in RULES.values():
            if (rule.whole_only and not complete) or (rule.needs_parties and not has_parties):
                continue
            for one in rule.checks:
                if reading.records.rows[one.table]:
                    for finding in session.fetch(one.sql).to_pylist():
                        yield _problem(reading, suggestions, rule, one, finding)


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


def _problem(
    reading: Reading,
    suggestions: _Suggestions,
    rule: Rule,
    one: Check,
    finding: dict[str, Any],
) -> Problem:
    row, column = finding["_row"], finding.get("field") or one.field
    record = reading.records.rows[one.table][row].record
    related: tuple[Related, ...] = ()
    if finding.get("other_table"):
        other = reading.place(finding["other_table"], finding["other_row"])
        related = (Related(place=other, message=rule.other),)
    meant = finding.get("nearest")
    if rule.code == "REF_UNKNOWN":
        meant = suggestions.for_reference(one.table, column, finding["value"])
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


class _Suggestions:
    """For a reference to nothing, the id that it was most likely meant to be."""

    def __init__(self, reading: Reading) -> None:
        self._rows = reading.records.rows
        self._by_slug: dict[str | None, dict[str, str]] = {}

    def for_reference(self, table: str, column: str | None, value: object) -> str | None:
        of = base_tables()[table].column(column).refers_to if column else None
        if of not in self._by_slug:
            ids = [
                str(getattr(row.record, "id", ""))
                for name in ([of] if of else self._rows)
                for row in self._rows[name]
            ]
            # Prefixes are alike in all of them and would make everything seem near.
            self._by_slug[of] = {one.partition("-")[2]: one for one in ids if one}
        slug = nearest(str(value).partition("-")[2], self._by_slug[of])
        return self._by_slug[of][slug] if slug else None


def _is_within(problem: Problem, asked: list[Path]) -> bool:
    file = absolute(problem.place.file)
    return any(path == file or path in file.parents for path in asked)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return (place.file, place.line, place.column, problem.code)
