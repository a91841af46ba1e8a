"""``croissant.json``: Croissant, version 1.1, with the RAI vocabulary 1.0 and PROV-O.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html

Both media types that are in use for Parquet are named. ``references`` are left out: readers of
Croissant join by them, which fails where an id is missing; the descriptions name the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from allegata.describing.citation import citation
from allegata.describing.dataset.facts import STANDING
from allegata.describing.dataset.schemaorg import agent
from allegata.describing.tables.croissant_rai import provenance, responsible
from allegata.describing.tables.values import meaning, published, vocabularies
from allegata.releasing import Manifest
from allegata.releasing.manifest import FileEntry, json_bytes
from allegata.schema import Vocabulary
from allegata.tables import Column, Table
from allegata.tables.content_hash import type_name

_OWN_TERMS = """
    annotation citeAs column containedIn equivalentProperty extract field fileObject fileProperty
    fileSet format includes isLiveDataset jsonPath key md5 parentField path recordSet references
    regex repeated replace samplingRate sdVersion separator source subField transform
"""
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _OWN_TERMS.split()},
}
_TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "int32": "cr:Int32",
    "float64": "cr:Float64",
    "date32": "sc:Date",
    "timestamp[us, UTC]": "sc:DateTime",
}
_MEDIA_TYPES = {"application/vnd.apache.parquet": "application/x-parquet"}


def croissant(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """The dataset, its files, and the fields that are to be read from them."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    tables = published(manifest, specs)
    paths = {f"{folder}/{name}" for name in tables for folder in ("data", "csv")}
    return json_bytes(
        {
            "@context": {**CONTEXT, "@language": dataset.lang},
            "@type": "sc:Dataset",
            "conformsTo": [
                "http://mlcommons.org/croissant/1.1",
                "http://mlcommons.org/croissant/RAI/1.0",
            ],
            "name": dataset.name,
            "alternateName": dataset.title,
            "description": f"{dataset.description}\n\n{STANDING}",
            "url": dataset.homepage or "./",
            "version": manifest.version,
            "datePublished": str(manifest.date),
            "inLanguage": dataset.lang,
            "license": terms.url,
            **({"usageInfo": terms.exception} if terms.exception else {}),
            **({"keywords": dataset.keywords} if dataset.keywords else {}),
            "creator": [agent(creator) for creator in dataset.creators],
            "publisher": {"@type": "Organization", "name": dataset.publisher},
            "citeAs": citation(manifest),
            "isLiveDataset": False,
            **responsible(manifest),
            **provenance(manifest),
            "distribution": [
                _file(file) for file in manifest.files if file.path.rpartition(".")[0] in paths
            ],
            "recordSet": [
                *(_enumeration(name, codes) for name, codes in vocabularies(tables).items()),
                *(_records(name, spec) for name, spec in tables.items()),
            ],
        }
    )


def _file(file: FileEntry) -> dict[str, Any]:
    also = _MEDIA_TYPES.get(file.media_type)
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": [file.media_type, also] if also else file.media_type,
        "sha256": file.sha256,
    }


def _records(name: str, spec: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": spec.definition,
        "key": [{"@id": f"{name}/{column}"} for column in spec.key],
        "field": [_field(name, column) for column in spec.columns],
    }


def _field(table: str, column: Column) -> dict[str, Any]:
    source = {"fileObject": {"@id": f"data/{table}.parquet"}, "extract": {"column": column.name}}
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": meaning(column),
        "dataType": _TYPES[type_name(column.type)],
        "source": source,
    }


def _enumeration(name: str, codes: type[Vocabulary]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": codes.definition(),
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{name}/name"},
        "field": list(_fields_of_codes(name)),
        "data": [{f"{name}/name": code.value, f"{name}/description": code.rule} for code in codes],
    }


def _fields_of_codes(name: str) -> Iterator[dict[str, Any]]:
    for part, text in (("name", "The code."), ("description", "When it is chosen.")):
        yield {
            "@type": "cr:Field",
            "@id": f"{name}/{part}",
            "name": part,
            "description": text,
            "dataType": "sc:Text",
        }
