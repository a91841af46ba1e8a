"""The page of results, made from the file of results alone."""

from __future__ import annotations

from typing import Any

from benchmarks.chart import Bar, chart, said
from benchmarks.peers import PEERS

Json = dict[str, Any]

OWN = {
    "allegata-check-claims": (
        "Allegata, claims validated",
        "whatever spans rows or tables: the columns alone are read",
    ),
    "allegata-written": (
        "Allegata, claims validated and written",
        "whatever spans rows or tables; three flat tables, sorted, with content hashes",
    ),
    "allegata-fields": (
        "Allegata, all tables validated",
        "whatever spans rows or tables: the columns alone are read",
    ),
    "allegata-check": ("Allegata, `check`", "nothing: all tables and all rules"),
    "allegata-publish": (
        "Allegata, `publish`",
        "nothing: all tables, all rules, derived tables, history, hashes, metadata",
    ),
}
"""What is measured of Allegata itself: name -> label, and what it leaves unchecked."""

_INTRO = """\
# Benchmarks

How fast Allegata reads, validates and writes claims in bulk, next to what else one could use, and
which faults each of them finds. Ratios come first: they depend less on the machine than seconds.
The page is made from [the measurements](benchmarks.json); `make bench` repeats them, and
`make bench SUITE=bulk ROWS=20000 RUNS=1` tries one suite on little data.

The data is invented, by a program that gives the same bytes for the same seed: claims of about
1 KB in fifteen languages, with chains of none to three statements and with quotes, and all that
they refer to. It breaks no rule. Every run is a process of its own, with its files in the page
cache and as many threads as it takes by default; the commands of a suite take turns, and figures
are medians.
"""


def page(results: Json) -> str:
    """The page in Markdown."""
    suites = results["suites"]
    parts = [_INTRO, _machine(results)]
    parts += [section(suites[name]) for name, section in SECTIONS.items() if name in suites]
    parts.append(_versions(results["versions"]))
    return "\n".join(parts)


def _machine(results: Json) -> str:
    machine = results["machine"]
    return (
        f"Measured on {results['measured']} on {machine['cores']} cores with "
        f"{machine['memory']} GB of memory ({machine['system']}, Python {machine['python']}).\n"
    )


def _bulk(sizes: Json) -> str:
    rows, found = _largest(sizes)
    base = found["results"][found["baseline"]]
    ratios = {
        name: _per_row(one, "wall") / _per_row(base, "wall")
        for name, one in found["results"].items()
    }
    order = sorted(ratios, key=lambda name: ratios[name])
    bars = [
        Bar(_label(name).replace("`", ""), ratios[name], name in OWN, _writes(name))
        for name in order
    ]
    title = f"Time by the clock for each claim, as a multiple of {_label(found['baseline'])}"
    table = [
        [
            _strong(said(ratios[name]), name),
            said(_per_row(one, "cpu") / _per_row(base, "cpu")),
            _strong(_label(name), name),
            "Parquet" if _writes(name) else "–",
            f"{1 / _per_row(one, 'wall'):,.0f}",
            f"{one['rows']:,}",
            f"{one['peak']:,}",
            _lacks(name),
        ]
        for name in order
        for one in [found["results"][name]]
    ]
    heads = [
        "clock",
        "CPU",
        "way",
        "writes",
        "claims a second",
        "claims given",
        "peak MB",
        "does not check",
    ]
    return (
        f"## Speed, {rows:,} claims ({found['bytes'] / 1e6:,.0f} MB)\n\n"
        f"<figure>\n{chart(bars, title)}\n<figcaption>{title}; the scale is one of ratios. "
        "A hollow dot only checks, a full one writes Parquet.</figcaption>\n</figure>\n\n"
        f"Medians of {found['runs']} runs, as multiples of {_label(found['baseline'])}, which does "
        "not validate. Slow ways are given fewer claims, and their rates are then without the time "
        "of their start; Allegata's own always have it. `check` and `publish` read all tables of "
        "the dataset, the others the claims alone.\n\n"
        f"{_table(heads, table)}{_all_rules(found['results'])}{_missing(found['missing'])}"
    )


