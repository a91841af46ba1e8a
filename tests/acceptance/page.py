"""The page of verdicts, made from the file of results alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

Json = dict[str, Any]

_INTRO = """\
# Who takes a release

What other people's tools say of a release: readers, each of which must give every cell as it was
published, with its type; validators of everything that describes a release; the snippets of
[Loading a release](loading.md); and releases damaged on purpose, which must be refused. The page is
made from [the results](acceptance.json) by `make accept`, which CI runs before anything is merged.

Each tool runs in an environment of its own with pinned versions, without the web, and in a time
zone that is not UTC. What it reads are two releases: that of the dataset published here, and one of
an invented dataset with the values that readers get wrong: texts such as `NULL`, `007` and
`=1+1`, right-to-left and combining letters, days in the years 1 and 9999, microseconds, and numbers
at the ends of what a float holds. R is given the CSV files: what is packaged for it where this runs
reads no Parquet, so the snippets of R that need `nanoparquet` are printed but not run there.
"""

_TITLES = {"readers": "Readers", "validators": "Validators", "snippets": "Snippets"}
_ONE = {"readers": "reader", "validators": "validator", "snippets": "snippet of"}


def page(results: Json) -> str:
    """The page in Markdown."""
    parts = [_INTRO, _summary(results)]
    for name, title in _TITLES.items():
        parts.append(f"## {title}\n\n{_verdicts(name, results[name])}")
    parts.append(_habits(results["readers"]))
    parts.append(_controls(results["controls"]))
    return "\n".join(part for part in parts if part)


def closing_line(results: Json) -> str:
    """The counts of all that ran, in one line."""
    rows = [row for name in (*_TITLES, "controls") for row in results[name]]
    good = sum(is_good(row) for row in rows)
    skipped = sum(row["verdict"] == "not run" for row in rows)
    return f"{good} passed, {len(rows) - good - skipped} failed, {skipped} skipped"


def is_good(row: Json) -> bool:
    """Whether a row of any table is as it should be."""
    return row["verdict"] == ("refused" if "kind" in row else "accepted")


def _summary(results: Json) -> str:
    lines = []
    for name, title in (*_TITLES.items(), ("controls", "Damaged releases")):
        counts = Counter(row["verdict"] for row in results[name])
        good = sum(is_good(row) for row in results[name])
        verdict = "refused" if name == "controls" else "accepted"
        skipped = f", {counts['not run']} not run" if counts["not run"] else ""
        lines.append(f"- **{title}: {good} of {len(results[name])} {verdict}**{skipped}")
    releases = "; ".join(
        f"{one['dataset']} {one['version']} (schema {one['schema_version']})"
        for one in results["releases"]
    )
    machine = results["machine"]
    return (
        "\n".join(lines) + f"\n\nOf {results['measured']}, on {machine['cores']} cores "
        f"({machine['system']}, Python {machine['python']}), in {results['seconds']} seconds. "
        f"Releases: {releases}.\n"
    )


def _verdicts(kind: str, rows: list[Json]) -> str:
    with_takes = kind != "snippets"
    heads = [_ONE[kind], "version", *(["takes"] if with_takes else []), "verdict", "seconds"]
    table = [
        [
            row["name"],
            row["version"],
            *([row["takes"]] if with_takes else []),
            _verdict(row),
            "" if row["verdict"] == "not run" else f"{row['seconds']:.1f}",
        ]
        for row in rows
    ]
    return _table(heads, table)


def _verdict(row: Json) -> str:
    if row["verdict"] == "not run":
        return f"not run: {_cell(row['told'][0])}"
    return row["verdict"] if is_good(row) else f"**{row['verdict']}**"


def _habits(readers: list[Json]) -> str:
    told = [f"- {row['name']}: {'; '.join(row['habits'])}." for row in readers if row["habits"]]
    return (
        "### What readers change\n\nCells are compared with these exceptions, which are the "
        "readers' own; anything else that differs is a fault.\n\n" + "\n".join(told) + "\n"
    )


def _controls(rows: list[Json]) -> str:
    table = [[row["kind"], *map(_cell, row["name"].rsplit(": ", 1)), _verdict(row)] for row in rows]
    return (
        "## Damaged releases\n\nA check that takes anything is worth nothing. Each of these must "
        "be refused, and for the reason that the damage gives.\n\n"
        + _table(["damage", "where", "check", "verdict"], table)
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
