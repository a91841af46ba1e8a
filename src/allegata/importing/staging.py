"""The folder that an import writes: whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from allegata.importing.report import Aside, Report
from allegata.schema import MODELS

SMALL = 1_000
"""Up to how many records are written as YAML, for people to read; more are JSON Lines."""
REPORT, SET_ASIDE = "import-report.txt", "set-aside.txt"


class OutExists(Exception):  # noqa: N818 - it names a state of the folder
    """The folder to write to holds something. Its text says so."""


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``out`` once all went well, and is gone if not.

    Raises:
        OutExists: ``out`` is a file, or a folder that is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutExists(f"{out} is not empty; an import writes a folder of its own")
    out.parent.mkdir(parents=True, exist_ok=True)
    stage = out.parent / f".{out.name}.importing-{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        yield stage
        if out.exists():
            out.rmdir()
        stage.rename(out)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def write_records(folder: Path, records: dict[str, list[dict[str, Any]]]) -> None:
    """Write records: one YAML file if they are few, else a JSON Lines file a table."""
    held = {table: records[table] for table in MODELS if records.get(table)}
    if not held:
        return
    if sum(map(len, held.values())) <= SMALL:
        text = yaml.dump(
            held, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100
        )
        (folder / "records.yaml").write_text(text, encoding="utf-8")
        return
    for table, entries in held.items():
        with (folder / f"{table}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)


def write_report(folder: Path, report: Report, asides: Iterable[Aside]) -> None:
    """Write what became of the rows: the report, and each row that was set aside."""
    (folder / REPORT).write_text("\n".join(report.lines()) + "\n", encoding="utf-8")
    with (folder / SET_ASIDE).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(["file", "row", "reason", "detail"])
        rows.writerows(
            [_plain(one.file), one.row or "", one.reason, _plain(one.detail)] for one in asides
        )


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