def _all_rules(results: Json) -> str:
    if not {"allegata-fields", "allegata-check"} <= results.keys():
        return ""
    alone, together = results["allegata-fields"], results["allegata-check"]
    return (
        f"\nAll rules together: `check` takes {said(together['wall'] / alone['wall'])} as long as "
        "reading the same files and validating their fields alone "
        f"({said(together['cpu'] / alone['cpu'])} the CPU).\n"
    )


def _catching(sizes: Json) -> str:
    _, found = _largest(sizes)
    names = list(found["found"])
    signs = {"caught": "yes", "stops": "stops", "missed": "–", "crashes": "crash"}
    table = [
        [kind, fault["summary"].rstrip("."), f"[`{fault['code']}`](rules/index.md#{fault['code']})"]
        + [signs[found["found"][name].get(kind, "missed")] for name in names]
        for kind, fault in found["kinds"].items()
    ]
    total = [
        _strong(str(sum(sign != "missed" for sign in found["found"][name].values())), name)
        for name in names
    ]
    stopped = [
        str(sum(s in ("stops", "crashes") for s in found["found"][n].values())) for n in names
    ]
    table.append(["**found**", f"of {len(found['kinds'])}", "", *total])
    table.append(["whole file lost", "", "", *stopped])
    heads = ["kind", "what is wrong", "rule"] + [_short(name) for name in names]
    return (
        "## Faults found\n\n"
        f"{len(found['kinds'])} kinds of fault, each in one line of an otherwise right file. "
        "“yes”: the fault is reported, and for Allegata the line and the code are the right ones; "
        "“stops”: the whole file is given up, and nothing else in it is looked at; “–”: the fault "
        "passes, or what was read is silently another value.\n\n"
        f"{_table(heads, table)}{_missing(found['missing'])}"
    )


def _faults(sizes: Json) -> str:
    rows, found = _largest(sizes)
    verbs = {name: name.partition(",")[0].partition(" ")[0] for name in found["results"]}
    clean = {verbs[name]: one for name, one in found["results"].items() if "none" in name}
    table = [
        [
            said(one["wall"] / base["wall"]),
            said(one["cpu"] / base["cpu"]),
            f"`{name.partition(',')[0]}`",
            name.partition(", ")[2],
            f"{one['wall']:.1f}",
            f"{one['peak']:,}",
            f"{one['found']:,} of {one['planted']:,}" if "planted" in one else "",
            f"{one['invented']:,}" if "planted" in one else "",
        ]
        for name, one in found["results"].items()
        if (base := clean.get(verbs[name]))
    ]
    heads = [
        "clock",
        "CPU",
        "command",
        "lines with a fault",
        "seconds",
        "peak MB",
        "found",
        "invented",
    ]
    return (
        f"## What faults cost, {rows:,} claims\n\n"
        "The same dataset, right and with faults of all kinds; multiples of the same command on "
        "the right one. A fault counts as found where its own line has its own code and no "
        f"other.\n\n{_table(heads, table)}"
    )


def _sorting(sizes: Json) -> str:
    rows, found = _largest(sizes)
    return _against(
        found,
        "duckdb-sorted",
        f"## Claims in no order, {rows:,} claims\n\n"
        "Sorted while they are written, as multiples of DuckDB's COPY … ORDER BY.\n\n",
        {name: _label(name) for name in found["results"]},
    )


def _against(found: Json, base: str, intro: str, labels: dict[str, str]) -> str:
    baseline = found["results"][base]
    table = [
        [said(one["wall"] / baseline["wall"]), said(one["cpu"] / baseline["cpu"]), labels[name],
         f"{one['wall']:.1f}", f"{one['cpu']:.1f}", f"{one['peak']:,}"]
        for name, one in found["results"].items()
    ]  # fmt: skip
    return intro + _table(["clock", "CPU", "way", "seconds", "CPU seconds", "peak MB"], table)


def _memory(sizes: Json) -> str:
    names = list(dict.fromkeys(name for one in sizes.values() for name in one["results"]))
    table = [
        [name, *(_of(one["results"].get(name), "peak") for one in _rising(sizes))] for name in names
    ]
    heads = ["peak MB, by `--memory-limit`", *(f"{one['rows']:,} claims" for one in _rising(sizes))]
    return (
        "## Memory\n\nThe most memory that a run holds. The limit is for tables; about half a "
        f"gigabyte comes on top.\n\n{_table(heads, table)}"
    )


