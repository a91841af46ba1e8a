"""From a document's values to validated records, with the place of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from allegata.migrations import described, numbers
from allegata.reading.findings import finding, nearest
from allegata.reading.parsing.nodes import Node
from allegata.rules import RULES, Place, Problem, shortened
from allegata.schema import MODELS, SCHEMA_VERSION, Dataset, Record, Waiver
from allegata.schema.jsonschema import per_file_fields
from allegata.schema.record import Misplaced, given_to_children, handed_down
from allegata.schema.types import SchemaVersion

_SCHEMA_VERSION = TypeAdapter(SchemaVersion)


class Row(NamedTuple):
    """A record, and its number among the records of its table in the document, from 0."""

    record: Record
    ordinal: int


class WrittenWaiver(NamedTuple):
    """A waiver, and where its rule is named."""

    waiver: Waiver
    place: Place


@dataclass
class Findings:
    """What one document gave: rows by table, problems, and what could not be made a row."""

    file: str
    """The path of the document's file, as it is shown."""
    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread_ids: list[str] = field(default_factory=list)
    """The ids of records that are left out for their problems."""
    spoiled_ids: list[str] = field(default_factory=list)
    """The ids of records in which something nested is left out for its problems."""
    rejected: Counter[str] = field(default_factory=Counter)
    """How many records of each table are left out for their problems."""
    waivers: list[WrittenWaiver] = field(default_factory=list)
    """Leave to break rules."""
    met: Counter[str] = field(default_factory=Counter)
    """How many records of each table the document holds, readable or not."""

    def report(self, code: str, message: str, node: Node, **details: Any) -> None:
        """Note a problem at a node of the document."""
        rule = RULES[code]
        self.problems.append(
            Problem(
                code=code,
                severity=rule.severity,
                message=shortened(message, 500),
                place=node.place(self.file),
                **details,
            )
        )

    def add(self, other: Findings) -> None:
        """Take over what another document of the same file gave beside its rows."""
        self.problems += other.problems
        self.unread_ids += other.unread_ids
        self.spoiled_ids += other.spoiled_ids
        self.met.update(other.met)


def record_nodes(table: str, node: Node) -> Iterator[tuple[str, Node]]:
    """The record at a node and those nested in it, each with its table, in the order read."""
    yield table, node
    if not isinstance(node.value, dict):
        return
    for name, (child, _) in MODELS[table].children().items():
        items = node.value.get(name)
        for item in items.value if items and isinstance(items.value, list) else ():
            yield from record_nodes(child.table, item)


def document_nodes(root: Node) -> Iterator[tuple[str, Node]]:
    """All records of a record file, given its value, each with its table, in the order read."""
    for table, items in root.value.items() if isinstance(root.value, dict) else ():
        if table in MODELS and isinstance(items.value, list):
            for item in items.value:
                yield from record_nodes(table, item)


