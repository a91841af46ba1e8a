"""csvw: the metadata of the CSV edition, and its cells, keys and references."""

import warnings

from csvw import CSVW
from problems import report


def examine(release):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = CSVW(str(release / "csv" / "csvw.json"), validate=True)
            # Its strict mode forbids empty foreign keys, which CSVW allows.
            found._strict = False
            valid = found.is_valid
        except ValueError as error:  # what stops it
            yield error
            return
    yield from (one.message for one in [*found.warnings, *told])
    if not valid and not found.warnings:
        yield "not valid"


report(examine)
