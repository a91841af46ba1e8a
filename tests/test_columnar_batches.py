"""Reading rows of Parquet files in columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allegata.reading.columnar import Columnar, Unreadable
from allegata.reading.columnar.lines import Lines, parsed
from allegata.reading.columnar.plan import compiled
from allegata.schema import MODELS
from allegata.tables import base_tables, build_tables
from columnar_cases import odd_lines, see_same_rows
from model_records import whole_record
from test_columnar import CLAIM, TABLES, line


def through_parquet(table: pa.Table) -> pa.RecordBatch:
    """The rows as they come back from a Parquet file."""
    file = BytesIO()
    pq.write_table(table, file)
    return pq.read_table(file).combine_chunks().to_batches()[0]


def parsed_lines(table: str, block: bytes) -> tuple[pa.RecordBatch, bytes]:
    """Lines as pyarrow parses them, asking nothing, and those that it parses."""
    rows, lines = parsed(Lines.of(block), compiled(table))
    assert rows is not None
    return through_parquet(rows), b"\n".join(lines.texts.to_pylist())


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_read_as_the_same_lines_are(table: str) -> None:
    odd = odd_lines(whole_record(table), MODELS[table])
    batch, block = parsed_lines(table, b"\n".join(one for one in odd if b"null" not in one))
    reader = Columnar.of(table)
    of_lines = reader.read_lines(block, 3)
    assert 10 < len(of_lines.refused) < batch.num_rows
    assert reader.read_batch(batch, 3) == of_lines


@pytest.mark.parametrize("table", TABLES)
def test_published_tables_are_read_again(table: str) -> None:
    record = MODELS[table].model_validate_json(line(whole_record(table)))
    published = base_tables()[table]
    rows = build_tables([record])[table]
    for column in published.columns:
        if column.name not in rows.column_names:
            rows = rows.append_column(column.name, pa.array(["2026.1.0"]))
    part = Columnar.of(table).read_batch(through_parquet(rows), 0)
    assert part.refused == []
    for name in MODELS[table].children():
        record = record.model_copy(update={name: []})
    see_same_rows(part, table, {0: record})


def _batch(table: str, **columns: Any) -> pa.RecordBatch:
    """One row of a table's own fields, with some columns replaced."""
    lists = MODELS[table].children()
    own = {key: value for key, value in whole_record(table).items() if key not in lists}
    rows = parsed_lines(table, line(own))[0].to_pydict()
    kept = {key: rows[key] for key in own if key not in columns}
    return pa.RecordBatch.from_pydict({**kept, **columns})


MOMENT = datetime(2025, 12, 29, 14, 5, tzinfo=UTC)
NS = pa.timestamp("ns", "Europe/Moscow")


@pytest.mark.parametrize(
    ("table", "column", "values", "expected"),
    [
        ("quotes", "start", pa.array([5], pa.uint8()), 5),
        ("quotes", "start", pa.array([5], pa.int16()), 5),
        ("quotes", "start", pa.array([2**31], pa.int64()), None),
        ("quotes", "start", pa.array([-1], pa.int8()), None),
        ("quotes", "start", pa.array([2**64 - 1], pa.uint64()), None),
        ("propositions", "low", pa.array([2**64 - 1], pa.uint64()), None),
        ("propositions", "low", pa.array([2**53], pa.int64()), float(2**53)),
        ("propositions", "low", pa.array([2**53 + 1], pa.int64()), None),
        ("propositions", "low", pa.array([1.5], pa.float32()), 1.5),
        ("propositions", "low", pa.array([float("nan")]), None),
        ("claims", "note", pa.array(["a"], pa.large_string()), "a"),
        ("claims", "note", pa.array(["a"], pa.string_view()), "a"),
        ("claims", "note", pa.array(["a"]).dictionary_encode(), "a"),
        ("claims", "note", pa.array([" a"]).dictionary_encode(), None),
        ("claims", "coded", pa.array([date(2025, 12, 29)]), date(2025, 12, 29)),
        ("claims", "coded", pa.array(["2025-12-29"]), date(2025, 12, 29)),
        ("claims", "coded", pa.array([3_000_000], pa.int32()).cast(pa.date32()), None),
        ("claims", "evidence", pa.array([None], pa.string()), "not_addressed"),
        ("claims", "evidence", pa.nulls(1), "not_addressed"),
        ("claims", "stance", pa.array([None], pa.string()), None),
        ("sources", "retrieved", pa.array([MOMENT], pa.timestamp("s", "UTC")), MOMENT),
        ("sources", "retrieved", pa.array([MOMENT], NS), MOMENT),
        ("sources", "retrieved", pa.array([1], pa.int64()).cast(NS), None),
        ("sources", "retrieved", pa.array(["2025-12-29T14:05:00Z"]), MOMENT),
    ],
)
def test_values_of_kindred_types(table: str, column: str, values: pa.Array, expected: Any) -> None:
    batch = _batch(table, **{column: values})
    reader = Columnar.of(table)
    assert reader.unreadable(batch.schema) == []
    part = reader.read_batch(batch, 5)
    assert part.refused == ([] if expected is not None else [5])
    assert part.tables[table][column].to_pylist() == ([expected] if expected is not None else [])


