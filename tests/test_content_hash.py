"""The content hash is that of its definition, and tells tables apart by their rows alone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allegata.tables.content_hash import ContentHash, content_hash

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("flag", pa.bool_()),
        ("count", pa.int32()),
        ("measure", pa.float64()),
        ("day", pa.date32()),
        ("moment", pa.timestamp("us", "UTC")),
    ]
)
TYPES = ["string", "bool", "int32", "float64", "date32", "timestamp[us, UTC]"]

rows = st.lists(
    st.tuples(
        st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.none() | st.booleans(),
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.floats(),
        st.none() | st.dates(),
        st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=8,
)


def bits_of(value: float) -> str:
    if value != value:
        return str(0x7FF8000000000000)
    return str(struct.unpack(">q", struct.pack(">d", value + 0.0))[0])


def microseconds(moment: datetime) -> str:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


AS_TEXT: dict[str, Callable[[Any], str]] = {
    "string": str,
    "bool": lambda flag: "true" if flag else "false",
    "int32": str,
    "float64": bits_of,
    "date32": date.isoformat,
    "timestamp[us, UTC]": microseconds,
}


def by_definition(names: list[str], types: list[str], table: list[tuple[Any, ...]]) -> str:
    """The content hash, written from the definition alone and without Arrow."""
    total = 0
    for row in table:
        values = zip(types, row, strict=True)
        encoded = b"".join(
            (b"\xfe" if value is None else AS_TEXT[kind](value).encode()) + b"\xff"
            for kind, value in values
        )
        total += int.from_bytes(hashlib.md5(encoded).digest(), "big")
    header = ["allegata content hash 1", str(len(table))]
    for name, kind in zip(names, types, strict=True):
        header += [name, kind]
    header.append(f"{total % 2**128:032x}")
    return hashlib.sha256(b"".join(text.encode() + b"\xff" for text in header)).hexdigest()


def as_table(values: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*values, strict=True)) or [()] * len(SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


@settings(deadline=None, max_examples=60)
@given(rows)
@example(
    [
        ("", True, 0, number, date.min, datetime.max.replace(tzinfo=UTC))
        for number in (0.0, -0.0, float("nan"), -float("nan"), float("-inf"))
    ]
)
def test_it_is_as_defined(values: list[tuple[Any, ...]]) -> None:
    assert content_hash(as_table(values)) == by_definition(SCHEMA.names, TYPES, values)


@settings(deadline=None, max_examples=60)
@given(rows, st.randoms())
def test_order_and_chunks_do_not_count(values: list[tuple[Any, ...]], random: Any) -> None:
    shuffled = values.copy()
    random.shuffle(shuffled)
    cut = random.randint(0, len(shuffled))
    chunked = pa.concat_tables([as_table(shuffled[:cut]), as_table(shuffled[cut:])])
    assert content_hash(chunked) == content_hash(as_table(values))
    with ContentHash(SCHEMA) as parts:
        parts.update(as_table(shuffled[cut:]))
        parts.update(as_table(shuffled[:cut]))
        assert parts.hexdigest() == content_hash(as_table(values))


@settings(deadline=None, max_examples=60)
@given(rows, rows)
def test_other_rows_give_another_hash(
    some: list[tuple[Any, ...]], others: list[tuple[Any, ...]]
) -> None:
    def comparable(values: list[tuple[Any, ...]]) -> list[str]:
        # 0.0 and -0.0 are one value, any NaN is one value; True is not 1.
        return sorted(repr([v + 0.0 if isinstance(v, float) else v for v in row]) for row in values)

    same = comparable(some) == comparable(others)
    assert (content_hash(as_table(some)) == content_hash(as_table(others))) is same


def texts(*values: tuple[str | None, ...]) -> str:
    names = [f"c{number}" for number in range(len(values[0]))]
    columns = [pa.array(column, pa.string()) for column in zip(*values, strict=True)]
    return content_hash(pa.table(dict(zip(names, columns, strict=True))))


@pytest.mark.parametrize(
    ("some", "others"),
    [
        ([("",)], [(None,)]),
        ([("-",)], [(None,)]),
        ([("a", "b")], [("ab", "")]),
        ([("a", None)], [(None, "a")]),
        ([("a", None)], [("a", "")]),
        ([("ÿ", "a")], [("", "a")]),
        ([("þ",)], [(None,)]),
        ([("a\0b",)], [("a",)]),
        ([("é",)], [("e\u0301",)]),
        ([("a",), ("a",)], [("a",)]),
        ([("a",), ("a",)], [("b",), ("b",)]),
        ([("a",), ("a",), ("b",)], [("a",), ("b",), ("b",)]),
    ],
)
def test_what_looks_alike_is_told_apart(some: Any, others: Any) -> None:
    assert texts(*some) != texts(*others)


def test_names_order_and_types_of_columns_count() -> None:
    one, two = pa.array(["1"]), pa.array(["2"])
    hashes = {
        content_hash(pa.table({"a": one, "b": two})),
        content_hash(pa.table({"b": one, "a": two})),
        content_hash(pa.table({"b": two, "a": one})),
        content_hash(pa.table({"a": pa.array([1], pa.int32()), "b": two})),
    }
    assert len(hashes) == 4


def test_more_rows_than_are_taken_at_once() -> None:
    values = [(f"text {number}",) for number in range(40_000)]
    assert texts(*values) == by_definition(["c0"], ["string"], values)


def test_other_engines_give_the_same_hash(tmp_path: Any) -> None:
    table = as_table(
        [
            ("é\0", True, -1, -0.0, date(2025, 12, 29), datetime(2025, 12, 29, 14, 5, tzinfo=UTC)),
            (None, None, None, None, None, None),
            ("", False, 2**31 - 1, 1e300, date(1, 1, 1), datetime(1969, 1, 1, tzinfo=UTC)),
        ]
    )
    expected = content_hash(table)
    path = tmp_path / "t.parquet"
    pq.write_table(table, path)
    assert content_hash(pl.read_parquet(path).to_arrow()) == expected
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        read = connection.sql(f"FROM '{path}' ORDER BY count DESC").to_arrow_table()
    assert content_hash(read) == expected
    encoded = table.set_column(0, "text", pc.dictionary_encode(table.column("text")))
    assert content_hash(encoded) == expected


def test_a_type_that_is_not_published_is_refused() -> None:
    with pytest.raises(TypeError, match="int64"):
        content_hash(pa.table({"a": [1]}))


def test_parts_must_have_the_columns_of_the_table() -> None:
    with ContentHash(SCHEMA) as parts, pytest.raises(ValueError, match="expected the columns"):
        parts.update(pa.table({"a": ["1"]}))
