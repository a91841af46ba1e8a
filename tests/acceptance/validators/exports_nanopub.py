"""nanopub: that each nanopublication is valid, unsigned as it is."""

import re

import rdflib
from exports import exports
from nanopub import Nanopub, NanopubConf
from nanopub.utils import MalformedNanopubError
from problems import report


def examine(release):
    text = (exports(release) / "nanopub").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    parts = [part for part in re.split(r"\n(?=<[^>]*\.head> \{)", "\n" + body) if part.strip()]
    if not parts:
        yield "there are no nanopublications"
    for part in parts:
        data = rdflib.Dataset()
        data.parse(data=f"{head}\n{part}", format="trig")
        try:
            if not Nanopub(rdf=data, conf=NanopubConf()).is_valid:
                yield f"not valid: {part[:100]}"
        except MalformedNanopubError as error:
            yield f"{error}: {part[:100]}"


report(examine)
