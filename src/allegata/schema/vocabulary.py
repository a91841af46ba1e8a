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

    ``Stance.DENIES == "denies"`` and ``Stance.DENIES.rule`` is the rule's text. A third value is
    the number of the code's definition, raised when the code came to be chosen otherwise.

    The list is closed for those who write records. ``class Kind(Vocabulary, open_to_readers=True)``
    tells those who read tables that a minor version of the schema may add codes to it.
    """

    rule: str
    revision: int
    __open_to_readers__ = False

    def __init_subclass__(cls, *, open_to_readers: bool = False, **options: Any) -> None:
        """Take note of whether readers must expect further codes."""
        super().__init_subclass__(**options)
        cls.__open_to_readers__ = open_to_readers

    def __new__(cls, code: str, rule: str, revision: int = 1) -> Self:
        """Make the member of that code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.rule = rule
        member.revision = revision
        return member

    @classmethod
    def is_open_to_readers(cls) -> bool:
        """Whether a minor version of the schema may add codes."""
        return cls.__open_to_readers__

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
