"""pyshacl: the description for catalogs, by shapes of the gate's own."""

from problems import report
from shapes import SHAPES, problems, turtle

DATASET = "http://www.w3.org/ns/dcat#Dataset"
shapes = turtle(SHAPES / "dcat-ap.ttl")
report(lambda release: problems(turtle(release / "dcat.ttl"), shapes, DATASET))
