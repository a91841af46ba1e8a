"""The record of DataCite, by the JSON Schema that the package datacite brings."""

import json

from datacite import schema45
from problems import report


def examine(release):
    record = json.loads((release / "datacite.json").read_text(encoding="utf-8"))
    for error in schema45.validator.iter_errors(record):
        yield f"{error.json_path}: {error.message}"


report(examine)
