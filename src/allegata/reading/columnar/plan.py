"""From a model to the plan by which its records are read in columns.

Only what is known to have an equal in columns becomes part of a plan. A constraint on a text that
is not known leaves the field to its own validator, asked for each distinct text; anything else
that is not known makes the model one that cannot be read in columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from types import NoneType
from typing import Any, get_args

import pyarrow as pa
from annotated_types import Ge, Le
from pydantic import AfterValidator, StringConstraints, TypeAdapter, WithJsonSchema
from pydantic.fields import FieldInfo

from allegata.reading.columnar.values import (
    AtLeast,
    AtMost,
    HasPlainZero,
    IsCanonical,
    IsFinite,
    Matches,
    NotAbove,
    NotBelow,
    OneOf,
    Test,
    Word,
    describes_whole_ascii,
)
from allegata.schema import MODELS, Record, Vocabulary
from allegata.schema.record import RECORD_CONFIG, Parent, marks, plain_type
from allegata.schema.types import (
    Breaks,
    Canonical,
    Edtf,
    Nested,
    PerFile,
    Ref,
    Revised,
    Unit,
    single_line,
    time_of_profile,
)
from allegata.tables import record_schema

_PARSED: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.string(),
    datetime: pa.string(),
}
_SAYS_NOTHING_OF_VALUES = (Breaks, Ref, Edtf, PerFile, Unit, Revised, WithJsonSchema)
_KNOWN = {Parent, *Record.__mro__}
_CHANGES_READING = {
    *("__init__", "__new__", "__get_pydantic_core_schema__", "__get_validators__"),
    *("model_post_init", "model_validate", "model_validate_json", "_hand_down"),
}


class NotCompilable(Exception):  # noqa: N818 - it says what a model is, not that something failed
    """A model uses something that has no equal in columns."""


@dataclass(frozen=True)
class Leaf:
    """A field that holds a single value."""

    name: str
    """The field's name, which is its column's."""
    key: str
    """The key that it stands under in JSON."""
    kind: type
    """The type of its values."""
    type: pa.DataType
    """The type of its column."""
    parsed: pa.DataType
    """The type that its values are parsed as."""
    tests: tuple[Test, ...] | None
    """What surely accepts values; None where each distinct one has to be asked about."""
    word: Word | None
    """The field's own validator; None where the tests say all."""
    required: bool
    default: Any
    """What a missing value is; None where it is null."""
    nullable: bool
    """Whether its value may be null."""
    is_time: bool
    """Whether it is in the time profile, and has bounds."""

    @property
    def null_is_missing(self) -> bool:
        """Whether a null that is written means the same as leaving the field out."""
        return not self.required and self.default is None and self.nullable


@dataclass(frozen=True)
class Branch:
    """A field that lists records of another table."""

    key: str
    level: Level
    nested: Nested
    required: bool


@dataclass(frozen=True)
class Level:
    """The records of one table at one depth: their own fields, and the lists nested in them."""

    table: str
    leaves: tuple[Leaf, ...]
    branches: tuple[Branch, ...]
    handed: frozenset[str] = frozenset()
    """The fields whose values the parent gives."""

    @cached_property
    def parsed(self) -> pa.Schema:
        """The schema by which records are parsed."""
        fields = [pa.field(leaf.key, leaf.parsed) for leaf in self.leaves]
        for branch in self.branches:
            struct = pa.struct(list(branch.level.parsed))
            fields.append(pa.field(branch.key, pa.list_(struct)))
        return pa.schema(fields)

    @cached_property
    def schema(self) -> pa.Schema:
        """The schema of the table as records fill it."""
        return record_schema(self.table)

    @cached_property
    def key(self) -> str:
        """The key that the record's id stands under."""
        return next(leaf.key for leaf in self.leaves if leaf.name == "id")

    def all(self) -> Iterator[Level]:
        """This level and all below it."""
        yield self
        for branch in self.branches:
            yield from branch.level.all()

    def keys_never_null(self) -> Iterator[str]:
        """The keys, at all depths, that may be left out but not be null."""
        for leaf in self.leaves:
            if leaf.name in self.handed or not (leaf.required or leaf.null_is_missing):
                yield leaf.key
        for branch in self.branches:
            if not branch.required:
                yield branch.key
            yield from branch.level.keys_never_null()


