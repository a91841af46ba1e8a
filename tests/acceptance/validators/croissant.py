"""mlcroissant: the Croissant, and that every record of its record sets can be read."""

import logging

import mlcroissant
from problems import report

logging.getLogger("absl").setLevel(logging.ERROR)


def examine(release):
    try:
        dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    except mlcroissant.ValidationError as error:
        yield error
        return
    issues = dataset.metadata.ctx.issues
    yield from [*issues.errors, *issues.warnings]


report(examine)