class DocumentReader:
    """Turns the values of one document into rows and problems."""

    def __init__(self, file: str) -> None:
        self.found = Findings(file)
        self._defaults: dict[str, Node] = {}
        self._reported_defaults: set[str] = set()

    def read_file(self, root: Node) -> None:
        """Read a whole record file, given its value."""
        if not isinstance(root.value, dict):
            self._report("FILE_SHAPE", "a file maps names of tables to lists of records", root)
            return
        tables = dict(root.value)
        version, defaults = tables.pop("schema_version", None), tables.pop("defaults", None)
        if version and not is_readable(version.value):
            fix = _other_tool(version)
            self._report("SCHEMA_VERSION", _other_schema(version), version, fix=fix)
            return
        if defaults:
            self._read_defaults(defaults)
        waivers = tables.pop("waivers", None)
        if all(name in MODELS and node.value == [] for name, node in tables.items()) and (
            waivers is None or waivers.value == []
        ):
            self._report("FILE_EMPTY", "holds no records", root)
        if waivers:
            self._read_waivers(waivers)
        for name, node in tables.items():
            self._read_table(name, node)

    def read_record(self, table: str, node: Node) -> None:
        """Read one record with what is nested in it."""
        self._read_record(MODELS[table], node, {})

    def take_record(self, record: Record) -> None:
        """Take a record that its model has accepted, with what is nested in it."""
        for one in record.own_and_nested():
            self.found.rows.setdefault(one.table, []).append(Row(one, self.found.met[one.table]))
            self.found.met[one.table] += 1

    def _read_waivers(self, node: Node) -> None:
        if not isinstance(node.value, list):
            self._report("FILE_SHAPE", "waivers must be a list", node)
            return
        for item in node.value:
            try:
                waiver = Waiver.model_validate(item.plain())
                place = item.at(["rule"]).place(self.found.file)
                self.found.waivers.append(WrittenWaiver(waiver, place))
            except ValidationError as error:
                for details in error.errors(include_url=False):
                    report_error(self.found, Waiver, item, details)

    def _read_table(self, name: str, node: Node) -> None:
        if name not in MODELS:
            meant = nearest(name, MODELS)
            fix = f"write {meant}" if meant else f"the tables are {', '.join(MODELS)}"
            self._report("TABLE_UNKNOWN", f"there is no table {name}", node.key or node, fix=fix)
        elif not isinstance(node.value, list):
            self._report("FILE_SHAPE", f"{name} must be a list of records", node, table=name)
        else:
            for item in node.value:
                self._read_record(MODELS[name], item, {})

    def _read_defaults(self, node: Node) -> None:
        known = per_file_fields()
        if not isinstance(node.value, dict):
            self._report("FILE_SHAPE", "defaults map names of fields to values", node)
            return
        for name, value in node.value.items():
            if name in known:
                self._defaults[name] = value
            else:
                meant = nearest(name, known)
                fix = f"write {meant}" if meant else f"defaults can be {', '.join(known)}"
                message = f"{name} is not a field that can have a default"
                self._report("FIELD_UNKNOWN", message, value.key or value, fix=fix)

    def _read_record(self, model: type[Record], node: Node, given: dict[str, object]) -> None:
        index = self.found.met[model.table]
        self.found.met[model.table] += 1
        if not isinstance(node.value, dict):
            message = f"a record of {model.table} is a mapping of fields to values"
            self._report("FILE_SHAPE", message, node, table=model.table)
            self.found.rejected[model.table] += 1
            self._spoil(given)
            return
        children = model.children()
        own = {key: child.plain() for key, child in node.value.items() if key not in children}
        raw = handed_down({**self._defaults_of(model), **own}, given)
        try:
            record = model.model_validate(raw)
            self.found.rows.setdefault(model.table, []).append(Row(record, index))
        except ValidationError as error:
            self._report_errors(model, node, raw, given, error)
        for name, (child, nested) in children.items():
            items = node.value.get(name)
            if items is None:
                continue
            if not isinstance(items.value, list):
                self._report("FIELD_TYPE", f"{name} must be a list", items, table=model.table)
                self._spoil({"id": raw.get("id")})
                continue
            for number, item in enumerate(items.value):
                self._read_record(child, item, given_to_children(nested, raw.get("id"), number))

    def _defaults_of(self, model: type[Record]) -> dict[str, Any]:
        fields = model.__pydantic_fields__
        return {name: node.plain() for name, node in self._defaults.items() if name in fields}

    def _report_errors(
        self,
        model: type[Record],
        node: Node,
        raw: dict[str, Any],
        given: dict[str, object],
        error: ValidationError,
    ) -> None:
        self.found.rejected[model.table] += 1
        if isinstance(raw.get("id"), str):
            self.found.unread_ids.append(raw["id"])
        elif model in _parts():
            self._spoil({"holder": raw.get(model.key[0].removesuffix("_id"))})
        named = next((raw[key] for key in ("id", *given) if isinstance(raw.get(key), str)), None)
        for details in error.errors(include_url=False):
            first = str(details["loc"][0]) if details["loc"] else ""
            # A key that the parent hands down is the parent's to mend, unless contradicted here.
            if first in given and not isinstance(details["input"], Misplaced):
                continue
            of = {"table": model.table, "record": shortened(named) if named else None}
            if node.at([first]) is node and first in self._defaults:
                self._report_default(model, first, details)
            else:
                report_error(self.found, model, node, details, **of)

    def _spoil(self, holder: dict[str, Any]) -> None:
        """Note that the record named first in some fields has lost something nested in it."""
        named = next(iter(holder.values()), None)
        if isinstance(named, str):
            self.found.spoiled_ids.append(named)

    def _report_default(self, model: type[Record], name: str, details: ErrorDetails) -> None:
        """A wrong default is one problem, however many records take it."""
        if name not in self._reported_defaults:
            self._reported_defaults.add(name)
            node = self._defaults[name]
            root = Node({name: node}, node.line, node.column, node.end_line, node.end_column)
            report_error(self.found, model, root, details, table=model.table)

    def _report(self, code: str, message: str, node: Node, **details: Any) -> None:
        self.found.report(code, message, node, **details)


