"""What the checks by SHACL share: a graph, shapes, and what pyshacl says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import RDF, SH

SHAPES = Path(__file__).parent.parent / "shapes"


def problems(data: Graph, shapes: Graph, target: str) -> Iterator[str]:
    """What is wrong with a graph; that the shapes found nothing to look at is wrong, too.

    Args:
        data: The graph.
        shapes: What it must be like.
        target: The class of which there must be at least one thing.
    """
    if not any(str(kind) == target for kind in data.objects(None, RDF.type)):
        yield f"there is no {target}"
    _, found, _ = validate(data, shacl_graph=shapes, advanced=True)
    for result in found.subjects(RDF.type, SH.ValidationResult):
        told = [found.value(result, one) for one in (SH.focusNode, SH.resultPath, SH.resultMessage)]
        yield ": ".join(str(part)[:160] for part in told if part)


def turtle(path: Path) -> Graph:
    """The graph of a file."""
    return Graph().parse(path, format="turtle", publicID="https://release.example/")


def schema_org(path: Path) -> Graph:
    """The graph of a file of schema.org, whose context would be asked of the web."""
    document = json.loads(path.read_text(encoding="utf-8"))
    assert str(document["@context"]).rstrip("/").endswith("schema.org"), document["@context"]
    document["@context"] = {"@vocab": "http://schema.org/"}
    return Graph().parse(
        data=json.dumps(document), format="json-ld", publicID="https://release.example/"
    )