@pytest.mark.parametrize(
    ("table", "column", "kind", "expected"),
    [
        ("claims", "note", pa.int32(), "string"),
        ("claims", "note", pa.binary(), "string"),
        ("claims", "stance", pa.bool_(), "string"),
        ("claims", "coded", pa.timestamp("us"), "date32[day]"),
        ("claims", "coded", pa.int32(), "date32[day]"),
        ("quotes", "start", pa.float64(), "int32"),
        ("quotes", "start", pa.string(), "int32"),
        ("propositions", "low", pa.string(), "double"),
        ("propositions", "low", pa.decimal128(5, 2), "double"),
        ("statements", "iterated", pa.int8(), "bool"),
        ("sources", "retrieved", pa.timestamp("us"), "timestamp[us, tz=UTC]"),
        ("sources", "retrieved", pa.date32(), "timestamp[us, tz=UTC]"),
        ("sources", "claims", pa.string(), "list<struct>"),
        ("sources", "claims", pa.list_(pa.string()), "list<struct>"),
        ("sources", "colour", pa.string(), None),
    ],
)
def test_wrong_types_and_unknown_columns_are_told(
    table: str, column: str, kind: pa.DataType, expected: str | None
) -> None:
    reader = Columnar.of(table)
    schema = pa.schema([(leaf.name, leaf.type) for leaf in compiled(table).leaves])
    at = schema.get_field_index(column)
    field = pa.field(column, kind)
    schema = schema.set(at, field) if at >= 0 else schema.append(field)
    assert reader.unreadable(schema) == [Unreadable(column, str(kind), expected)]
    with pytest.raises(ValueError, match=column):
        reader.read_batch(pa.RecordBatch.from_pylist([], schema=schema), 0)


def test_missing_and_doubled_columns_are_told() -> None:
    hop = pa.struct([("cue", pa.string()), ("claim", pa.string())])
    quote = pa.struct([("role", pa.string()), ("start", pa.int8()), ("sha256", pa.string())])
    names = ["id", "source", "source_id", "stance", "method", "coder", "coded"]
    schema = pa.schema(
        [
            *((name, pa.string()) for name in names),
            ("chain", pa.list_(hop)),
            ("quotes", pa.large_list(quote)),
        ]
    )
    assert Columnar.of("claims").unreadable(schema) == [
        Unreadable("source_id", "a second column of that meaning", "one"),
        Unreadable("chain.statement_id", None, "string"),
        Unreadable("quotes.end", None, "int32"),
        Unreadable("proposition_id", None, "string"),
    ]


def test_lists_of_records_of_any_kind() -> None:
    batch, _ = parsed_lines("claims", b"\n".join([line(CLAIM), line({**CLAIM, "chain": []})]))
    chain = batch["chain"]
    reader = Columnar.of("claims")
    expected = reader.read_batch(batch, 0)
    at = batch.schema.get_field_index("chain")
    large = chain.cast(pa.large_list(chain.type.value_type))
    assert reader.read_batch(batch.set_column(at, "chain", large), 0) == expected
    # What lies under a null is no record.
    hidden = pa.ListArray.from_arrays(
        pa.array([0, 2, 4]),
        pa.concat_arrays([chain.values, chain.values]),
        mask=pa.array([False, True]),
    )
    assert reader.read_batch(batch.set_column(at, "chain", hidden), 0) == expected
    later = pa.concat_batches([batch, batch]).slice(1)
    part = reader.read_batch(later, 4)
    assert part.tables["hops"]["_line"].to_pylist() == [5, 5]
    assert part.tables["claims"]["_line"].to_pylist() == [4, 5, 6]
    later = batch.set_column(at, "chain", hidden).slice(1)
    assert reader.read_batch(later, 1).tables["claims"].num_rows == 1
