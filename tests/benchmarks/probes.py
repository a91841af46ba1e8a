"""What is measured inside Allegata: ``python -m benchmarks.probes NAME PATH [OUT]``.

Each probe prints one JSON object. They use public functions; where a part of a run is to be timed,
the function that does it is wrapped for the time being.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

Told = dict[str, Any]


def fields(path: Path, _: Path) -> Told:
    """Read and validate the fields of a dataset, or of one file, and judge no rule."""
    import tempfile

    from allegata.reading import read

    with tempfile.TemporaryDirectory() as folder:
        reading = read([path], folder=Path(folder))
        return {"rows": reading.stock.total(), "problems": sum(reading.counts.values())}


def written(path: Path, out: Path) -> Told:
    """Validate a file of claims, and write its three tables in order, with content hashes."""
    import shutil
    import tempfile

    from allegata.engines import Embedded
    from allegata.reading import read
    from allegata.tables import LEDGER, base_tables
    from allegata.tables.parquet import write_parquet

    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    hashes = {}
    with tempfile.TemporaryDirectory() as folder:
        reading = read([path], folder=Path(folder))
        with Embedded(Path(folder), "1GB") as session:
            for name in ("claims", "hops", "quotes"):
                session.register(name, reading.stock.source(name))
                spec = base_tables()[name]
                later = {column.name for column in LEDGER}
                columns = ", ".join(
                    f"'2026.1.0' AS {one.name}" if one.name in later else f'"{one.name}"'
                    for one in spec.columns
                )
                order = ", ".join(f'"{one}" NULLS FIRST' for one in spec.order)
                rows = session.stream(f"SELECT {columns} FROM {name} ORDER BY {order}", 100_000)
                made = write_parquet(rows, spec, out / f"{name}.parquet", {"version": "2026.1.0"})
                hashes[name] = made.content_hash
    return {"hashes": hashes}


def derived(path: Path, _: Path) -> Told:
    """How long each query of the derivations takes, and the whole of them."""
    from allegata.deriving import create_derived
    from allegata.engines import Embedded, checked

    took: dict[str, float] = defaultdict(float)

    class Timed(Embedded):
        def create(self, name: str, sql: str) -> None:
            with _timing(took, name):
                super().create(name, sql)

    with patch("allegata.engines.checking.Embedded", Timed), checked([path]) as (_report, session):
        took.clear()  # of the rules
        began = time.perf_counter()
        create_derived(session)
        whole = time.perf_counter() - began
    return {"whole": round(whole, 3), "tables": {name: round(t, 3) for name, t in took.items()}}


def lookups(release: Path, _: Path) -> Told:
    """How long DuckDB takes to find things in the files of a release."""
    import duckdb

    data = max(release.glob("releases/*/data"))
    flat, claims = (str(data / f"{name}.parquet") for name in ("claims_flat", "claims"))
    with duckdb.connect() as connection:
        ids = connection.sql(f"SELECT id FROM '{claims}' USING SAMPLE 20 (reservoir, 7)").fetchall()
        events = connection.sql(
            f"SELECT event_id FROM (SELECT event_id, count(*) AS n FROM '{flat}' "
            "WHERE event_id IS NOT NULL GROUP BY event_id ORDER BY n, event_id) "
            "USING SAMPLE 20 (reservoir, 7)"
        ).fetchall()
        questions = {
            "one claim by its id": (f"SELECT * FROM '{claims}' WHERE id = ?", ids),
            "all claims on one event": (f"SELECT * FROM '{flat}' WHERE event_id = ?", events),
        }
        return {
            asked: _milliseconds(lambda given, sql=sql: connection.execute(sql, given), parameters)
            for asked, (sql, parameters) in questions.items()
        }


def _milliseconds(ask: Callable[[Any], Any], parameters: list[Any]) -> float:
    times = []
    for given in parameters:
        began = time.perf_counter()
        ask(given).fetchall()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1000, 2)


def split(folder: Path, _: Path) -> Told:
    """Where the time of checking record files goes: parsing, fields, rules."""
    from allegata.engines import check, checking
    from allegata.reading import documents

    took: dict[str, float] = defaultdict(float)
    began = time.perf_counter()
    with (
        patch.object(documents, "parse", _timed(took, "parse", documents.parse)),
        patch.object(checking, "read", _timed(took, "read", checking.read)),
    ):
        report = check([folder])
    whole = time.perf_counter() - began
    return {
        "parse": round(took["parse"], 3),
        "fields": round(took["read"] - took["parse"], 3),
        "rules": round(whole - took["read"], 3),
        "whole": round(whole, 3),
        "problems": sum(report.counts.values()),
    }


def again(folder: Path, _: Path) -> Told:
    """How long checking takes once more after one edit, the start of Python left out."""
    from allegata.engines import check

    edited = max(folder.rglob("records-*.yaml"))
    text = edited.read_text(encoding="utf-8")
    edited.write_text(text.replace("; the wording", " again; the wording", 1), encoding="utf-8")
    began = time.perf_counter()
    check([folder], use_cache=True)
    return {"seconds": round(time.perf_counter() - began, 3)}


def yaml_compose(folder: Path, _: Path) -> Told:
    """Compose the nodes of all YAML files with PyYAML's C parser, and nothing else."""
    import yaml

    for path in folder.rglob("*.yaml"):
        yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {}


def yaml_load(folder: Path, _: Path) -> Told:
    """Load all YAML files with PyYAML's C parser, and nothing else."""
    import yaml

    for path in folder.rglob("*.yaml"):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {}


class _timing:  # noqa: N801 - it is used like a function
    def __init__(self, took: dict[str, float], name: str) -> None:
        self._took, self._name = took, name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._took[self._name] += time.perf_counter() - self._began


def _timed(took: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        with _timing(took, name):
            return function(*args, **kwargs)

    return timed


PROBES = {
    probe.__name__: probe
    for probe in (fields, written, derived, lookups, split, again, yaml_compose, yaml_load)
}

if __name__ == "__main__":
    name, path, *out = sys.argv[1:]
    print(json.dumps(PROBES[name](Path(path), Path(out[0]) if out else Path())))
