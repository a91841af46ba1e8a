"""Rules: what records must satisfy, and the problems that are found where they do not."""

from allegata.rules import fields, files, identity
from allegata.rules.problem import Place, Problem, Related, Severity, shortened
from allegata.rules.rule import Check, Rule
from allegata.rules.working import CLOSURES, WORKING_TABLES

GROUPS: dict[str, tuple[Rule, ...]] = {
    "Record files": files.RULES,
    "Fields": fields.RULES,
    "Ids and references": identity.RULES,
}
"""The rules by what they are about, in the order in which they are shown."""

RULES: dict[str, Rule] = {rule.code: rule for rules in GROUPS.values() for rule in rules}
"""Code -> rule."""

__all__ = [
    "CLOSURES",
    "GROUPS",
    "RULES",
    "WORKING_TABLES",
    "Check",
    "Place",
    "Problem",
    "Related",
    "Rule",
    "Severity",
    "shortened",
]
