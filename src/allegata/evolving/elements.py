"""A snapshot taken apart: every thing that can change, under a name of its own, in one form.

Record files, dataset.yaml and problems are described by JSON Schemas, which can say the same in
several ways. Here a field is what it asks for, and where that is said does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegata.evolving.snapshot import PARTS, Part, part
from allegata.migrations import DATASET
from allegata.schema import SCHEMA_VERSION

CURRENT = "current"
_ALSO = "Nested"  # how records are called where they are nested; they stand on their own too
_LIMITS = ("minLength", "minimum", "minItems", "maxLength", "maximum", "maxItems")

Facts = dict[str, Any]


class NoSnapshotError(ValueError):
    """There is no frozen schema where one was looked for."""


@dataclass(frozen=True)
class Snapshot:
    """The schema at a version."""

    version: str
    parts: dict[str, Part]

    @property
    def tables(self) -> dict[str, Facts]:
        """Table -> its facts."""
        return {one["name"]: one for one in self.parts["tables"]["tables"]}

    @property
    def columns(self) -> dict[str, Facts]:
        """``table.column`` -> its facts."""
        return {
            f"{name}.{column['name']}": column
            for name, table in self.tables.items()
            for column in table["columns"]
        }

    @property
    def lists(self) -> dict[str, Facts]:
        """Vocabulary -> its facts."""
        return dict(self.parts["tables"]["vocabularies"])

    @property
    def rules(self) -> dict[str, Facts]:
        """Code of a rule -> its facts."""
        return dict(self.parts["rules"])

    @property
    def fields(self) -> dict[str, Facts]:
        """``table.key``, ``defaults.key`` or ``dataset.part.key`` -> what the field asks for."""
        records, dataset = self.parts["records"], self.parts["dataset"]
        found = dict(_fields(records, records, ()))
        return found | dict(_fields(dataset, dataset, (DATASET,)))

    @property
    def outputs(self) -> dict[str, Facts]:
        """``problem.key`` -> what is told there."""
        problem = self.parts["problem"]
        return dict(_fields(problem, problem, ("problem",)))


def snapshot(of: str, folder: str | Path = "schema") -> Snapshot:
    """The schema at a version.

    Args:
        of: ``current`` for the schema as it stands; a frozen version; or the path of a folder
            with the files of one.
        folder: The folder of frozen versions.

    Raises:
        NoSnapshotError: there is none, or a file of it is missing or damaged.
    """
    if of == CURRENT:
        return Snapshot(SCHEMA_VERSION, {name: part(name) for name in PARTS})
    place = next((p for p in (Path(folder) / of, Path(of)) if (p / "tables.json").is_file()), None)
    if place is None:
        raise NoSnapshotError(
            f"there is no frozen schema {of}: expected {CURRENT}, a folder, or a version whose "
            f"files are in {folder}"
        )
    try:
        parts = {name: json.loads((place / f"{name}.json").read_text("utf-8")) for name in PARTS}
        return Snapshot(parts["tables"]["schema_version"], parts)
    except (OSError, ValueError, KeyError) as error:
        raise NoSnapshotError(f"{place} is not a whole frozen schema: {error}") from None


def _fields(schema: Part, root: Part, path: tuple[str, ...]) -> Iterator[tuple[str, Facts]]:
    """The fields of an object, and those of objects in it, by their paths."""
    required = set(schema.get("required", ()))
    for key, given in schema.get("properties", {}).items():
        facts, inside = _facts(given, root)
        here = (*path, key)
        yield ".".join(here), {**facts, "required": key in required}
        if inside is not None:
            yield from _fields(inside, root, here)


def _facts(given: Part, root: Part) -> tuple[Facts, Part | None]:
    """What a value is to be, and the object whose fields it has, if it has any of its own."""
    name, whole = _resolved(given, root)
    facts: Facts = {
        "description": whole.get("description", ""),
        "revision": whole.get("x-revision", 1),
        "default": whole.get("default"),
        "nullable": False,
    }
    for one in whole.get("anyOf", ()):
        if one == {"type": "null"}:
            facts["nullable"] = True
        else:
            name, inner = _resolved(one, root)
            whole = {**inner, "description": facts["description"]}
            facts["revision"] = max(facts["revision"], whole.get("x-revision", 1))
    facts["type"] = whole.get("type", "any")
    facts |= {limit: whole[limit] for limit in _LIMITS if limit in whole}
    facts["pattern"] = whole.get("pattern", whole.get("format"))
    if "oneOf" in whole:
        facts["type"] = f"code of {name}"
    elif "enum" in whole:
        facts["type"] = f"one of {', '.join(whole['enum'])}"
    elif facts["type"] == "array":
        of, items = _resolved(whole["items"], root)
        is_record = items.get("type") == "object"
        facts["type"] = f"list of {of.removeprefix(_ALSO) if of else items.get('type')}"
        return facts, items if is_record and not of.startswith(_ALSO) else None
    elif facts["type"] == "object":
        return facts, whole
    return facts, None


def _resolved(given: Part, root: Part) -> tuple[str, Part]:
    """A schema without a reference to another, and the name of what it referred to."""
    if "$ref" not in given:
        return "", given
    name = given["$ref"].rsplit("/", 1)[1]
    return name, {**root["$defs"][name], **{k: v for k, v in given.items() if k != "$ref"}}
