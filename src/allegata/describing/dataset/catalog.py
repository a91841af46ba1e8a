"""``catalog.ttl``: all releases, in DCAT 3 as DCAT-AP 3 profiles it (see ``dcat``)."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.describing.dataset.dcat import EU, described
from allegata.describing.dataset.turtle import Properties, iri, nested, text, turtle, typed
from allegata.releasing import Catalog, Status
from allegata.releasing.catalog import RELEASES, CatalogEntry
from allegata.schema import Dataset

_STATUS = {
    Status.CANDIDATE: "DEVELOP",
    Status.RELEASED: "COMPLETED",
    Status.SUPERSEDED: "DEPRECATED",
    Status.WITHDRAWN: "WITHDRAWN",
}


def catalog_ttl(catalog: Catalog, dataset: Dataset) -> bytes:
    """The catalog of a publishing folder.

    Args:
        catalog: All its releases.
        dataset: What they are releases of, as the newest describes it.
    """
    return turtle(_nodes(catalog, dataset))


def _nodes(catalog: Catalog, dataset: Dataset) -> Iterator[tuple[str, Properties]]:
    releases = [_address(entry) for entry in catalog.releases]
    newest = max(entry.date for entry in catalog.releases)
    yield (
        iri("./"),
        {
            "a": "dcat:Catalog",
            "dct:title": text(f"Releases of {dataset.title}", "en"),
            "dct:description": text(dataset.description, dataset.lang),
            "dct:publisher": nested(
                {"a": "foaf:Organization", "foaf:name": text(dataset.publisher)}
            ),
            "foaf:homepage": [iri(dataset.homepage)] if dataset.homepage else [],
            "dct:license": iri(dataset.licence.url),
            "dct:modified": typed(newest, "date"),
            "dcat:dataset": [iri("#dataset"), *releases],
        },
    )
    yield iri("#dataset"), {**described(dataset), "dcat:hasVersion": releases}
    for entry in catalog.releases:
        yield _address(entry), _release(catalog, entry, dataset)


def _release(catalog: Catalog, entry: CatalogEntry, dataset: Dataset) -> Properties:
    before = catalog.before(entry.version)
    return {
        "a": "dcat:Dataset",
        "dct:title": text(f"{dataset.title}, release {entry.version}", dataset.lang),
        "dct:description": text(dataset.description, dataset.lang),
        "dct:identifier": [text(f"https://doi.org/{entry.doi}")] if entry.doi else [],
        "dcat:version": text(entry.version),
        "dct:issued": typed(entry.date, "date"),
        "dct:license": iri(dataset.licence.url),
        "adms:status": iri(f"{EU}/distribution-status/{_STATUS[entry.status]}"),
        "dcat:previousVersion": [_address(before)] if before else [],
        "dcat:isVersionOf": iri("#dataset"),
        "rdfs:seeAlso": [iri(entry.manifest), iri(f"{RELEASES}/{entry.version}/dcat.ttl")],
    }


def _address(entry: CatalogEntry) -> str:
    return iri(f"{RELEASES}/{entry.version}/")
