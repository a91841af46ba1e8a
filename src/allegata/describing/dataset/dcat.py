"""``dcat.ttl``: a release in DCAT 3, as DCAT-AP 3 profiles it.

https://www.w3.org/TR/vocab-dcat-3/, https://semiceu.github.io/DCAT-AP/releases/3.0.0/. IRIs are
from where the file is: the release is ``<./>``, and so is the one of ``catalog.ttl``, wherever the
folder of releases is served from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from allegata.describing.dataset.facts import STANDING, email, is_person, orcid_url
from allegata.describing.dataset.turtle import Properties, iri, nested, text, turtle, typed
from allegata.describing.tables.values import published
from allegata.releasing import FileEntry, Manifest
from allegata.schema import Dataset
from allegata.schema.dataset import Creator, Licence
from allegata.tables import Table

EU = "http://publications.europa.eu/resource/authority"
"""Where the lists of codes are that DCAT-AP asks for."""
_FILE_TYPES = {
    "text/csv": f"{EU}/file-type/CSV",
    "application/vnd.apache.parquet": f"{EU}/file-type/PARQUET",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_PUBLIC = f"{EU}/access-right/PUBLIC"


def dcat_ttl(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The release as a dataset, with a distribution for each file of each table."""
    return turtle(_release(manifest, specs))


def _release(manifest: Manifest, specs: Mapping[str, Table]) -> Iterator[tuple[str, Properties]]:
    dataset, lang = manifest.dataset, manifest.dataset.lang
    files = {file.path: file for file in manifest.files}
    data = [
        (files[path], spec.definition)
        for name, spec in published(manifest, specs).items()
        for path in (f"data/{name}.parquet", f"csv/{name}.csv", f"geo/{name}.parquet")
        if path in files
    ]
    known = {**described(dataset), **_versioned(manifest)}
    yield iri("./"), {**known, "dcat:distribution": [iri(file.path) for file, _ in data]}
    for file, definition in data:
        yield iri(file.path), _distribution(manifest, file, text(definition, "en"))
    if dataset.licence.exception:
        yield iri("#rights"), _rights(dataset.licence, lang)


def described(dataset: Dataset) -> Properties:
    """What a dataset says of itself, whatever the release."""
    lang, coverage, mail = dataset.lang, dataset.coverage, email(dataset)
    period = {
        "a": "dct:PeriodOfTime",
        "dcat:startDate": typed(coverage.start, "date"),
        "dcat:endDate": typed(coverage.end, "date"),
    }
    contact: Properties = {
        "a": "vcard:Kind",
        "vcard:fn": text(dataset.publisher),
        "vcard:hasEmail": [iri(f"mailto:{mail}")] if mail else [],
        "vcard:hasURL": [iri(dataset.homepage)] if dataset.homepage else [],
    }
    return {
        "a": "dcat:Dataset",
        "dct:title": text(dataset.title, lang),
        "dct:description": text(dataset.description, lang),
        "rdfs:comment": text(STANDING, "en"),
        "dct:identifier": text(f"https://doi.org/{dataset.doi}" if dataset.doi else dataset.name),
        "dcat:landingPage": [iri(dataset.homepage)] if dataset.homepage else [],
        "dcat:keyword": [text(word, lang) for word in dataset.keywords],
        "dct:creator": [_agent(creator) for creator in dataset.creators],
        "dct:publisher": nested({"a": "foaf:Organization", "foaf:name": text(dataset.publisher)}),
        "dcat:contactPoint": [nested(contact)] if mail or dataset.homepage else [],
        "dct:accessRights": iri(_PUBLIC),
        "dct:temporal": nested(period),
        "dct:provenance": nested(
            {"a": "dct:ProvenanceStatement", "dct:description": text(coverage.sources, lang)}
        ),
    }


def _versioned(manifest: Manifest) -> Properties:
    before = [iri(f"../{manifest.previous}/")] if manifest.previous else []
    return {
        "dcat:version": text(manifest.version),
        "dct:issued": typed(manifest.date, "date"),
        "dcat:previousVersion": before,
        "dct:license": iri(manifest.dataset.licence.url),
    }


def _distribution(manifest: Manifest, file: FileEntry, definition: str) -> Properties:
    checksum: Properties = {
        "a": "spdx:Checksum",
        "spdx:algorithm": "spdx:checksumAlgorithm_sha256",
        "spdx:checksumValue": typed(file.sha256, "hexBinary"),
    }
    terms = manifest.dataset.licence
    return {
        "a": "dcat:Distribution",
        "dct:title": text(file.path),
        "dct:description": definition,
        "dcat:accessURL": iri("./"),
        "dcat:downloadURL": iri(file.path),
        "dcat:mediaType": iri(f"{_MEDIA}{file.media_type}"),
        "dct:format": iri(_FILE_TYPES[file.media_type]),
        "dcat:byteSize": typed(file.bytes, "nonNegativeInteger"),
        "spdx:checksum": nested(checksum),
        "dct:license": iri(terms.url),
        "dct:rights": iri("#rights") if terms.exception else [],
    }


def _rights(terms: Licence, lang: str) -> Properties:
    return {
        "a": "dct:RightsStatement",
        "dct:title": text(terms.name),
        "dct:description": text(terms.exception or "", lang),
    }


def _agent(creator: Creator) -> str:
    orcid = orcid_url(creator)
    return nested(
        {
            "a": "foaf:Person" if is_person(creator) else "foaf:Agent",
            "foaf:name": text(creator.name),
            "dct:identifier": [text(orcid)] if orcid else [],
            "foaf:homepage": [iri(creator.url)] if creator.url else [],
        }
    )
