"""cffconvert: the citation file."""

from cffconvert import Citation
from jsonschema.exceptions import ValidationError
from problems import report


def examine(release):
    try:
        citation = Citation((release / "CITATION.cff").read_text(encoding="utf-8"))
        citation.validate()
    except (ValidationError, ValueError) as error:
        yield getattr(error, "message", error)


report(examine)
