"""From what a model says of a value to a problem that a curator can act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from allegata.migrations import MIGRATIONS, Rename
from allegata.schema import Record, Vocabulary
from allegata.schema.record import Misplaced, marks, plain_type
from allegata.schema.types import PREFIXES, Breaks, Ref

_RANGES = {
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "is empty",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "finite_number": "is not a finite number",
    "too_short": "is empty",
}
_KINDS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


class Finding:
    """What is wrong with one field: the rule's code, the message, and the fix if it is plain."""

    def __init__(self, code: str, message: str, fix: str | None = None) -> None:
        self.code, self.message, self.fix = code, message, fix


def nearest(value: object, choices: Iterable[str]) -> str | None:
    """The choice that the value was most likely meant to be, if any is near."""
    text, listed = str(value), list(choices)
    # Most slips are small, and looking for what is very near passes most choices over at once.
    for cutoff in (85, 60):
        found = process.extractOne(text, listed, scorer=fuzz.ratio, score_cutoff=cutoff)
        if found:
            return str(found[0])
    return None


class _Target(NamedTuple):
    """What the last step of a path leads to."""

    owner: type[BaseModel]
    """The model that has the field, at whatever depth."""
    name: str | None = None
    """The model's own name of the field; None for a whole record and for what it does not have."""
    is_item: bool = False
    """Whether it is one of the values that the field lists."""

    @property
    def field(self) -> FieldInfo | None:
        return self.owner.__pydantic_fields__[self.name] if self.name else None

    @property
    def wanted(self) -> Any:
        """The type of the value that belongs there."""
        if not self.field:
            return self.owner
        wanted = plain_type(self.field)
        return get_args(wanted)[0] if self.is_item else wanted


def finding(model: type[BaseModel], error: ErrorDetails, written: str | None = None) -> Finding:
    """What one error of a model means.

    Args:
        model: The model.
        error: What it says of a value.
        written: How the value is written, where that is without quotes and no text.
    """
    kind, path, value = error["type"], error["loc"], error["input"]
    target = _target(model, path)
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field(target.owner, path[-1])
    if isinstance(value, Misplaced):
        return Finding(
            "NESTED_KEY",
            f"is {value.given}, but the record is nested where it can only be {value.expected}",
            "leave the field out",
        )
    if kind == "missing" or (value is None and target.name and not target.is_item):
        return _required(target, missing=kind == "missing")
    if kind == "enum":
        return _unknown_code(target, value)
    if kind == "string_pattern_mismatch":
        return _malformed(target, str(value))
    if kind in _RANGES:
        return Finding("FIELD_RANGE", _RANGES[kind].format(**context))
    if kind == "string_unicode":
        return Finding("TEXT_NOT_CANONICAL", "holds half of a surrogate pair")
    if kind.isupper():
        return Finding(kind, str(context.get("message", error["msg"])))
    return _wrong_type(target, value, written)


def _target(model: type[BaseModel], path: Sequence[int | str]) -> _Target:
    target = _Target(model)
    for step in path:
        if isinstance(step, int):
            target = target._replace(is_item=True)
            continue
        owner = target.wanted
        target = _Target(owner, _field_name(owner, step))
    return target


def _field_name(model: type[BaseModel], key: str) -> str | None:
    """The model's own name of the field that a record file has under a key."""
    fields = model.__pydantic_fields__.items()
    return next((name for name, field in fields if key in (field.alias or name, name)), None)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.__pydantic_fields__.items()]


def _unknown_field(owner: type[BaseModel], key: object) -> Finding:
    if fix := _renamed(owner, key):
        return Finding("FIELD_UNKNOWN", f"{key} has another name now", fix)
    meant = nearest(key, _keys(owner))
    of = f"{owner.table} records have" if issubclass(owner, Record) else "it has"
    return Finding(
        "FIELD_UNKNOWN",
        f"{of} no field {key}",
        f"write {meant}" if meant else f"the fields are {', '.join(_keys(owner))}",
    )


def _renamed(owner: type[BaseModel], key: object) -> str | None:
    """What to do about a field that had another name in an earlier schema; None if it had not."""
    for one in MIGRATIONS:
        for edit in one.edits:
            if isinstance(edit, Rename) and edit.old == key and _is_of(owner, edit.of):
                return f"write {edit.new}, or run allegata migrate, which does so everywhere"
    return None


