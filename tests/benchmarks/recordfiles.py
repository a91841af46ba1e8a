"""Generated data as a curator's folder: many small YAML files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from benchmarks.generator import DATASET, records

_LARGEST = 3800  # bytes of a file; one with a single larger source is larger
_CLAIMS_PER_SOURCE = 2
_SAMPLE = 2000

Entry = tuple[str, bytes]


def write_record_files(folder: Path, files: int, seed: int = 1) -> int:
    """Write a dataset as about so many YAML files of 3 KB, sources with their claims in them.

    Returns:
        How many files were written, ``dataset.yaml`` not counted.
    """
    per_file = _SAMPLE / len(_packed(_entries(_SAMPLE, seed)))
    packed = _packed(_entries(max(100, round(files * per_file)), seed))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    for number, entries in enumerate(packed):
        part = folder / f"part-{number // 100:02}"
        part.mkdir(exist_ok=True)
        (part / f"records-{number:04}.yaml").write_bytes(_file(entries))
    return len(packed)


def _packed(entries: list[Entry]) -> list[list[Entry]]:
    """The entries in lists of about 3 KB, in order."""
    files: list[list[Entry]] = [[]]
    size = 0
    for entry in entries:
        if size + len(entry[1]) > _LARGEST and files[-1]:
            files.append([])
            size = 0
        files[-1].append(entry)
        size += len(entry[1])
    return files


def _file(entries: list[Entry]) -> bytes:
    tables: dict[str, list[bytes]] = {}
    for table, text in entries:
        tables.setdefault(table, []).append(text)
    return b"".join(b"%s:\n%s" % (name.encode(), b"".join(tables[name])) for name in tables)


def _entries(claims: int, seed: int) -> list[Entry]:
    """Every record as an entry of a list in YAML, with its table; claims lie in their sources."""
    tables = records(claims, seed, claims_per_source=_CLAIMS_PER_SOURCE)
    of_source: dict[str, list[dict[str, Any]]] = {}
    for claim in tables.pop("claims"):
        of_source.setdefault(claim.pop("source"), []).append(claim)
    for source in tables["sources"]:
        source["claims"] = of_source[source["id"]]
    return [(table, _entry(record)) for table, rows in tables.items() for record in rows]


def _entry(record: dict[str, Any]) -> bytes:
    text: str = yaml.dump(
        [record], Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100
    )
    return text.encode()
