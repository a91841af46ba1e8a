"""Whether rows agree with each other: keys, references, codes. By SQL, out of core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from allegata.engines import Embedded
from allegata.releasing import Manifest
from allegata.releasing.deltas import quoted
from allegata.schema.types import PREFIXES
from allegata.tables import Column, Table, base_tables
from allegata.verifying.finding import MOST_EXAMPLES, Finding
from allegata.verifying.specs import CODEBOOK, Specs

_RETIRED = "SELECT record_id AS id FROM revisions WHERE change IN ('retracted', 'merged')"


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
        if specs.of_models and spec.order != spec.key:
            yield from _distinct(session, entry.path, spec)
        for column in spec.columns:
            yield from _references(session, entry.path, spec, column, has)
            yield from _codes(session, entry.path, spec, column, specs)
    yield from _prefixed(session, manifest, has)


def _distinct(session: Embedded, path: str, spec: Table) -> Iterator[Finding]:
    """Where rows are sorted by their key, the order tells; elsewhere they are counted."""
    key = _columns(spec.key)
    sql = f"SELECT {key}, count(*) AS n FROM {quoted(spec.name)} GROUP BY {key} HAVING count(*) > 1"
    yield from _found(
        session, sql, spec.key, Finding("KEY_WRONG", "rows share their key", path, spec.name)
    )


def _references(
    session: Embedded, path: str, spec: Table, column: Column, has: set[str]
) -> Iterator[Finding]:
    target = column.refers_to
    if target is None or target not in has:
        return
    ids = f"SELECT id FROM {quoted(target)}"
    yield from _unknown(
        session, path, spec, column.name, ids, f"there is no such record of {target}"
    )


def _prefixed(session: Embedded, manifest: Manifest, has: set[str]) -> Iterator[Finding]:
    """Ids that may be of any table; those of revisions may have been retired."""
    tables = set(PREFIXES.values())
    if not {*tables, "revisions"} <= has:
        return
    ids = " UNION ALL ".join(f"SELECT id FROM {quoted(name)}" for name in sorted(tables))
    for name, spec in base_tables().items():
        entry = manifest.table(name)
        for column in spec.columns if entry else ():
            if not column.is_reference or column.refers_to:
                continue
            known = f"{ids} UNION ALL {_RETIRED}" if name == "revisions" else ids
            told = (
                "no row and no retired record has this id" if known != ids else "no row has this id"
            )
            assert entry is not None
            yield from _unknown(session, entry.path, spec, column.name, known, told)
    entry = manifest.table("revisions")
    assert entry is not None
    yield from _found(
        session,
        f"SELECT id FROM ({ids}) AS live SEMI JOIN ({_RETIRED}) AS retired USING (id)",
        ("id",),
        Finding(
            "REFERENCE_BROKEN",
            "a record is there that a revision says is retired",
            entry.path,
            "revisions",
            "record_id",
        ),
    )


def _unknown(
    session: Embedded, path: str, spec: Table, column: str, known: str, told: str
) -> Iterator[Finding]:
    key = _columns(spec.key)
    sql = (
        f"SELECT {key}, {quoted(column)} AS found_value FROM {quoted(spec.name)} "
        f"ANTI JOIN ({known}) AS known ON known.id = {quoted(column)} "
        f"WHERE {quoted(column)} IS NOT NULL"
    )
    finding = Finding("REFERENCE_BROKEN", told, path, spec.name, column)
    yield from _found(session, sql, spec.key, finding)


def _codes(
    session: Embedded, path: str, spec: Table, column: Column, specs: Specs
) -> Iterator[Finding]:
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
    finding = Finding("CODE_UNKNOWN", told, path, spec.name, column.name)
    yield from _found(session, sql, spec.key, finding)


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


def found_rows(session: Embedded, sql: str, spec: Table, finding: Finding) -> Iterator[Finding]:
    """The finding with the rows of a query, if it has any: their count, and the first by key.

    Args:
        session: Where to ask.
        sql: A query of the rows at fault: the table's key, and of what else is to be told
            ``found_value`` and ``expected_value``.
        spec: The table.
        finding: What is wrong with them.
    """
    yield from _found(session, sql, spec.key, finding)


def _found(
    session: Embedded, sql: str, key: tuple[str, ...], finding: Finding
) -> Iterator[Finding]:
    count = session.fetch(f"SELECT count(*) AS n FROM ({sql}) AS wrong").column("n")[0].as_py()
    if not count:
        return
    first = session.fetch(f"{sql} ORDER BY {_columns(key)} LIMIT {MOST_EXAMPLES}").to_pylist()
    yield with_rows(finding, key, first, count)


def with_rows(
    finding: Finding, key: tuple[str, ...], rows: list[Mapping[str, object]], count: int
) -> Finding:
    """A finding, told of the first rows at fault and of their number."""
    named = [", ".join(f"{name}={row[name]}" for name in key) for row in rows]
    value = rows[0].get("found_value")
    return Finding(
        finding.code,
        finding.message,
        finding.file,
        finding.table,
        finding.column,
        key=named[0],
        expected=str(rows[0]["expected_value"]) if "expected_value" in rows[0] else None,
        found=None if value is None else str(value),
        count=count,
        examples=tuple(named),
    )


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
