"""``schemaorg.jsonld``: schema.org's Dataset, as search engines read it (http://schema.org/Dataset).

The context is http, not https, which one of the checkers insists on. What is on the pages of the
site is the same with other addresses. No ClaimReview is ever made: it states a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from allegata.describing.citation import citation
from allegata.describing.dataset.facts import STANDING, email, is_person, orcid_url
from allegata.describing.tables.values import codes, meaning, published
from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes
from allegata.schema.dataset import Creator
from allegata.tables import Column, Table


def schemaorg_jsonld(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The file of a release: addresses are from its folder."""
    return json_bytes(schemaorg(manifest, specs))


def schemaorg(manifest: Manifest, specs: Mapping[str, Table], folder: str = "") -> dict[str, Any]:
    """The dataset, its files and what its columns measure.

    Args:
        manifest: That of the release.
        specs: What its tables are.
        folder: Where the release's files are, from where the text is read: empty or ending in
            ``/``.
    """
    dataset, terms = manifest.dataset, manifest.dataset.licence
    mail = email(dataset)
    contact = {"contactPoint": {"@type": "ContactPoint", "email": mail}} if mail else {}
    return {
        "@context": "http://schema.org",
        "@type": "Dataset",
        "@id": folder or "./",
        "name": dataset.title,
        "alternateName": dataset.name,
        "description": f"{dataset.description}\n\n{STANDING}",
        **({"url": dataset.homepage} if dataset.homepage else {}),
        **({"identifier": f"https://doi.org/{dataset.doi}"} if dataset.doi else {}),
        **({"keywords": dataset.keywords} if dataset.keywords else {}),
        "version": manifest.version,
        "datePublished": str(manifest.date),
        "inLanguage": dataset.lang,
        "isAccessibleForFree": True,
        "license": terms.url,
        **({"usageInfo": terms.exception} if terms.exception else {}),
        "creator": [agent(creator) for creator in dataset.creators],
        "publisher": {"@type": "Organization", "name": dataset.publisher, **contact},
        "creditText": citation(manifest),
        "temporalCoverage": f"{dataset.coverage.start}/{dataset.coverage.end}",
        "measurementTechnique": dataset.coverage.sources,
        "variableMeasured": [
            _variable(name, column)
            for name, spec in published(manifest, specs).items()
            for column in spec.columns
        ],
        "distribution": list(_downloads(manifest, specs, folder)),
    }


def agent(creator: Creator) -> dict[str, Any]:
    """A creator, as schema.org has persons and bodies."""
    orcid = orcid_url(creator)
    return {
        "@type": "Person" if is_person(creator) else "Organization",
        **({"@id": orcid} if orcid else {}),
        "name": creator.name,
        **({"url": creator.url} if creator.url else {}),
        **(
            {"affiliation": {"@type": "Organization", "name": creator.affiliation}}
            if creator.affiliation
            else {}
        ),
    }


def _variable(table: str, column: Column) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "name": f"{table}.{column.name}",
        "description": meaning(column),
        **({"unitText": column.unit} if column.unit else {}),
        **({"value": codes(column)} if column.vocabulary else {}),
    }


def _downloads(
    manifest: Manifest, specs: Mapping[str, Table], folder: str
) -> Iterator[dict[str, Any]]:
    files = {file.path: file for file in manifest.files}
    for name, spec in published(manifest, specs).items():
        for path in (f"data/{name}.parquet", f"csv/{name}.csv"):
            if file := files.get(path):
                yield {
                    "@type": "DataDownload",
                    "name": path,
                    "description": spec.definition,
                    "contentUrl": f"{folder}{path}",
                    "encodingFormat": file.media_type,
                    "contentSize": f"{file.bytes} B",
                    "sha256": file.sha256,
                }
