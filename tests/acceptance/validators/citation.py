"""cffconvert: the citation file."""

from cffconvert import Citation
from problems import report


def examine(release):
    try:
        citation = Citation((release / "CITATION.cff").read_text(encoding="utf-8"))
        citation.validate()
    except ValueError as error:
        yield error


report(examine)
