"""The rules, by what they are about. Each is defined once, in one of the modules here."""

from allegata.rules.definitions import (
    anchors,
    chains,
    claims,
    events,
    fields,
    files,
    identity,
    links,
    offices,
    origins,
    propositions,
    quotes,
    registers,
    sources,
    times,
)
from allegata.rules.rule import Rule

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
    "Origins": origins.RULES,
}
"""The rules by what they are about, in the order in which they are shown."""

RULES: dict[str, Rule] = {rule.code: rule for rules in GROUPS.values() for rule in rules}
"""Code -> rule."""
