"""Whether the file of each table holds what the manifest and the schema say, row by row.

One pass over each file, a part at a time.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allegata.releasing import DeltaEntry, Manifest, TableEntry
from allegata.tables import Table
from allegata.tables.conforming import above
from allegata.tables.content_hash import ContentHash, type_name
from allegata.verifying.finding import MOST_EXAMPLES, Finding

_ROWS_AT_ONCE = 50_000


@dataclass
class _Facts:
    """What was seen of the rows."""

    rows: int = 0
    nulls: Counter[str] = field(default_factory=Counter)
    days: set[datetime.date] = field(default_factory=set)
    not_numbers: Counter[str] = field(default_factory=Counter)
    first_null: dict[str, str] = field(default_factory=dict)
    unordered: int = 0
    examples: list[str] = field(default_factory=list)
    content_hash: str = ""


def check_table(
    file: Path, entry: TableEntry, spec: Table | None, manifest: Manifest, *, of_models: bool
) -> Iterator[Finding]:
    """Check one table by itself.

    Args:
        file: Its Parquet file.
        entry: What the manifest says of it.
        spec: What it is to be; None where that is not known.
        manifest: The manifest of the release.
        of_models: Whether the models say what it is to be.
    """
    of = _Of(entry)
    try:
        with pq.ParquetFile(file) as parquet:
            schema = parquet.schema_arrow
            yield from _metadata(of, schema, manifest)
            yield from _columns(of, schema, spec)
            order = _order(of, parquet, spec, of_models=of_models)
            facts = _read(parquet, schema, order, entry)
    except TypeError as error:
        yield of.wrong("TYPE_WRONG", str(error))
        return
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        yield of.wrong("PARQUET_DAMAGED", f"it cannot be read: {str(error).splitlines()[0]}")
        return
    yield from _against_manifest(of, facts)
    yield from _against_spec(of, facts, spec)


def check_delta(
    file: Path, delta: DeltaEntry, spec: Table, manifest: Manifest
) -> Iterator[Finding]:
    """Check the file of a delta by itself, as that of a table.

    Args:
        file: Its Parquet file.
        delta: What the manifest says of it.
        spec: What it is to be.
        manifest: The manifest of the release.
    """
    entry = TableEntry(
        name=spec.name,
        path=delta.path,
        rows=delta.added + delta.changed + delta.removed,
        columns={column.name: type_name(column.type) for column in spec.columns},
        key=list(spec.key),
        null_counts={},
        first_day=None,
        last_day=None,
        content_hash=delta.content_hash,
    )
    passed_over = {"NULLS_WRONG", "DAYS_WRONG"}  # the manifest says nothing of these
    for finding in check_table(file, entry, spec, manifest, of_models=True):
        if finding.code not in passed_over:
            yield finding


class _Of:
    """What makes findings of one table."""

    def __init__(self, entry: TableEntry) -> None:
        self.entry = entry

    def wrong(self, code: str, message: str, column: str | None = None, **more: object) -> Finding:
        return Finding(
            code,
            message,
            self.entry.path,
            table=self.entry.name,
            column=column,
            **more,  # type: ignore[arg-type]
        )


def _metadata(of: _Of, schema: pa.Schema, manifest: Manifest) -> Iterator[Finding]:
    said = {
        "dataset": manifest.dataset.name,
        "version": manifest.version,
        "schema_version": manifest.schema_version,
        "licence": manifest.licence,
        "table": of.entry.name,
    }
    has = schema.metadata or {}
    for name, expected in said.items():
        found = has.get(name.encode())
        if found is None or found.decode("utf-8", "replace") != expected:
            told = None if found is None else found.decode("utf-8", "replace")
            yield of.wrong(
                "METADATA_WRONG",
                f"the file says another {name} than the manifest",
                expected=expected,
                found=told,
            )


def _columns(of: _Of, schema: pa.Schema, spec: Table | None) -> Iterator[Finding]:
    names = list(of.entry.columns)
    expected = [column.name for column in spec.columns] if spec else names
    for what, columns in (("the file", schema.names), ("the manifest", names)):
        if columns != expected:
            odd = sorted({*columns} ^ {*expected})
            yield of.wrong(
                "COLUMNS_WRONG",
                f"{what} has other columns, or in another order, than the schema"
                if spec
                else "the file has other columns, or in another order, than the manifest",
                column=odd[0] if odd else None,
                expected=", ".join(expected),
                found=", ".join(columns),
            )
    if spec and list(of.entry.key) != list(spec.key):
        yield of.wrong(
            "KEY_WRONG",
            "the manifest names another key than the schema",
            expected=", ".join(spec.key),
            found=", ".join(of.entry.key),
        )
    for column in schema:
        yield from _column(of, column, spec)


def _column(of: _Of, column: pa.Field, spec: Table | None) -> Iterator[Finding]:
    name, kind = column.name, type_name(column.type)
    told = of.entry.columns.get(name)
    if told is not None and told != kind:
        yield of.wrong(
            "TYPE_WRONG", "it has another type than the manifest says", name,
            expected=told, found=kind,
        )  # fmt: skip
    expected = next((one for one in spec.columns if one.name == name), None) if spec else None
    if expected is None:
        return
    if type_name(expected.type) not in (kind, told):
        yield of.wrong(
            "TYPE_WRONG", "it has another type than the schema says", name,
            expected=type_name(expected.type), found=kind,
        )  # fmt: skip
    if column.nullable != expected.nullable:
        yield of.wrong(
            "NULLABLE_WRONG",
            "it may be empty" if column.nullable else "it may not be empty",
            name,
            expected="nullable" if expected.nullable else "not nullable",
        )
    description = (column.metadata or {}).get(b"description", b"").decode("utf-8", "replace")
    if description != expected.description:
        yield of.wrong(
            "DESCRIPTION_WRONG", "it is described otherwise than in the schema", name,
            expected=expected.description, found=description,
        )  # fmt: skip


def _order(of: _Of, parquet: pq.ParquetFile, spec: Table | None, *, of_models: bool) -> list[str]:
    """The columns that the rows are sorted by: as the models say, else as the file itself does."""
    order = list(spec.order if spec else of.entry.key)
    has = parquet.schema_arrow.names
    if not of_models and parquet.num_row_groups:
        said = parquet.metadata.row_group(0).sorting_columns
        order = [has[one.column_index] for one in said if one.column_index < len(has)] or order
    return order if set(order) <= set(has) else []


def _read(
    parquet: pq.ParquetFile, schema: pa.Schema, order: list[str], entry: TableEntry
) -> _Facts:
    facts = _Facts(nulls=Counter(dict.fromkeys(schema.names, 0)))
    last: pa.Table | None = None
    key = [name for name in entry.key if name in schema.names]
    with ContentHash(schema) as content:
        for batch in parquet.iter_batches(_ROWS_AT_ONCE):
            part = pa.Table.from_batches([batch])
            part.validate(full=True)
            content.update(part)
            _see(facts, part, key)
            if order and part.num_rows:
                keys = part.select(order)
                _see_order(facts, keys if last is None else pa.concat_tables([last, keys]))
                last = keys.slice(keys.num_rows - 1)
        facts.content_hash = content.hexdigest()
    return facts


def _see(facts: _Facts, part: pa.Table, key: list[str]) -> None:
    facts.rows += part.num_rows
    for name, column in zip(part.column_names, part.columns, strict=True):
        facts.nulls[name] += column.null_count
        if column.null_count and name not in facts.first_null:
            at = pc.index(pc.is_null(column), True).as_py()
            facts.first_null[name] = named(part, at, key)
        if pa.types.is_date32(column.type):
            found = pc.min_max(column).as_py()
            facts.days |= {day for day in found.values() if day is not None}
        elif pa.types.is_floating(column.type):
            facts.not_numbers[name] += pc.sum(pc.invert(pc.is_finite(column))).as_py() or 0


def _see_order(facts: _Facts, keys: pa.Table) -> None:
    if keys.num_rows < 2:
        return
    good = above(keys)
    wrong = pc.sum(pc.invert(good)).as_py() or 0
    facts.unordered += wrong
    if wrong and len(facts.examples) < MOST_EXAMPLES:
        at = pc.indices_nonzero(pc.invert(good)).slice(0, MOST_EXAMPLES).to_pylist()
        facts.examples += [named(keys, one + 1, keys.column_names) for one in at]


def named(rows: pa.Table, at: int, columns: list[str]) -> str:
    """The values of some columns of a row, for people.

    >>> named(pa.table({"id": ["a"], "seq": [1]}), 0, ["id", "seq"])
    'id=a, seq=1'
    """
    return ", ".join(f"{name}={rows.column(name)[at].as_py()}" for name in columns)


def _against_manifest(of: _Of, facts: _Facts) -> Iterator[Finding]:
    entry = of.entry
    if facts.rows != entry.rows:
        yield of.wrong(
            "ROWS_WRONG", "it has another number of rows than the manifest says",
            expected=f"{entry.rows}", found=f"{facts.rows}",
        )  # fmt: skip
    for name in sorted(facts.nulls.keys() | entry.null_counts.keys()):
        expected, found = entry.null_counts.get(name), facts.nulls.get(name)
        if expected != found:
            yield of.wrong(
                "NULLS_WRONG", "it has another number of empty values than the manifest says",
                name, expected=f"{expected}", found=f"{found}",
            )  # fmt: skip
    days = (min(facts.days, default=None), max(facts.days, default=None))
    if days != (entry.first_day, entry.last_day):
        yield of.wrong(
            "DAYS_WRONG", "it spans other days than the manifest says",
            expected=f"{entry.first_day} to {entry.last_day}", found=f"{days[0]} to {days[1]}",
        )  # fmt: skip
    if facts.content_hash != entry.content_hash:
        yield of.wrong(
            "CONTENT_WRONG", "its rows are not those that the manifest was made of",
            expected=entry.content_hash, found=facts.content_hash,
        )  # fmt: skip


def _against_spec(of: _Of, facts: _Facts, spec: Table | None) -> Iterator[Finding]:
    may_be_empty = (
        {one.name: one.nullable and one.name not in spec.key for one in spec.columns}
        if spec
        else {}
    )
    for name, count in facts.nulls.items():
        if count and not may_be_empty.get(name, True):
            yield of.wrong(
                "VALUE_MISSING", "it is empty where it may not be", name,
                key=facts.first_null[name], count=count,
            )  # fmt: skip
    for name, count in facts.not_numbers.items():
        if count:
            yield of.wrong("VALUE_NOT_A_NUMBER", "it is infinite, or no number", name, count=count)
    if facts.unordered:
        yield of.wrong(
            "ORDER_WRONG", "a row does not come after the row before it",
            key=facts.examples[0], count=facts.unordered, examples=tuple(facts.examples),
        )  # fmt: skip
