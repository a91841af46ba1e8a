"""What each file of a release is, in a line."""

from __future__ import annotations

from collections.abc import Mapping

from allegata.tables import Table

_FILES = {
    "CHANGELOG.md": "What changed since the release before.",
    "CITATION.cff": "How to cite the release, in the Citation File Format.",
    "LICENSE": "The terms on which the data may be used.",
    "README.md": "What the dataset is and how to load it.",
    "croissant.json": "The tables and their fields, as a Croissant.",
    "csv/csvw.json": "The columns of the CSV files, as CSV on the Web.",
    "datacite.json": "The record for registering a DOI, as JSON.",
    "datacite.xml": "The record for registering a DOI, as XML.",
    "datacontract.yaml": "What the tables promise, as an open data contract.",
    "datapackage.json": "The tables and their fields, as a Data Package.",
    "dcat.ttl": "The release for data portals, in DCAT-AP.",
    "manifest.json": "Every file of the release with its hash, and what it was made from.",
    "manifest.schema.json": "The JSON Schema of the manifest.",
    "provenance.intoto.json": "How the release was made, as an in-toto statement.",
    "ro-crate-metadata.json": "The release as an RO-Crate.",
    "schemaorg.jsonld": "The dataset for search engines, in schema.org's words.",
    "vocabularies.ttl": "The lists of codes with their coding rules, in SKOS.",
}
_OF_TABLES = {
    "csv": "For spreadsheets: {}",
    "data": "{}",
    "geo": "For maps, those with coordinates: {}",
    "delta": "What changed since the release before in: {}",
}


def purpose(path: str, tables: Mapping[str, Table]) -> str:
    """What a file is.

    >>> purpose("LICENSE", {})
    'The terms on which the data may be used.'
    """
    folder, _, name = path.rpartition("/")
    spec = tables.get(name.partition(".")[0])
    if spec and folder in _OF_TABLES:
        return _OF_TABLES[folder].format(spec.definition)
    return _FILES.get(path, f"The file {path} of the release.")
