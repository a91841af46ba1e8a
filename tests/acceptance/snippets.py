"""The snippets of the docs and of a release's card: each is run, and what it prints is compared."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from acceptance.running import (
    ACCEPTED,
    ENVIRONMENTS,
    FAILED,
    NOT_RUN,
    REFUSED,
    ROOT,
    Result,
    missing,
    run_command,
    version_of,
)
from acceptance.serving import serving

PAGE = ROOT / "docs" / "loading.md"
ADDRESS = "https://data.example"
"""Stands in the docs for wherever a release is on the web."""

_FENCE = re.compile(r"^```([a-z]+)\n(.*?)^```$", re.M | re.S)
_LIMIT = 120


@dataclass(frozen=True)
class Snippet:
    """A piece of code, as it is printed."""

    title: str
    """The heading above it; in the card, the line."""
    language: str
    code: str
    where: Path
    """The folder that its paths count from."""
    expected: int
    """The number that it must print last."""


ENVIRONMENT_OF = {
    "pandas": ("frames", "pandas"),
    "polars": ("frames", "polars"),
    "DuckDB": ("frames", "duckdb"),
    "DuckDB, over HTTP": ("http", "duckdb"),
    "R": ("R", "Rscript"),
    "R, without packages": ("R", "Rscript"),
    "Spark": ("spark", "pyspark"),
    "Hugging Face datasets": ("frames", "datasets"),
    "Croissant": ("croissant", "mlcroissant"),
    "CSV": ("frames", ""),
    "allegata": ("", ""),
}
"""Title -> environment, and the package whose version is told. A snippet without one is a fault."""

_ENDING = {"python": ".py", "sql": ".py", "r": ".R"}


def snippets(page: Path, where: Path, expected: int) -> Iterator[Snippet]:
    """The snippets of a page, in its order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        above = [line for line in text[: found.start()].splitlines() if line.startswith("## ")]
        told = text[: found.start()].rstrip().splitlines()[-1]
        title = told.rstrip(":") if page.name == "README.md" else above[-1].removeprefix("## ")
        yield Snippet(title, found[1], found[2], where, expected)


def all_snippets(dist: Path, release: Path) -> list[Snippet]:
    """Those of the docs, and those of a release's card.

    Args:
        dist: The folder of releases that the docs speak of.
        release: The release with the card.
    """
    claims = pq.read_table(release / "data" / "claims_flat.parquet")
    denials = pc.sum(pc.equal(claims["stance"], "denies")).as_py()
    assert 0 < denials < claims.num_rows
    return [
        *snippets(PAGE, dist.parent, denials),
        *snippets(release / "README.md", release, claims.num_rows),
    ]


def run_snippet(snippet: Snippet, dist: Path, work: Path) -> Result:
    """Run a snippet in its environment; it is refused if it prints another number last."""
    name = f"{snippet.title} ({'card' if snippet.where.parent == dist / 'releases' else 'docs'})"
    environment, package = ENVIRONMENT_OF[snippet.title]
    if why := _missing(snippet, environment):
        return Result(name, NOT_RUN, told=[why])
    version = version_of(environment, package) if package else ""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with serving(dist) as address:
        code = snippet.code.replace(ADDRESS, address)
        script = work / f"snippet{_ENDING[snippet.language]}"
        script.write_text(_runnable(snippet.language, code, work), encoding="utf-8")
        own = None if environment else ROOT / "src"
        ran = run_command([*_interpreter(environment), script], snippet.where, _LIMIT, own)
    if ran.code != 0:
        return Result(name, FAILED, ran.seconds, version, ran.told)
    printed = ran.out.split()[-1:]
    right = printed == [str(snippet.expected)]
    told = [] if right else [f"it printed {printed}, not {snippet.expected}"]
    return Result(name, ACCEPTED if right else REFUSED, ran.seconds, version, told)


def _interpreter(environment: str) -> list[str | Path]:
    if environment == "R":
        return ["Rscript", "--vanilla"]
    if not environment:
        return [sys.executable]
    return [ENVIRONMENTS / environment / "bin" / "python"]


def _missing(snippet: Snippet, environment: str) -> str | None:
    if environment and (why := missing(environment, f"snippet{_ENDING[snippet.language]}")):
        return why
    if package := re.search(r"\b([a-z]+)::", snippet.code) if snippet.language == "r" else None:
        has = ["Rscript", "-e", f'quit(status = !requireNamespace("{package[1]}", quietly = TRUE))']
        if subprocess.run(has, capture_output=True).returncode:
            return f"it needs {package[1]}, and Debian has no package of R that reads Parquet"
    return None


def _runnable(language: str, code: str, work: Path) -> str:
    """The code as a script of its interpreter."""
    if language != "sql":
        return code
    return (
        "import duckdb\n"
        f"connection = duckdb.connect(config={{'home_directory': {str(work)!r}}})\n"
        f"{_EXTENSION}"
        f"print(connection.sql({json.dumps(code)}).fetchall()[-1][0])\n"
    )


# Where a package brings the extension, it is not fetched.
_EXTENSION = """\
try:
    from duckdb_extensions import import_extension
except ImportError:
    pass
else:
    import_extension("httpfs", con=connection)
"""
