"""Records made from the models: all their fields, nested records and constraints, by hypothesis."""

# ruff: noqa: RUF001 - texts are in many scripts

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, get_args

from annotated_types import Ge, Le
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from pydantic import StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from allegata.schema import MODELS, Origin, Record, Vocabulary
from allegata.schema.record import marks, plain_type
from allegata.schema.types import Canonical, Country, Edtf, Language, Subdivision, single_line

_LANGUAGES = ["en", "ru", "uk", "pt-BR", "zh-Hant", "sr-Latn"]
_COUNTRIES = ["RU", "UA", "US", "FR"]
_SUBDIVISIONS = ["RU-NGR", "UA-30", "US-NY"]
_WORDS = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S"], max_codepoint=0x52F),
        st.sampled_from("“”—…日本語한국語हिन्दी\u0301\u200d\u00adééıİß🙂\ufe0f"),
    ),
    min_size=1,
    max_size=8,
)


def records(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """Records of a table as they are written in record files; most of them are valid."""
    return _records(MODELS[table], frozenset())


@cache
def whole_record(table: str) -> dict[str, Any]:
    """A valid record of a table with every field, and two records in every list.

    Origins hang on records of all tables: there they have only what they must have, and but
    for claims one stands alone, lest the lines made from it become too many and too long.
    """
    model = MODELS[table]
    keys = {field.alias or name: _values(field) for name, field in model.columns().items()}
    once = settings(max_examples=1000, phases=[Phase.generate], derandomize=True, database=None)
    record = find(st.fixed_dictionaries(keys), lambda made: _is_valid(model, made), settings=once)
    for name, (child, nested) in model.children().items():
        handed = {nested.key.removesuffix("_id"), nested.position}
        whole = {k: v for k, v in whole_record(child.table).items() if k not in handed}
        if child is Origin:
            needed = {name for name, field in child.columns().items() if field.is_required()}
            whole = {k: v for k, v in whole.items() if k in needed}
        elif "origins" in whole:
            whole = {**whole, "origins": whole["origins"][:1]}
        record[name] = [whole] if child is Origin and table != "claims" else [whole, whole]
    return record


def _is_valid(model: type[Record], record: dict[str, Any]) -> bool:
    try:
        model.model_validate_json(json.dumps(record))
    except ValidationError:
        return False
    return True


@cache
def _records(
    model: type[Record], handed: frozenset[str | None]
) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, field in model.columns().items():
        if name not in handed:
            place = required if field.is_required() else optional
            place[field.alias or name] = _values(field)
    for name, (child, nested) in model.children().items():
        keys = frozenset({nested.key, nested.position})
        optional[name] = st.lists(_records(child, keys), max_size=3)
    return st.fixed_dictionaries(required, optional=optional)


def _values(field: FieldInfo) -> st.SearchStrategy[Any]:
    kind, constraints = plain_type(field), list(marks(field))
    if issubclass(kind, Vocabulary):
        return st.sampled_from([code.value for code in kind])
    if kind is bool:
        return st.booleans()
    if kind in (int, float):
        return _numbers(kind, constraints)
    if kind is date:
        return st.dates().map(date.isoformat)
    if kind is datetime:
        return st.datetimes(min_value=datetime(1, 1, 2)).map(lambda t: t.isoformat() + "Z")
    return _texts(constraints)


def _numbers(kind: type, constraints: list[Any]) -> st.SearchStrategy[Any]:
    for mark in [*constraints]:
        constraints += mark.metadata if isinstance(mark, FieldInfo) else []
    least = next((mark.ge for mark in constraints if isinstance(mark, Ge)), None)
    most = next((mark.le for mark in constraints if isinstance(mark, Le)), None)
    if kind is int:
        return st.integers(least, most)
    return st.floats(least, most, allow_nan=False, allow_infinity=False) | st.integers(
        int(least or -(2**70)), int(most or 2**70)
    )


def _texts(constraints: list[Any]) -> st.SearchStrategy[str]:
    for named, choices in (
        (Language, _LANGUAGES),
        (Country, _COUNTRIES),
        (Subdivision, _SUBDIVISIONS),
    ):
        if all(mark in constraints for mark in get_args(named)[1:]):
            return st.sampled_from(choices)
    if any(isinstance(mark, Edtf) for mark in constraints):
        return times()
    form = next(mark for mark in constraints if isinstance(mark, StringConstraints))
    if form.pattern:
        longest = form.max_length or 10_000
        return st.from_regex(str(form.pattern), fullmatch=True).filter(
            lambda text: len(text) <= longest
        )
    functions = [getattr(mark, "func", None) for mark in constraints]
    assert any(isinstance(function, Canonical) for function in functions)
    between = " " if single_line in functions else st.sampled_from(" \n")
    return _joined_words(between if isinstance(between, str) else None)


def _joined_words(blank: str | None) -> st.SearchStrategy[str]:
    words = st.lists(_WORDS, min_size=1, max_size=12)
    return words.map(lambda found: (blank or "\n").join(found))


def times() -> st.SearchStrategy[str]:
    """Times of the profile, and some that name no day."""
    day = st.dates().map(date.isoformat)
    zone = st.sampled_from(["Z", "+03:00", "-11:30"])
    moment = st.one_of(
        day,
        day,
        day.map(lambda text: text[:4]),
        day.map(lambda text: text[:7]),
        st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)).flatmap(
            lambda at: zone.map(lambda z: at.strftime("%Y-%m-%dT%H:%M").zfill(16) + z)
        ),
    )
    marked = st.tuples(moment, st.sampled_from(["", "", "", "~", "?", "%"])).map("".join)
    later = st.tuples(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 900)).map(
        lambda span: f"{span[0]}/{span[0] + timedelta(span[1])}"
    )
    open_ended = marked.map(lambda text: f"../{text}") | marked.map(lambda text: f"[{text}..]")
    return st.one_of(marked, marked, marked, later, open_ended)
