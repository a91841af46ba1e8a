"""What a new record needs: the questions, derived from its model, and how answers are taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from allegata.reading.parsing.yamlfile import value_of
from allegata.schema import MODELS, Record, Vocabulary
from allegata.schema.record import description, marks, plain_type
from allegata.schema.types import PREFIXES, PerFile, Ref

SINGULAR = {model.__name__.lower(): table for table, model in MODELS.items()}
"""What one record is called -> its table."""
NEW = {name: table for name, table in SINGULAR.items() if table in PREFIXES.values()}
"""The records that have ids, and so can be made one by one."""

_FILLED_IN = {"text_sha256", "text_chars"}  # by `anchor`, from the text


class BadAnswer(ValueError):  # noqa: N818 - it is not the program's error
    """An answer that the field does not take; the message says why."""


@dataclass(frozen=True)
class Question:
    """One field of a new record."""

    name: str
    """The key, as in a record file."""
    column: str
    text: str
    """What the field says."""
    is_required: bool
    many: type[Record] | None = None
    """Of a list of parts, the model of a part."""
    handed: tuple[str, ...] = ()
    """The columns of a part that its record hands down."""
    vocabulary: type[Vocabulary] | None = None
    """The codes to choose from, where it has them."""
    refers_to: str | None = None
    """The table whose records it names, where it names one."""
    per_file: bool = False
    """Whether the file may state it once for all its records."""

    @property
    def option(self) -> str:
        """Its option on the command line."""
        return f"--{self.name.replace('_', '-')}"

    def value(self, answer: str) -> Any:
        """What an answer says, as it is written in a record file.

        A part of a list is answered by its first field; where that names a record, its second may
        follow behind a colon: ``stm-a:said``.

        Raises:
            BadAnswer: the field does not take it.
        """
        if self.many:
            return self._part(self.many, answer)
        return _accepted(self.name, _adapter(_owner(self), self.column), answer)

    def _part(self, model: type[Record], answer: str) -> Any:
        if model.table == "quotes":
            return answer  # words, which `anchor` finds
        columns = [name for name in model.columns() if name not in self.handed]
        first = model.columns()[columns[0]]
        is_reference = any(isinstance(mark, Ref) for mark in marks(first))
        given = answer.split(":", 1) if is_reference else [answer]
        part: dict[str, Any] = {}
        for column, text in zip(columns, given, strict=False):
            key = column.removesuffix("_id")
            part[key] = _accepted(key, _adapter(model, column), text)
        for column in columns[len(given) :]:
            if model.columns()[column].is_required():
                raise BadAnswer(f"{self.name}: write {columns[0].removesuffix('_id')}:{column}")
        return part


@cache
def questions(table: str) -> tuple[Question, ...]:
    """What a record of a table is asked for, in the order of its model; its id is proposed."""
    model = MODELS[table]
    found = []
    for name, field in model.model_fields.items():
        if name == "id" or name in _FILLED_IN or name == "origins":
            continue
        children = model.children()
        if name in children:
            child, nested = children[name]
            if child.key != ("id",):
                handed = tuple(one for one in (nested.key, nested.position) if one)
                first = next(one for key, one in child.columns().items() if key not in handed)
                found.append(
                    Question(
                        name,
                        name,
                        description(field),
                        is_required=False,
                        many=child,
                        handed=handed,
                        refers_to=_table_of(first),
                    )
                )
            continue
        found.append(_question(name, field))
    return tuple(found)


def _question(name: str, field: FieldInfo) -> Question:
    kind, notes = plain_type(field), marks(field)
    is_list = isinstance(kind, type) and issubclass(kind, Vocabulary)
    return Question(
        name=name.removesuffix("_id"),
        column=name,
        text=description(field),
        is_required=field.is_required(),
        vocabulary=kind if is_list else None,
        refers_to=_table_of(field),
        per_file=any(isinstance(mark, PerFile) for mark in notes),
    )


def _table_of(field: FieldInfo) -> str | None:
    return next((mark.table for mark in marks(field) if isinstance(mark, Ref)), None)


def _owner(question: Question) -> type[Record]:
    """A model that has the field; the same name means the same type wherever it is asked for."""
    return next(
        model
        for table, model in MODELS.items()
        if table in PREFIXES.values() and question in questions(table)
    )


@cache
def _adapter(model: type[Record], column: str) -> TypeAdapter[Any]:
    field = model.model_fields[column]
    kind: Any = field.annotation
    for mark in field.metadata:
        kind = Annotated[kind, mark]
    return TypeAdapter(kind, config={"strict": True, "allow_inf_nan": False})


def _accepted(name: str, adapter: TypeAdapter[Any], answer: str) -> Any:
    """The answer as a value that the field takes: the text, or the number that it spells."""
    spelt = value_of(answer)
    candidates = [answer] if isinstance(spelt, str) else [answer, spelt]
    errors = []
    for candidate in candidates:
        try:
            adapter.validate_python(candidate)
        except ValidationError as error:
            errors.append(error.errors(include_url=False)[0])
        else:
            return candidate
    raise BadAnswer(f"{name} {_why(errors[0])}")


def _why(error: Any) -> str:
    expected = error.get("ctx", {}).get("expected")
    return f"must be {expected}" if expected else str(error["msg"])


def problems_of(table: str, record: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """What the model has against a record as a whole, quotes left aside.

    Args:
        table: The table.
        record: The record, as it is written.
        given: What its place in a file gives it: a parent's id, the file's defaults.
    """
    model = MODELS[table]
    whole = {**given, **{key: value for key, value in record.items() if key != "quotes"}}
    try:
        model.model_validate(whole)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            where = ".".join(str(part) for part in one["loc"])
            yield f"{where} {_why(one)}"


__all__ = ["NEW", "BadAnswer", "Question", "problems_of", "questions"]
