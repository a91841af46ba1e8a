"""From a file's values to validated records, with the place of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from allegata.reading.findings import finding, nearest
from allegata.reading.nodes import Node
from allegata.rules import RULES, Place, Problem, Severity, shortened
from allegata.schema import MODELS, SCHEMA_VERSION, Dataset, Record, Waiver
from allegata.schema.jsonschema import per_file_fields
from allegata.schema.record import Misplaced, given_to_children, handed_down
from allegata.schema.types import SchemaVersion

_SCHEMA_VERSION = TypeAdapter(SchemaVersion)


@dataclass(slots=True)
class Row:
    """One record of one table, as it was written: its values and where they stand."""

    record: Record
    node: Node
    file: str

    def place(self, column: str | None) -> Place:
        """Where the value of a column stands; the record's own place if it is not written."""
        return self.node.at([(column or "").removesuffix("_id")]).place(self.file)


@dataclass(slots=True)
class WrittenWaiver:
    """A waiver, and where it stands."""

    waiver: Waiver
    node: Node
    file: str


@dataclass
class Records:
    """What was read: rows by table, problems, and what could not be made a row."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in MODELS})
    problems: list[Problem] = field(default_factory=list)
    unread_ids: set[str] = field(default_factory=set)
    """The ids of records that are left out for their problems."""
    waivers: list[WrittenWaiver] = field(default_factory=list)
    """Leave to break rules."""

    def report(self, file: str, code: str, message: str, node: Node, **details: Any) -> None:
        """Note a problem at a node of a file."""
        rule = RULES[code]
        self.problems.append(
            Problem(
                code=code,
                severity=rule.severity,
                message=shortened(message, 500),
                place=node.place(file),
                **details,
            )
        )

    @property
    def complete(self) -> bool:
        """Whether everything that stands in the files became a row."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


class FileReader:
    """Turns the value of one record file into rows and problems."""

    def __init__(self, file: str, records: Records) -> None:
        self._file, self._records = file, records
        self._defaults: dict[str, Node] = {}
        self._reported_defaults: set[str] = set()

    def read(self, root: Node) -> None:
        """Read the whole file, given its value."""
        if not isinstance(root.value, dict):
            self._report("FILE_SHAPE", "a file maps names of tables to lists of records", root)
            return
        tables = dict(root.value)
        version, defaults = tables.pop("schema_version", None), tables.pop("defaults", None)
        if version and not is_readable(version.value):
            self._report("SCHEMA_VERSION", _other_schema(version), version)
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

    def _read_waivers(self, node: Node) -> None:
        if not isinstance(node.value, list):
            self._report("FILE_SHAPE", "waivers must be a list", node)
            return
        for item in node.value:
            try:
                waiver = Waiver.model_validate(item.plain())
                self._records.waivers.append(WrittenWaiver(waiver, item, self._file))
            except ValidationError as error:
                for details in error.errors(include_url=False):
                    report_error(self._records, self._file, Waiver, item, details)

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
        if not isinstance(node.value, dict):
            message = f"a record of {model.table} is a mapping of fields to values"
            self._report("FILE_SHAPE", message, node, table=model.table)
            return
        children = model.children()
        own = {key: child.plain() for key, child in node.value.items() if key not in children}
        raw = handed_down({**self._defaults_of(model), **own}, given)
        try:
            record = model.model_validate(raw)
            self._records.rows[model.table].append(Row(record, node, self._file))
        except ValidationError as error:
            self._report_errors(model, node, raw, given, error)
        for name, (child, nested) in children.items():
            items = node.value.get(name)
            if items is None:
                continue
            if not isinstance(items.value, list):
                self._report("FIELD_TYPE", f"{name} must be a list", items, table=model.table)
                continue
            for index, item in enumerate(items.value):
                self._read_record(child, item, given_to_children(nested, raw.get("id"), index))

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
        if isinstance(raw.get("id"), str):
            self._records.unread_ids.add(raw["id"])
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
                report_error(self._records, self._file, model, node, details, **of)

    def _report_default(self, model: type[Record], name: str, details: ErrorDetails) -> None:
        """A wrong default is one problem, however many records take it."""
        if name not in self._reported_defaults:
            self._reported_defaults.add(name)
            node = self._defaults[name]
            root = Node({name: node}, node.line, node.column, node.end_line, node.end_column)
            report_error(self._records, self._file, model, root, details, table=model.table)

    def _report(self, code: str, message: str, node: Node, **details: Any) -> None:
        self._records.report(self._file, code, message, node, **details)


def read_dataset(root: Node, file: str, records: Records) -> Dataset | None:
    """The dataset's description of itself, from the value of its file."""
    if not isinstance(root.value, dict):
        records.report(file, "FILE_SHAPE", "dataset.yaml maps names of fields to values", root)
        return None
    version = root.value.get("schema_version")
    if version and not is_readable(version.value):
        records.report(file, "SCHEMA_VERSION", _other_schema(version), version)
        return None
    try:
        return Dataset.model_validate(root.plain())
    except ValidationError as error:
        for details in error.errors(include_url=False):
            report_error(records, file, Dataset, root, details)
        return None


def report_error(
    records: Records,
    file: str,
    model: type[BaseModel],
    node: Node,
    details: ErrorDetails,
    **of: Any,
) -> None:
    """Note what a model says of a node as a problem."""
    path, value = details["loc"], details["input"]
    at = node.at(path)
    found = finding(model, details, at.written)
    place = at.key or at if details["type"] == "extra_forbidden" else at
    shown = not isinstance(value, dict | list | Misplaced) and value is not None
    name = shortened(".".join(str(step) for step in path)) or None
    records.report(
        file,
        found.code,
        f"{name} {found.message}" if name and found.code != "FIELD_UNKNOWN" else found.message,
        place,
        field=name,
        value=shortened(at.written or value) if shown else None,
        fix=found.fix,
        **of,
    )


def _other_schema(version: Node) -> str:
    declared = shortened(version.written or version.plain())
    return f"declares schema {declared}; this is Allegata for {SCHEMA_VERSION}"


def is_readable(version: object) -> bool:
    """Whether this Allegata reads files of that schema version: the same major, not a later one."""
    try:
        declared = [int(part) for part in _SCHEMA_VERSION.validate_python(version).split(".")]
    except ValidationError:
        return False
    own = [int(part) for part in SCHEMA_VERSION.split(".")]
    return declared[0] == own[0] and declared <= own
