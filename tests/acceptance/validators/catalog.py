"""pyshacl: the catalog of all releases, which lies above them, by shapes of the gate's own."""

from problems import report
from shapes import SHAPES, problems, turtle

CATALOG = "http://www.w3.org/ns/dcat#Catalog"
shapes = turtle(SHAPES / "catalog.ttl")
report(lambda release: problems(turtle(release.parents[1] / "catalog.ttl"), shapes, CATALOG))
