"""Much is worked on on disk, in parts and in ranges; what comes of it is what comes of little."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import random_claims
from allegata.engines import Embedded
from allegata.engines.budget import Budget
from allegata.publishing import publish
from allegata.tables import ranges
from allegata.tables.session import OutOfMemory
from benchmarks import generator
from random_claims import Rows, datasets, derived
from releases_in_a_row import FICTIONAL, publish_in_a_row

LIMIT = "500MB"


@contextmanager
def divided(number: int) -> Iterator[None]:
    """With everything kept on disk, and divided into so many parts and ranges, if it has rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget, "is_large", lambda self, size: True)
        for name in ("parts", "ranges"):
            patch.setattr(Budget, name, lambda self, size: number)
        patch.setattr(ranges, "_LEAST_SAMPLED", 1)
        yield


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.fixture(autouse=True)
def epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries by which tables are made and streamed, as they are asked."""
    told: list[str] = []
    for name in ("create", "append", "stream"):
        plain: Callable[..., Any] = getattr(Embedded, name)

        def remember(self: Embedded, *given: Any, plain: Callable[..., Any] = plain) -> Any:
            told.append(" ".join(str(one) for one in given))
            return plain(self, *given)

        monkeypatch.setattr(Embedded, name, remember)
    return told


@pytest.mark.parametrize("number", [1, 40])
def test_a_release_has_the_same_bytes(number: int, tmp_path: Path, asked: list[str]) -> None:
    publish(FICTIONAL, tmp_path / "plain", "2026.9.0")
    plain = len(asked)
    with divided(number):
        publish(FICTIONAL, tmp_path / "divided", "2026.9.0")
    assert sums(tmp_path / "divided") == sums(tmp_path / "plain")
    assert (len(asked) > 2 * plain) == (number > 1)


def test_releases_one_after_another_have_the_same_bytes(tmp_path: Path) -> None:
    """With their deltas, and records that changed, went and came."""
    for name in ("plain", "divided"):
        (tmp_path / name).mkdir()
    plain = publish_in_a_row(tmp_path / "plain")
    with divided(7):
        out = publish_in_a_row(tmp_path / "divided")
    assert sums(out) == sums(plain)
    assert [*out.rglob("delta/claims_flat.parquet")]


@contextmanager
def on_disk(folder: Path, number: int) -> Iterator[None]:
    """What ``derived`` derives is derived on disk, in so many parts."""
    with (
        divided(number),
        pytest.MonkeyPatch.context() as patch,
        Embedded(folder, LIMIT) as session,
    ):
        patch.setattr(random_claims, "_session", lambda: session)
        yield


@given(st.lists(datasets(), min_size=1, max_size=8), st.integers(1, 9))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_derived_in_parts_is_the_same(
    tmp_path: Path, batch: list[Rows], number: int
) -> None:
    whole = derived(batch)
    with on_disk(tmp_path, number):
        assert derived(batch) == whole


@given(st.lists(datasets(), min_size=4, max_size=4))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_proposition_with_nearly_all_claims_is_the_same(
    tmp_path: Path, batch: list[Rows]
) -> None:
    """It is a part of its own, however many are wanted."""
    for rows in batch:
        for claim in rows["claims"][1:]:
            claim["proposition_id"] = "prp-0"
    whole = derived(batch)
    with on_disk(tmp_path, 5):
        assert derived(batch) == whole


TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0"), max_size=3))
KEYS = st.tuples(
    st.one_of(
        st.none(), st.sampled_from(["", "a", "A", "é", "e\u0301", "𝄞", "\uffff", "it's"]), TEXTS
    ),
    st.one_of(st.none(), st.dates(date(1, 1, 1))),
    st.one_of(st.none(), st.integers(-3, 3)),
)


KINDS = {"text": pa.string(), "day": pa.date32(), "n": pa.int32()}


def by_ranges(session: Embedded, keys: list[tuple[Any, ...]]) -> tuple[pa.Table, pa.Table]:
    """Rows with these keys, sorted range by range, and sorted at once."""
    columns = [*zip(*keys, strict=True)] or [(), (), ()]
    arrays = [pa.array(one, kind) for one, kind in zip(columns, KINDS.values(), strict=True)]
    session.register("keys", pa.table(arrays, [*KINDS]))
    by = ", ".join(f'"{name}" NULLS FIRST' for name in KINDS)

    def query(within: str) -> str:
        return f"SELECT * FROM keys WHERE {within} ORDER BY {by}"

    found = ranges.stream_in_order(session, query, "SELECT * FROM keys", [*KINDS], 10)
    return found.read_all(), session.fetch(query("true"))


@given(st.lists(KEYS, max_size=60), st.integers(1, 80))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ranges_hold_all_rows_in_order(
    tmp_path: Path, keys: list[tuple[Any, ...]], number: int
) -> None:
    """With missing values, and values that many rows share."""
    with divided(number), Embedded(tmp_path, LIMIT) as session:
        found, plain = by_ranges(session, keys)
        assert found.to_pylist() == plain.to_pylist()


@contextmanager
def sorting_at_most(number: int) -> Iterator[list[int]]:
    """With an engine that cannot sort more different rows at once; gives how many it did."""
    stream, done = Embedded.stream, list[int]()

    def limited(self: Embedded, sql: str, rows: int) -> pa.RecordBatchReader:
        count = self.fetch(f"SELECT DISTINCT * FROM ({sql})").num_rows
        if count > number:
            raise OutOfMemory
        done.append(count)
        return stream(self, sql, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Embedded, "stream", limited)
        yield done


@given(st.lists(KEYS, max_size=40), st.integers(1, 3), st.integers(1, 9))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_range_that_cannot_be_sorted_at_once_is_halved(
    tmp_path: Path, keys: list[tuple[Any, ...]], number: int, most: int
) -> None:
    with divided(number), Embedded(tmp_path, LIMIT) as session, sorting_at_most(most) as done:
        found, plain = by_ranges(session, keys)
        assert found.to_pylist() == plain.to_pylist()
    assert sum(done) == len(set(keys))


def test_what_cannot_be_halved_is_told(tmp_path: Path) -> None:
    with (
        divided(1),
        Embedded(tmp_path, LIMIT) as session,
        sorting_at_most(0),
        pytest.raises(OutOfMemory),
    ):
        by_ranges(session, [("a", None, 1)] * 3)


def test_what_is_kept_on_disk_goes_with_the_session(tmp_path: Path) -> None:
    with divided(1), Embedded(tmp_path, LIMIT) as session:
        session.create("t", "SELECT CAST(1 AS HUGEINT) AS a")
        session.append("t", "SELECT CAST(2 AS HUGEINT) AS a")
        session.create("t", "SELECT a + 1 AS a FROM t")
        assert session.fetch("SELECT typeof(a) AS kind, a FROM t ORDER BY a").to_pylist() == [
            {"kind": "HUGEINT", "a": 2},
            {"kind": "HUGEINT", "a": 3},
        ]
        assert [*tmp_path.glob("*.duckdb")]
        session.drop("t")
    assert not [*tmp_path.glob("*.duckdb*")]


def test_tables_in_memory_are_replaced_by_those_on_disk(tmp_path: Path) -> None:
    with Embedded(tmp_path, LIMIT) as session:
        session.create("t", "SELECT 1 AS a")
        with divided(1):
            session.create("t", "SELECT 2 AS a")
        assert session.fetch("SELECT a FROM t").to_pylist() == [{"a": 2}]


def test_a_release_is_published_within_a_bound(tmp_path: Path) -> None:
    """In a limited process, with all that is made on disk, and no more than the limit and 0.5 GB.

    What a process has reserved counts against its own limit too, used or not, and that is some
    hundred megabytes more, even with small stacks for threads and no memory reserved ahead.
    """
    generator.generate(tmp_path / "data", 60_000)
    limit = 300_000_000

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))
        resource.setrlimit(resource.RLIMIT_DATA, (limit + 1_000_000_000,) * 2)

    script = (
        "import sys\n"
        "from allegata.cli import main\n"
        "from allegata.engines.budget import Budget\n"
        "Budget.is_large = lambda self, size: True\n"
        "sys.argv[0] = 'allegata'\n"
        "try:\n    main()\n"
        "finally:\n    print(open('/proc/self/status').read())"
    )
    options = ["publish", tmp_path / "data", "--out", tmp_path / "out", "--no-site"]
    ran = subprocess.run(
        [sys.executable, "-c", script, *options, "--memory-limit", f"{limit // 1_000_000}MB"],
        capture_output=True,
        text=True,
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1"},
        preexec_fn=bound,
    )
    assert ran.returncode == 0, ran.stderr
    assert [*(tmp_path / "out").rglob("data/claims_flat.parquet")]
    most = re.search(r"^VmHWM:\s+([0-9]+) kB$", ran.stdout, re.MULTILINE)
    assert most
    assert int(most[1]) << 10 < limit + 500_000_000
