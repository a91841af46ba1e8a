"""pyshacl: PROV-O by shapes of the gate's own; and who says what in the claims of schema.org."""

from exports import exports
from problems import report
from rdflib import Namespace
from rdflib.namespace import RDF
from shapes import SHAPES, problems, schema_org, turtle

SDO = Namespace("http://schema.org/")
ENTITY = "http://www.w3.org/ns/prov#Entity"
shapes = turtle(SHAPES / "prov.ttl")


def examine(release):
    folder = exports(release)
    yield from problems(turtle(folder / "prov"), shapes, ENTITY)
    claims = schema_org(folder / "claims")
    found = list(claims.subjects(RDF.type, SDO.Claim))
    if not found:
        yield "there are no claims"
    for claim in found:
        for needed in (SDO.author, SDO.appearance, SDO.text):
            if len(list(claims.objects(claim, needed))) != 1:
                yield f"{claim} has not one {needed}"


report(examine)
