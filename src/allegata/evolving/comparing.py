"""Comparing: every difference between two versions of the schema, by what it means for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from allegata.evolving.classes import CLASSES, Bump, Class, Level
from allegata.evolving.elements import Facts, Snapshot
from allegata.migrations import Add, Drop, Edit, Recode, Rename, numbers, steps
from allegata.rules import Severity

_LEAST = ("minLength", "minimum", "minItems")
_MOST = ("maxLength", "maximum", "maxItems")
_ENDINGS = ("", "_id", "_earliest", "_latest")


Elements = dict[str, Facts]
_Pair = tuple[str, Any, Any]


class Difference(NamedTuple):
    """One thing that is not as it was."""

    element: str
    """What it is: ``claims.stance``, ``Stance.denies``, ``REF_UNKNOWN`` …"""
    of: Class
    """What kind of change it is."""
    old: Any = None
    """How it was; None where it was not there."""
    new: Any = None
    """How it is; None where it is gone."""

    def as_plain(self) -> dict[str, Any]:
        """The difference as JSON has it."""
        return {
            "element": self.element,
            "kind": self.of.kind,
            "what": self.of.what,
            "old": self.old,
            "new": self.new,
            "level": self.of.level.value,
            "records": self.of.records.value,
            "tables": self.of.tables.value,
            "bump": self.of.bump.word,
        }


@dataclass(frozen=True)
class Comparison:
    """How two versions of the schema differ."""

    old: str
    """The earlier version."""
    new: str
    """The later version."""
    level: Level
    """For whom it was judged."""
    differences: tuple[Difference, ...]
    """What differs, the weightiest first."""

    @cached_property
    def bump(self) -> Bump:
        """The part of the version that the differences raise."""
        return max((one.of.at(self.level) for one in self.differences), default=Bump.NONE)

    @property
    def due(self) -> str:
        """The least version that the later one may have, if the earlier one was released."""
        return raised(self.old, self.bump)

    @property
    def is_enough(self) -> bool:
        """Whether the later version is high enough above the earlier one."""
        return numbers(self.new) >= numbers(self.due)

    def as_plain(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        return {
            "old": self.old,
            "new": self.new,
            "level": self.level.value,
            "bump": self.bump.word,
            "due": self.due,
            "enough": self.is_enough,
            "differences": [one.as_plain() for one in self.differences],
        }


def raised(version: str, bump: Bump) -> str:
    """A version with one of its parts raised.

    >>> raised("1.4.2", Bump.MINOR)
    '1.5.0'
    """
    major, minor, patch = numbers(version)
    if bump is Bump.MAJOR:
        return f"{major + 1}.0.0"
    if bump is Bump.MINOR:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if bump is Bump.PATCH else version


def compare(
    old: Snapshot,
    new: Snapshot,
    level: Level = Level.BOTH,
    edits: tuple[Edit, ...] | None = None,
) -> Comparison:
    """Find and classify all differences between two versions of the schema.

    Args:
        old: The earlier version.
        new: The later one.
        level: For whom differences count: who writes records, who reads tables, or both.
        edits: What is declared to be called otherwise, to be supplied or to be left out; without
            it, what the migrations between the two versions declare.
    """
    if edits is None:
        edits = tuple(edit for one in steps(old.version, new.version) for edit in one.edits)
    found = [one for one in _Comparing(old, new, edits).all() if one.of.at(level) is not Bump.NONE]
    order = list(CLASSES)
    found.sort(key=lambda one: (-one.of.at(level), order.index(one.of.kind), one.element))
    return Comparison(old.version, new.version, level, tuple(found))


class _Comparing:
    def __init__(self, old: Snapshot, new: Snapshot, edits: tuple[Edit, ...]) -> None:
        self._old, self._new = old, new
        self._renamed = {
            f"{e.of}.{e.old}": f"{e.of}.{e.new}" for e in edits if isinstance(e, Rename)
        }
        self._supplied = {f"{e.of}.{e.key}" for e in edits if isinstance(e, Add)}
        self._dropped = {f"{e.of}.{e.key}" for e in edits if isinstance(e, Drop)}
        self._recoded = [e for e in edits if isinstance(e, Recode)]
        self._new_tables = new.tables.keys() - old.tables.keys()
        self._lost_tables = old.tables.keys() - new.tables.keys()

    def all(self) -> Iterator[Difference]:
        yield from self._tables()
        yield from self._fields()
        yield from self._columns()
        yield from self._lists()
        yield from self._rules()
        yield from self._outputs()

    def _tables(self) -> Iterator[Difference]:
        for name, old, new in _pairs(self._old.tables, self._new.tables):
            if old is None or new is None:
                yield _difference(name, "table-added" if old is None else "table-removed")
                continue
            for fact, kind in (("key", "key-changed"), ("order", "order-changed")):
                yield from _if_other(name, kind, old[fact], new[fact])
            yield from _definition(name, old, new, "definition")

    def _fields(self) -> Iterator[Difference]:
        before, after = self._old.fields, self._new.fields
        renamed = _in_both(self._renamed, before, after)
        yield from (_difference(a, "field-renamed", a, b) for a, b in renamed.items())
        for name, old, new in self._matched(before, after, renamed):
            if old is None:
                yield self._added_field(name, new)
            elif new is None:
                dropped = name in self._dropped
                yield _difference(name, "field-dropped" if dropped else "field-removed")
            else:
                yield from self._changed_field(name, old, new)

    def _added_field(self, name: str, new: Facts) -> Difference:
        if not new["required"]:
            return _difference(name, "field-added", None, new["type"])
        supplied = name in self._supplied
        kind = "field-supplied" if supplied else "field-demanded"
        return _difference(name, kind, None, new["type"])

    def _changed_field(self, name: str, old: Facts, new: Facts) -> Iterator[Difference]:
        yield from _if_other(name, "type-changed", old["type"], new["type"])
        if old["required"] != new["required"]:
            supplied = "field-supplied" if name in self._supplied else "field-required"
            kind = supplied if new["required"] else "field-optional"
            yield _difference(name, kind, _demand(old), _demand(new))
        elif not new["required"]:
            yield from _if_other(name, "field-default", old["default"], new["default"])
        if old["nullable"] != new["nullable"]:
            kind = "constraint-loosened" if new["nullable"] else "constraint-tightened"
            yield _difference(name, kind, _emptiness(old), _emptiness(new))
        yield from _limits(name, old, new)
        yield from _definition(name, old, new, "description")

    def _columns(self) -> Iterator[Difference]:
        before, after = self._old.columns, self._new.columns
        names = {a + end: b + end for a, b in self._renamed.items() for end in _ENDINGS}
        renamed = _in_both(names, before, after)
        yield from (_difference(a, "column-renamed", a, b) for a, b in renamed.items())
        for name, old, new in self._matched(before, after, renamed):
            if old is None:
                yield _difference(name, "column-added", None, new["type"])
            elif new is None:
                yield _difference(name, "column-removed", old["type"])
            else:
                yield from self._changed_column(name, old, new)

    def _changed_column(self, name: str, old: Facts, new: Facts) -> Iterator[Difference]:
        for fact, kind in (
            ("type", "column-type"),
            ("unit", "column-unit"),
            ("refers_to", "reference-changed"),
            ("vocabulary", "codes-changed"),
        ):
            yield from _if_other(name, kind, old[fact], new[fact])
        if old["nullable"] != new["nullable"]:
            kind = "column-nullable" if new["nullable"] else "column-filled"
            yield _difference(name, kind, _emptiness(old), _emptiness(new))
        yield from _definition(name, old, new, "description")

    def _lists(self) -> Iterator[Difference]:
        for name, old, new in _pairs(self._old.lists, self._new.lists):
            if old is None or new is None:
                continue  # a column has codes of it, or had, and is told of
            if old["open_to_readers"] != new["open_to_readers"]:
                yield _difference(name, "list-opened" if new["open_to_readers"] else "list-closed")
            yield from _if_other(name, "description-worded", old["definition"], new["definition"])
            yield from self._codes(name, old, new)

    def _codes(self, name: str, old: Facts, new: Facts) -> Iterator[Difference]:
        recoded = {e.old: e.new for e in self._recoded if self._has_list(e, name)}
        for code, before, after in _pairs(old["codes"], new["codes"]):
            element = f"{name}.{code}"
            if before is None:
                if code not in recoded.values():
                    closed = "" if old["open_to_readers"] else "-to-closed"
                    yield _difference(element, f"code-added{closed}", None, after["rule"])
            elif after is None:
                kind = "code-renamed" if code in recoded else "code-removed"
                yield _difference(element, kind, code, recoded.get(code))
            else:
                yield from _definition(element, before, after, "rule")

    def _has_list(self, edit: Recode, name: str) -> bool:
        field = self._old.fields.get(f"{edit.of}.{edit.key}", {})
        return bool(field.get("type") == f"code of {name}")

    def _rules(self) -> Iterator[Difference]:
        for code, old, new in _pairs(self._old.rules, self._new.rules):
            if old is None:
                yield _difference(code, self._added_rule(new), None, new["severity"])
            elif new is None:
                yield _difference(code, "rule-removed", old["severity"])
            else:
                if old["severity"] != new["severity"]:
                    is_error = new["severity"] == Severity.ERROR
                    kind = "rule-raised" if is_error else "rule-lowered"
                    yield _difference(code, kind, old["severity"], new["severity"])
                if old["waivable"] != new["waivable"]:
                    yield _difference(
                        code, "rule-waivable" if new["waivable"] else "rule-unwaivable"
                    )
                yield from _if_other(code, "rule-revised", old["revision"], new["revision"])
                yield from _if_other(code, "description-worded", old["summary"], new["summary"])

    def _added_rule(self, new: Facts) -> str:
        if new["severity"] != Severity.ERROR:
            return "warning-added"
        only_new = bool(new["tables"]) and set(new["tables"]) <= self._new_tables
        return "rule-added-to-new" if only_new else "rule-added"

    def _outputs(self) -> Iterator[Difference]:
        for name, old, new in _pairs(self._old.outputs, self._new.outputs):
            if old is None or new is None:
                yield _difference(name, "output-added" if old is None else "output-removed")
                continue
            yield from _if_other(name, "output-changed", old["type"], new["type"])
            yield from _if_other(name, "description-worded", old["description"], new["description"])

    def _matched(self, old: Elements, new: Elements, renamed: dict[str, str]) -> Iterator[_Pair]:
        """What is there under one name, or was renamed; no part of what is new or gone whole."""
        now = {name: facts for name, facts in new.items() if name not in renamed.values()}
        now |= {before: new[after] for before, after in renamed.items()}
        for name, was, became in _pairs(old, now):
            if not self._is_inside_new(name, old, now):
                yield name, was, became

    def _is_inside_new(self, name: str, old: Elements, new: Elements) -> bool:
        whole = self._new_tables | self._lost_tables
        steps_to = name.split(".")
        above = [".".join(steps_to[:n]) for n in range(1, len(steps_to))]
        return steps_to[0] in whole or any((a in old) != (a in new) for a in above)


def _in_both(renamed: dict[str, str], old: Elements, new: Elements) -> dict[str, str]:
    """The names that were given up for others, of all that are declared."""
    return {a: b for a, b in renamed.items() if a in old and b in new and a not in new}


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Pair]:
    for name in dict.fromkeys((*old, *new)):
        yield name, old.get(name), new.get(name)


def _difference(element: str, kind: str, old: Any = None, new: Any = None) -> Difference:
    return Difference(element, CLASSES[kind], old, new)


def _if_other(element: str, kind: str, old: Any, new: Any) -> Iterator[Difference]:
    if old != new:
        yield _difference(element, kind, old, new)


def _definition(element: str, old: Facts, new: Facts, words: str) -> Iterator[Difference]:
    if old["revision"] != new["revision"]:
        yield _difference(element, "definition-revised", old[words], new[words])
    else:
        yield from _if_other(element, "description-worded", old[words], new[words])


def _limits(name: str, old: Facts, new: Facts) -> Iterator[Difference]:
    for limit in (*_LEAST, *_MOST):
        was, became = old.get(limit), new.get(limit)
        if was == became:
            continue
        tighter = was is None or (
            became is not None and (became > was if limit in _LEAST else became < was)
        )
        kind = "constraint-tightened" if tighter else "constraint-loosened"
        yield _difference(name, kind, _limit(limit, was), _limit(limit, became))
    if old["pattern"] != new["pattern"]:
        one_sided = {None: "constraint-tightened"}.get(old["pattern"], "pattern-changed")
        kind = "constraint-loosened" if new["pattern"] is None else one_sided
        yield _difference(name, kind, old["pattern"], new["pattern"])


def _limit(name: str, value: float | None) -> str | None:
    return None if value is None else f"{name} {value}"


def _demand(facts: Facts) -> str:
    return "required" if facts["required"] else "optional"


def _emptiness(facts: Facts) -> str:
    return "may be empty" if facts["nullable"] else "is never empty"