def _lookups(sizes: Json) -> str:
    names = list(dict.fromkeys(name for one in sizes.values() for name in one["milliseconds"]))
    table = [
        [name, *(str(one["milliseconds"].get(name, "")) for one in _rising(sizes))]
        for name in names
    ]
    heads = ["milliseconds", *(f"{one['rows']:,} claims" for one in _rising(sizes))]
    return (
        "## Finding things in a release\n\nDuckDB on the released Parquet files, medians of twenty "
        f"questions.\n\n{_table(heads, table)}"
    )


def _deriving(sizes: Json) -> str:
    names = list(dict.fromkeys(name for one in sizes.values() for name in one["tables"]))
    table = [[f"`{name}`", *(_of(one["tables"], name) for one in _rising(sizes))] for name in names]
    table.append(["**all**", *(f"**{one['whole']:.1f}**" for one in _rising(sizes))])
    heads = ["seconds", *(f"{one['rows']:,} claims" for one in _rising(sizes))]
    return (
        "## Deriving tables\n\nBy query, those that lead to published tables among them.\n\n"
        f"{_table(heads, table)}"
    )


def _curating(sizes: Json) -> str:
    _, found = _largest(sizes)
    base, split = found["results"]["PyYAML, load"], found["split"]
    table = [
        [said(one["wall"] / base["wall"]), name, f"{one['wall']:.2f}", f"{one['peak']:,}"]
        for name, one in found["results"].items()
    ]
    again, whole = found["again"], split["whole"]
    command = (
        found["results"]["check"]["wall"] / found["results"]["check again after one edit"]["wall"]
    )
    return (
        f"## A curator's folder: {found['files']:,} YAML files, {found['bytes'] / 1e6:.1f} MB\n\n"
        "Multiples of loading the same files with PyYAML's C loader, which checks nothing. "
        f"After one edit, checking takes {again:.2f} s in place of {whole:.2f} s and is "
        f"{whole / again:.1f} times as fast; the command as a whole, with the start of Python "
        f"and its libraries, is {command:.1f} times as fast.\n\n"
        + _table(["clock", "way", "seconds", "peak MB"], table)
        + f"\nWhere the time of a first `check` goes: parsing {split['parse']:.2f} s, fields "
        f"{split['fields']:.2f} s, rules {split['rules']:.2f} s.\n"
    )


SECTIONS = {
    "bulk": _bulk,
    "catching": _catching,
    "faults": _faults,
    "sorting": _sorting,
    "memory": _memory,
    "lookups": _lookups,
    "deriving": _deriving,
    "curating": _curating,
}
"""Suite -> what makes its section."""


def _versions(versions: dict[str, str]) -> str:
    listed = ", ".join(f"{name} {found}" for name, found in sorted(versions.items()))
    return f"## Versions\n\n{listed}.\n"


def _largest(sizes: Json) -> tuple[int, Json]:
    rows = max(sizes, key=int)
    return int(rows), sizes[rows]


def _rising(sizes: Json) -> list[Json]:
    return [sizes[rows] for rows in sorted(sizes, key=int)]


def _per_row(one: Json, what: str) -> float:
    """Seconds for each claim; without those of the start, where that was measured."""
    start = one.get("start", {"rows": 0, "wall": 0.0, "cpu": 0.0})
    return max(one[what] - start[what], 1e-9) / (one["rows"] - start["rows"])


def _label(name: str) -> str:
    return OWN[name][0] if name in OWN else PEERS[name].label


def _short(name: str) -> str:
    return "Allegata" if name == "allegata" else name


def _lacks(name: str) -> str:
    return OWN[name][1] if name in OWN else PEERS[name].lacks


def _writes(name: str) -> bool:
    if name in PEERS:
        return PEERS[name].writes
    return name in ("allegata-written", "allegata-publish")


def _strong(text: str, name: str) -> str:
    return f"**{text}**" if name.startswith("allegata") else text


def _of(values: Json | None, name: str) -> str:
    if not values or name not in values:
        return ""
    value = values[name]
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _missing(missing: dict[str, str]) -> str:
    if not missing:
        return ""
    listed = "; ".join(f"{name} ({reason})" for name, reason in sorted(missing.items()))
    return f"\nNot run: {listed}.\n"
