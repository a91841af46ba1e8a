"""The writer: the same bytes for the same rows, in bounded memory, and no row out of its place."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegata.deriving import derived_tables
from allegata.tables import parquet
from allegata.tables.columns import Column, Table
from allegata.tables.content_hash import content_hash
from allegata.tables.parquet import TableError, WrittenFile, write_parquet

CLAIMS = Table(
    "claims_by_event",
    "What is claimed of an event.",
    ("claim_id",),
    (
        Column("claim_id", pa.string(), False, "The claim."),
        Column("event_id", pa.string(), True, "The event.", is_reference=True),
        Column("day", pa.date32(), True, "The day."),
        Column("stance", pa.string(), False, "The stance."),
        Column("weight", pa.float64(), True, "The weight."),
        Column("note", pa.string(), True, "A note."),
    ),
    order=("event_id", "day", "claim_id"),
)
DAY = date(2025, 12, 29)


def table(rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(CLAIMS.schema.names, row, strict=True)) for row in rows], CLAIMS.schema
    )


def stream(rows: pa.Table, *sizes: int) -> pa.RecordBatchReader:
    """The rows in batches of these sizes, and then the rest."""
    batches, start = [], 0
    for size in (*sizes, rows.num_rows):
        batches += rows.slice(start, size).combine_chunks().to_batches()
        start += size
    return pa.RecordBatchReader.from_batches(rows.schema, batches)


def numbered(count: int, spec: Table = CLAIMS) -> pa.Table:
    """Claims, four on each event, whose ids say nothing of the order of the events."""
    ids = [f"clm-{number * 7919 % count:06}" for number in range(count)]
    rows = [
        (id_, f"evt-{n // 4:06}", DAY, "denies", n / 2, f"note {id_}") for n, id_ in enumerate(ids)
    ]
    return table(rows).sort_by([(name, "ascending") for name in spec.order])


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_A_GROUP", 4)


@pytest.fixture
def thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_A_GROUP", 1000)


def written(rows: pa.Table | pa.RecordBatchReader, path: Path) -> tuple[bytes, WrittenFile]:
    path.unlink(missing_ok=True)
    report = write_parquet(rows, CLAIMS, path, {"version": "2026.11.0"})
    return path.read_bytes(), report


class TestOrder:
    def test_a_table_is_sorted_by_its_key_unless_said_otherwise(self) -> None:
        assert replace(CLAIMS, order=()).order == ("claim_id",)
        assert CLAIMS.order == ("event_id", "day", "claim_id")

    def test_an_order_without_the_key_is_none(self) -> None:
        with pytest.raises(ValueError, match=r"claims_by_event is not sorted by \['claim_id'\]"):
            replace(CLAIMS, order=("event_id", "day"))

    def test_what_is_missing_comes_first_as_in_sql(self, tmp_path: Path) -> None:
        rows = table(
            [
                ("c1", "e2", None, "denies", 1.0, None),
                ("c2", "e1", DAY, "denies", 1.0, None),
                ("c3", None, DAY, "denies", 1.0, None),
                ("c4", "e1", None, "denies", 1.0, None),
                ("c0", "e1", None, "denies", 1.0, None),
                ("c5", None, None, "denies", 1.0, None),
            ]
        )
        content, _ = written(rows, tmp_path / "t.parquet")
        found = pq.read_table(tmp_path / "t.parquet")
        assert found.column("claim_id").to_pylist() == ["c5", "c3", "c0", "c4", "c2", "c1"]
        by = ", ".join(f"{name} NULLS FIRST" for name in CLAIMS.order)
        with duckdb.connect() as connection:
            connection.register("claims", rows)
            in_sql = connection.sql(f"FROM claims ORDER BY {by}").to_arrow_reader(2)
            assert written(in_sql, tmp_path / "u.parquet")[0] == content
        group = pq.ParquetFile(tmp_path / "t.parquet").metadata.row_group(0)
        sorting = [(by.column_index, by.descending, by.nulls_first) for by in group.sorting_columns]
        assert sorting == [(1, False, True), (2, False, True), (0, False, True)]

    def test_all_claims_can_be_kept_by_event_and_time(self, tmp_path: Path) -> None:
        order = ("event_id", "published_earliest", "claim_id")
        spec = replace(derived_tables()["claims_flat"], order=order)
        any_value = {pa.string(): "x", pa.int32(): 1, pa.bool_(): True}
        filled = {c.name: any_value[c.type] for c in spec.columns if not c.nullable}
        placed = [
            ("e1", None, "c4"),
            ("e1", date(2025, 1, 1), "c2"),
            ("e1", date(2025, 1, 2), "c1"),
            ("e2", None, "c3"),
        ]
        rows = [{**filled, **dict(zip(order, place, strict=True))} for place in placed]
        shuffled = pa.Table.from_pylist([rows[n] for n in (2, 0, 3, 1)], spec.schema)
        write_parquet(shuffled, spec, tmp_path / "t.parquet", {})
        found = pq.read_table(tmp_path / "t.parquet").select(order).to_pylist()
        assert [tuple(row.values()) for row in found] == placed

    @pytest.mark.usefixtures("small_groups")
    @pytest.mark.parametrize("cuts", [(), (1,), (2,), (4,), (1, 1, 1, 1, 1), (2, 0, 0)])
    @pytest.mark.parametrize(
        ("swapped", "message"),
        [
            (
                [0, 2, 1, 3, 4],
                "row 3 (event_id='e1', day=None, claim_id='c1') "
                "comes after row 2 (event_id='e1', day=datetime.date(2025, 12, 29), claim_id='c0')",
            ),
            ([0, 1, 2, 4, 3], "row 5 (event_id='e2', day=None, claim_id='c3') comes after row 4"),
            ([1, 0, 2, 3, 4], "row 2 (event_id=None, day=None, claim_id='c9') comes after row 1"),
            ([0, 1, 1, 2, 3], "two rows with the key claim_id='c1'"),
            ([0, 0, 1, 3, 2], "two rows with the key claim_id='c9'"),
        ],
    )
    def test_a_stream_tells_the_first_row_out_of_order(
        self, tmp_path: Path, cuts: tuple[int, ...], swapped: list[int], message: str
    ) -> None:
        rows = table(
            [
                ("c9", None, None, "denies", 1.0, None),
                ("c1", "e1", None, "denies", 1.0, None),
                ("c0", "e1", DAY, "denies", 1.0, None),
                ("c3", "e2", None, "denies", 1.0, None),
                ("c4", "e2", None, "denies", 1.0, None),
            ]
        )
        written(stream(rows, *cuts), tmp_path / "fine.parquet")
        with pytest.raises(TableError) as raised:
            written(stream(rows.take(swapped), *cuts), tmp_path / "t.parquet")
        assert message in str(raised.value)

    def test_a_table_has_each_key_once_whatever_its_order(self, tmp_path: Path) -> None:
        rows = table(
            [
                ("c2", "e2", DAY, "denies", 1.0, None),
                ("c2", "e1", DAY, "denies", 1.0, None),
                ("c1", "e3", None, "denies", 1.0, None),
                ("c1", "e1", None, "denies", 1.0, None),
            ]
        )
        with pytest.raises(TableError, match="two rows with the key claim_id='c1'"):
            written(rows, tmp_path / "t.parquet")
        assert not list(tmp_path.iterdir())


class TestSameBytes:
    @pytest.mark.usefixtures("small_groups")
    @given(
        st.lists(
            st.tuples(
                st.text("ab1-é", max_size=4),
                st.none() | st.sampled_from(["e1", "e2", "e3"]),
                st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 3)),
                st.sampled_from(["asserts", "denies"]),
                st.none() | st.floats(allow_nan=False, allow_infinity=False),
                st.none() | st.text(st.characters(exclude_categories=["Cs"])),
            ),
            max_size=14,
            unique_by=lambda row: row[0],
        ),
        st.lists(st.integers(0, 5), max_size=6),
        st.randoms(),
    )
    def test_whatever_batches_and_order_they_come_in(
        self, tmp_path_factory: Any, rows: list[tuple[Any, ...]], cuts: list[int], random: Any
    ) -> None:
        folder = tmp_path_factory.mktemp("same", numbered=True)
        content, report = written(table(rows), folder / "t.parquet")
        in_order = pq.read_table(folder / "t.parquet")
        assert written(stream(in_order, *cuts), folder / "t.parquet") == (content, report)
        random.shuffle(rows)
        chunks = pa.concat_tables([table(rows[:3]), table(rows[3:7]), table(rows[7:])])
        assert written(chunks, folder / "t.parquet") == (content, report)

    def test_row_groups_and_pages_are_cut_alike(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parquet, "ROWS_IN_A_GROUP", 4000)
        rows = numbered(9001)
        long = pa.array([text * 80 for text in rows.column("note").to_pylist()])
        rows = rows.set_column(5, "note", long)
        contents = {
            written(source, tmp_path / "t.parquet")[0]
            for source in (rows, stream(rows), stream(rows, *[333] * 30), stream(rows, 1, 8999))
        }
        assert len(contents) == 1
        found = pq.ParquetFile(tmp_path / "t.parquet").metadata
        groups = [found.row_group(number) for number in range(found.num_row_groups)]
        assert [group.num_rows for group in groups] == [4000, 4000, 1001]
        # The notes of a group take several pages of a megabyte each.
        assert groups[0].column(5).total_uncompressed_size > 4_000_000

    def test_other_encodings_of_the_same_texts(self, tmp_path: Path) -> None:
        rows = numbered(40)
        content, _ = written(rows, tmp_path / "t.parquet")
        for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
            other = rows.set_column(5, "note", rows.column("note").cast(kind))
            assert written(stream(other, 11), tmp_path / "t.parquet")[0] == content

    def test_an_empty_table_has_no_row_group(self, tmp_path: Path) -> None:
        content, report = written(table([]), tmp_path / "t.parquet")
        assert pq.ParquetFile(tmp_path / "t.parquet").metadata.num_row_groups == 0
        assert written(stream(table([])), tmp_path / "t.parquet") == (content, report)
        assert (report.rows, report.first_day, report.null_counts["note"]) == (0, None, 0)

    def test_zero_has_no_sign(self, tmp_path: Path) -> None:
        zeros = [
            written(table([("c", "e", DAY, "denies", zero, None)]), tmp_path / "t.parquet")
            for zero in (0.0, -0.0)
        ]
        assert zeros[0] == zeros[1]


class TestWhatIsTold:
    @pytest.mark.usefixtures("small_groups")
    def test_is_what_others_find_in_the_file(self, tmp_path: Path) -> None:
        rows = table(
            [
                ("c1", "e1", None, "denies", None, None),
                *[(f"c{n}", "e2", date(2025, 1, n), "denies", 0.5, "x") for n in range(2, 9)],
                ("c9", None, date(2024, 2, 29), "asserts", 1.5, None),
            ]
        )
        content, report = written(rows, tmp_path / "t.parquet")
        assert report == WrittenFile(
            rows=9,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content_hash=content_hash(pq.read_table(tmp_path / "t.parquet")),
            null_counts={
                name: pd.read_parquet(tmp_path / "t.parquet")[name].isna().sum()
                for name in CLAIMS.schema.names
            },
            first_day=date(2024, 2, 29),
            last_day=date(2025, 1, 8),
        )
        missing = {name: count for name, count in report.null_counts.items() if count}
        assert missing == {"event_id": 1, "day": 1, "weight": 1, "note": 2}


class TestIds:
    """How a reader finds one id in a table of several row groups."""

    @pytest.fixture
    def file(self, tmp_path: Path, thousands: None) -> Path:
        written(stream(numbered(5000), 3), tmp_path / "t.parquet")
        return tmp_path / "t.parquet"

    @staticmethod
    def excluded(file: Path, column: str, value: str) -> list[bool]:
        probe = f"FROM parquet_bloom_probe('{file}', '{column}', '{value}')"
        return [row[-1] for row in duckdb.sql(probe).fetchall()]

    def test_a_bloom_filter_says_which_group_may_have_an_id(self, file: Path) -> None:
        groups = [
            pq.ParquetFile(file).read_row_group(n, ["claim_id"]).column(0).to_pylist()
            for n in range(5)
        ]
        for number in range(0, 5000, 250):
            value = f"clm-{number:06}"
            found = self.excluded(file, "claim_id", value)
            assert not found[next(n for n, ids in enumerate(groups) if value in ids)]
        absent = [
            skipped
            for number in range(100)
            for skipped in self.excluded(file, "claim_id", f"clm-x{number}")
        ]
        assert sum(absent) > 0.97 * len(absent) == 485

    def test_columns_without_ids_and_the_first_of_the_order_need_none(self, file: Path) -> None:
        for column in ("event_id", "stance", "note"):
            assert not any(self.excluded(file, column, "absent"))

    def test_a_single_row_group_needs_none(self, tmp_path: Path, thousands: None) -> None:
        written(numbered(999), tmp_path / "t.parquet")
        assert not any(self.excluded(tmp_path / "t.parquet", "claim_id", "absent"))

    def test_every_reader_finds_it(self, file: Path) -> None:
        expected = pq.read_table(file).filter(pa.compute.field("claim_id") == "clm-004242")
        assert expected.num_rows == 1
        frame = pl.scan_parquet(file).filter(pl.col("claim_id") == "clm-004242").collect()
        assert frame.to_dicts() == expected.to_pylist()
        sought = pd.read_parquet(file, filters=[("claim_id", "==", "clm-004242")])
        assert sought["note"].to_list() == ["note clm-004242"]
        rows = duckdb.sql(f"FROM '{file}' WHERE claim_id = 'clm-004242'").fetchall()
        assert rows == [tuple(expected.to_pylist()[0].values())]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (("c", "e", DAY, None, 1.0, None), "claims_by_event.stance is missing in 1 rows"),
            (("c", "e", DAY, "denies", float("nan"), None), "weight has a value that is not a num"),
            (("c", "e", DAY, "denies", float("inf"), None), "weight has a value that is not a num"),
        ],
    )
    @pytest.mark.usefixtures("small_groups")
    def test_a_value_in_any_batch(self, tmp_path: Path, row: tuple[Any, ...], message: str) -> None:
        good = [(f"b{number}", "e", DAY, "denies", 1.0, None) for number in range(9)]
        kind = pa.schema([field.with_nullable(True) for field in CLAIMS.schema])
        rows = pa.Table.from_pylist(
            [dict(zip(kind.names, each, strict=True)) for each in [*good, row]], kind
        )
        for source in (rows, stream(rows, 3, 3)):
            with pytest.raises(TableError, match=message):
                written(source, tmp_path / "t.parquet")

    def test_a_key_that_is_missing(self, tmp_path: Path) -> None:
        day = replace(CLAIMS, key=("day",), order=())
        with pytest.raises(TableError, match=r"claims_by_event\.day is missing in 1 rows"):
            write_parquet(
                table([("c", "e", None, "denies", 1.0, None)]), day, tmp_path / "t.parquet", {}
            )

    def test_a_stream_of_other_columns_even_without_rows(self, tmp_path: Path) -> None:
        with pytest.raises(TableError, match=r"missing \['note'\], unknown none"):
            written(stream(table([]).drop_columns("note")), tmp_path / "t.parquet")
        assert not list(tmp_path.iterdir())

    def test_a_file_that_is_there(self, tmp_path: Path) -> None:
        (tmp_path / "t.parquet").write_bytes(b"kept")
        with pytest.raises(FileExistsError):
            write_parquet(table([]), CLAIMS, tmp_path / "t.parquet", {})
        assert (tmp_path / "t.parquet").read_bytes() == b"kept"


@pytest.mark.usefixtures("small_groups")
class TestWhenSomethingFails:
    """The failure reaches the caller, and no thread is left at work."""

    @pytest.fixture(autouse=True)
    def no_thread_is_left(self) -> Iterator[None]:
        before = set(threading.enumerate())
        yield
        assert set(threading.enumerate()) <= before

    @pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, OSError])
    def test_where_rows_come_from(self, tmp_path: Path, failure: type[BaseException]) -> None:
        def batches() -> Iterator[pa.RecordBatch]:
            yield from numbered(20).to_batches(3)
            raise failure("no more rows")

        source = pa.RecordBatchReader.from_batches(CLAIMS.schema, batches())
        with pytest.raises(failure, match="no more rows"):
            written(source, tmp_path / "t.parquet")

    @pytest.mark.parametrize("count", [4, 20])
    def test_where_they_are_hashed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
    ) -> None:
        def update(self: Any, part: pa.Table) -> None:
            raise RuntimeError("no hash")

        monkeypatch.setattr(parquet.ContentHash, "update", update)
        with pytest.raises(RuntimeError, match="no hash"):
            written(numbered(count), tmp_path / "t.parquet")

    @pytest.mark.parametrize("count", [4, 20])
    def test_where_they_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
    ) -> None:
        def write(self: Any, content: Any) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(parquet._HashedFile, "write", write)
        with pytest.raises(OSError, match="No space left"):
            written(numbered(count), tmp_path / "t.parquet")


GROWING = r"""
import re, sys
from pathlib import Path
import pyarrow as pa
from allegata.tables.columns import Column, Table
from allegata.tables.parquet import ROWS_IN_A_GROUP, write_parquet

