"""Judging: asking every rule of the rows that were read."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from allegata.deriving import DerivingError, create_voices
from allegata.engines.placing import Finding, Other
from allegata.engines.suggesting import Suggestions
from allegata.reading import Progress, Reading, Step
from allegata.reading.reading import MOST_KEPT
from allegata.reading.stock import ORIGIN, ROW, UNREAD_IDS
from allegata.rules import CLOSURES, HISTORY_TABLES, RULES, WORKING_TABLES, Check, Rule, shortened
from allegata.schema import MODELS
from allegata.tables.closure import create_closure
from allegata.tables.session import Session


@dataclass(frozen=True)
class Before:
    """The release before, for rules that compare with it."""

    folder: Path
    """Its folder, whose Parquet files are read."""
    create: Callable[[Session], None]
    """What makes its tables known to a session, as ``before_<table>``."""
    is_judged: bool = True
    """Whether each change since must be told of by a revision."""


@dataclass
class Judgement:
    """What the rules found."""

    findings: list[Finding] = field(default_factory=list)
    """The rows that break rules, the first of each check."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many findings of each code there are, all counted."""


def judge(
    session: Session,
    reading: Reading,
    progress: Progress,
    before: Before | None = None,
    *,
    use_kept: bool = True,
) -> Judgement:
    """Ask every rule over the whole dataset.

    Args:
        session: A session that has the rows (``register_rows``).
        reading: Where they were read.
        progress: Told of each query.
        before: The release before, which the session has as well.
        use_kept: Whether what an earlier run found may be used: not where rows are held back.
    """
    judgement = Judgement()
    basis = Basis(session, reading, before, use_kept=use_kept)
    suggestions = Suggestions(session, reading.stock)
    to_ask = list(asked(reading, before))
    let_off = {one.waiver.rule for one in reading.waivers}
    for number, (rule, one) in enumerate(to_ask):
        progress(Step("judging", number, len(to_ask)))
        # What a waiver lets be must be known by its record, however much there is.
        most = None if rule.code in let_off else MOST_KEPT
        rows, total = basis.rows(rule, one, most)
        judgement.counts += Counter({rule.code: total})
        judgement.findings += [_finding(suggestions, rule, one, row) for row in rows]
    return judgement


def asked(reading: Reading, before: Before | None) -> Iterator[tuple[Rule, Check]]:
    """The queries that can be asked of what was read, each with its rule."""
    compares = before is not None and before.is_judged
    for rule in RULES.values():
        if (rule.whole_only and not reading.complete) or (rule.needs_previous and not compares):
            continue
        for one in rule.checks:
            if rule.needs_previous or reading.stock.rows(one.table):
                yield rule, one


def register_rows(session: Session, reading: Reading) -> None:
    """Make all that was read known to a session, under the names of its tables."""
    for name, rows in _sources(reading).items():
        session.register(name, rows)
    pa.default_memory_pool().release_unused()  # what reading has left is of use to the session


def _sources(reading: Reading) -> dict[str, pa.Table | Path]:
    window = [reading.dataset.window] if reading.dataset else []
    days = {
        "first_day": pa.array([one.start for one in window], pa.date32()),
        "last_day": pa.array([one.end for one in window], pa.date32()),
    }
    sources = {name: reading.stock.source(name) for name in (*MODELS, UNREAD_IDS)}
    return sources | {"time_window": pa.table(days)}


def _finding(suggestions: Suggestions, rule: Rule, one: Check, row: dict[str, Any]) -> Finding:
    column = row.get("field") or one.field
    meant = row.get("nearest")
    if rule.code == "REF_UNKNOWN":
        meant = suggestions.for_reference(one.table, column, row["value"])
    shown = {name: shortened(value) for name, value in row.items() if value is not None}
    other = None
    if row.get("other_table") and row["other_row"] is not None:
        other = Other(row["other_table"], row["other_row"], rule.other)
    return Finding(
        code=rule.code,
        message=rule.message.format_map({"table": one.table, "instead": "", **shown}),
        table=one.table,
        row=row[ROW],
        column=column,
        value=shown.get("value"),
        fix=f"write {meant}" if meant else None,
        other=other,
    )


