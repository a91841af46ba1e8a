"""Whether rows agree with each other: keys, references, codes. By SQL, out of core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allegata.engines import Embedded
from allegata.releasing import Manifest
from allegata.releasing.deltas import quoted
from allegata.schema.types import PREFIXES
from allegata.tables import Column, Table
from allegata.verifying.finding import MOST_EXAMPLES, Finding
from allegata.verifying.specs import CODEBOOK, Specs

_OF_IDS = sorted(set(PREFIXES.values()))
_REVISIONS = "revisions"
_RETIRED = f"SELECT record_id AS id FROM {_REVISIONS} WHERE change IN ('retracted', 'merged')"


@dataclass(frozen=True)
class Query:
    """A query of the rows at fault, and what is wrong with them."""

    sql: str
    """The rows: their key, and of what else is to be told ``found_value``, ``expected_value``."""
    key: tuple[str, ...]
    finding: Finding


def check_rows(
    session: Embedded, has: set[str], manifest: Manifest, specs: Specs
) -> Iterator[Finding]:
    """Check keys, references and codes of the tables that a session has.

    Args:
        session: A session with the tables.
        has: Those that it has: all whose columns are as they should be.
        manifest: The manifest of the release.
        specs: What the tables are to be.
    """
    for entry in manifest.tables:
        spec = specs.tables.get(entry.name)
        if spec is None or entry.name not in has:
            continue
        queries = list(_of_table(entry.path, spec, has, specs))
        yield from found_rows(session, queries)


def _of_table(path: str, spec: Table, has: set[str], specs: Specs) -> Iterator[Query]:
    if specs.of_models and spec.order != spec.key:
        yield _distinct(path, spec)
    for column in spec.columns:
        if column.refers_to in has:
            ids = f"SELECT id FROM {quoted(column.refers_to)}"
            told = f"there is no such record of {column.refers_to}"
            yield _unknown(path, spec, column.name, ids, told)
        elif column.is_reference and column.refers_to is None and {*_OF_IDS, _REVISIONS} <= has:
            yield from _of_any_table(path, spec, column)
        yield from _codes(path, spec, column, specs)


def _distinct(path: str, spec: Table) -> Query:
    """Where rows are sorted by their key, the order tells; elsewhere they are counted."""
    key = _columns(spec.key)
    sql = f"SELECT {key}, count(*) AS n FROM {quoted(spec.name)} GROUP BY {key} HAVING count(*) > 1"
    return Query(sql, spec.key, Finding("KEY_WRONG", "rows share their key", path, spec.name))


def _of_any_table(path: str, spec: Table, column: Column) -> Iterator[Query]:
    """Ids that may be of any table; those of revisions may have been retired."""
    ids = " UNION ALL ".join(f"SELECT id FROM {quoted(name)}" for name in _OF_IDS)
    if spec.name != _REVISIONS:
        yield _unknown(path, spec, column.name, ids, "no row has this id")
        return
    known = f"{ids} UNION ALL {_RETIRED}"
    yield _unknown(path, spec, column.name, known, "no row and no retired record has this id")
    if column.name == "record_id":
        told = "a record is there that a revision says is retired"
        sql = f"SELECT id FROM ({ids}) AS live SEMI JOIN ({_RETIRED}) AS retired USING (id)"
        yield Query(sql, ("id",), Finding("REFERENCE_BROKEN", told, path, spec.name, column.name))


def _unknown(path: str, spec: Table, column: str, known: str, told: str) -> Query:
    sql = (
        f"SELECT {_columns(spec.key)}, {quoted(column)} AS found_value FROM {quoted(spec.name)} "
        f"ANTI JOIN ({known}) AS known ON known.id = {quoted(column)} "
        f"WHERE {quoted(column)} IS NOT NULL"
    )
    return Query(sql, spec.key, Finding("REFERENCE_BROKEN", told, path, spec.name, column))


def _codes(path: str, spec: Table, column: Column, specs: Specs) -> Iterator[Query]:
    at = spec.name, column.name
    if at in specs.codes:
        codes = specs.codes[at]
    elif column.vocabulary and specs.codes:
        codes = frozenset()  # a list of codes that the codebook lacks
    else:
        return
    listed = ", ".join(_text(code) for code in sorted(codes)) or "NULL"
    sql = (
        f"SELECT {_columns(spec.key)}, {quoted(column.name)} AS found_value "
        f"FROM {quoted(spec.name)} WHERE {quoted(column.name)} IS NOT NULL "
        f"AND coalesce({quoted(column.name)} NOT IN ({listed}), true)"
    )
    told = "the code is not in the codebook of the release"
    yield Query(sql, spec.key, Finding("CODE_UNKNOWN", told, path, spec.name, column.name))


def check_codebook(session: Embedded, manifest: Manifest) -> Iterator[Finding]:
    """Whether the codebook lists every column that the tables have, and no other.

    What it says of them is compared with the models where it is derived anew.
    """
    entry = manifest.table(CODEBOOK)
    if entry is None:
        return
    sql = f'SELECT "table", field FROM {CODEBOOK} WHERE field IS NOT NULL AND value IS NULL'
    listed = {(row["table"], row["field"]) for row in session.fetch(sql).to_pylist()}
    there = {(one.name, column) for one in manifest.tables for column in one.columns}
    odd = sorted(f"{table}.{column}" for table, column in listed ^ there)
    if odd:
        yield Finding(
            "CODEBOOK_WRONG",
            "a column is in the codebook and in no table, or the reverse",
            entry.path,
            CODEBOOK,
            key=odd[0],
            count=len(odd),
            examples=tuple(odd),
        )


def found_rows(session: Embedded, queries: Sequence[Query]) -> Iterator[Finding]:
    """What is wrong by queries that find rows: with their count, and the first by key."""
    if not queries:
        return
    counts = " UNION ALL ".join(
        f"SELECT {number} AS number, count(*) AS n FROM ({query.sql}) AS wrong"
        for number, query in enumerate(queries)
    )
    found = session.fetch(f"SELECT number, n FROM ({counts}) AS counts WHERE n > 0 ORDER BY 1")
    for row in found.to_pylist():
        query = queries[row["number"]]
        first = session.fetch(
            f"SELECT * FROM ({query.sql}) AS wrong "
            f"ORDER BY {_columns(query.key)} LIMIT {MOST_EXAMPLES}"
        ).to_pylist()
        yield _with_rows(query, first, row["n"])


def _with_rows(query: Query, rows: list[dict[str, Any]], count: int) -> Finding:
    named = [", ".join(f"{name}={row[name]}" for name in query.key) for row in rows]
    values = {
        name: str(value)
        for name in ("expected", "found")
        if (value := rows[0].get(f"{name}_value")) is not None
    }
    examples = tuple(named)
    return replace(query.finding, key=named[0], count=count, examples=examples, **values)


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
