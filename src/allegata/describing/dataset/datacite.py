"""``datacite.json``: DataCite Metadata Schema, version 4.5.

https://datacite-metadata-schema.readthedocs.io/en/4.5/; it is valid under 4.6 and 4.7 too.
"""

from __future__ import annotations

from typing import Any

from allegata.describing.dataset.facts import STANDING, is_person, name_parts, orcid_url
from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes
from allegata.schema.dataset import Creator

KERNEL = "http://datacite.org/schema/kernel-4"
"""The namespace of all versions 4."""
_ORCID = {"schemeUri": "https://orcid.org", "nameIdentifierScheme": "ORCID"}


def datacite_json(manifest: Manifest) -> bytes:
    """The record as a registration agency takes it."""
    return json_bytes(record(manifest))


def record(manifest: Manifest) -> dict[str, Any]:
    """The record, in DataCite's own names."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    release = {"alternateIdentifier": f"{dataset.name} {manifest.version}"}
    texts = {"Abstract": dataset.description, "Methods": dataset.coverage.sources}
    texts["TechnicalInfo"] = STANDING
    texts |= {"Other": dataset.coverage.agreement} if dataset.coverage.agreement else {}
    return {
        **({"doi": dataset.doi} if dataset.doi else {}),
        "creators": [_creator(creator) for creator in dataset.creators],
        "titles": [{"title": dataset.title, "lang": dataset.lang}],
        "publisher": {"name": dataset.publisher},
        "publicationYear": str(manifest.date.year),
        "types": {"resourceType": "Dataset", "resourceTypeGeneral": "Dataset"},
        "subjects": [{"subject": word, "lang": dataset.lang} for word in dataset.keywords],
        "dates": [
            {"date": str(manifest.date), "dateType": "Issued"},
            {
                "date": f"{dataset.coverage.start}/{dataset.coverage.end}",
                "dateType": "Other",  # "Coverage" came with 4.6
                "dateInformation": "Days of publication that were monitored",
            },
        ],
        "language": dataset.lang,
        "alternateIdentifiers": [{**release, "alternateIdentifierType": "release"}],
        "sizes": [f"{entry.rows} rows in {entry.name}" for entry in manifest.tables],
        "formats": sorted({file.media_type for file in manifest.files if file.role == "data"}),
        "version": manifest.version,
        "rightsList": [
            {"rights": terms.name, "rightsUri": terms.url, "rightsIdentifier": terms.id},
            *([{"rights": terms.exception}] if terms.exception else []),
        ],
        "descriptions": [
            {"description": text, "descriptionType": kind, "lang": dataset.lang}
            for kind, text in texts.items()
        ],
        "schemaVersion": KERNEL,
    }


def _creator(creator: Creator) -> dict[str, Any]:
    name, orcid = name_parts(creator), orcid_url(creator)
    told: dict[str, Any] = {"name": creator.name}
    if is_person(creator):
        told["nameType"] = "Personal"
    if name.given:
        told |= {"givenName": name.given, "familyName": name.family}
    if orcid:
        told["nameIdentifiers"] = [{"nameIdentifier": orcid, **_ORCID}]
    if creator.affiliation:
        told["affiliation"] = [{"name": creator.affiliation}]
    return told
