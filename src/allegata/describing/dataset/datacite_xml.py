"""``datacite.xml``: DataCite Metadata Schema, version 4.5, made from the JSON.

https://schema.datacite.org/meta/kernel-4.5/metadata.xsd. The XML must have an identifier: without
a DOI it is the address of the dataset or the name of the release, and a registration agency puts
the DOI in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from allegata.describing.dataset.datacite import KERNEL, record
from allegata.describing.dataset.xml import element, xml_bytes
from allegata.releasing import Manifest

_XSD = "https://schema.datacite.org/meta/kernel-4.5/metadata.xsd"


def datacite_xml(manifest: Manifest) -> bytes:
    """The record as XML."""
    told = record(manifest)
    root = ET.Element(
        "resource",
        {
            "xmlns": KERNEL,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{KERNEL} {_XSD}",
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


def _identifier(manifest: Manifest) -> tuple[str, str]:
    dataset = manifest.dataset
    if dataset.doi:
        return dataset.doi, "DOI"
    if dataset.homepage:
        return dataset.homepage, "URL"
    return f"{dataset.name}/{manifest.version}", "Other"