class Basis:
    """All that rules read: the rows, and tables made from them when a rule asks for them.

    What a query found is kept with the digest of all that it reads, so that a later run need not
    ask again while none of that has changed.
    """

    def __init__(
        self, session: Session, reading: Reading, before: Before | None, *, use_kept: bool
    ) -> None:
        self._session = session
        self._queries = WORKING_TABLES | (HISTORY_TABLES if before else {})
        # The tables that are made from others -> what makes them.
        self._makers = {name: name for name in (*self._queries, *CLOSURES)}
        self._makers |= dict.fromkeys(_voices(), _VOICES)
        self._made: set[str] = set()
        self._has_parties = True
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        self._digests: dict[tuple[str, str], str] | None = None
        if reading.kept and use_kept and not before:
            self._before, reading.kept.judged = reading.kept.judged, self._after
            self._digests = _digests(_sources(reading))

    def rows(self, rule: Rule, one: Check, most: int | None) -> tuple[list[dict[str, Any]], int]:
        """The first rows that a check finds, by their numbers, and how many there are."""
        key = self._key(one) if self._digests is not None else ""
        if key in self._before:
            rows, total = self._before[key]
        else:
            if not self.prepare(rule, one):
                return [], 0
            rows, total = self._ask(one, most)
        if key:
            self._after[key] = json.loads(json.dumps([rows, total], default=str))
        return rows, total

    def _ask(self, one: Check, most: int | None) -> tuple[list[dict[str, Any]], int]:
        if most is None:
            rows = self._session.fetch(one.sql).to_pylist()
            return rows, len(rows)
        found = self._session.fetch(f"SELECT * FROM ({one.sql}) ORDER BY {ROW} LIMIT {most}")
        total = found.num_rows
        if total == most:
            counted = self._session.fetch(f"SELECT count(*) AS n FROM ({one.sql})")
            total = counted.column("n")[0].as_py()
        return found.to_pylist(), total

    def prepare(self, rule: Rule, one: Check) -> bool:
        """Make the tables that a check reads; False if it needs what cannot be told."""
        for name, make in self._makers.items():
            if name in _read_by(one.sql) and make not in self._made:
                self._made.add(make)
                self._make(make)
        return self._has_parties or not rule.needs_parties

    def _make(self, name: str) -> None:
        if name in self._queries:
            self._session.create(name, self._queries[name])
        elif name in CLOSURES:
            create_closure(self._session, name, CLOSURES[name])
        else:
            try:
                create_voices(self._session)
            except DerivingError:
                self._has_parties = False

    def _key(self, one: Check) -> str:
        """The digest of a check's query and of every column that it can read."""
        assert self._digests is not None
        names = _read_by(one.sql)
        digest = hashlib.sha256(one.sql.encode())
        for (table, column), of_column in self._digests.items():
            if table in names and (column in names or "*" in names):
                digest.update(f"{table} {column} {of_column}\0".encode())
        return digest.hexdigest()


_VOICES = "claim_voices"


class _Listener:
    """A session without tables that takes down the queries by which tables are made."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def register(self, name: str, rows: pa.Table | Path) -> None:
        raise NotImplementedError(name)

    def create(self, name: str, sql: str) -> None:
        self.texts[name] = f"{self.texts.get(name, '')} {sql}"

    view = create

    def append(self, name: str, sql: str) -> None:
        raise NotImplementedError(sql)

    def drop(self, name: str) -> None:
        """There is none."""

    def is_large(self) -> bool:
        return False

    def parts(self, rows: int) -> int:
        raise NotImplementedError(rows)

    ranges = parts

    def sample(self, sql: str, rows: int) -> pa.Table:
        raise NotImplementedError(sql)

    def fetch(self, sql: str) -> pa.Table:
        """Nothing; but a count that ends the making of a closure."""
        return pa.table({"n": [-1] if "count(*)" in sql else []})

    def stream(self, sql: str, rows: int) -> pa.RecordBatchReader:
        raise NotImplementedError(sql)


@cache
def _voices() -> dict[str, str]:
    """The tables that tell whom voices speak for -> the queries that make them."""
    listener = _Listener()
    create_voices(listener)
    return listener.texts


@cache
def _read_by(sql: str) -> frozenset[str]:
    """Every word of a query and of the queries that make what it reads; * if it takes all columns.

    Each table and column that is read is among them, and it does no harm that others are too.
    """
    texts = WORKING_TABLES | HISTORY_TABLES | CLOSURES | _voices()
    found, known = _words(sql), set[str]()
    while new := found & texts.keys() - known:
        known |= new
        for name in new:
            found |= _words(texts[name])
    return frozenset(found)


def _words(sql: str) -> set[str]:
    stars = {"*"} if "*" in sql.replace("count(*)", "") else set[str]()
    return set(re.findall(r"\w+", sql)) | stars


def _digests(sources: dict[str, Any]) -> dict[tuple[str, str], str] | None:
    """The SHA-256 of every column of every table; None where one is too large for memory."""
    digests = {}
    for table, rows in sources.items():
        if not isinstance(rows, pa.Table):
            return None
        for name, column in zip(rows.column_names, rows.columns, strict=True):
            if name not in (*ORIGIN, ROW):
                digests[table, name] = _digest(name, column)
    return digests


def _digest(name: str, column: pa.ChunkedArray) -> str:
    # Written out, so that only values count, not how they lie in memory.
    batch = pa.RecordBatch.from_arrays([column.combine_chunks()], [name])
    return hashlib.sha256(batch.serialize()).hexdigest()
