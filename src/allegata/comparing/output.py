"""A difference for people in a terminal or in a browser, and as JSON for programs.

Every text of a record is shown as text: a terminal acts on nothing in it, and HTML escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allegata.comparing.diffing import Difference
from allegata.comparing.model import (
    FieldDifference,
    PartDifference,
    RecordDifference,
    TableDifference,
    Value,
)
from allegata.releasing import Op
from allegata.releasing.manifest import json_bytes
from allegata.rules import shortened
from allegata.tables import LEDGER

MOST_IN_TERMINAL = 50
"""So many records are shown in a terminal, unless all are asked for."""
MOST_IN_PAGE = 2_000
"""So many records are shown in a page, unless all are asked for."""
_LONG = 300
_WHOLE = 100_000
_MARKS = {Op.ADD: ("+", "green"), Op.MOD: ("~", "yellow"), Op.DEL: ("-", "red")}
_WORDS = {Op.ADD: "new", Op.MOD: "changed", Op.DEL: "gone"}
_LEDGER = {column.name for column in LEDGER}


def write_json(difference: Difference, file: BinaryIO) -> None:
    """Write a difference as JSON, of the shape of ``DifferenceDocument``, one record after another.

    Raises:
        OSError: the file cannot be written.
    """
    head = json_bytes(difference.summary.model_dump(mode="json")).rstrip(b"}\n \t")
    file.write(head + b',\n  "records": [')
    for number, record in enumerate(difference.records()):
        file.write(b",\n    " if number else b"\n    ")
        file.write(record.model_dump_json().encode())
    file.write(b"\n  ]\n}\n")


def write_page(difference: Difference, file: BinaryIO, *, all_records: bool = False) -> None:
    """Write a difference as one page of HTML that needs nothing else, and runs no script.

    Args:
        difference: The difference.
        file: Where to.
        all_records: Whether all records are shown, however many.

    Raises:
        OSError: the file cannot be written.
    """
    most = None if all_records else MOST_IN_PAGE
    _template().stream(
        summary=difference.summary,
        tables=[one for one in difference.tables if not one.is_same],
        records=difference.records(most),
        left=_left(difference, most),
        words=_WORDS,
        fields=telling,
        schema_words=schema_words,
    ).dump(file, encoding="utf-8")


def lines(difference: Difference, *, all_records: bool = False) -> Iterator[RenderableType]:
    """A difference for a terminal, part by part.

    Args:
        difference: The difference.
        all_records: Whether all records are shown, however many, with all their values.
    """
    old, new = difference.summary.old, difference.summary.new
    yield Text(
        f"{difference.summary.dataset}: {shortened(old.version)} → {shortened(new.version)}"
        + (f", schema {old.schema_version} → {new.schema_version}" if _schemas(difference) else ""),
        "bold",
    )
    yield _overview(difference)
    most = None if all_records else MOST_IN_TERMINAL
    for record in difference.records(most):
        yield _record(record, whole=all_records or difference.count == 1)
    if left := _left(difference, most):
        yield Text(f"\nand {left:,} more records: --all shows them, and JSON holds all", "dim")


def schema_words(table: TableDifference) -> str:
    """How what a table is differs, in words; empty where it does not."""
    if table.old_rows is None:
        return "new table"
    if table.new_rows is None:
        return "no longer published"
    told = [
        f"{word}: {', '.join(names)}"
        for word, names in (
            ("columns new", table.columns_added),
            ("columns gone", table.columns_removed),
            ("of another type", table.columns_retyped),
        )
        if names
    ]
    return "; ".join([*told, *(["another key, not compared"] if table.added is None else [])])


def _schemas(difference: Difference) -> bool:
    return difference.summary.old.schema_version != difference.summary.new.schema_version


def _left(difference: Difference, most: int | None) -> int:
    return 0 if most is None else max(0, difference.count - most)


def _overview(difference: Difference) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("table")
    for head in ("old", "new", "added", "changed", "removed"):
        table.add_column(head, justify="right")
    table.add_column("schema", overflow="fold")
    for one in difference.tables:
        if not one.is_same:
            numbers = (one.old_rows, one.new_rows, one.added, one.changed, one.removed)
            table.add_row(
                one.table,
                *("" if number is None else f"{number:,}" for number in numbers),
                Text(shortened(schema_words(one), _LONG)),
            )
    return table


def _record(record: RecordDifference, *, whole: bool) -> Text:
    mark, style = _MARKS[record.op]
    text = Text("\n").append(f"{mark} ", style).append(shortened(record.id, _LONG), f"bold {style}")
    text.append(f" ({record.table})", "dim")
    for told in record.revisions:
        into = f" into {told.merged_into}" if told.merged_into else ""
        text.append(f"\n    {told.change}{into} in {told.release}: ", "dim")
        text.append(shortened(told.reason, _WHOLE if whole else _LONG))
    if whole or record.op is Op.MOD:
        _add_fields(text, telling(record), 4, whole=whole)
        for part in record.parts:
            _add_part(text, part, whole=whole)
    elif record.parts:
        text.append(f"\n    with {_counted(record.parts)}", "dim")
    return text


def _add_part(text: Text, part: PartDifference, *, whole: bool) -> None:
    mark, style = _MARKS[part.op]
    named = ", ".join(f"{name} {_shown(value)}" for name, value in part.key.items())
    text.append(f"\n    {mark} ", style).append(f"{part.table} {named}", style)
    _add_fields(text, part.fields, 8, whole=whole)


def _add_fields(text: Text, fields: list[FieldDifference], indent: int, *, whole: bool) -> None:
    for one in fields:
        text.append(f"\n{' ' * indent}{shortened(one.field)}: ", "dim")
        if one.old is not None:
            text.append(_shown(one.old, whole=whole), "red")
        if one.old is not None and one.new is not None:
            text.append(" → ", "dim")
        if one.new is not None:
            text.append(_shown(one.new, whole=whole), "green")
        elif one.old is not None:
            text.append(" → nothing", "dim")


def telling(record: RecordDifference) -> list[FieldDifference]:
    """The fields that tell a person something: that a record has changed is plain."""
    if record.op is not Op.MOD:
        return record.fields
    telling = [one for one in record.fields if one.field not in _LEDGER]
    return telling if telling or record.parts else record.fields


def _counted(parts: list[PartDifference]) -> str:
    tables = list(dict.fromkeys(part.table for part in parts))
    return ", ".join(f"{sum(p.table == one for p in parts)} of {one}" for one in tables)


def _shown(value: Value, *, whole: bool = False) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return shortened(text, _WHOLE if whole else _LONG)


def visible(value: Value) -> str:
    """A value line by line, with nothing in it that cannot be seen."""
    return "\n".join(_shown(line, whole=True) for line in str(value).split("\n"))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("allegata.comparing", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    return environment.get_template("difference.html")
