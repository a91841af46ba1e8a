"""csvw: the CSV edition, by its metadata."""

import sys
from decimal import Decimal
from pathlib import Path

from cells import write
from csvw import TableGroup
from sheets import unguarded

TYPES = {
    "string": "string",
    "boolean": "bool",
    "integer": "int32",
    "int": "int32",
    "double": "double",
    "number": "double",
    "date": "date32[day]",
    "dateTimeStamp": "timestamp[us, tz=UTC]",
    "dateTime": "timestamp[us, tz=UTC]",
}


def native(value):
    """The value as Python has it."""
    return float(value) if isinstance(value, Decimal) else unguarded(value)


out = Path(sys.argv[1])
for number, release in enumerate(map(Path, sys.argv[2:])):
    group = TableGroup.from_file(release / "csv" / "csvw.json")
    for table in group.tables:
        told = table.tableSchema.columns
        columns = [(c.name, TYPES[c.datatype.base]) for c in told]
        rows = [[native(row[c.name]) for c in told] for row in table.iterdicts()]
        write(out / str(number) / f"{Path(table.local_name).stem}.jsonl", columns, rows)
