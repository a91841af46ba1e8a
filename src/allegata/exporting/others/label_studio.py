"""Label Studio (https://labelstud.io/guide/tasks): tasks with the coding so far as predictions.

A folder: ``tasks.json`` to import, ``config.xml`` to label by.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from allegata.describing.dataset.xml import element, xml_bytes
from allegata.exporting.others.tasks import Task, tasks
from allegata.exporting.rows import Export
from allegata.importing.documents.tasks import CODED


def write_label_studio(export: Export, out: Path) -> None:
    """Write the claims of a release as tasks to a folder."""
    out.mkdir()
    (out / "config.xml").write_bytes(_config())
    with (out / "tasks.json").open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for task in tasks(export):
            item = json.dumps(_task(task), ensure_ascii=False)
            file.write((",\n" if export.written else "\n") + item)
            export.written += 1
        file.write("\n]\n")


def _task(task: Task) -> dict[str, Any]:
    result = [
        {
            "id": f"{task.record['id']}.{field}",
            "from_name": field,
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [task.record[field]]},
        }
        for field in CODED
    ]
    return {
        "data": {"text": task.text, **task.told, "record": task.record},
        "predictions": [{"model_version": "release", "result": result}],
    }


def _config() -> bytes:
    root = ET.Element("View")
    element(root, "Text", name="text", value="$text")
    for field, codes in CODED.items():
        element(root, "Header", value=field)
        choices = element(root, "Choices", name=field, toName="text", choice="single",
                          required="true")  # fmt: skip
        for code in codes:
            element(choices, "Choice", value=code.value, hint=code.rule)
    return xml_bytes(root)
