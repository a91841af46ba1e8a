"""From parsed records to the rows of their tables, and the lines that cannot be vouched for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from allegata.reading.columnar.plan import Branch, Level
from allegata.reading.columnar.settling import settled
from allegata.reading.columnar.values import any_true

LINE, INDEX = "_line", "_index"


@dataclass(frozen=True)
class Rows:
    """The records of one level, as parsed."""

    level: Level
    columns: dict[str, pa.Array]
    """Key -> the values as parsed."""
    line: pa.Int64Array
    """The place of the line, among those parsed, that each record stands on."""
    index: pa.Int64Array
    """The place of each record among those of its level on the same line, from 0."""
    is_null: pa.BooleanArray | None = None
    """Whether a null stands in place of the record; None where none does."""
    handed: dict[str, pa.Array] = field(default_factory=dict)
    """Field -> the value that the parent gives."""

    @classmethod
    def outermost(cls, level: Level, columns: dict[str, pa.Array], count: int) -> Rows:
        """The records of the outermost level, one a line."""
        here = pa.arange(0, count)
        return cls(level, columns, here, pc.multiply(here, 0))


@dataclass
class Faults:
    """The lines, among those parsed, that cannot be vouched for."""

    lines: list[pa.Int64Array] = field(default_factory=list)

    def add(self, line: pa.Int64Array, faulty: pa.BooleanArray | None) -> None:
        """Note the lines of the records at which the mask is true (null is not)."""
        if faulty is not None and any_true(faulty):
            self.lines.append(line.filter(faulty))

    def without(self, lines: int) -> pa.Int64Array:
        """The places of the lines without faults, of so many."""
        everything = pa.arange(0, lines)
        if not self.lines:
            return everything
        faulty = pa.chunked_array(self.lines).unique()
        return everything.filter(pc.invert(pc.is_in(everything, value_set=faulty)))


Guard = Callable[[Rows], Iterator[pa.BooleanArray | None]]
"""Yields masks of the records that cannot be vouched for; null and None mean no doubt."""


def lacks_a_value(rows: Rows) -> Iterator[pa.BooleanArray | None]:
    """A record or a required value is missing or null, which pyarrow does not mind."""
    yield rows.is_null
    for leaf in rows.level.leaves:
        if leaf.required and leaf.name not in rows.handed:
            yield _nulls(rows.columns[leaf.key])
    for branch in rows.level.branches:
        if branch.required:
            yield _nulls(rows.columns[branch.key])


def contradicts_its_parent(rows: Rows) -> Iterator[pa.BooleanArray | None]:
    """A nested record gives itself another key or position than its place gives it."""
    for leaf in rows.level.leaves:
        if leaf.name in rows.handed:
            own = rows.columns[leaf.key]
            if own.null_count < len(own):
                yield pc.not_equal(own, rows.handed[leaf.name])


GUARDS: tuple[Guard, ...] = (lacks_a_value, contradicts_its_parent)
"""What records are held against, beside the values of their fields."""


def table_schema(level: Level) -> pa.Schema:
    """The schema of a level's table: as records fill it, with line and index."""
    schema = level.schema.append(pa.field(LINE, pa.int64()))
    return schema.append(pa.field(INDEX, pa.int32()))


def read(rows: Rows, faults: Faults, tables: dict[str, pa.Table]) -> None:
    """Make the tables of a level and of all below it, and note the lines with faults."""
    for guard in GUARDS:
        for mask in guard(rows):
            faults.add(rows.line, mask)
    level, arrays = rows.level, []
    for leaf in level.leaves:
        own = settled(leaf, rows.handed.get(leaf.name, rows.columns[leaf.key]))
        faults.add(rows.line, own.refused)
        arrays += own.columns
    arrays += [rows.line, rows.index.cast(pa.int32())]
    own_rows = pa.Table.from_arrays(arrays, schema=table_schema(level))
    known = tables.get(level.table)
    tables[level.table] = own_rows if known is None else _behind(known, own_rows)
    for branch in level.branches:
        if rows.columns[branch.key].null_count < len(rows.columns[branch.key]):
            read(_nested(rows, branch), faults, tables)
        else:  # as with origins in files that were written by hand
            for inner in branch.level.all():
                tables.setdefault(inner.table, table_schema(inner).empty_table())


def _behind(known: pa.Table, rows: pa.Table) -> pa.Table:
    """The rows of a table that is nested in two places: on each line, one place's come first."""
    if not known.num_rows or not rows.num_rows:
        return known if known.num_rows else rows
    lines, own = known.column(LINE).combine_chunks(), rows.column(LINE).combine_chunks()
    counts = lines.value_counts()
    at = pc.index_in(own, value_set=counts.field("values"))
    before = pc.fill_null(counts.field("counts").take(at), 0)
    place = rows.schema.get_field_index(INDEX)
    index = pc.add(rows.column(place).combine_chunks(), before).cast(pa.int32())
    both = pa.concat_tables([known, rows.set_column(place, rows.schema.field(place), index)])
    return both.sort_by([(LINE, "ascending"), (INDEX, "ascending")])


def _nested(rows: Rows, branch: Branch) -> Rows:
    """The records of a list, each on a row of its own."""
    lists = _without_hidden(rows.columns[branch.key])
    items, parents = lists.flatten(), pc.list_parent_indices(lists)
    starts = pc.subtract(lists.offsets.slice(0, len(lists)), lists.offsets[0]).cast(pa.int64())
    here = pa.arange(0, len(items))
    # The list of the first record on a line begins where the line's records begin.
    first = pc.subtract(pa.arange(0, len(lists)), rows.index)
    handed = {branch.nested.key: rows.columns[rows.level.key].take(parents)}
    if branch.nested.position:
        handed[branch.nested.position] = pc.add(pc.subtract(here, starts.take(parents)), 1)
    return Rows(
        level=branch.level,
        columns=dict(zip(branch.level.parsed.names, items.flatten(), strict=True)),
        line=rows.line.take(parents),
        index=pc.subtract(here, starts.take(first).take(parents)),
        is_null=_nulls(items),
        handed=handed,
    )


def _without_hidden(lists: pa.ListArray) -> pa.ListArray:
    """The lists without items that a null hides."""
    items = lists.flatten()
    if len(items) == lists.offsets[-1].as_py() - lists.offsets[0].as_py():
        return lists
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], lengths.type), pc.cumulative_sum(lengths)])
    return pa.ListArray.from_arrays(offsets, items)


def in_one(table: pa.Table) -> dict[str, pa.Array]:
    """The columns of a table, each as one array."""
    return {
        name: column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _nulls(values: pa.Array) -> pa.BooleanArray | None:
    return values.is_null() if values.null_count else None
