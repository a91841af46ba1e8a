"""From rows of any origin to the rows of a table: its columns and types, each key once, in order.

Rows come as a table in any order, which is sorted here, or as a stream that is in order already,
which may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from allegata.tables.columns import Table


class TableError(ValueError):
    """A table is not what its specification says, and is not written."""


def conformed(table: pa.Table, spec: Table) -> pa.Table:
    """The table with the columns of its specification, in their order, types and descriptions.

    Numbers that are equal come out with the same bits: -0.0 as 0.0.

    Raises:
        TableError: it has other columns, a value that does not fit, or misses one it may not.
    """
    expected = [column.name for column in spec.columns]
    if sorted(table.column_names) != sorted(expected):
        missing = [name for name in expected if name not in table.column_names]
        unknown = [name for name in table.column_names if name not in expected]
        raise TableError(
            f"{spec.name} does not have the columns of its schema: "
            f"missing {missing or 'none'}, unknown {unknown or 'none'}"
        )
    for column in spec.columns:
        required = not column.nullable or column.name in spec.key
        if required and (nulls := table.column(column.name).null_count):
            raise TableError(
                f"{spec.name}.{column.name} is missing in {nulls} rows, and may not be"
            )
    try:
        rows = table.select(expected).cast(spec.schema)
    except pa.ArrowInvalid as error:
        raise TableError(f"{spec.name} does not fit the types of its schema: {error}") from None
    return _with_plain_numbers(rows, spec)


def in_order(rows: pa.Table | pa.RecordBatchReader, spec: Table, size: int) -> Iterator[pa.Table]:
    """The rows, conformed and in the table's order, in parts of ``size`` rows, the last of fewer.

    Args:
        rows: A table, which is sorted unless it is in order; or a reader whose rows come in the
            table's order already, of which hardly more than a part is held.
        spec: What the table is to be. Where its order is not its key, each key must be known to
            occur once in a reader; in a table it is looked at.
        size: How many rows a part has.

    Raises:
        TableError: the rows do not conform, two of them share a key, or those of a reader are not
            in order. Of a table all this is known before the first part is given.
    """
    if isinstance(rows, pa.Table):
        return _parts_of_table(conformed(rows, spec), spec, size)
    return _parts_of_stream(rows, spec, size)


def _with_plain_numbers(rows: pa.Table, spec: Table) -> pa.Table:
    for at, field in enumerate(rows.schema):
        if pa.types.is_floating(field.type):
            column = rows.column(at)
            if pc.any(pc.invert(pc.is_finite(column))).as_py():
                raise TableError(f"{spec.name}.{field.name} has a value that is not a number")
            rows = rows.set_column(at, field, pc.add(column, 0.0))
    return rows


def _parts_of_table(rows: pa.Table, spec: Table, size: int) -> Iterator[pa.Table]:
    sorting = None
    keys = rows.select(spec.order)
    if _first_not_above(keys) is not None:
        order = [(name, "ascending", "at_start") for name in spec.order]
        sorting = pc.sort_indices(keys, sort_keys=order)
        keys = keys.take(sorting)
        if at := _first_not_above(keys):
            raise _shared_key(keys, at, spec)
    if spec.order != spec.key:
        _require_distinct(rows.select(spec.key), spec)
    for start in range(0, rows.num_rows, size):
        if sorting is None:
            yield rows.slice(start, size)
        else:
            yield rows.take(sorting.slice(start, size))


def _parts_of_stream(stream: pa.RecordBatchReader, spec: Table, size: int) -> Iterator[pa.Table]:
    pieces: list[pa.Table] = []
    missing = size
    for piece in _checked(stream, spec):
        rest = piece
        while rest.num_rows >= missing:
            yield pa.concat_tables([*pieces, rest.slice(0, missing)])
            rest, pieces, missing = rest.slice(missing), [], size
        pieces.append(rest)
        missing -= rest.num_rows
    if missing < size:
        yield pa.concat_tables(pieces)


def _checked(stream: pa.RecordBatchReader, spec: Table) -> Iterator[pa.Table]:
    """The batches, each conformed and found to continue the order of those before it."""
    last = conformed(stream.schema.empty_table(), spec).select(spec.order)
    seen = 0
    for batch in stream:
        piece = conformed(pa.Table.from_batches([batch]), spec)
        keys = pa.concat_tables([last, piece.select(spec.order)])
        if at := _first_not_above(keys):
            raise _out_of_order(keys, at, seen - last.num_rows, spec)
        seen += piece.num_rows
        last = keys.take(pa.array(range(keys.num_rows)[-1:], pa.int64()))
        yield piece


def _first_not_above(keys: pa.Table) -> int | None:
    """The first row that is not above the row before it in the order of its columns."""
    if keys.num_rows < 2:
        return None
    at = pc.index(above(keys), False).as_py()
    return None if at < 0 else at + 1


def above(keys: pa.Table) -> pa.ChunkedArray:
    """Whether each row but the first is above the row before it in the order of its columns."""
    count = keys.num_rows
    pairs = [(column.slice(0, count - 1), column.slice(1)) for column in reversed(keys.columns)]
    return reduce(
        lambda rest, pair: pc.or_(_less(*pair), pc.and_(_same(*pair), rest)),
        pairs,
        pa.scalar(False),
    )


def _less(before: pa.ChunkedArray, after: pa.ChunkedArray) -> pa.ChunkedArray:
    less = pc.less(before, after)
    if not less.null_count:
        return less
    return pc.coalesce(less, pc.and_(pc.is_null(before), pc.is_valid(after)))


def _same(before: pa.ChunkedArray, after: pa.ChunkedArray) -> pa.ChunkedArray:
    same = pc.equal(before, after)
    if not same.null_count:
        return same
    return pc.coalesce(same, pc.and_(pc.is_null(before), pc.is_null(after)))


def _require_distinct(keys: pa.Table, spec: Table) -> None:
    counts = keys.group_by(spec.key).aggregate([([], "count_all")])
    shared = counts.filter(pc.greater(counts.column("count_all"), 1))
    if shared.num_rows:
        raise _shared_key(shared.sort_by([(name, "ascending") for name in spec.key]), 0, spec)


def _shared_key(keys: pa.Table, at: int, spec: Table) -> TableError:
    return TableError(f"{spec.name} has two rows with the key {_named(keys, at, spec.key)}")


def _out_of_order(keys: pa.Table, at: int, before: int, spec: Table) -> TableError:
    if keys.slice(at, 1).equals(keys.slice(at - 1, 1)):
        return _shared_key(keys, at, spec)
    return TableError(
        f"{spec.name} is not in order: row {before + at + 1} ({_named(keys, at, spec.order)}) "
        f"comes after row {before + at} ({_named(keys, at - 1, spec.order)})"
    )


def _named(keys: pa.Table, at: int, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={keys.column(name)[at].as_py()!r}" for name in names)
