"""Reading the tables of a Data Package with frictionless."""

import json
import math
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from cells import write
from frictionless import Package, system

TYPES = {
    "string": "string",
    "boolean": "bool",
    "integer": "int32",
    "number": "double",
    "date": "date32[day]",
    "datetime": "timestamp[us, tz=UTC]",
}


def read_all(resource: Callable[[str], str], text: Callable[[object], object]) -> None:
    """Read all tables of the releases that the command line names.

    Args:
        resource: Gives the name of a table's resource.
        text: What is done to each value.
    """
    system.trusted = True
    out = Path(sys.argv[1])
    for number, release in enumerate(map(Path, sys.argv[2:])):
        package = Package(str(release / "datapackage.json"))
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        for name in [table["name"] for table in manifest["tables"]]:
            table = package.get_resource(resource(name))
            rows = [[text(native(v)) for v in row.values()] for row in table.read_rows()]
            columns = [(f.name, TYPES[f.type]) for f in table.schema.fields]
            write(out / str(number) / f"{name}.jsonl", columns, rows)


def native(value):
    """The value as Python has it."""
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and math.isnan(value) else value
