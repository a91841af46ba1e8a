"""From what a model says of a value to a problem that a curator can act on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

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
_FORMS = {
    "SOURCE_URL_INVALID": "is not a whole http or https address",
    "SOURCE_HASH_FORMAT": "is not 64 lower-case hexadecimal digits",
    "COUNTRY_UNKNOWN": "is not a country of ISO 3166-1; expected two capitals",
    "AUTHORITY_FORMAT": "does not have the form of such an identifier",
    "FIELD_RANGE": "is not a release such as 2026.11.0",
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
    found = process.extractOne(str(value), list(choices), scorer=fuzz.ratio, score_cutoff=60)
    return str(found[0]) if found else None


def finding(model: type[BaseModel], error: ErrorDetails) -> Finding:
    """What one error of a model means."""
    kind, name, value = error["type"], _field_name(model, error["loc"]), error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field(model, error["loc"])
    if isinstance(value, Misplaced):
        return Finding(
            "NESTED_KEY",
            f"is {value.given}, but the record is nested where it can only be {value.expected}",
            "leave the field out",
        )
    if kind == "missing" or (value is None and kind != "model_type"):
        return _required(model, name, missing=kind == "missing")
    if kind == "enum":
        return _unknown_code(model, name, value)
    if kind == "string_pattern_mismatch":
        return _malformed(model, name, str(value))
    if kind in _RANGES:
        return Finding("FIELD_RANGE", _RANGES[kind].format(**context))
    if kind == "string_unicode":
        return Finding("TEXT_NOT_CANONICAL", "holds half of a surrogate pair")
    if kind.isupper():
        return Finding(kind, str(context.get("message", error["msg"])))
    return _wrong_type(model, name, value)


def _field_name(model: type[BaseModel], path: Sequence[int | str]) -> str | None:
    """The model's own name of the field that the first step of a path leads to."""
    for name, field in model.__pydantic_fields__.items():
        if path and path[0] in (field.alias or name, name):
            return name
    return None


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.__pydantic_fields__.items()]


def _unknown_field(model: type[BaseModel], path: Sequence[int | str]) -> Finding:
    owner = _owner(model, path)
    meant = nearest(path[-1], _keys(owner)) if owner else None
    of = f"{owner.table} records have" if owner and issubclass(owner, Record) else "it has"
    return Finding(
        "FIELD_UNKNOWN",
        f"{of} no field {path[-1]}",
        f"write {meant}" if meant else f"the fields are {', '.join(_keys(owner or model))}",
    )


def _owner(model: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel] | None:
    """The model of the part that the path's last step belongs to."""
    owner: Any = model
    for step in path[:-1]:
        if isinstance(step, str) and (name := _field_name(owner, (step,))):
            field = owner.__pydantic_fields__[name]
            owner = plain_type(field)
            owner = getattr(owner, "__args__", (owner,))[0]
    return owner if isinstance(owner, type) and issubclass(owner, BaseModel) else None


def _required(model: type[BaseModel], name: str | None, *, missing: bool) -> Finding:
    table = getattr(model, "table", "")
    code = "SOURCE_UNDATED" if (table, name) == ("sources", "published") else "FIELD_REQUIRED"
    return Finding(code, "is missing and required" if missing else "is empty and required")


def _unknown_code(model: type[BaseModel], name: str | None, value: object) -> Finding:
    vocabulary: type[Vocabulary] = plain_type(model.__pydantic_fields__[name or ""])
    codes = [code.value for code in vocabulary]
    if not isinstance(value, str):
        return Finding("FIELD_TYPE", f"is {_described(value)} and must be one of its codes")
    meant = nearest(value, codes)
    return Finding(
        "ENUM_UNKNOWN",
        f"is not one of its codes ({', '.join(codes)})",
        f"write {meant}" if meant else None,
    )


def _malformed(model: type[BaseModel], name: str | None, value: str) -> Finding:
    carried = marks(model.__pydantic_fields__[name]) if name else ()
    reference = next((mark for mark in carried if isinstance(mark, Ref)), None)
    code = next((mark.code for mark in carried if isinstance(mark, Breaks)), "FIELD_RANGE")
    if code != "ID_FORMAT":
        return Finding(code, _FORMS.get(code, "does not have the right form"))
    prefixes = [p for p, table in PREFIXES.items() if reference and reference.table == table]
    prefix = prefixes[0] if prefixes else None
    given = value.split("-", 1)[0]
    if prefix and given in PREFIXES and given != prefix:
        wanted = reference.table if reference else ""
        return Finding(
            "REF_WRONG_TABLE" if name != "id" else "ID_FORMAT",
            f"names one of {PREFIXES[given]}, but the field takes one of {wanted} ({prefix}-…)",
        )
    slug = "-".join(part for part in _ascii_words(value) if part)
    if prefix and not slug.startswith(f"{prefix}-"):
        slug = f"{prefix}-{slug}"
    form = f"{prefix}- and " if prefix else ""
    return Finding(
        code,
        f"is not {form}words of lower-case ASCII letters and digits joined by hyphens",
        f"write {slug}" if slug.strip("-") and slug != value else None,
    )


def _ascii_words(value: str) -> list[str]:
    kept = (char if char.isascii() and char.isalnum() else "-" for char in value.lower())
    return "".join(kept).split("-")


def _described(value: object) -> str:
    for kind, words in ((bool, "true or false"), (int, "a number"), (float, "a number")):
        if isinstance(value, kind):
            return words
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "a mapping"


def _wrong_type(model: type[BaseModel], name: str | None, value: object) -> Finding:
    field = model.__pydantic_fields__.get(name or "")
    wanted = plain_type(field) if field else None
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return Finding("FIELD_RANGE", "is too large a number")
    expected = "a list" if get_origin(wanted) is list else _KINDS.get(wanted)
    message = f"is {_described(value)}" + (f" and must be {expected}" if expected else "")
    quoted = wanted is str and isinstance(value, int | float)
    return Finding("FIELD_TYPE", message, "write it in quotes" if quoted else None)
