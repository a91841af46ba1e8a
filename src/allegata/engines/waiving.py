"""Waivers: letting one record off one rule, in the open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allegata.reading import Reading, WrittenWaiver, nearest
from allegata.rules import RULES, Problem
from allegata.schema import Waiver


@dataclass(frozen=True)
class Waived:
    """A problem that is let be, and the waiver that says why."""

    waiver: Waiver
    problem: Problem


def waive(
    reading: Reading, problems: Iterable[Problem]
) -> tuple[list[Problem], list[Waived], list[Problem]]:
    """Part problems into those that stand and those that are waived.

    Returns:
        The problems that stand; those that are waived; and problems of the waivers themselves,
        where one is of no use.
    """
    given = {(one.waiver.record_id, one.waiver.rule): one.waiver for one in _valid(reading)}
    standing: list[Problem] = []
    waived: list[Waived] = []
    for problem in problems:
        waiver = given.get((problem.record or "", problem.code))
        if waiver and RULES[problem.code].can_be_waived:
            waived.append(Waived(waiver, problem))
        else:
            standing.append(problem)
    used = {(one.waiver.record_id, one.waiver.rule) for one in waived}
    return standing, waived, list(_useless(reading, used))


def _valid(reading: Reading) -> Iterator[WrittenWaiver]:
    return (one for one in reading.waivers if one.waiver.rule in RULES)


def _useless(reading: Reading, used: set[tuple[str, str]]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for one in reading.waivers:
        key = (one.waiver.record_id, one.waiver.rule)
        rule = RULES.get(one.waiver.rule)
        fix = None
        if rule is None:
            meant = nearest(one.waiver.rule, RULES)
            code, message = "WAIVER_WRONG", f"there is no rule {one.waiver.rule}"
            fix = f"write {meant}" if meant else None
        elif not rule.can_be_waived:
            code, message = "WAIVER_WRONG", f"{rule.code} cannot be waived"
        elif key not in used or key in seen:
            code, message = "WAIVER_UNUSED", f"{one.waiver.record_id} does not break {rule.code}"
            if key in seen:
                message = f"{one.waiver.record_id} has a waiver for {rule.code} already"
        else:
            seen.add(key)
            continue
        yield Problem(
            code=code,
            severity=RULES[code].severity,
            message=message,
            place=one.place,
            record=one.waiver.record_id,
            field="rule",
            value=one.waiver.rule,
            fix=fix,
        )
