"""Other people's ways from a file of claims to checked or written data.

Each is a function of a ``Job``, in a module that imports what it needs inside the function, so
that the list of them can be read in any environment. The schema that a peer is given is derived
from the models (``benchmarks.derived``) as far as its language reaches.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple


class Job(NamedTuple):
    """What a peer is to do."""

    source: Path
    """A file of claims, one JSON object a line."""
    derived: Path
    """The folder of schemas."""
    out: Path
    """An empty folder to write to."""

    def schema(self, name: str) -> Any:
        """One of the derived schemas that are JSON."""
        return json.loads((self.derived / name).read_text(encoding="utf-8"))

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of a claim, as ``benchmarks.derived.claim_fields`` describes them."""
        return self.schema("fields.json")


class Outcome(NamedTuple):
    """What a peer found."""

    rejected: int
    """How many rows or values it objects to; the first one counts if it can tell no more."""


class Peer(NamedTuple):
    """A way to check or to write claims."""

    name: str
    label: str
    distribution: str
    """The package whose version is told; empty for Allegata itself."""
    environment: str
    """The environment it runs in; empty for that of the project."""
    function: str
    """Where it is: module of this package, colon, function."""
    writes: bool
    """Whether it leaves Parquet behind."""
    lacks: str
    """What it does not check, in words for readers."""
    rows: int | None = None
    """The most rows that it is given, where it is slow."""

    def run(self, job: Job) -> Outcome:
        """Do the job in this process.

        Raises:
            Exception: whatever the peer raises when it gives up the whole file.
        """
        module, _, function = self.function.partition(":")
        return getattr(import_module(f"{__name__}.{module}"), function)(job)


_FORM = "normal form and unseen characters of texts"
_ACROSS = "what spans fields, rows or tables"
_READER = "what polars' reader lets pass: unknown fields, keys given twice, true for a text"

PEERS = {
    peer.name: peer
    for peer in (
        Peer("duckdb", "DuckDB, COPY to Parquet", "duckdb", "", "columns:duckdb_copy", True,
             "all but syntax; it turns numbers into texts and texts into numbers"),
        Peer("duckdb-sorted", "DuckDB, COPY … ORDER BY to Parquet", "duckdb", "",
             "columns:duckdb_sorted", True,
             "all but syntax; it turns numbers into texts and texts into numbers"),
        Peer("pyarrow", "pyarrow, JSON to Parquet", "pyarrow", "", "columns:pyarrow_copy", True,
             "all but syntax, types and unknown fields"),
        Peer("polars", "polars, sink to Parquet", "polars", "frames", "frames:polars_sink", True,
             "all but syntax and numbers", 200_000),
        Peer("pydantic-check", "pydantic, line by line", "pydantic", "", "models:judged", False,
             f"keys given twice, {_ACROSS}; the models are Allegata's", 100_000),
        Peer("pydantic", "pydantic, row by row to Parquet", "pydantic", "", "models:written", True,
             f"keys given twice, {_ACROSS}; the models are Allegata's", 100_000),
        Peer("msgspec", "msgspec, line by line", "msgspec", "frames", "lines:msgspec_decode",
             False, f"{_FORM}, keys given twice, {_ACROSS}", 200_000),
        Peer("jsonschema-rs", "jsonschema-rs, line by line", "jsonschema-rs", "frames",
             "lines:jsonschema", False,
             f"{_FORM}, keys given twice, halves of characters, {_ACROSS}", 200_000),
        Peer("dataframely", "dataframely", "dataframely", "frames", "frames:dataframely", True,
             f"{_READER}; {_FORM}, {_ACROSS}", 100_000),
        Peer("pandera", "pandera (polars)", "pandera", "frames", "frames:pandera", True,
             f"{_READER}; {_FORM}, {_ACROSS}", 100_000),
        Peer("patito", "patito", "patito", "frames", "frames:patito", True,
             f"{_READER}; {_FORM}, {_ACROSS}", 100_000),
        Peer("frictionless", "frictionless", "frictionless", "frictionless",
             "tabular:frictionless", False,
             f"what is inside a list, unknown fields, keys given twice, {_FORM}, {_ACROSS}",
             20_000),
        Peer("linkml", "LinkML", "linkml", "linkml", "linked:linkml", False,
             f"{_FORM}, keys given twice, halves of characters, nulls, {_ACROSS}", 20_000),
        Peer("datacontract", "datacontract-cli", "datacontract-cli", "datacontract",
             "contracts:datacontract", False,
             f"unknown fields, keys given twice, nulls, {_FORM}, {_ACROSS}", 20_000),
    )
}  # fmt: skip
"""Name -> peer, in the order in which they are shown."""