def read_dataset(root: Node, found: Findings) -> Dataset | None:
    """The dataset's description of itself, from the value of its file.

    One that states an earlier version of the schema is read as its migrations word it.
    """
    if not isinstance(root.value, dict):
        found.report("FILE_SHAPE", "dataset.yaml maps names of fields to values", root)
        return None
    version, plain = root.value.get("schema_version"), root.plain()
    if version and not is_readable(version.value):
        found.report("SCHEMA_VERSION", _other_schema(version), version, fix=_other_tool(version))
        return None
    if version:
        plain = described(plain, str(version.value), SCHEMA_VERSION)
    try:
        return Dataset.model_validate(plain)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            report_error(found, Dataset, root, details)
        return None


def report_error(
    found: Findings, model: type[BaseModel], node: Node, details: ErrorDetails, **of: Any
) -> None:
    """Note what a model says of a node as a problem."""
    path, value = details["loc"], details["input"]
    at = node.at(path)
    meant = finding(model, details, at.written)
    place = at.key or at if details["type"] == "extra_forbidden" else at
    shown = not isinstance(value, dict | list | Misplaced) and value is not None
    name = shortened(".".join(str(step) for step in path)) or None
    found.report(
        meant.code,
        f"{name} {meant.message}" if name and meant.code != "FIELD_UNKNOWN" else meant.message,
        place,
        field=name,
        value=shortened(at.written or value) if shown else None,
        fix=meant.fix,
        **of,
    )


@cache
def _parts() -> frozenset[type[Record]]:
    """The models of what has no id of its own and belongs to the record that its key names."""
    return frozenset(
        child
        for model in MODELS.values()
        for child, _ in model.children().values()
        if child.key != ("id",)
    )


def _other_schema(version: Node) -> str:
    declared = shortened(version.written or version.plain())
    return f"declares schema {declared}; this is Allegata for {SCHEMA_VERSION}"


def _other_tool(version: Node) -> str | None:
    """What to do about a version that is not read; None where it is none."""
    try:
        declared = numbers(_SCHEMA_VERSION.validate_python(version.value))
    except ValidationError:
        return None
    if declared > numbers(SCHEMA_VERSION):
        return "use a later Allegata, which knows that schema: pip install --upgrade allegata"
    return f"run allegata migrate, which carries the files to schema {SCHEMA_VERSION}"


def is_readable(version: object) -> bool:
    """Whether this Allegata reads files of that schema version: the same major, not a later one.

    Within a major, what was right stays right, and what is worded otherwise has a migration.
    """
    try:
        declared = numbers(_SCHEMA_VERSION.validate_python(version))
    except ValidationError:
        return False
    own = numbers(SCHEMA_VERSION)
    return declared[0] == own[0] and declared <= own
