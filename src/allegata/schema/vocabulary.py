"""The base of every enumeration: a closed list of codes, each with its coding rule."""

from __future__ import annotations

import inspect
from enum import StrEnum
from typing import Any, Self, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Vocabulary(StrEnum):
    """A closed list of codes.

    A member is written as its code and the rule by which a coder chooses it::

        DENIES = "denies", "Says that it is not so."

    ``Stance.DENIES == "denies"`` and ``Stance.DENIES.rule`` is the rule's text.
    """

    rule: str

    def __new__(cls, code: str, rule: str) -> Self:
        """Make the member of that code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.rule = rule
        return member

    @classmethod
    def definition(cls) -> str:
        """What the list as a whole says, as one paragraph (the class docstring)."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # A record file can only hold the code's text, so a strict model must take it as such.
        return cast(CoreSchema, {**handler(cls), "strict": False})

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # Editors show the description of a `const` while one types; plain JSON Schema has
        # no place for the description of an `enum` member.
        json_schema = handler.resolve_ref_schema(handler(schema))
        json_schema.pop("enum", None)
        json_schema["description"] = cls.definition()
        json_schema["oneOf"] = [{"const": code.value, "description": code.rule} for code in cls]
        return json_schema
