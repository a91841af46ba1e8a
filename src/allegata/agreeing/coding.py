"""A coder's folder: what it says of its sources, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allegata.agreeing.errors import AgreementError
from allegata.reading import MissingPathError, Reading, dataset_folder, read
from allegata.reading.files import absolute, shown
from allegata.rules import RULES, Severity, shortened
from allegata.schema import MODELS

Row = dict[str, Any]

REGISTERS = ("actors", "places", "events")
"""Tables that the coded ones refer to."""
CODED = ("propositions", "statements", "claims")
"""Tables that are compared."""


@dataclass
class Coding:
    """What one coder says of some sources."""

    folder: Path
    """Where it was read."""
    sources: dict[str, Row] = field(default_factory=dict)
    """The sources that have claims, by id."""
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    """By table and id: every entry of the registers; of the coded tables what the sources'
    claims need. Nested lists lie under the fields that they have in a record file."""
    besides: dict[str, Row] = field(default_factory=dict)
    """By id: what else its dataset has in the coded tables."""

    @property
    def coder(self) -> str | None:
        """The pseudonym of its one coder."""
        coders = {claim["coder"] for claim in self.rows["claims"].values()}
        return coders.pop() if len(coders) == 1 else None

    def keep(self, sources: set[str]) -> None:
        """Leave out the claims of other sources, and what only they need."""
        claims = {k: v for k, v in self.rows["claims"].items() if v["source_id"] in sources}
        self.sources = {k: v for k, v in self.sources.items() if k in sources}
        needed = {
            "propositions": {claim["proposition_id"] for claim in claims.values()},
            "statements": {hop["statement_id"] for c in claims.values() for hop in c["chain"]},
        }
        self.rows["claims"] = claims
        for table, ids in needed.items():
            self.besides |= {k: v for k, v in self.rows[table].items() if k not in ids}
            self.rows[table] = {k: v for k, v in self.rows[table].items() if k in ids}


def coding_of(folder: str | Path) -> Coding:
    """Read a coder's folder, or file.

    Of a folder that lies within a dataset the claims are the folder's own; what they refer to is
    looked up in the whole dataset.

    Raises:
        MissingPathError: it does not exist.
        AgreementError: records cannot be read as they are.
    """
    path = Path(folder)
    if not path.exists():
        raise MissingPathError(f"{shortened(path)}: no such file or folder")
    reading = read([path])
    for problem in reading.problems:
        if RULES[problem.code].severity is Severity.ERROR:
            raise AgreementError(
                f"{problem.place}: {problem.code}: {shortened(problem.message, 300)}; "
                "`allegata check` tells all that keeps records from being compared"
            )
    coding = Coding(path)
    for table in (*REGISTERS, *CODED, "sources"):
        coding.rows[table] = {row["id"]: row for row in reading.table(table).to_pylist()}
    _nest(coding, reading)
    own = _own_claims(reading, path)
    coding.rows["claims"] = {k: v for k, v in coding.rows["claims"].items() if k in own}
    claimed = {claim["source_id"] for claim in coding.rows["claims"].values()}
    sources = coding.rows.pop("sources")
    coding.sources = {name: row for name, row in sources.items() if name in claimed}
    if missing := sorted(claimed - sources.keys()):
        raise AgreementError(f"{shortened(path)}: claims name an unknown source, {missing[0]}")
    return coding


def _nest(coding: Coding, reading: Reading) -> None:
    for table, rows in coding.rows.items():
        for name, (child, nested) in MODELS[table].children().items():
            if child.table in coding.rows:
                continue
            for row in rows.values():
                row[name] = []
            for one in reading.table(child.table).to_pylist():
                if parent := rows.get(one.pop(nested.key)):
                    parent[name].append(one)
            if nested.position:
                for row in rows.values():
                    row[name].sort(key=lambda item, by=nested.position: item[by])


def _own_claims(reading: Reading, path: Path) -> set[str]:
    """The claims that stand in the folder that was asked for."""
    asked = absolute(shown(path))
    inside = {
        number
        for number, file in enumerate(reading.files)
        if asked == (place := absolute(file.shown)) or asked in place.parents
    }
    if dataset_folder(path) in (None, path):
        return set(reading.table("claims")["id"].to_pylist())
    source = reading.stock.source("claims")
    assert not isinstance(source, Path)  # rows are laid out in files only where a folder is given
    pairs = zip(source["id"].to_pylist(), source["_file"].to_pylist(), strict=True)
    return {name for name, number in pairs if number in inside}