def _is_of(owner: type[BaseModel], of: str) -> bool:
    """Whether a migration's edit is of the fields of a model."""
    table = getattr(owner, "table", None)
    return of == table if table else of.rsplit(".", 1)[-1] == owner.__name__.lower()


def _required(target: _Target, *, missing: bool) -> Finding:
    table = getattr(target.owner, "table", "")
    undated = (table, target.name) == ("sources", "published")
    code = "SOURCE_UNDATED" if undated else "FIELD_REQUIRED"
    return Finding(code, "is missing and required" if missing else "is empty and required")


def _unknown_code(target: _Target, value: object) -> Finding:
    vocabulary: type[Vocabulary] = target.wanted
    codes = [code.value for code in vocabulary]
    if not isinstance(value, str):
        return Finding("FIELD_TYPE", f"is {_described(value)} and must be one of its codes")
    meant = nearest(value, codes)
    return Finding(
        "ENUM_UNKNOWN",
        f"is not one of its codes ({', '.join(codes)})",
        f"write {meant}" if meant else None,
    )


def _malformed(target: _Target, value: str) -> Finding:
    carried = marks(target.field) if target.field else ()
    reference = next((mark for mark in carried if isinstance(mark, Ref)), None)
    breaks = next((mark for mark in carried if isinstance(mark, Breaks)), Breaks("FIELD_RANGE"))
    if breaks.code != "ID_FORMAT":
        return Finding(breaks.code, breaks.form)
    prefixes = [p for p, table in PREFIXES.items() if reference and reference.table == table]
    prefix = prefixes[0] if prefixes else None
    given = value.split("-", 1)[0]
    if prefix and given in PREFIXES and given != prefix:
        wanted = reference.table if reference else ""
        return Finding(
            "REF_WRONG_TABLE" if target.name != "id" else "ID_FORMAT",
            f"names one of {PREFIXES[given]}, but the field takes one of {wanted} ({prefix}-…)",
        )
    form = f"{prefix}- and " if prefix else "the prefix of a table and " if reference else ""
    meant = _slug(value, prefix)
    return Finding(
        breaks.code,
        f"is not {form}words of lower-case ASCII letters and digits joined by hyphens",
        f"write {meant}" if meant and _is_valid(target, meant) else None,
    )


def _slug(value: str, prefix: str | None) -> str | None:
    """The id that the value was most likely meant to be; None where letters would be lost.

    >>> _slug("Jos\u00e9 P\u00e9rez", "act"), _slug("act-\u0430", "act"), _slug("act-", "act")
    ('act-jose-perez', None, None)
    """
    plain = unicodedata.normalize("NFKD", value).lower()
    if any(char.isalnum() and not char.isascii() for char in plain):
        return None
    kept = (char if char.isascii() and char.isalnum() else "-" for char in plain if _stands(char))
    words = [word for word in "".join(kept).split("-") if word]
    if prefix and words[:1] == [prefix]:
        words = words[1:]
    if not words or (prefix and words[0] in PREFIXES):
        return None
    return "-".join([prefix, *words] if prefix else words)


def _stands(char: str) -> bool:
    return not unicodedata.combining(char)


@cache
def _validator(owner: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = owner.__pydantic_fields__[name]
    kind: Any = field.annotation
    return TypeAdapter(Annotated[kind, *field.metadata] if field.metadata else kind)


def _is_valid(target: _Target, text: str) -> bool:
    """Whether the field takes the text; no fix is proposed that would be a problem itself."""
    if not target.name or target.is_item:
        return False
    try:
        _validator(target.owner, target.name).validate_python(text)
    except ValidationError:
        return False
    return True


def _described(value: object) -> str:
    if value is None:
        return "empty"
    for kind, words in ((bool, "true or false"), (int, "a number"), (float, "a number")):
        if isinstance(value, kind):
            return words
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "a mapping"


def _expected(wanted: Any) -> str | None:
    if get_origin(wanted) is list:
        return "a list"
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return "a mapping"
    return _KINDS.get(wanted)


def _wrong_type(target: _Target, value: object, written: str | None) -> Finding:
    wanted = target.wanted
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return Finding("FIELD_RANGE", "is too large a number")
    expected = _expected(wanted)
    message = f"is {_described(value)}" + (f" and must be {expected}" if expected else "")
    quoted = wanted is str and written and _is_valid(target, written)
    return Finding("FIELD_TYPE", message, "write it in quotes" if quoted else None)