def compiled(table: str) -> Level:
    """The plan for a table's records.

    Raises:
        NotCompilable: the model uses something that has no equal in columns.
    """
    level = _level(MODELS[table], {})
    for branch in level.branches:
        inner = [one.table for one in branch.level.all()]
        # What is nested in the one record of a line is in order list by list; not so below it.
        if len(set(inner)) < len(inner) or table in inner:
            raise NotCompilable(f"{branch.level.table} nests records of one table in two places")
    return level


def _level(model: type[Record], handed: dict[str, FieldInfo | None]) -> Level:
    """The plan of a model's records; ``handed`` are the fields that the parent gives.

    Where the parent gives its own key, that field stands there too.
    """
    _demand_plain(model)
    return Level(
        model.table,
        tuple(
            _leaf(name, field, model, is_judged=_asks_the_same(field, handed.get(name)))
            for name, field in model.columns().items()
        ),
        tuple(
            _branch(model, name, child, nested)
            for name, (child, nested) in model.children().items()
        ),
        frozenset(handed),
    )


def _asks_the_same(field: FieldInfo, other: FieldInfo | None) -> bool:
    return (
        other is not None
        and field.annotation == other.annotation
        and list(_constraints(field)) == list(_constraints(other))
    )


def _demand_plain(model: type[Record]) -> None:
    """See that the model is nothing but its fields, its lists, and the keys handed down to them."""
    where, decorators = model.__name__, model.__pydantic_decorators__
    known = {"_hand_down"} if issubclass(model, Parent) else set()
    extra = [
        name
        for kind in ("validators", "field_validators", "root_validators", "model_validators")
        for name in getattr(decorators, kind)
        if name not in known
    ]
    own = [name for base in model.__mro__ if base not in _KNOWN for name in vars(base)]
    if found := [*extra, *_CHANGES_READING.intersection(own)]:
        raise NotCompilable(f"{where} is read in a way of its own: {', '.join(found)}")
    if model.children() and not issubclass(model, Parent):
        raise NotCompilable(f"{where} does not hand its key down")
    if model.model_config != RECORD_CONFIG:
        raise NotCompilable(f"{where} is configured otherwise than records are")


def _branch(model: type[Record], name: str, child: type[Record], nested: Nested) -> Branch:
    field = model.__pydantic_fields__[name]
    handed: dict[str, FieldInfo | None] = {nested.key: model.__pydantic_fields__.get("id")}
    if nested.position:
        handed[nested.position] = None
    if _key(name, field) != name or field.annotation != list[child] or len(field.metadata) != 1:  # type: ignore[valid-type]
        raise NotCompilable(f"{model.__name__}.{name} is not a plain list of records")
    if not field.is_required() and field.get_default() != []:
        raise NotCompilable(f"{model.__name__}.{name} has a default other than no records")
    if "id" not in model.columns() or not set(handed) <= set(child.columns()):
        raise NotCompilable(f"{model.__name__}.{name} has no key to hand down")
    return Branch(name, _level(child, handed), nested, field.is_required())


def _key(name: str, field: FieldInfo) -> str:
    keys = {field.alias, field.validation_alias} - {None}
    if len(keys) > 1 or not all(isinstance(key, str) for key in keys):
        raise NotCompilable(f"{name} has several keys")
    return str(keys.pop()) if keys else name


