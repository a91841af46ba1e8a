"""Problems as SARIF 2.1.0, the format that code-scanning viewers read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from allegata.rules.problem import Place, Problem
from allegata.rules.rule import Rule
from allegata.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(problems: Iterable[Problem], rules: dict[str, Rule]) -> str:
    """One run of the tool with its rules and its results, as JSON text."""
    index = {code: number for number, code in enumerate(rules)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "allegata",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, index) for problem in problems],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.reason},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    text = problem.message + (f" ({problem.fix})" if problem.fix else "")
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": problem.severity.value,
        "message": {"text": text},
        "locations": [_location(problem.place)],
    }
    if problem.record:
        result["locations"][0]["logicalLocations"] = [{"name": problem.record, "kind": "object"}]
    if problem.related:
        result["relatedLocations"] = [
            {**_location(related.place), "message": {"text": related.message}}
            for related in problem.related
        ]
    return result


def _location(place: Place) -> dict[str, Any]:
    path = PurePath(place.file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }
