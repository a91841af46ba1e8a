"""pyshacl: the vocabularies, by shapes of the gate's own."""

from problems import report
from shapes import SHAPES, problems, turtle

CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
shapes = turtle(SHAPES / "skos.ttl")
report(lambda release: problems(turtle(release / "vocabularies.ttl"), shapes, CONCEPT))