def _leaf(name: str, field: FieldInfo, model: type[Record], *, is_judged: bool) -> Leaf:
    """The plan of a field; ``is_judged`` says that its values have passed the same elsewhere."""
    where = f"{model.__name__}.{name}"
    try:
        kind = plain_type(field)
    except ValueError:
        raise NotCompilable(f"{where} may be of several types") from None
    coded = isinstance(kind, type) and issubclass(kind, Vocabulary)
    if not coded and kind not in _PARSED:
        raise NotCompilable(f"{where} is of the type {kind}")
    constraints = list(_constraints(field))
    is_time = any(isinstance(mark, Edtf) for mark in constraints)
    if is_time and _checks(constraints) != [time_of_profile]:
        raise NotCompilable(f"{where} is a time with constraints of its own")
    default = None if field.is_required() else field.default
    if field.default_factory is not None or field.validate_default:
        raise NotCompilable(f"{where} makes its default")
    text = coded or kind in (str, date, datetime)
    tests = _text_tests(kind, constraints) if text else _number_tests(kind, constraints, where)
    validator: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation(), config=RECORD_CONFIG)
    return Leaf(
        name=name,
        key=_key(name, field),
        kind=str if coded else kind,
        type=record_schema(model.table).field(name).type,
        parsed=pa.string() if coded else _PARSED[kind],
        tests=() if is_judged else tests,
        word=Word(validator, keeps=kind not in (date, datetime)) if text else None,
        required=field.is_required(),
        default=default.value if isinstance(default, Enum) else default,
        nullable=NoneType in get_args(field.annotation),
        is_time=is_time,
    )


def _constraints(field: FieldInfo) -> Iterator[Any]:
    for mark in marks(field):
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _number_tests(kind: type, constraints: list[Any], where: str) -> tuple[Test, ...]:
    tests: list[Test] = []
    for mark in constraints:
        if isinstance(mark, Ge) and kind is not bool and isinstance(mark.ge, int | float):
            tests.append(NotBelow(mark.ge))
        elif isinstance(mark, Le) and kind is not bool and isinstance(mark.le, int | float):
            tests.append(NotAbove(mark.le))
        elif not isinstance(mark, _SAYS_NOTHING_OF_VALUES):
            raise NotCompilable(f"{where} is constrained by {mark!r}")
    is_between = {NotBelow, NotAbove} <= {type(test) for test in tests}
    if kind is int and not is_between:
        raise NotCompilable(f"{where} is a whole number without limits")
    if kind is float:
        tests += [HasPlainZero()] if is_between else [IsFinite(), HasPlainZero()]
    return tuple(tests)


def _text_tests(kind: type, constraints: list[Any]) -> tuple[Test, ...] | None:
    """The tests that a text surely passes only if it is accepted; None if no tests can tell."""
    if kind is date or kind is datetime:
        return None
    tests: list[Test] = [OneOf(tuple(kind))] if issubclass(kind, Vocabulary) else []
    if checks := _checks(constraints):
        canonical = [check for check in checks if isinstance(check, Canonical)]
        if len(canonical) != 1 or any(c not in (canonical[0], single_line) for c in checks):
            return None
        tests.append(IsCanonical(canonical[0].verbatim, single_line in checks))
    for mark in constraints:
        if isinstance(mark, StringConstraints):
            found = _string_tests(mark, fills=bool(checks))
            if found is None:
                return None
            tests += found
        elif not isinstance(mark, (*_SAYS_NOTHING_OF_VALUES, AfterValidator)):
            return None
    # What passes one of these is UTF-8, which pyarrow's parser does not see to.
    shows_utf8 = any(isinstance(test, Matches | OneOf | IsCanonical) for test in tests)
    return tuple(tests) if shows_utf8 else None


def _checks(constraints: list[Any]) -> list[Any]:
    return [mark.func for mark in constraints if isinstance(mark, AfterValidator)]


def _string_tests(mark: StringConstraints, *, fills: bool) -> list[Test] | None:
    """The tests of a text's form; ``fills`` says that no empty text passes the other tests."""
    if mark.strip_whitespace or mark.to_lower or mark.to_upper or mark.ascii_only:
        return None
    tests: list[Test] = []
    if mark.pattern is not None:
        if not isinstance(mark.pattern, str) or not describes_whole_ascii(mark.pattern):
            return None
        tests.append(Matches(mark.pattern))
    if mark.max_length is not None:
        tests.append(AtMost(mark.max_length))
    if mark.min_length and not (fills and mark.min_length == 1):
        tests.append(AtLeast(mark.min_length))
    return tests
