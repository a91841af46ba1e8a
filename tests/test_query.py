"""SQL over a release: what it answers, in which forms, and what it cannot reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import allegata
from allegata.publishing import publish
from allegata.showing import QueryError, ReleaseSession, query

Run = Callable[..., Any]
FICTIONAL = Path(__file__).parent / "fictional"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query")
    publish(FICTIONAL, folder, "2025.4.0")
    return folder


def _asked(run: Run, dist: Path, sql: str, *options: str) -> Any:
    return run("query", sql, "--release", dist, *options)


SQL = "SELECT id, kind, country FROM actors WHERE kind = 'state' ORDER BY id"


def test_a_table_for_people(run: Run, dist: Path) -> None:
    ran = _asked(run, dist, SQL)
    lines = [line.split() for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert lines[0] == ["id", "kind", "country"]
    assert lines[2:] == [["act-sornia", "state", "–"], ["act-vellmark", "state", "–"]]  # noqa: RUF001


def test_a_long_table_ends_and_says_how_much_is_left(run: Run, dist: Path) -> None:
    ran = _asked(run, dist, "SELECT range AS n FROM range(25000)")
    assert ran.out.split()[2:] == [str(n) for n in range(100)]
    assert ran.err == "and 24,900 more rows; --format csv, json or parquet has all\n"


def test_csv_json_and_parquet_hold_the_same(run: Run, dist: Path, tmp_path: Path) -> None:
    rows = [dict.fromkeys(("id", "kind", "country")) | {"id": name, "kind": "state"}
            for name in ("act-sornia", "act-vellmark")]  # fmt: skip
    assert _asked(run, dist, SQL, "--format", "csv").out.splitlines() == [
        '"id","kind","country"',
        '"act-sornia","state",',
        '"act-vellmark","state",',
    ]
    assert json.loads(_asked(run, dist, SQL, "--format", "json").out) == rows
    for ending in ("csv", "json", "parquet"):
        assert _asked(run, dist, SQL, "--out", str(tmp_path / f"a.{ending}")).code == 0
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == rows
    assert json.loads((tmp_path / "a.json").read_text()) == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.json", "a.parquet"]


def test_values_of_all_types_are_valid_json(run: Run, dist: Path) -> None:
    sql = (
        "SELECT DATE '2025-03-01' AS day, TIMESTAMP '2025-03-01 10:00:00' AS time, 'NaN'::DOUBLE "
        "AS number, [1, NULL] AS list, {'a': DATE '2025-03-02'} AS struct, true AS yes"
    )
    assert json.loads(_asked(run, dist, sql, "--format", "json").out) == [
        {
            "day": "2025-03-01",
            "time": "2025-03-01T10:00:00",
            "number": None,
            "list": [1, None],
            "struct": {"a": "2025-03-02"},
            "yes": True,
        }
    ]
    assert json.loads(_asked(run, dist, "FROM claims WHERE false", "--format", "json").out) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM claim_flat", "did you mean claims_flat?"),
        ("SELECT * FROM nothing_like_it", "the tables are sources, actors,"),
        ("SELECT clam_id FROM hops", "did you mean claim_id (a column of hops,"),
        ("SELECT c.stanze FROM claims c", "did you mean stance (a column of claims,"),
        ("SELEC 1", "syntax error"),
        ("", "expected one statement, and there are 0"),
        ("SELECT 1; SELECT 2", "expected one statement, and there are 2"),
        ("SELECT CAST(id AS INT) FROM claims", "Could not convert"),
        ("SELECT error('a' || chr(27)) FROM claims", r"a\u001b"),
    ],
)
def test_what_is_wrong_with_sql_is_told(sql: str, said: str, run: Run, dist: Path) -> None:
    ran = _asked(run, dist, sql)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("the query cannot be answered: ")
    assert said in ran.err
    assert "\x1b" not in ran.err


def test_what_a_format_cannot_hold_is_told(run: Run, dist: Path) -> None:
    ran = _asked(run, dist, "SELECT [1] AS numbers", "--format", "csv")
    assert (ran.code, ran.out) == (2, "")
    assert "CSV cannot hold the column numbers" in ran.err
    assert _asked(run, dist, SQL, "--format", "parquet").code == 2
    assert _asked(run, dist, SQL, "--out", "a.txt").code == 2


@pytest.mark.parametrize(
    "sql",
    [
        "FROM '{file}'",
        "FROM read_text('{file}')",
        "FROM read_csv('{file}')",
        "FROM glob('{folder}/*')",
        "FROM 'https://example.org/a.csv'",
        "FROM query('FROM read_text(''{file}'')')",
        "COPY claims TO '{folder}/stolen.csv'",
        "EXPLAIN ANALYZE COPY claims TO '{folder}/stolen.csv'",
        "EXPORT DATABASE '{folder}/stolen'",
        "ATTACH '{folder}/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA enable_external_access = true",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW claims",
        "SELECT getenv('HOME')",
        "FROM dist",  # a variable of the program
        "FROM session",
    ],
)
def test_sql_reaches_nothing_but_the_release(sql: str, dist: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    before = sorted(dist.rglob("*"))
    with ReleaseSession(allegata.open_release(dist)) as session:
        with pytest.raises(QueryError):
            query(session, sql.format(file=secret, folder=tmp_path)).read_all()
        assert query(session, "FROM claims").read_all().num_rows > 0
    assert sorted(tmp_path.iterdir()) == [secret]
    assert sorted(dist.rglob("*")) == before
