"""Writing RDF 1.1 Turtle (https://www.w3.org/TR/turtle/): the little of it that is needed.

Terms are made by ``iri``, ``text`` and ``typed``, which escape whatever they are given, or are
names with one of the prefixes below. Order is kept, so the same input gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Besides what the grammar asks for: nothing unseen, so that what is read is what is there.
_TO_ESCAPE = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_NOT_IN_IRI = re.compile('[\x00-\x20<>"{}|^`\\\\\x7f-\x9f\u2028-\u202e\u2066-\u2069]')
_NEXT_LINE = " ;\n    "

Properties: TypeAlias = Mapping[str, str | list[str]]
"""Predicate -> a term, or several."""


def iri(address: str) -> str:
    """An IRI, absolute or from where the file is; what may not stand in one is percent-encoded.

    >>> iri("data/a b.parquet")
    '<data/a%20b.parquet>'
    """
    return f"<{_NOT_IN_IRI.sub(_percent, address)}>"


def text(value: str, lang: str | None = None) -> str:
    r"""A literal.

    >>> text('Say "so"\n', "en")
    '"Say \\"so\\"\\n"@en'
    """
    return f'"{_TO_ESCAPE.sub(_escaped, value)}"' + (f"@{lang}" if lang else "")


def typed(value: object, kind: str) -> str:
    """A literal of a type of XML Schema.

    >>> typed(3, "integer")
    '"3"^^xsd:integer'
    """
    return f"{text(str(value))}^^xsd:{kind}"


def nested(properties: Properties) -> str:
    """A blank node with properties of its own."""
    return f"[ {_body(properties, '; ')} ]"


def turtle(nodes: Iterable[tuple[str, Properties]]) -> bytes:
    """A document: prefixes, then each subject with its properties."""
    head = [f"@prefix {prefix}: <{address}> ." for prefix, address in PREFIXES.items()]
    body = [f"{subject}\n    {_body(given, _NEXT_LINE)} ." for subject, given in nodes]
    return ("\n".join(head) + "\n\n" + "\n\n".join(body) + "\n").encode()


def _body(properties: Properties, between: str) -> str:
    told = {
        name: [terms] if isinstance(terms, str) else terms for name, terms in properties.items()
    }
    return between.join(f"{name} {', '.join(terms)}" for name, terms in told.items() if terms)


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}")


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
