"""A seeded generator of realistic claim data, of any size, that breaks no rule.

Equal shapes give equal bytes, whatever the number of processes::

    python -m benchmarks.generator /tmp/million --claims 1000000

writes a folder with ``dataset.yaml`` and one JSON Lines file a table. A claim's line has about
1 KB: nested chains of none to three statements, quotes with words in fifteen languages, notes.
A tenth of all claims is on the few propositions of one event; other events are of different
sizes; some sources are copies of others, with all their claims.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any, NamedTuple

from benchmarks.invented import world
from benchmarks.invented.blocks import Shape, line, make_block

STREAMED = ("events", "propositions", "statements", "sources", "claims")
"""The tables that are written while they are made; the others are small, and come last."""

DATASET = """\
name: generated-claims
title: Generated claims, for measuring
description: Invented records of invented events, made by a program to measure others with.
schema_version: "1.1.0"
licence:
  id: CC0-1.0
  name: CC0 1.0 Universal
  url: https://creativecommons.org/publicdomain/zero/1.0/
creators:
  - name: The Allegata authors
publisher: The Allegata authors
lang: en
window: {start: "1990-01-01", end: "2026-12-31"}
coverage:
  sources: Invented sources.
  start: "2014-03-01"
  end: "2025-12-31"
"""


class _Made(NamedTuple):
    """A block as it comes from another process."""

    streamed: dict[str, bytes]
    collected: dict[str, list[str]]
    actors: set[str]
    cities: set[str]


def generate(
    folder: Path,
    claims: int,
    seed: int = 1,
    *,
    form: str = "jsonl",
    shards: int = 1,
    shuffled: bool = False,
    claims_per_source: int = 12,
    processes: int = 2,
) -> dict[str, int]:
    """Write a dataset of so many claims into ``folder``, which must be empty or new.

    Args:
        folder: Where to write ``dataset.yaml`` and the tables.
        claims: How many claims, 100 at least.
        seed: Another seed gives other data of the same kind.
        form: ``jsonl``, ``jsonl.gz``, ``jsonl.zst``, ``parquet`` or ``json`` (record files).
        shards: How many files the large tables are split into.
        shuffled: Blocks, and the records in each, in no order of keys.
        claims_per_source: How many claims a source has on average.
        processes: How many processes make the data; the bytes do not depend on it.

    Returns:
        Table -> number of records.
    """
    if claims < 100:
        raise ValueError("the generator makes 100 claims at least")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    shape = Shape(claims, seed, claims_per_source, shuffled)
    with ExitStack() as opened:
        writer = _Writer(folder, form, shards, opened)
        rest = _write_streamed(shape, writer, processes)
        for table, lines in rest.items():
            writer.write(table, 0, ("\n".join(lines) + "\n").encode(), len(lines))
    return writer.counts


def records(
    claims: int, seed: int = 1, *, claims_per_source: int = 12
) -> dict[str, list[dict[str, Any]]]:
    """The same records as objects, table by table: for small numbers."""
    shape = Shape(claims, seed, claims_per_source)
    made = [_make(shape, number) for number in range(shape.blocks)]
    lines = {
        table: [one for block in made for one in block.streamed[table].decode().splitlines()]
        for table in STREAMED
    }
    return {
        table: [json.loads(one) for one in rows] for table, rows in (_rest(made) | lines).items()
    }


def _write_streamed(shape: Shape, writer: _Writer, processes: int) -> dict[str, list[str]]:
    numbers = list(range(shape.blocks))
    if shape.shuffled:
        random.Random(f"{shape.seed} order").shuffle(numbers)
    kept = []
    for nth, made in enumerate(_made(shape, numbers, processes)):
        shard = nth * writer.shards // len(numbers)
        for table, text in made.streamed.items():
            writer.write(table, shard, text, text.count(b"\n"))
        kept.append(made._replace(streamed={}))
    return _rest(kept)


def _made(shape: Shape, numbers: list[int], processes: int) -> Iterator[_Made]:
    if processes < 2 or len(numbers) < 2:
        yield from (_make(shape, number) for number in numbers)
        return
    with get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_Job(shape), numbers, chunksize=1)


class _Job(NamedTuple):
    shape: Shape

    def __call__(self, number: int) -> _Made:
        return _make(self.shape, number)


def _make(shape: Shape, number: int) -> _Made:
    block = make_block(shape, number)
    streamed = {
        table: ("\n".join(lines) + "\n").encode() if (lines := block.lines[table]) else b""
        for table in STREAMED
    }
    collected = {name: block.lines[name] for name in ("actors", "places")} | block.relations
    return _Made(streamed, collected, block.actors, block.cities)


def _rest(made: Iterable[_Made]) -> dict[str, list[str]]:
    """The small tables: the registers as far as they are used, and what the blocks add."""
    made = list(made)
    actors = set().union(*(one.actors for one in made))
    cities = set().union(*(one.cities for one in made))

    def added(name: str) -> list[str]:
        return [text for one in made for text in one.collected[name]]

    return {
        "actors": [*map(line, world.actors(actors)), *added("actors")],
        "roles": [*map(line, world.roles(actors))],
        "places": [*map(line, world.places(cities)), *added("places")],
        "relations": [text for prefix in ("evt", "prp", "src", "stm") for text in added(prefix)],
    }


class _Writer:
    """Writes lines of tables to files of one form."""

    def __init__(self, folder: Path, form: str, shards: int, opened: ExitStack) -> None:
        self._folder, self._form, self.shards, self._opened = folder, form, shards, opened
        self._files: dict[Path, IO[bytes]] = {}
        self.counts: dict[str, int] = {}

    def write(self, table: str, shard: int, text: bytes, count: int) -> None:
        """Append lines to a table's file; the small tables have one."""
        self.counts[table] = self.counts.get(table, 0) + count
        many = self.shards > 1 and table in STREAMED
        name = f"{table}-{shard + 1:03}" if many else table
        path = self._folder / f"{name}.{self._form}"
        if path not in self._files:
            self._files[path] = self._opened.enter_context(_open(path, self._form, table))
        self._files[path].write(text)


def _open(path: Path, form: str, table: str) -> AbstractContextManager[IO[bytes]]:
    if form == "jsonl":
        return path.open("wb")
    if form == "jsonl.gz":
        return gzip.open(path, "wb", compresslevel=6)  # type: ignore[return-value]
    if form == "jsonl.zst":
        import pyarrow as pa

        return pa.CompressedOutputStream(str(path), "zstd")
    if form == "json":
        return _RecordFile(path, table)
    if form == "parquet":
        from benchmarks.shapes import ParquetFile

        return ParquetFile(path, table)
    raise ValueError(f"no form {form}; there are jsonl, jsonl.gz, jsonl.zst, parquet and json")


class _RecordFile(AbstractContextManager[Any]):
    """A table as a JSON record file."""

    def __init__(self, path: Path, table: str) -> None:
        self._path, self._table = path, table
        self._lines: list[bytes] = []

    def write(self, text: bytes) -> None:
        self._lines += text.splitlines()

    def __exit__(self, *_: object) -> None:
        text = b",\n".join(self._lines)
        self._path.write_bytes(b'{"%s": [\n%s\n]}\n' % (self._table.encode(), text))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", default="jsonl")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--claims-per-source", type=int, default=12)
    parser.add_argument("--processes", type=int, default=2)
    options = vars(parser.parse_args())
    shutil.rmtree(options["folder"], ignore_errors=True)
    for table, count in generate(**options).items():
        print(f"{count:>10,} {table}")


if __name__ == "__main__":
    main()
