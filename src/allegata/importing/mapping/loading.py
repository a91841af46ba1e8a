"""Mappings from files, checked before a row is read."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from allegata.importing.mapping.model import Mapping

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class MappingError(Exception):
    """A mapping that cannot be used. Its text says what is wrong, and where."""


def packaged() -> Traversable:
    """The folder of the mappings that come with Allegata."""
    return files("allegata.importing") / "packaged"


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of mapping files, for editors."""
    return {"$schema": _DIALECT, "$id": "urn:allegata:mapping", **Mapping.model_json_schema()}


def load_mapping(path: Path | Traversable) -> Mapping:
    """The mapping of a YAML file.

    Raises:
        MappingError: it is not one; every fault is told.
        OSError: it cannot be read.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path.name}: is not YAML in UTF-8: {error}") from None
    try:
        return Mapping.model_validate(document)
    except ValidationError as error:
        raise MappingError("\n".join(_faults(path.name, error))) from None


class _TextLoader(yaml.CSafeLoader):
    """A safe loader that leaves days as the text they are written in."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _faults(name: str, error: ValidationError) -> list[str]:
    """One line a place: of the forms an expression can have, none fitted."""
    seen: dict[str, str] = {}
    for fault in error.errors(include_url=False):
        parts: list[str] = []
        for part in fault["loc"]:
            if (
                isinstance(part, str)
                and part
                and (part[0].isupper() or part in _PLAIN or "[" in part)
            ):
                break
            parts.append(str(part))
        place = ".".join(parts)
        known = len(parts) == len(fault["loc"])
        message = fault["msg"] if known else "is not one of the forms of the language"
        seen.setdefault(place, f"{name}: {place or 'the mapping'}: {message}")
    return list(seen.values())


_PLAIN = {"str", "int", "float", "bool", "function-before", "union"}