notes = [Column(f"note_{number}", pa.string(), False, "") for number in range(6)]
spec = Table("t", "", ("id",), (Column("id", pa.string(), False, ""), *notes))

def batches(rows):
    for start in range(0, rows, 20_000):
        ids = [f"{number:09}" for number in range(start, start + 20_000)]
        note = pa.array([id_ * 5 for id_ in ids])
        copies = [note.take(pa.array(range(20_000))) for _ in notes]
        yield pa.record_batch([ids, *copies], spec.schema)

for rows in map(int, sys.argv[2:]):
    path = Path(sys.argv[1], f"{rows}.parquet")
    source = pa.RecordBatchReader.from_batches(spec.schema, batches(rows))
    assert write_parquet(source, spec, path, {}).rows == rows
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1]
    print(int(peak) // 1024, pa.default_memory_pool().max_memory() >> 20)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system tells no peak")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Both runs are in one process, whose peak the second, four times as large, hardly moves."""
    ran = subprocess.run(
        [sys.executable, "-c", GROWING, tmp_path, "400000", "1600000"],
        capture_output=True,
        text=True,
        check=True,
    )
    few, many = (list(map(int, line.split())) for line in ran.stdout.splitlines())
    # In megabytes: the rows that were added are 350, a row group is 29.
    assert many[0] - few[0] < 60
    # In Arrow there are two row groups, a quarter of one as it is hashed, and a batch.
    assert many[1] < 3.3 * 29
