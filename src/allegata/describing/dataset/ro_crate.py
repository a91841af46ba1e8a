"""``ro-crate-metadata.json``: RO-Crate, version 1.2 (https://w3id.org/ro/crate/1.2).

It lists every file that was written before it, with its hash. Those that list it in turn
(the provenance, ``manifest.json``, ``SHA256SUMS``) are not among its parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from allegata.describing.citation import citation
from allegata.describing.dataset.facts import STANDING, email, orcid_url
from allegata.describing.dataset.files import purpose
from allegata.describing.dataset.schemaorg import agent
from allegata.describing.tables.values import published
from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes
from allegata.schema.dataset import Creator
from allegata.tables import Table

_SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_OWN = "ro-crate-metadata.json"


def ro_crate(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The crate.

    Args:
        manifest: That of the release, with every file that the crate is to list.
        specs: What its tables are.
    """
    entities = [
        {
            "@id": _OWN,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPECIFICATION},
            "about": {"@id": "./"},
        },
        _root(manifest),
        *_files(manifest, published(manifest, specs)),
        *_people(manifest),
        _licence(manifest),
        _identifier(manifest),
        _making(manifest),
    ]
    return json_bytes({"@context": f"{_SPECIFICATION}/context", "@graph": entities})


def _root(manifest: Manifest) -> dict[str, Any]:
    dataset = manifest.dataset
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{dataset.title}, release {manifest.version}",
        "alternateName": dataset.name,
        "description": f"{dataset.description}\n\n{STANDING}",
        "identifier": {"@id": "#identifier"},
        **({"url": dataset.homepage} if dataset.homepage else {}),
        **({"keywords": ", ".join(dataset.keywords)} if dataset.keywords else {}),
        "version": manifest.version,
        "datePublished": str(manifest.date),
        "inLanguage": dataset.lang,
        "temporalCoverage": f"{dataset.coverage.start}/{dataset.coverage.end}",
        "creditText": citation(manifest),
        "license": {"@id": manifest.dataset.licence.url},
        "author": _compact([{"@id": _who(at, one)} for at, one in enumerate(dataset.creators)]),
        "publisher": {"@id": "#publisher"},
        "mentions": {"@id": "#publishing"},
        "hasPart": [{"@id": file.path} for file in manifest.files],
    }


def _compact(items: list[Any]) -> Any:
    """A list of one as the one, which the standard asks for."""
    return items[0] if len(items) == 1 else items


def _files(manifest: Manifest, tables: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    for file in manifest.files:
        yield {
            "@id": file.path,
            "@type": "File",
            "name": file.path,
            "description": purpose(file.path, tables),
            "encodingFormat": file.media_type,
            "contentSize": str(file.bytes),
            "sha256": file.sha256,
        }


def _who(at: int, creator: Creator) -> str:
    return orcid_url(creator) or f"#creator-{at + 1}"


def _people(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Creators and publisher; what schema.org nests stands beside, as the standard asks for."""
    dataset = manifest.dataset
    mail = email(dataset)
    publisher = {"@id": "#publisher", "@type": "Organization", "name": dataset.publisher}
    publisher |= {"url": dataset.homepage} if dataset.homepage else {}
    yield {**publisher, **({"contactPoint": {"@id": f"mailto:{mail}"}} if mail else {})}
    if mail:
        kind = {"@type": "ContactPoint", "contactType": "corrections"}
        yield {"@id": f"mailto:{mail}", "name": mail, **kind, "email": mail}
    for at, creator in enumerate(dataset.creators):
        one = {**agent(creator), "@id": _who(at, creator)}
        if place := one.pop("affiliation", None):
            one["affiliation"] = {"@id": f"#affiliation-{at + 1}"}
            yield {**one["affiliation"], **place}
        yield one


def _licence(manifest: Manifest) -> dict[str, Any]:
    terms = manifest.dataset.licence
    return {
        "@id": terms.url,
        "@type": "CreativeWork",
        "name": terms.name,
        "identifier": terms.id,
        "description": terms.exception or f"The terms of the {terms.name}.",
    }


def _identifier(manifest: Manifest) -> dict[str, Any]:
    name, doi = manifest.dataset.name, manifest.dataset.doi
    told = {"@id": "#identifier", "@type": "PropertyValue", "value": doi or name}
    if not doi:
        return {**told, "name": name, "propertyID": "urn:allegata:dataset"}
    kind = {"propertyID": "https://registry.identifiers.org/registry/doi"}
    return {**told, "name": f"DOI {doi}", **kind, "url": f"https://doi.org/{doi}"}


def _making(manifest: Manifest) -> dict[str, Any]:
    tools = ", ".join(f"{name} {version}" for name, version in manifest.tools.items())
    return {
        "@id": "#publishing",
        "@type": "CreateAction",
        "name": f"Publishing of release {manifest.version}",
        "description": f"Made with {tools}.",
        "endTime": str(manifest.date),
        "result": {"@id": "./"},
    }
