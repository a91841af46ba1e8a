"""Rules: what records must satisfy, and the problems that are found where they do not."""

from allegata.rules.definitions import GROUPS, RULES
from allegata.rules.problem import Place, Problem, Related, Severity, shortened
from allegata.rules.rule import Check, Rule
from allegata.rules.working import CLOSURES, HISTORY_TABLES, WORKING_TABLES

__all__ = [
    "CLOSURES",
    "GROUPS",
    "HISTORY_TABLES",
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
