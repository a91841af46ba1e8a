"""Quarantine: setting aside records with errors and all that depends on them.

Held back is

- a row that breaks a rule of severity error, unless a waiver lets it be;
- a row that refers to a record that is held back or could not be read;
- with a nested record the one that holds it, and the other way round: a claim without one of the
  statements that it came by would be another claim.

The rules are then asked of what is left, until they find no error in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from allegata.engines.judging import Basis, Before, asked, judge
from allegata.engines.placing import Finding
from allegata.reading import Progress, Reading
from allegata.reading.stock import ORIGIN, ROW, UNREAD_IDS
from allegata.rules import RULES, Check, Problem, Rule, Severity
from allegata.schema import MODELS
from allegata.tables import Table, base_tables
from allegata.tables.session import Session

HELD = "held_rows"
"""The table of what is held back: in_table, row, code (of the rule broken, if any), because (why,
if for no rule's sake)."""

_HOLDS = "'holds a part that is set aside'"
_NO_VALUE = "CAST(NULL AS VARCHAR)"


class NotSeparable(Exception):  # noqa: N818 - it is not the program's error
    """Something is wrong that is no record's, so that no record can be set aside for it."""


class Intake(NamedTuple):
    """What became of the records of one table."""

    table: str
    met: int
    accepted: int
    quarantined: int


@dataclass(frozen=True)
class Remainder:
    """What is left when all that is wrong is held back."""

    problems: Counter[str]
    """How many problems of each code are left; none of them is an error."""
    findings: list[Finding]
    """The errors for which rows are held back, the first of each check."""
    intake: list[Intake]
    """What became of the records, for each table that has any."""


def hold_back(
    session: Session,
    reading: Reading,
    anchors: list[Finding],
    progress: Progress,
    before: Before | None = None,
) -> Remainder:
    """Take what is wrong, and what depends on it, out of the tables of a session.

    Args:
        session: A session that has the rows; its tables are replaced by what is left of them,
            and ``HELD`` tells what is not.
        reading: Where they were read.
        anchors: Quotes and texts that do not stand.
        progress: Told of each query.
        before: The release before, which the session has as well.

    Raises:
        NotSeparable: an error is not a record's.
    """
    _require_separable(reading)
    _prepare(session, reading)
    wrong = [_of_anchor(one) for one in anchors if one.row is not None]
    wrong += _spoiled(session, reading)
    errors: list[Finding] = []
    while True:
        _hold(session, wrong)
        judgement = judge(session, reading, progress, before, use_kept=False)
        failed = {code for code in judgement.counts if RULES[code].severity is Severity.ERROR}
        if not failed:
            break
        errors += [one for one in judgement.findings if one.code in failed]
        if nowhere := next((one for one in errors if one.row is None), None):
            raise NotSeparable(nowhere.message)
        wrong = list(_breaking(session, reading, failed, before))
        if not any(rows.num_rows for _, _, rows in wrong):
            break  # what is left is let be by waivers
    return Remainder(judgement.counts, errors, _intake(session, reading))


def _require_separable(reading: Reading) -> None:
    whole = next((one for one in reading.problems if not _is_of_record(reading, one)), None)
    if whole:
        raise NotSeparable(f"{whole.place}: {whole.message}")


def _is_of_record(reading: Reading, one: Problem) -> bool:
    """Whether a problem met in reading is that of a line of a bulk file, or of a record."""
    read = next(read for read in reading.files if read.shown == one.place.file)
    if read.table is None:
        return one.table is not None and one.code != "FILE_SHAPE"
    lost = {reading.files[whole.file].shown for whole in reading.rejected if whole.line == 0}
    return read.shown not in lost and one.code != "FILE_EMPTY"


def _prepare(session: Session, reading: Reading) -> None:
    """Put views in place of the tables that leave out what is held back."""
    nothing = {"in_table": pa.string(), "row": pa.int64(), "code": pa.string()}
    empty = pa.schema([*nothing.items(), ("because", pa.string())]).empty_table()
    session.register("nothing_held", empty)
    session.create(HELD, "SELECT * FROM nothing_held")
    for name in MODELS:
        session.register(f"all_{name}", reading.stock.source(name))
        session.view(
            name,
            f"SELECT a.* FROM all_{name} AS a LEFT JOIN {HELD} AS h "
            f"ON h.in_table = '{name}' AND h.row = a.{ROW} WHERE h.row IS NULL",
        )


_Wrong = tuple[str, str, pa.Table]  # table, code of the rule, rows (column _row)


def _of_anchor(one: Finding) -> _Wrong:
    return one.table, one.code, pa.table({ROW: pa.array([one.row], pa.int64())})


def _spoiled(session: Session, reading: Reading) -> list[_Wrong]:
    """The rows that hold nested records which could not be read."""
    if not reading.spoiled_ids:
        return []
    session.register("spoiled", pa.table({"id": pa.array(reading.spoiled_ids, pa.string())}))
    return [
        (
            table.name,
            "",
            session.fetch(f"SELECT {ROW} FROM {table.name} SEMI JOIN spoiled USING (id)"),
        )
        for table in _with_id()
    ]


def _breaking(
    session: Session, reading: Reading, failed: set[str], before: Before | None
) -> Iterator[_Wrong]:
    """All rows that break some rules and are not let be."""
    basis = Basis(session, reading, before, use_kept=False)
    for rule, one in asked(reading, before):
        if rule.code in failed and basis.prepare(rule, one):
            yield one.table, rule.code, session.fetch(_rows_of(reading, rule, one))


def _rows_of(reading: Reading, rule: Rule, one: Check) -> str:
    rows = f"SELECT DISTINCT {ROW} FROM ({one.sql}) AS found WHERE {ROW} IS NOT NULL"
    let_be = [w.waiver.record_id for w in reading.waivers if w.waiver.rule == rule.code]
    if not let_be or not rule.can_be_waived:
        return rows
    key = base_tables()[one.table].key[0]
    listed = ", ".join(f"'{record}'" for record in let_be)
    return (
        f"SELECT r.{ROW} FROM ({rows}) AS r JOIN {one.table} AS t ON t.{ROW} = r.{ROW} "
        f'WHERE t."{key}" NOT IN ({listed})'
    )


def _hold(session: Session, wrong: list[_Wrong]) -> None:
    """Hold back some rows, and all that depends on what is held back."""
    parts = [
        pa.table(
            {
                "in_table": pa.repeat(table, rows.num_rows),
                "row": rows.column(ROW),
                "code": pa.repeat(code or None, rows.num_rows).cast(pa.string()),
                # What breaks no rule itself is here for a part that was not even read.
                "because": pa.repeat(None if code else _HOLDS[1:-1], rows.num_rows).cast(
                    pa.string()
                ),
            }
        )
        for table, code, rows in wrong
        if rows.num_rows
    ]
    if parts:
        session.register("wrong_rows", pa.concat_tables(parts))
        _add(session, ["SELECT in_table, row, code, because FROM wrong_rows"])
    held = _count(session)
    while True:
        _create_lost_ids(session)
        _add(session, [*_referring(), *_nested()])
        if held == (held := _count(session)):
            return


def _add(session: Session, queries: list[str]) -> None:
    # A row can break several rules; all are told. Dependence is told only of what breaks none.
    session.create("held_more", " UNION ".join([f"SELECT * FROM {HELD}", *queries]))
    session.create(HELD, "SELECT * FROM held_more")


def _count(session: Session) -> int:
    found = session.fetch(f"SELECT count(*) AS n FROM {HELD}")
    return int(found.column("n")[0].as_py())


def _create_lost_ids(session: Session) -> None:
    """Make the table of ids that no row has any more."""
    gone = [f"SELECT id FROM {UNREAD_IDS}"] + [
        f"SELECT a.id FROM all_{table.name} AS a JOIN {HELD} AS h "
        f"ON h.in_table = '{table.name}' AND h.row = a.{ROW}"
        for table in _with_id()
    ]
    left = " UNION ALL ".join(f"SELECT id FROM {table.name}" for table in _with_id())
    session.create(
        "lost_ids",
        f"SELECT DISTINCT gone.id FROM ({' UNION ALL '.join(gone)}) AS gone "
        f"ANTI JOIN ({left}) AS left_over USING (id)",
    )


def _referring() -> Iterator[str]:
    for table in base_tables().values():
        for column in table.columns:
            if column.is_reference:
                yield (
                    f"SELECT '{table.name}' AS in_table, t.{ROW} AS row, {_NO_VALUE} AS code, "
                    f"'refers to ' || min(lost.id) AS because FROM {table.name} AS t "
                    f'JOIN lost_ids AS lost ON lost.id = t."{column.name}" GROUP BY t.{ROW}'
                )


def _nested() -> Iterator[str]:
    """Queries of what stands nested with what is held back, in one line or by the parent's id."""
    for parent in MODELS.values():
        for child, nested in parent.children().values():
            key, whole = f'c."{nested.key}"', child.key != ("id",)
            same_line = "p._file = c._file AND p._line = c._line AND p._line > 0"
            if whole:
                apart = "(p._file <> c._file OR p._line = c._line)"
                yield _joined(parent.table, child.table, key, apart, _HOLDS, held="c", freed="p")
            is_held = "'belongs to ' || p.id"
            yield _joined(parent.table, child.table, key, same_line, is_held, held="p", freed="c")


def _joined(
    parent: str, child: str, key: str, where: str, why: str, *, held: str, freed: str
) -> str:
    names = {"p": parent, "c": child}
    source = {one: f"all_{names[one]}" if one == held else names[one] for one in names}
    return (
        f"SELECT '{names[freed]}' AS in_table, {freed}.{ROW} AS row, {_NO_VALUE} AS code, "
        f"{why} AS because FROM {source['p']} AS p "
        f"JOIN {source['c']} AS c ON {key} = p.id AND {where} "
        f"JOIN {HELD} AS h ON h.in_table = '{names[held]}' AND h.row = {held}.{ROW} "
        f"GROUP BY {freed}.{ROW}, p.id"
    )


def _with_id() -> list[Table]:
    return [table for table in base_tables().values() if table.key == ("id",)]


def _intake(session: Session, reading: Reading) -> list[Intake]:
    found = []
    for name in MODELS:
        left = session.fetch(f"SELECT count(*) AS n FROM {name}").column("n")[0].as_py()
        if met := reading.met[name]:
            found.append(Intake(name, met, left, met - left))
    return found


def held_rows(session: Session, number: int) -> pa.RecordBatchReader:
    """What is held back of the rows of one file, in the order in which it stands there.

    Columns: in_table, record, code, because, and those of an origin.
    """
    parts = " UNION ALL ".join(
        f'SELECT h.in_table, a."{table.key[0]}" AS record, h.code, h.because, '
        f"{', '.join(f'a.{name}' for name in ORIGIN)} FROM all_{table.name} AS a "
        f"JOIN {HELD} AS h ON h.in_table = '{table.name}' AND h.row = a.{ROW} "
        f"WHERE a._file = {number}"
        for table in base_tables().values()
    )
    return session.stream(
        f"SELECT * FROM ({parts}) AS all_held ORDER BY _line, in_table, _index", 10_000
    )
