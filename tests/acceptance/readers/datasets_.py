"""Hugging Face datasets: the folder alone, by the configurations of its card, without the Hub."""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HOME": tempfile.mkdtemp(), "HF_DATASETS_OFFLINE": "1"}

import datasets
from cells import write

datasets.disable_progress_bars()
TYPES = {"float64": "double", "date32": "date32[day]"}

out = Path(sys.argv[1])
for number, release in enumerate(map(Path, sys.argv[2:])):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    named = datasets.get_dataset_config_names(str(release))
    # A table without rows has no configuration: the loader refuses it.
    assert named == [t["name"] for t in manifest["tables"] if t["rows"]], named
    for name in named:
        (found,) = datasets.load_dataset(str(release), name).values()
        columns = [(column, TYPES.get(f.dtype, f.dtype)) for column, f in found.features.items()]
        write(out / str(number) / f"{name}.jsonl", columns, (row.values() for row in found))
