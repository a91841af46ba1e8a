"""``vocabularies.ttl``: the lists of codes, with the rule of each, as SKOS concept schemes.

https://www.w3.org/TR/skos-reference/. A code keeps its IRI from release to release, and from
dataset to dataset; what changed is told by the version of the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from allegata.describing.dataset.turtle import Properties, iri, text, turtle
from allegata.describing.tables.values import published, vocabularies
from allegata.releasing import Manifest
from allegata.tables import Table

_LANG = "en"  # the language of the schema; that of the data is the dataset's


def vocabularies_ttl(manifest: Manifest, specs: Mapping[str, Table]) -> bytes:
    """Every list of codes that a column of the release holds."""
    return turtle(_nodes(manifest, published(manifest, specs)))


def address(name: str, code: str | None = None) -> str:
    """The IRI of a list of codes, or of a code in it.

    >>> address("Stance", "denies")
    'urn:allegata:vocabulary:Stance:denies'
    """
    return ":".join(part for part in ("urn:allegata:vocabulary", name, code) if part)


def _nodes(manifest: Manifest, tables: Mapping[str, Table]) -> Iterator[tuple[str, Properties]]:
    for name, codes in vocabularies(tables).items():
        scheme = iri(address(name))
        users = sorted(
            f"{table.name}.{column.name}"
            for table in tables.values()
            for column in table.columns
            if column.vocabulary is codes
        )
        yield (
            scheme,
            {
                "a": "skos:ConceptScheme",
                "dct:title": text(name, _LANG),
                "skos:prefLabel": text(name, _LANG),
                "skos:definition": text(codes.definition(), _LANG),
                "skos:note": text(f"Used in {', '.join(users)}.", _LANG),
                "owl:versionInfo": text(manifest.schema_version),
                "dct:license": iri(manifest.dataset.licence.url),
                "skos:hasTopConcept": [iri(address(name, code.value)) for code in codes],
            },
        )
        for code in codes:
            yield (
                iri(address(name, code.value)),
                {
                    "a": "skos:Concept",
                    "skos:inScheme": scheme,
                    "skos:topConceptOf": scheme,
                    "skos:notation": text(code.value),
                    "skos:prefLabel": text(code.value.replace("_", " "), _LANG),
                    "skos:definition": text(code.rule, _LANG),
                },
            )
