"""The manifest, by the JSON Schema that the release itself publishes."""

import json

from jsonschema import Draft202012Validator
from problems import report


def examine(release):
    schema = json.loads((release / "manifest.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    for error in checker.iter_errors(manifest):
        yield f"{error.json_path}: {error.message}"


report(examine)
