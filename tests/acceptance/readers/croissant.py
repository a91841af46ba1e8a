"""mlcroissant: the records of each table's record set."""

import json
import sys
from pathlib import Path

import mlcroissant
import pandas as pd
from cells import write

TYPES = {
    "https://schema.org/Text": "string",
    "https://schema.org/URL": "string",
    "https://schema.org/Boolean": "bool",
    "https://schema.org/Integer": "int32",
    "http://mlcommons.org/croissant/Int32": "int32",
    "https://schema.org/Float": "double",
    "http://mlcommons.org/croissant/Float64": "double",
    "https://schema.org/Date": "date32[day]",
    "https://schema.org/DateTime": "timestamp[us, tz=UTC]",
}


def native(value):
    """The value as Python has it; mlcroissant gives texts as bytes."""
    if isinstance(value, bytes):
        return value.decode()
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


out = Path(sys.argv[1])
for number, release in enumerate(map(Path, sys.argv[2:])):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    sets = {one.uuid: one for one in dataset.metadata.record_sets}
    for name in [table["name"] for table in manifest["tables"] if table["rows"]]:
        fields = sets[name].fields
        columns = [(f.name, TYPES[str(f.data_types[0])]) for f in fields]
        rows = [[native(record[f.uuid]) for f in fields] for record in dataset.records(name)]
        write(out / str(number) / f"{name}.jsonl", columns, rows)
