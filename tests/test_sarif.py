"""SARIF is what its standard says, for whatever problems are found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegata.engines import check
from allegata.rules import RULES
from allegata.rules.sarif import as_sarif
from damages import DAMAGES, Damage
from test_damage import SOUND, written
from trees import Trees

SCHEMA = (
    Path(__file__).parent
    / "node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)


@pytest.fixture(scope="module")
def validator() -> Any:
    if not SCHEMA.is_file():
        pytest.skip(
            "the schema of SARIF comes from npm, which is not there (make .venv/installed-npm)"
        )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    # A slip in the standard's own schema: a bracket too many, which makes it no pattern.
    for where in ("run", "toolComponent"):
        del schema["definitions"][where]["properties"]["language"]["pattern"]
    return jsonschema_rs.validator_for(schema)


def faults(validator: Any, text: str) -> list[str]:
    return [
        f"{one.instance_path}: {one.message}" for one in validator.iter_errors(json.loads(text))
    ]


def test_a_log_without_results_is_valid(validator: Any) -> None:
    assert faults(validator, as_sarif([], RULES)) == []


def test_the_schema_is_not_content_with_anything(validator: Any) -> None:
    log = json.loads(as_sarif([], RULES))
    log["runs"][0]["tool"]["driver"].pop("name")
    log["version"] = "2.2"
    assert len(faults(validator, json.dumps(log))) >= 2


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([one for one in DAMAGES if not one.with_texts]), st.data())
def test_any_damage_gives_a_valid_log(
    validator: Any,
    tmp_path_factory: pytest.TempPathFactory,
    damage: Damage,
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("sarif")
    trees = Trees(
        copy.deepcopy(SOUND), lambda choices: choices[data.draw(st.integers(0, len(choices) - 1))]
    )
    damage.do(trees)
    written(trees, folder)
    report = check([folder])
    assert report.problems
    assert faults(validator, as_sarif(report.problems, RULES)) == []
