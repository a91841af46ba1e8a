"""Rules: what records must satisfy, and the problems that are found where they do not."""

from allegata.rules import (
    anchors,
    chains,
    claims,
    events,
    fields,
    files,
    identity,
    links,
    offices,
    propositions,
    quotes,
    registers,
    sources,
    times,
)
from allegata.rules.problem import Place, Problem, Related, Severity, shortened
from allegata.rules.rule import Check, Rule
from allegata.rules.working import CLOSURES, WORKING_TABLES

GROUPS: dict[str, tuple[Rule, ...]] = {
    "Record files": files.RULES,
    "Fields": fields.RULES,
    "Ids and references": identity.RULES,
    "Times": times.RULES,
    "Sources": sources.RULES,
    "Offices": offices.RULES,
    "Actors and places": registers.RULES,
    "Events": events.RULES,
    "Propositions": propositions.RULES,
    "Statements and chains": chains.RULES,
    "Claims": claims.RULES,
    "Quotes": quotes.RULES,
    "Anchors": anchors.RULES,
    "Relations and revisions": links.RULES,
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
