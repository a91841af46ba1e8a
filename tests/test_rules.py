"""Rules: each is complete, its query gives what its message needs, and every part knows it."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import test_check
import test_rules_claims
import test_rules_events
import test_rules_registers
from allegata.engines import Embedded, check
from allegata.reading import files, findings, records
from allegata.reading.parsing import jsonfile, yamlfile
from allegata.rules import GROUPS, RULES, Check, Rule, Severity
from allegata.schema import types
from allegata.tables import base_tables

FICTIONAL = Path(__file__).parent / "fictional"


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_all_that_a_curator_needs(rule: Rule) -> None:
    assert re.fullmatch("[A-Z]+(_[A-Z]+)+", rule.code)
    for text in (rule.summary, rule.reason, rule.fix):
        assert re.fullmatch(r"[A-Z].{10,}[.)]", text), (rule.code, text)
    assert rule.example.strip()
    assert rule.severity in Severity
    assert bool(rule.message) == bool(rule.checks)
    explanation = rule.explanation
    for text in (rule.code, str(rule.severity), rule.summary, rule.reason, rule.fix):
        assert text in explanation


def test_codes_are_used_once() -> None:
    codes = [rule.code for rules in GROUPS.values() for rule in rules]
    assert len(codes) == len(set(codes)) == len(RULES)


def test_summaries_differ() -> None:
    assert len({rule.summary for rule in RULES.values()}) == len(RULES)


def test_every_code_that_reading_reports_is_a_rule() -> None:
    modules = (files, findings, jsonfile, records, yamlfile, types)
    text = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)
    reported = set(re.findall(r'"([A-Z]{2,}_[A-Z_]+)"', text))
    assert len(reported) > 20
    assert reported <= set(RULES)


CHECKS = [(rule, one) for rule in RULES.values() for one in rule.checks]


def test_a_check_is_of_a_table_and_a_column_of_it() -> None:
    for rule, one in CHECKS:
        table = base_tables()[one.table]
        if one.field:
            assert table.column(one.field), rule.code


@pytest.fixture(scope="module")
def results() -> dict[str, list[str]]:
    """Of each query that was asked of the fictional dataset, the columns of its result."""
    found: dict[str, list[str]] = {}
    fetch = Embedded.fetch

    def remember(self: Embedded, sql: str) -> pa.Table:
        table = fetch(self, sql)
        asked = re.fullmatch(r"SELECT \* FROM \((.*)\) ORDER BY _row LIMIT \d+", sql, re.DOTALL)
        if asked:
            found[asked[1]] = table.column_names
        return table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Embedded, "fetch", remember)
        assert check([FICTIONAL]).ok
    return found


def test_queries_give_what_messages_name(results: dict[str, list[str]]) -> None:
    asked = [(rule, one) for rule, one in CHECKS if one.sql in results]
    assert len(asked) > len(CHECKS) / 2
    for rule, one in asked:
        columns = set(results[one.sql])
        named = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
        assert named <= columns | {"table", "instead"}, rule.code
        assert "_row" in columns, rule.code
        assert one.field or "field" in columns, rule.code
        assert ("other_table" in columns) == ("other_row" in columns), rule.code
        assert rule.other or "other_table" not in columns, rule.code


_FORBIDDEN = re.compile(
    r"\b(listagg|recursive|hash|md5|asof|read_\w+|now|random|current_date)\b|::\s*(int|float|double)",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("rule", "one"), CHECKS, ids=[f"{r.code}-{c.table}" for r, c in CHECKS])
def test_queries_keep_to_the_portable_subset(rule: Rule, one: Check) -> None:
    assert not _FORBIDDEN.search(one.sql), rule.code
    assert ";" not in re.sub("'[^']*'", "", one.sql)


def test_explain_tells_of_every_rule(run: Callable[..., Any]) -> None:
    listed = run("explain")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == list(RULES)
    for code in ("ENUM_UNKNOWN", "ref_unknown"):
        told = run("explain", code)
        assert (told.code, told.out) == (0, RULES[code.upper()].explanation)


def test_explain_suggests_the_nearest_code(run: Callable[..., Any]) -> None:
    told = run("explain", "ENUM_UNKNWON")
    assert told == (2, "", "there is no rule ENUM_UNKNWON; did you mean ENUM_UNKNOWN?\n")
    assert run("explain", "\x1b[31mzzzzzzzzzz").err == "there is no rule \\u001b[31mzzzzzzzzzz\n"


def test_every_rule_has_a_file_that_breaks_it_and_one_that_nearly_does() -> None:
    tables = (test_check, test_rules_claims, test_rules_events, test_rules_registers)
    paired = {pair.code for table in tables for pair in table.PAIRS}
    # What cannot be shown by one record file is tested in test_anchors, test_publish, test_waivers.
    # REVISION_MISSING compares two releases: test_history.
    elsewhere = {"SOURCE_TEXT_MISMATCH", "QUOTE_MISMATCH", "DATASET_MISSING", "REVISION_MISSING"}
    elsewhere |= {"WAIVER_UNUSED", "WAIVER_WRONG"}
    assert paired | elsewhere == set(RULES)
    assert not paired & elsewhere
