"""The way back: claims that were judged in Label Studio or INCEpTION, as ordinary records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from allegata.exporting.others.inception import LAYER
from allegata.exporting.others.tasks import CODED
from allegata.schema import MODELS


class SetAside(NamedTuple):
    """A task that became no record."""

    file: str
    row: int | None
    """The number of the task in its file, from 1; None where the file cannot be read."""
    reason: str
    detail: str


@dataclass
class Tasks:
    """What was read: tasks in = claims + those set aside."""

    claims: list[dict[str, Any]] = field(default_factory=list)
    """Records of the table ``claims``, as record files hold them."""
    aside: list[SetAside] = field(default_factory=list)
    rows: int = 0
    """How many tasks there were."""


class _NotJudgedError(Exception):
    """The task has no judgement."""


def read_tasks(name: str, files: Iterable[Path], coder: str | None = None) -> Tasks:
    """Read back what `export` wrote, and people judged.

    Of a task that several judged, or one more than once, the last judgement counts that was not
    cancelled; predictions are not judgements. Where a judgement leaves a field out, the task is set
    aside.

    Args:
        name: ``label-studio`` (its JSON export) or ``inception`` (UIMA CAS JSON).
        files: The files.
        coder: The pseudonym of who judged. Then the claims say so, of method ``human`` and without
            a reviewer; otherwise they keep coder, reviewer and method.

    Raises:
        ValueError: the name is of no such format.
        OSError: a file cannot be read.
    """
    readers = {"label-studio": _label_studio, "inception": _inception}
    if name not in readers:
        raise ValueError(f"{name!r} is not one of {', '.join(readers)}")
    found = Tasks()
    for path in files:
        try:
            items = list(readers[name](json.loads(path.read_bytes())))
        except (ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
            told = f"is not of the form of {name}: {type(error).__name__} {error}"
            found.aside.append(SetAside(path.name, None, "not read", told))
            continue
        for row, item in enumerate(items, start=1):
            found.rows += 1
            _add(found, path.name, row, item, coder)
    return found


_Item = tuple[Any, dict[str, Any] | None]
"""The record as it went out, and the codes as they came back; None where nobody judged."""


def _label_studio(document: Any) -> Iterator[_Item]:
    if not isinstance(document, list):
        raise TypeError("a list of tasks is expected")
    for task in document:
        data = task.get("data") if isinstance(task, dict) else None
        record = data.get("record") if isinstance(data, dict) else None
        yield record, _judgement(task) if isinstance(task, dict) else None


def _judgement(task: dict[str, Any]) -> dict[str, Any] | None:
    judged = [
        one
        for one in task.get("annotations") or []
        if isinstance(one, dict) and not one.get("was_cancelled")
    ]
    if not judged:
        return None
    codes = {}
    for result in judged[-1].get("result") or []:
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        if isinstance(choices, list) and len(choices) == 1:
            codes[result.get("from_name")] = choices[0]
    return codes


def _inception(document: Any) -> Iterator[_Item]:
    for structure in document["%FEATURE_STRUCTURES"]:
        if structure.get("%TYPE") == LAYER:
            yield structure.get("record"), structure


def _add(found: Tasks, file: str, row: int, item: _Item, coder: str | None) -> None:
    record, codes = item
    try:
        found.claims.append(_claim(record, codes, coder))
    except _NotJudgedError as error:
        found.aside.append(SetAside(file, row, "not judged", str(error)))
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        found.aside.append(SetAside(file, row, "not a claim of an export", told))


def _claim(record: Any, codes: dict[str, Any] | None, coder: str | None) -> dict[str, Any]:
    claim = json.loads(record) if isinstance(record, str) else record
    if not isinstance(claim, dict):
        raise TypeError("the task does not hold the record that it was made from")
    if codes is None:
        raise _NotJudgedError("nobody judged it")
    if missing := [name for name in CODED if not codes.get(name)]:
        raise _NotJudgedError(f"without {', '.join(missing)}")
    claim = {**claim, **{name: codes[name] for name in CODED}}
    if coder is not None:
        claim = {**claim, "coder": coder, "method": "human"}
        claim.pop("reviewer", None)
    MODELS["claims"].model_validate_json(json.dumps(claim))
    return claim
