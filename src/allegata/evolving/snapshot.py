"""The schema as it stands, as plain data in parts: what is frozen, and what is compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from allegata.deriving import derived_tables
from allegata.rules import RULES, Problem
from allegata.schema import MODELS, jsonschema
from allegata.schema.record import marks
from allegata.schema.types import Breaks
from allegata.tables import base_tables
from allegata.tables.outline import outline

Part = dict[str, Any]


def _tables() -> Part:
    return outline({**base_tables(), **derived_tables()})


def _problem() -> Part:
    return {"$schema": jsonschema.DIALECT, **Problem.model_json_schema()}


def _rules() -> Part:
    return {
        code: {
            "severity": rule.severity.value,
            "summary": rule.summary,
            "revision": rule.revision,
            "waivable": rule.can_be_waived,
            "tables": sorted({check.table for check in rule.checks} | _constrained(code)),
        }
        for code, rule in sorted(RULES.items())
    }


def _constrained(code: str) -> set[str]:
    """The tables that have a field whose constraint stands for a rule."""
    return {
        model.table
        for model in MODELS.values()
        for field in model.columns().values()
        if any(isinstance(mark, Breaks) and mark.code == code for mark in marks(field))
    }


_MAKERS: dict[str, Callable[[], Part]] = {
    "records": jsonschema.record_file_schema,
    "dataset": jsonschema.dataset_file_schema,
    "tables": _tables,
    "rules": _rules,
    "problem": _problem,
}
PARTS = tuple(_MAKERS)
"""The parts of a snapshot; a frozen version has a file ``<part>.json`` of each."""


def part(name: str) -> Part:
    """One part of the schema as it stands.

    ``records`` and ``dataset`` are the JSON Schemas of record files and of dataset.yaml, and
    ``problem`` that of a problem. ``tables`` are the columns, keys and vocabularies of what is
    published, ``rules`` what records must satisfy beside.
    """
    return _MAKERS[name]()


def as_text(of: Part) -> str:
    """A part as its file holds it."""
    return json.dumps(of, ensure_ascii=False, indent=1) + "\n"
