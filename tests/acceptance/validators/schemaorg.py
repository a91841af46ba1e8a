"""pyshacl: shapes of schema.org, which it brings, and the gate's own of Science-on-Schema.org."""

from importlib.resources import files
from pathlib import Path

from problems import report
from shapes import SHAPES, problems, schema_org, turtle

DATASET = "http://schema.org/Dataset"
shapes = turtle(SHAPES / "science-on-schema.ttl")
own = turtle(Path(str(files("pyshacl") / "assets" / "schema.ttl")))


def examine(release):
    data = schema_org(release / "schemaorg.jsonld")
    yield from problems(data, shapes, DATASET)
    yield from problems(data, own, DATASET)


report(examine)
