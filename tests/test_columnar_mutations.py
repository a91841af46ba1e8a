"""With any guard of the columnar path taken away, it vouches for what is not so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from allegata.reading.columnar import Columnar, levels, lines, reader
from allegata.reading.columnar.plan import Leaf, Level, compiled
from allegata.schema import MODELS, Record
from columnar_cases import hold, not_finite_lines, odd_lines
from model_records import whole_record

TABLES = list(MODELS)


@cache
def _cases(table: str) -> tuple[list[bytes], dict[bytes, Record | None]]:
    """Odd lines of a table's own fields in two blocks, and what the models say of them.

    All lines of the second parse together, so that no other way of reading them is taken.
    """
    lists = MODELS[table].children()
    own = {key: value for key, value in whole_record(table).items() if key not in lists}
    floats = [leaf.key for leaf in compiled(table).leaves if leaf.kind is float]
    blocks = [odd_lines(own, MODELS[table]), not_finite_lines(own, floats)]
    return [b"\n".join(block) for block in blocks], {}


@cache
def _nested_cases(table: str) -> tuple[bytes, dict[bytes, Record | None]]:
    return b"\n".join(odd_lines(whole_record(table), MODELS[table])), {}


def _without(level: Level, name: str, **changes: Any) -> Columnar:
    leaves = tuple(
        dataclasses.replace(leaf, **changes) if leaf.name == name else leaf for leaf in level.leaves
    )
    return Columnar(dataclasses.replace(level, leaves=leaves))


class _AcceptsAll:
    """A last word that takes every text."""

    def on(self, texts: pa.Array) -> list[Any]:
        return ["2025" if text else None for text in texts.cast(pa.binary()).to_pylist()]


def _broken_fields() -> Iterator[Any]:
    for table in TABLES:
        for leaf in compiled(table).leaves:
            for test in leaf.tests or ():
                rest = tuple(other for other in leaf.tests or () if other != test)
                yield pytest.param(
                    table, leaf, {"tests": rest}, id=f"{table}.{leaf.name}-{test}"[:90]
                )
            if leaf.kind is str:
                yield pytest.param(
                    table, leaf, {"word": _AcceptsAll()}, id=f"{table}.{leaf.name}-word"
                )


@pytest.mark.parametrize(("table", "leaf", "changes"), list(_broken_fields()))
def test_each_test_of_a_value_is_needed(table: str, leaf: Leaf, changes: dict[str, Any]) -> None:
    _hold_cases(Columnar.of(table), table)
    with pytest.raises(AssertionError):
        _hold_cases(_without(compiled(table), leaf.name, **changes), table)


def _hold_cases(reader: Columnar, table: str) -> None:
    blocks, known = _cases(table)
    for block in blocks:
        hold(reader, table, block, known=known)


@pytest.mark.parametrize("guard", levels.GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_of_records_is_needed(guard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    block, known = _nested_cases("claims")
    hold(Columnar.of("claims"), "claims", block, known=known)
    monkeypatch.setattr(levels, "GUARDS", tuple(one for one in levels.GUARDS if one is not guard))
    with pytest.raises(AssertionError):
        hold(Columnar.of("claims"), "claims", block, known=known)


@pytest.mark.parametrize("guard", reader.TEXT_GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_of_text_is_needed(guard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    block, known = _nested_cases("claims")
    hold(Columnar.of("claims"), "claims", block, known=known)
    rest = tuple(one for one in reader.TEXT_GUARDS if one is not guard)
    monkeypatch.setattr(reader, "TEXT_GUARDS", rest)
    with pytest.raises(AssertionError):
        hold(Columnar.of("claims"), "claims", block, known=known)


_EVENT = b'{"id":"evt-a","label":"a","type":"call"}'
_NOT_LINES = {
    "begins_an_object": (
        b'{"id":"evt-a","propositions":[{"id":"prp-a","text":"a","aspect":"agent"}\n'
        b'],"label":"a","type":"call"}\n' + _EVENT + _EVENT
    ),
    "ends_an_object": (
        b'{"id":"evt-a","label":"a","type":"call","propositions":[\n'
        b'{"id":"prp-a","text":"a","aspect":"agent"}]}\n' + _EVENT + _EVENT
    ),
}
"""Guard -> records that are as many as their lines, and do not stand one on each."""


@pytest.mark.parametrize("guard", lines.LINE_GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_of_lines_is_needed(guard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    block = _NOT_LINES[guard.__name__]
    hold(Columnar.of("events"), "events", block)
    rest = tuple(one for one in lines.LINE_GUARDS if one is not guard)
    monkeypatch.setattr(lines, "LINE_GUARDS", rest)
    with pytest.raises(AssertionError):
        hold(Columnar.of("events"), "events", block)


def test_records_must_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    block = _EVENT + _EVENT
    hold(Columnar.of("events"), "events", block)
    monkeypatch.setattr(lines, "one_record_a_line", lambda *_: True)
    with pytest.raises((AssertionError, pa.ArrowIndexError)):
        hold(Columnar.of("events"), "events", block)


def test_unknown_fields_must_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    block = _EVENT[:-1] + b',"extra":1}'
    hold(Columnar.of("events"), "events", block)
    monkeypatch.setattr(lines, "UNKNOWN_FIELDS", "ignore")
    with pytest.raises(AssertionError):
        hold(Columnar.of("events"), "events", block)
