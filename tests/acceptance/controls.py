"""Negative controls: releases that are damaged on purpose, and who must refuse them.

A check that takes a damaged release, or refuses it for another reason, would take anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from acceptance.checks import CHECKS
from acceptance.running import NOT_RUN, REFUSED, Result, examine

MISSED = "missed"
CATALOG = "catalog.ttl"
EXPORTS = "exports"


@dataclass(frozen=True)
class Control:
    """A kind of damage, and a check that must find it."""

    kind: str
    """What is wrong."""
    what: str
    """Where."""
    damage: Callable[[Path], None]
    """Does it to the folder of a release."""
    check: str
    """The name of the check that must refuse it."""
    says: str
    """A pattern for what the check says of it."""


def run_control(control: Control, release: Path, work: Path) -> Result:
    """Damage a copy of a release, and put it to the check.

    Gives ``refused`` where the check refuses it for the right reason, ``missed`` where not.
    """
    folder = work / "dist" / "releases" / release.name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(release, folder)
    shutil.copy(release.parents[1] / CATALOG, folder.parents[1])
    made = release.parents[2] / EXPORTS / release.name
    if made.is_dir():
        shutil.copytree(made, work / EXPORTS / release.name)
    control.damage(folder)
    check = CHECKS[control.check]
    releases = [release, folder] if check.older else [folder]
    found = examine(check, releases, work / "check", like=[release])
    name = f"{control.what}: {control.check}"
    if found.verdict == NOT_RUN:
        return Result(name, NOT_RUN, told=found.told)
    # A reader refuses by an exception; of a validator, a crash is no verdict.
    fit = found.red if check.kind == "reader" else found.verdict == REFUSED
    right = fit and re.search(control.says, "\n".join(found.told))
    return Result(name, REFUSED if right else MISSED, found.seconds, found.version, found.told[-3:])


def in_json(name: str, change: Callable[[Any], object]) -> Callable[[Path], None]:
    """Damage that changes a file of JSON; the change must change something."""

    def damage(release: Path) -> None:
        path = release / name
        content = json.loads(path.read_text(encoding="utf-8"))
        before = json.dumps(content)
        change(content)
        assert json.dumps(content) != before, f"{name} is as it was"
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    return damage


def in_text(name: str, pattern: str, new: str) -> Callable[[Path], None]:
    """Damage that replaces all that matches in a file of text."""

    def damage(release: Path) -> None:
        path = release / name
        text, times = re.subn(pattern, new, path.read_text(encoding="utf-8"), flags=re.M)
        assert times, f"{name} has nothing like {pattern}"
        path.write_text(text, encoding="utf-8")

    return damage


def in_export(name: str, pattern: str, new: str) -> Callable[[Path], None]:
    """Damage that replaces all that matches in an export of the release."""

    def damage(release: Path) -> None:
        in_text(f"../../../{EXPORTS}/{release.name}/{name}", pattern, new)(release)

    return damage


def in_table(name: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    """Damage that changes a Parquet file."""

    def damage(release: Path) -> None:
        path = release / "data" / f"{name}.parquet"
        before = pq.read_table(path)
        after = change(before)
        assert not after.equals(before), f"{name} is as it was"
        pq.write_table(after, path)

    return damage


def on_map(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    """Damage that changes the GeoParquet of places."""

    def damage(release: Path) -> None:
        path = release / "geo" / "places.parquet"
        pq.write_table(change(pq.read_table(path)), path)

    return damage


def noted(name: str, damage: Callable[[Path], None]) -> Callable[[Path], None]:
    """The damage to a table's Parquet file, whose new hash the Croissant has."""

    def change(croissant: Any, path: Path) -> None:
        for file in croissant["distribution"]:
            if file["@id"] == f"data/{name}.parquet":
                file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()

    def both(release: Path) -> None:
        damage(release)
        path = release / "data" / f"{name}.parquet"
        in_json("croissant.json", lambda croissant: change(croissant, path))(release)

    return both


