"""INCEpTION (https://inception-project.github.io/): UIMA CAS JSON 0.4, one document a source.

Each claim is a paragraph with an annotation of the layer ``webanno.custom.Claim``, whose features
are the codes. Offsets count UTF-16 code units, as UIMA does.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from allegata.exporting.errors import ExportRefused
from allegata.exporting.others.tasks import Task, tasks
from allegata.exporting.rows import Export
from allegata.importing.documents.tasks import CODED, LAYER

_BETWEEN = "\n\n"


def write_inception(export: Export, out: Path) -> None:
    """Write the claims of a release as documents to a folder."""
    out.mkdir()
    for source, group in groupby(tasks(export), key=lambda task: task.source):
        if not re.fullmatch("[a-z0-9-]+", source):
            raise ExportRefused(f"{source!r} is no id, and so no name of a file")
        document = json.dumps(_document(list(group)), ensure_ascii=False, indent=1)
        (out / f"{source}.json").write_text(document + "\n", encoding="utf-8", newline="\n")
        export.written += 1


def _document(group: list[Task]) -> dict[str, Any]:
    structures, begin = [], 0
    for nth, task in enumerate(group, start=2):
        end = begin + _units(task.text)
        structures.append(
            {
                "%ID": nth,
                "%TYPE": LAYER,
                "@sofa": 1,
                "begin": begin,
                "end": end,
                **{field: task.record[field] for field in CODED},
                "record": json.dumps(task.record, ensure_ascii=False),
            }
        )
        begin = end + len(_BETWEEN)
    sofa = {
        "%ID": 1,
        "%TYPE": "uima.cas.Sofa",
        "sofaNum": 1,
        "sofaID": "_InitialView",
        "mimeType": "text/plain",
        "sofaString": _BETWEEN.join(task.text for task in group),
    }
    members = [structure["%ID"] for structure in structures]
    return {
        "%TYPES": {LAYER: _layer()},
        "%FEATURE_STRUCTURES": [sofa, *structures],
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": members}},
    }


def _layer() -> dict[str, Any]:
    features = {
        field: {"%NAME": field, "%RANGE": "uima.cas.String"} for field in (*CODED, "record")
    }
    return {"%NAME": LAYER, "%SUPER_TYPE": "uima.tcas.Annotation", **features}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
