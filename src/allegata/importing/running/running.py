"""A mapping run over files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb
import pyarrow as pa

from allegata.importing.mapping import model as m
from allegata.importing.mapping.compiling import Compiler, quoted
from allegata.importing.mapping.fields import needed
from allegata.importing.mapping.loading import MappingError
from allegata.importing.report import Aside, Report
from allegata.importing.running.equivalents import entries_of, languages
from allegata.importing.running.files import LOST, TOO_LONG, Unreadable, sha256_of_file
from allegata.importing.running.reading import batches, layout_of
from allegata.rules.words import sql_word, words
from allegata.schema import MODELS
from allegata.version import __version__

MOST_RAW = 20_000


def import_table(
    mapping: m.Mapping,
    beside: Traversable | Path,
    paths: list[Path],
    stage: Path,
    *,
    known: frozenset[str] = frozenset(),
    memory_limit: str = "1GB",
) -> tuple[Report, list[Aside]]:
    """Write the records that a mapping makes of the rows of files.

    Args:
        mapping: The mapping.
        beside: The folder that its tables of equivalents lie in.
        paths: The files, all of the form that the mapping reads.
        stage: The folder to write to.
        known: Ids of records that are not to be written again.
        memory_limit: How much memory DuckDB may take.

    Returns:
        The report, and the rows that were set aside, in the order of the files.

    Raises:
        MappingError: the mapping does not fit the files or the schema.
    """
    work = stage / ".work"
    work.mkdir()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": 2,
        "temp_directory": str(work / "spill"),
    }
    connection = duckdb.connect(str(work / "rows.duckdb"), config=config)
    run = _Run(mapping, beside, connection, Report(mapping.name, mapping.version), stage)
    try:
        run.prepare(known)
        run.read(paths)
        run.judge()
        run.write()
    except duckdb.OutOfMemoryException as error:
        told = str(error).partition("\n")[0]
        raise OSError(f"{told}; a larger --memory-limit may help") from None
    asides = list(run.asides())
    connection.close()
    shutil.rmtree(work)
    return run.report, asides


class _Run:
    def __init__(
        self,
        mapping: m.Mapping,
        beside: Traversable | Path,
        connection: duckdb.DuckDBPyConnection,
        report: Report,
        stage: Path,
    ) -> None:
        self.mapping, self.beside, self.sql, self.report = mapping, beside, connection, report
        self.stage, self.compiler = stage, Compiler(mapping, {}, {})
        self.bad: list[Aside] = []
        self.knows = False

    def prepare(self, known: frozenset[str]) -> None:
        """Lay out what the SQL of a mapping needs."""
        macros = files("allegata.importing.running").joinpath("macros.sql").read_text("utf-8")
        self.sql.execute(macros)
        loaded = "(^|[^a-z])(" + "|".join(word.replace("-", "[- ]") for word in words("loaded"))
        self.sql.execute(f"SET VARIABLE loaded = {quoted(loaded + ')([^a-z]|$)')}")
        self._variable("languages", languages())
        self.knows = bool(known)
        ids = pa.table({"id": pa.array(sorted(known), pa.string())})
        self.sql.register("known_arrow", ids)
        self.sql.execute("CREATE TABLE known AS SELECT id FROM known_arrow")
        takes = {}
        for name, table in self.mapping.lookups.items():
            entries = entries_of(table, self.beside)
            takes[name] = list(entries)
            for take, pairs in entries.items():
                self.sql.execute(
                    f"SET VARIABLE l_{name}_{take} = map_from_entries(CAST(? AS "
                    "STRUCT(k VARCHAR, v VARCHAR)[]))",
                    [[{"k": key, "v": value} for key, value in pairs.items()]],
                )
        self.compiler = Compiler(self.mapping, {}, takes)

    def _variable(self, name: str, values: list[str]) -> None:
        self.sql.execute(f"SET VARIABLE {name} = CAST(? AS VARCHAR[])", [values])

    def read(self, paths: list[Path]) -> None:
        """Read the rows of all files into one table."""
        headers: dict[Path, list[str]] = {}
        written: dict[Path, m.Reads] = {}
        used = re.findall(r'"column":"([^"\\]+)"', self.mapping.model_dump_json())
        for path in paths:
            try:
                headers[path], written[path] = layout_of(path, self.mapping.reads, used)
                self._fits(headers[path])
            except (Unreadable, OSError) as error:
                headers.pop(path, None)
                self.report.faults.append(Aside(path.name, None, "unreadable", str(error)))
        names = list(dict.fromkeys(name for header in headers.values() for name in header))
        columns = {name: f"c{index}" for index, name in enumerate(names)}
        self.compiler = Compiler(self.mapping, columns, self.compiler.takes)
        cells = "".join(f", {column} VARCHAR" for column in columns.values())
        self.sql.execute("CREATE TABLE files (_file INTEGER, name VARCHAR, sha256 VARCHAR)")
        self.sql.execute(f"CREATE TABLE read (_file INTEGER, _row INTEGER{cells})")
        for index, path in enumerate(headers):
            self.sql.execute(
                "INSERT INTO files VALUES (?, ?, ?)",
                [index, _line(path.name), sha256_of_file(path)],
            )
            self._read_one(index, path, written[path], headers[path], columns)
        if not names:
            return
        texts = ", ".join(columns.values())
        # One concat of all: a chain of || would copy what is there at each of its steps.
        plain, escaped = (
            "concat('{', "
            + ", ',', ".join(
                f"{quoted(_key(name))}, {way}({column})" for name, column in columns.items()
            )
            + ", '}')"
            for way in ("json_plain", "json_text")
        )
        self.sql.execute(
            f"CREATE VIEW rows AS SELECT *, CASE WHEN contains(_all, '{TOO_LONG}') THEN "
            f"'line-too-long' WHEN contains(_all, '{LOST}') THEN 'encoding' END AS _unread, "
            f"CASE WHEN regexp_full_match(_all, '[ !#-\\[\\]-~]*') THEN {plain} "
            f"ELSE {escaped} END AS _raw FROM (SELECT *, concat({texts}) AS _all FROM read)"
        )

    def _fits(self, header: list[str]) -> None:
        """Refuse a file that lacks columns before its rows are read."""
        try:
            trial = Compiler(self.mapping, dict.fromkeys(header, "c"), self.compiler.takes)
            for value in self.mapping.values.values():
                trial.expression(value)
            for flag in (*self.mapping.set_aside, *self.mapping.warn):
                trial.condition(flag.when)
            for record in self.mapping.records:
                trial.identity(record)
                if record.when:
                    trial.condition(record.when)
                trial.fields(record)
        except MappingError as error:
            if str(error).startswith("there is no column") and self.mapping.reads.header:
                raise Unreadable(f"{error}; is the delimiter right?") from None
            raise

    def _read_one(
        self,
        index: int,
        path: Path,
        reads: m.Reads,
        header: list[str],
        columns: dict[str, str],
    ) -> None:
        def fault(detail: str) -> None:
            self.report.faults.append(Aside(path.name, None, "unreadable", detail))

        def bad(row: int, reason: str, detail: str) -> None:
            self.report.rows += 1
            self.report.aside[reason] += 1
            self.bad.append(Aside(path.name, row, reason, detail))

        into = ", ".join(columns[name] for name in header)
        try:
            for batch in batches(path, reads, header, fault, bad):
                self.report.rows += batch.num_rows
                given = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in header)
                self.sql.register("batch", batch)
                self.sql.execute(
                    f"INSERT INTO read (_file, _row, {into}) "
                    f"SELECT {index}, _row, {given} FROM batch"
                )
                self.sql.unregister("batch")
        except OSError as error:
            fault(f"cannot be read: {error}")

    def judge(self) -> None:
        """Compute the mapping's values, and say for each row whether it becomes records."""
        if not self.compiler.columns:
            self.sql.execute("CREATE TABLE kept (_file INTEGER, _row INTEGER)")
            self.sql.execute("CREATE TABLE aside (_file INTEGER, _row INTEGER, _reason VARCHAR)")
            return
        mapping, compile_ = self.mapping, self.compiler
        cells = [(f"v_{name}", compile_.expression(part)) for name, part in mapping.values.items()]
        cells += [
            (f"i_{one.name}", compile_.identity(one)) for one in mapping.records if one.each is None
        ]
        # Each step may use those before it. One statement: views on views are bound at each step.
        steps, stage = [], "rows"
        for index, (name, sql) in enumerate(cells):
            steps.append(
                f"step_{index} AS NOT MATERIALIZED (SELECT *, {sql} AS {name} FROM {stage})"
            )
            stage = f"step_{index}"
        self.sql.execute(
            f"CREATE TABLE judged AS WITH {', '.join(steps)} "
            f"SELECT _file, _row, _raw{self._used()}, "
            f"{self._reason()} AS _reason FROM {stage}"
        )
        self._repeated()
        self.sql.execute("CREATE VIEW aside AS SELECT * FROM judged WHERE _reason IS NOT NULL")
        self.sql.execute("CREATE VIEW kept AS SELECT * FROM judged WHERE _reason IS NULL")
        self._count()

    def _used(self) -> str:
        """The columns and values that are needed to write records, each behind a comma."""
        compile_ = self.compiler
        parts = [compile_.condition(flag.when) for flag in self.mapping.warn]
        parts += [compile_.text(one) for one in self.mapping.key]
        for record in self.mapping.records:
            parts += compile_.fields(record).values()
            parts.append(compile_.identity(record))
            if record.each is not None:
                parts.append(compile_.text(record.each.of))
        names = set(re.findall(r"\b(?:c[0-9]+|[vi]_[a-z][a-z0-9_]*)\b", " ".join(parts)))
        names |= {f"i_{one.name}" for one in self.mapping.records if one.each is None}
        values = {f"v_{name}" for name in self.mapping.values}
        known = (
            values
            | set(compile_.columns.values())
            | {f"i_{one.name}" for one in self.mapping.records if one.each is None}
        )
        return "".join(f", {name}" for name in sorted(names & known))

    def _reason(self) -> str:
        cases = ["WHEN _unread IS NOT NULL THEN _unread"]
        cases += [f"WHEN length(_raw) > {MOST_RAW} THEN 'row-too-long'"]
        cases += [
            f"WHEN {self.compiler.condition(flag.when)} THEN {quoted(flag.reason)}"
            for flag in self.mapping.set_aside
        ]
        for record in self.mapping.records:
            if record.each is not None:
                continue
            here = self.compiler.condition(record.when) if record.when else "TRUE"
            fields = {"id": f"i_{record.name}", **self.compiler.fields(record)}
            for field in sorted(needed(MODELS[record.table]) - set(self._given(record))):
                if field not in fields:
                    raise MappingError(f"the record {record.name!r} lacks the field {field!r}")
                reason = quoted(f"no-{field}-of-{record.name}".replace("_", "-"))
                cases.append(f"WHEN {here} AND ({fields[field]}) IS NULL THEN {reason}")
            if record.table == "propositions":
                speaks = sql_word("attributions", fields["text"])
                cases.append(f"WHEN {here} AND {speaks} <> '' THEN 'wording-names-a-speaker'")
        return f"CASE {' '.join(cases)} END"

    def _given(self, record: m.RecordOf) -> dict[str, str]:
        """The fields that each claim of an import has, unless the mapping says otherwise."""
        if record.table != "claims":
            return {}
        given = {
            "method": "'automatic'",
            "coder": quoted(f"import-{self.mapping.name}"[:40].rstrip("-")),
            "coded": quoted(str(self.mapping.dated)),
        }
        return {name: sql for name, sql in given.items() if name not in record.fields}

    def _repeated(self) -> None:
        if self.mapping.key:
            key = " || chr(31) || ".join(
                f"coalesce({self.compiler.text(one)}, '')" for one in self.mapping.key
            )
            self.sql.execute(
                "UPDATE judged SET _reason = 'repeated' FROM (SELECT _file AS f, _row AS r FROM "
                f"(SELECT _file, _row, row_number() OVER (PARTITION BY {key} ORDER BY _file, _row) "
                "AS nth FROM judged WHERE _reason IS NULL) t WHERE nth > 1) x "
                "WHERE judged._file = x.f AND judged._row = x.r"
            )

    def _count(self) -> None:
        asides = self.sql.execute("SELECT _reason, count(*) FROM aside GROUP BY 1").fetchall()
        self.report.aside.update(dict(asides))
        for flag in self.mapping.warn:
            found = self.sql.execute(
                f"SELECT count(*) FROM kept WHERE {self.compiler.condition(flag.when)}"
            ).fetchone()
            if found and found[0]:
                self.report.warnings[flag.reason] += found[0]
        found = self.sql.execute("SELECT count(*) FROM kept").fetchone()
        self.report.imported = found[0] if found else 0

    def write(self) -> None:
        """Write a file of JSON Lines for each table."""
        if not self.compiler.columns:
            return
        by_table: dict[str, list[m.RecordOf]] = {}
        for record in self.mapping.records:
            by_table.setdefault(record.table, []).append(record)
        for table, records in by_table.items():
            self._write_table(table, records)

    def _write_table(self, table: str, records: list[m.RecordOf]) -> None:
        made = " UNION ALL BY NAME ".join(
            f"({self._made(nth, record)})" for nth, record in enumerate(records)
        )
        if len(records) == 1 and self._is_of_one_row(records[0]):
            # No two rows make the same, and rows are kept in the order of the files.
            self._copy(table, made, "")
            return
        self.sql.execute(
            f"CREATE TABLE made_{table} AS SELECT * FROM ({made}) QUALIFY row_number() OVER "
            "(PARTITION BY id ORDER BY _file, _row, _nth) = 1"
        )
        lists = self._emptied(records)
        self._copy(table, f"SELECT *{lists} FROM made_{table}", "ORDER BY _file, _row, _nth, id")
        self.sql.execute(f"DROP TABLE made_{table}")

    def _copy(self, table: str, made: str, order: str) -> None:
        """Write records that are not known yet, and count them and the others."""
        target = self.stage / f"{table}.jsonl"
        new = ""
        if self.knows:
            new = "WHERE id NOT IN (SELECT id FROM known)"
            known = self.sql.execute(
                f"SELECT count(*) FROM ({made}) WHERE id IN (SELECT id FROM known)"
            ).fetchone()
            if known and known[0]:
                self.report.known[table] = known[0]
        written = self.sql.execute(
            f"COPY (SELECT * EXCLUDE (_file, _row, _nth) FROM ({made}) {new} {order}) "
            f"TO {quoted(str(target))} (FORMAT json)"
        ).fetchone()
        if written and written[0]:
            self.report.records[table] += written[0]
        else:
            target.unlink(missing_ok=True)

    def _is_of_one_row(self, record: m.RecordOf) -> bool:
        """Whether the record's id is made from the key of the rows, which no two share."""
        part = record.fields["id"]
        return (
            record.each is None
            and bool(self.mapping.key)
            and isinstance(part, m.Minted)
            and all(key in part.mint for key in self.mapping.key)
        )

    @staticmethod
    def _emptied(records: list[m.RecordOf]) -> str:
        """Lists that some records of the table have are empty, not null, in the others."""
        lists = sorted(
            {name for one in records for name, part in one.fields.items() if isinstance(part, list)}
        )
        cells = ", ".join(f'coalesce("{name}", []) AS "{name}"' for name in lists)
        return f" REPLACE ({cells})" if lists else ""

    def _made(self, nth: int, record: m.RecordOf) -> str:
        stage, identity = "kept", f"i_{record.name}"
        if record.each is not None:
            of, at = self.compiler.text(record.each.of), quoted(record.each.at)
            stage = (
                "(SELECT *, nullif(trim(part), '') AS item FROM (SELECT *, "
                f"unnest(string_split({of}, {at})) AS part FROM kept))"
            )
            identity = self.compiler.identity(record)
        fields = {**self.compiler.fields(record), **self._given(record)}
        cells = "".join(f', {sql} AS "{name}"' for name, sql in fields.items())
        lacking = [
            f'"{name}" IS NOT NULL'
            for name in needed(MODELS[record.table])
            if name in fields and record.each is not None
        ]
        where = " AND ".join(["made.id IS NOT NULL", *lacking])
        return (
            f"SELECT * FROM (SELECT {identity} AS id{cells}, [{self._origin(record)}] AS origins, "
            f"t._file, t._row, {nth} AS _nth FROM {stage} t JOIN files f "
            "ON f._file = t._file) made "
            f"WHERE {where}"
        )

    def _origin(self, record: m.RecordOf) -> str:
        parts = {
            "importer": quoted(self.mapping.name),
            "importer_version": quoted(__version__),
            "mapping": quoted(self.mapping.name),
            "mapping_version": quoted(self._mapping_version()),
            "file": "f.name",
            "file_sha256": "f.sha256",
            "row": "t._row",
        }
        if record.raw == "all":
            parts["raw"] = "t._raw"
        if self.mapping.licence:
            parts["licence"] = quoted(self.mapping.licence)
        return f"struct_pack({', '.join(f'{name} := {sql}' for name, sql in parts.items())})"

    def _mapping_version(self) -> str:
        tables = [f"{name} {table.version}" for name, table in self.mapping.lookups.items()]
        return "; ".join([self.mapping.version, *tables])[:500]

    def asides(self) -> Iterator[Aside]:
        """Each row that was set aside, in the order of the files."""
        found = self.sql.execute(
            "SELECT f.name, a._row, a._reason FROM aside a JOIN files f ON f._file = a._file "
            "ORDER BY a._file, a._row"
        )
        yield from self.bad
        for rows in iter(partial(found.fetchmany, 10_000), []):
            for name, row, reason in rows:
                yield Aside(name, row, reason)


def _key(name: str) -> str:
    import json

    return json.dumps(name) + ":"


def _line(name: str) -> str:
    from allegata.schema.text import what_is_not_canonical

    return name if not what_is_not_canonical(name) else ascii(name).replace("'", "")