def in_sheet(name: str, change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    """Damage that changes the lines of a CSV file, which must have no breaks within cells."""

    def damage(release: Path) -> None:
        path = release / "csv" / f"{name}.csv"
        lines = path.read_bytes().decode().split("\r\n")
        assert change(lines) != lines, f"{name} is as it was"
        path.write_bytes("\r\n".join(change(lines)).encode())

    return damage


def first_cell(column: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    """The table with another value in the first row of a column."""

    def change(table: pa.Table) -> pa.Table:
        at = table.column_names.index(column)
        values = [value, *table.column(at).to_pylist()[1:]]
        return table.set_column(at, table.field(at), pa.array(values, table.field(at).type))

    return change


def as_text(column: str) -> Callable[[pa.Table], pa.Table]:
    """The table with a column of texts that are no numbers."""

    def change(table: pa.Table) -> pa.Table:
        at = table.column_names.index(column)
        values = pa.array([f"no. {value}" for value in table.column(at).to_pylist()])
        return table.set_column(at, column, values)

    return change


def twice(table: pa.Table) -> pa.Table:
    """The table with its first row once more."""
    return pa.concat_tables([table.slice(0, 1), table])


def without(column: str) -> Callable[[pa.Table], pa.Table]:
    """The table without a column."""
    return lambda table: table.drop_columns([column])


def first_column_away(lines: list[str]) -> list[str]:
    """The lines of a sheet without their first cell."""
    return [line.partition(",")[2] for line in lines]


def _drop(*keys: str) -> Callable[[Any], object]:
    return lambda content: [content.pop(key, None) for key in keys]


def _resource(name: str) -> Callable[[Any], Any]:
    return lambda package: next(r for r in package["resources"] if r["name"] == name)


def _wrong_key(package: Any) -> None:
    _resource("events")(package)["schema"]["primaryKey"] = ["number"]


def _other_hash(croissant: Any) -> None:
    for file in croissant["distribution"]:
        if file["@id"] == "data/events.parquet":
            file["sha256"] = "0" * 64


def _no_crate_licence(crate: Any) -> None:
    for entity in crate["@graph"]:
        if entity["@id"] == "./":
            del entity["license"]


_KEY, _HASH, _COLUMN, _TYPE, _LICENCE, _PART, _PLACE, _EXPORT = (
    "wrong key",
    "wrong hash",
    "removed column",
    "wrong type",
    "missing licence",
    "missing part",
    "wrong place",
    "unsound export",
)
_DANGLING = in_table("hops", first_cell("statement_id", "stm-nobody-s"))
_DOUBLE = in_table("places", twice)
_NO_COLUMN = in_table("quotes", without("end"))
_TEXT = in_table("hops", as_text("position"))
_TEXT_CSV = in_sheet(
    "hops", lambda lines: [lines[0], *(re.sub(",1,", ",one,", line) for line in lines[1:])]
)
_BYTE = in_text("README.md", r"\Z", " ")

CONTROLS = [
    Control(_KEY, "a reference to nothing", _DANGLING, "frictionless", "foreign-key"),
    Control(_KEY, "a reference to nothing", _DANGLING, "datacontract test", "statement_id"),
    Control(_KEY, "a key that is there twice", _DOUBLE, "frictionless", "primary-key|unique"),
    Control(_KEY, "a key that is there twice", _DOUBLE, "datacontract test", "duplicate"),
    Control(_KEY, "a key that is there twice", _DOUBLE, "polars", "rows, not"),
    Control(
        *(_KEY, "a key that is there twice, CSV"),
        in_sheet("places", lambda lines: [*lines[:2], *lines[1:]]),
        *("csvw", "duplicate primary key"),
    ),
    Control(
        *(_KEY, "a key of no column"),
        in_json("datapackage.json", _wrong_key),
        *("check-datapackage", "primaryKey"),
    ),
    Control(_HASH, "a byte more in a file", _BYTE, "sha256sum", "README.md: FAILED"),
    Control(_HASH, "a byte more in a file", _BYTE, "in-toto-attestation", "README.md"),
    Control(
        *(_HASH, "another hash in the Croissant"),
        in_json("croissant.json", _other_hash),
        *("mlcroissant, records", "[Hh]ash"),
    ),
    Control(_COLUMN, "in Parquet", _NO_COLUMN, "frictionless", "missing-label|end"),
    Control(_COLUMN, "in Parquet", _NO_COLUMN, "datacontract test", "end"),
    Control(_COLUMN, "in Parquet", noted("quotes", _NO_COLUMN), "mlcroissant, records", "end"),
    Control(_COLUMN, "in Parquet", _NO_COLUMN, "DuckDB", "columns are"),
    Control(
        *(_COLUMN, "in CSV"),
        in_sheet("participants", first_column_away),
        *("csvw", "missing required columns"),
    ),
    Control(
        *(_COLUMN, "in the contract"),
        in_text("datacontract.yaml", r"^( *)- name: end$", r"\1- name: ending"),
        *("datacontract breaking", "end"),
    ),
    Control(_TYPE, "in Parquet", _TEXT, "frictionless", "type-error.*position"),
    Control(_TYPE, "in Parquet", _TEXT, "datacontract test", "no. 1"),
    Control(_TYPE, "in Parquet", noted("hops", _TEXT), "mlcroissant, records", "no. 1"),
    Control(_TYPE, "in Parquet", _TEXT, "pandas, with pyarrow", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "pandas, with fastparquet", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "Spark", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "Hugging Face datasets", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "frictionless, Parquet", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "hyparquet", "position"),
    Control(_TYPE, "in Parquet", _TEXT, "parquet-wasm", "position"),
    Control(_TYPE, "in CSV", _TEXT_CSV, "frictionless, CSV", "position"),
    Control(_TYPE, "in CSV", _TEXT_CSV, "csvw, CSV", "position"),
    Control(_TYPE, "in CSV", _TEXT_CSV, "R, CSV", "one"),
    Control(
        *(_TYPE, "in CSV"),
        _TEXT_CSV,
        *("csvw", "position: [Ii]nvalid"),
    ),
    Control(
        *(_TYPE, "in the manifest"),
        in_json("manifest.json", lambda manifest: manifest["tables"][0].update(rows="5")),
        *("jsonschema", r"tables\[0\].rows"),
    ),
    Control(
        *(_LICENCE, "in the Data Package"),
        in_json("datapackage.json", _drop("licenses")),
        *("check-datapackage", "licenses"),
    ),
    Control(
        *(_LICENCE, "in the Croissant"),
        in_json("croissant.json", _drop("license")),
        *("mlcroissant", "license"),
    ),
    Control(
        *(_LICENCE, "in the RO-Crate"),
        in_json("ro-crate-metadata.json", _no_crate_licence),
        *("roc-validator", "license"),
    ),
    Control(
        *(_LICENCE, "in the manifest"),
        in_json("manifest.json", _drop("licence")),
        *("jsonschema", "licence"),
    ),
    Control(
        *(_LICENCE, "for search engines"),
        in_json("schemaorg.jsonld", _drop("license")),
        *("pyshacl, schema.org", "license"),
    ),
    Control(
        *(_LICENCE, "for catalogs"),
        in_text("dcat.ttl", r"^ *dct:license .*;\n", ""),
        *("pyshacl, DCAT-AP", "license"),
    ),
    Control(
        *(_LICENCE, "its file"),
        lambda release: (release / "LICENSE").unlink(),
        *("sha256sum", "LICENSE"),
    ),
    Control(
        *(_PART, "no name of the publisher in the catalog"),
        in_text(f"../../{CATALOG}", r"foaf:name", "foaf:nick"),
        *("pyshacl, catalog", "name|publisher"),
    ),
    Control(
        *(_PART, "no title for DataCite"),
        in_json("datacite.json", _drop("titles")),
        *("datacite", "titles"),
    ),
    Control(
        *(_PART, "no title for DataCite, in XML"),
        in_text("datacite.xml", r"<titles>(.|\n)*</titles>", ""),
        *("DataCite's XSD", "title"),
    ),
    Control(
        *(_PART, "no title to cite"),
        in_text("CITATION.cff", r"^title: .*\n(  .*\n)*", ""),
        *("cffconvert", "title"),
    ),
    Control(
        *(_PART, "no version in the contract"),
        in_text("datacontract.yaml", r"^version: .*\n", ""),
        *("datacontract lint", "version"),
    ),
    Control(
        *(_PART, "no definitions of codes"),
        in_text("vocabularies.ttl", r"skos:definition", "skos:note"),
        *("pyshacl, SKOS", "definition"),
    ),
    Control(
        *(_PART, "no points"),
        on_map(without("geometry")),
        *("geoparquet-validator", "geometry-column-type"),
    ),
    Control(
        *(_PLACE, "a point elsewhere"),
        on_map(first_cell("lat", 0.5)),
        *("geopandas", "plc-harl-lock"),
    ),
    Control(
        *(_EXPORT, "an office without a holder"),
        in_export("followthemoney", r'"holder": ', '"keeper": '),
        *("followthemoney", "rol-fenn-chancellor"),
    ),
    Control(
        *(_EXPORT, "nanopublications without an assertion"),
        in_export("nanopub", "hasAssertion", "hasAssertions"),
        *("nanopub", "assertion"),
    ),
    Control(
        *(_EXPORT, "another count of claims in GraphML"),
        in_export("graphml", '<data key="claims">1<', '<data key="claims">2<'),
        *("networkx", "GraphML has"),
    ),
    Control(
        *(_EXPORT, "places that are off by one"),
        in_export("inception/src-harl-courier-2025-03-03.json", '"begin": 0,', '"begin": 1,'),
        *("dkpro-cassis", "roposition"),
    ),
    Control(
        *(_EXPORT, "claims of nobody"),
        in_export("prov", "prov:wasAttributedTo", "prov:wasInfluencedBy"),
        *("pyshacl, exports", "wasAttributedTo"),
    ),
]
"""What must be refused; every check has something to refuse."""
