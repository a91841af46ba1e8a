"""``datacite.json`` and ``datacite.xml``: DataCite Metadata Schema, version 4.5.

https://datacite-metadata-schema.readthedocs.io/en/4.5/; it is valid under 4.6 and 4.7 too. The XML
must have an identifier: without a DOI it is the address of the dataset or the name of the
release, and a registration agency puts the DOI in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from allegata.describing.dataset.facts import STANDING, is_person, name_parts, orcid_url
from allegata.describing.dataset.xml import element, xml_bytes
from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes
from allegata.schema.dataset import Creator

_KERNEL = "http://datacite.org/schema/kernel-4"
_XSD = "https://schema.datacite.org/meta/kernel-4.5/metadata.xsd"
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
    texts |= {"Other": dataset.coverage.reliability} if dataset.coverage.reliability else {}
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
        "schemaVersion": _KERNEL,
    }


def _identifier(manifest: Manifest) -> tuple[str, str]:
    dataset = manifest.dataset
    if dataset.doi:
        return dataset.doi, "DOI"
    if dataset.homepage:
        return dataset.homepage, "URL"
    return f"{dataset.name}/{manifest.version}", "Other"


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


def datacite_xml(manifest: Manifest) -> bytes:
    """The same record as XML, made from the JSON."""
    told = record(manifest)
    root = ET.Element(
        "resource",
        {
            "xmlns": _KERNEL,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_KERNEL} {_XSD}",
        },
    )
    identifier, kind = _identifier(manifest)
    element(root, "identifier", identifier, identifierType=kind)
    creators = element(root, "creators")
    for creator in told["creators"]:
        _creator_element(creators, creator)
    _list(root, "titles", "title", "title", told["titles"])
    element(root, "publisher", told["publisher"]["name"])
    element(root, "publicationYear", told["publicationYear"])
    general = told["types"]["resourceTypeGeneral"]
    element(root, "resourceType", told["types"]["resourceType"], resourceTypeGeneral=general)
    _list(root, "subjects", "subject", "subject", told["subjects"])
    _list(root, "dates", "date", "date", told["dates"])
    element(root, "language", told["language"])
    others = told["alternateIdentifiers"]
    _list(root, "alternateIdentifiers", "alternateIdentifier", "alternateIdentifier", others)
    _list(root, "sizes", "size", "size", [{"size": size} for size in told["sizes"]])
    _list(root, "formats", "format", "format", [{"format": kind} for kind in told["formats"]])
    element(root, "version", told["version"])
    _list(root, "rightsList", "rights", "rights", told["rightsList"])
    _list(root, "descriptions", "description", "description", told["descriptions"])
    return xml_bytes(root)


def _list(root: ET.Element, many: str, one: str, text: str, items: list[dict[str, str]]) -> None:
    if items:
        parent = element(root, many)
        for item in items:
            element(parent, one, item[text], **dict(_attributes(item, text)))


def _attributes(item: dict[str, str], text: str) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if name != text:
            yield {"lang": "xml:lang", "rightsUri": "rightsURI"}.get(name, name), value


def _creator_element(parent: ET.Element, told: dict[str, Any]) -> None:
    creator = element(parent, "creator")
    kind = {"nameType": told["nameType"]} if "nameType" in told else {}
    element(creator, "creatorName", told["name"], **kind)
    for part in ("givenName", "familyName"):
        if part in told:
            element(creator, part, told[part])
    for given in told.get("nameIdentifiers", []):
        element(
            creator,
            "nameIdentifier",
            given["nameIdentifier"],
            nameIdentifierScheme=given["nameIdentifierScheme"],
            schemeURI=given["schemeUri"],
        )
    for place in told.get("affiliation", []):
        element(creator, "affiliation", place["name"])
