"""What is told of the difference between two releases: its shape, also as JSON."""

from __future__ import annotations

import datetime
from typing import Any

from allegata.releasing import Op
from allegata.releasing.manifest import Amount, Published
from allegata.schema.vocabularies import Change

Value = str | int | float | bool | None
"""A value of a table: days and times as texts in ISO 8601."""


class Side(Published):
    """One of the two releases."""

    version: str
    """The version of its data."""
    schema_version: str
    """The version of its schema."""
    date: datetime.date
    """The day of the release."""


class TableDifference(Published):
    """How one table differs."""

    table: str
    """The table."""
    old_rows: Amount | None
    """How many rows the old release has; null where it lacks the table."""
    new_rows: Amount | None
    """How many rows the new release has; null where it lacks the table."""
    added: Amount | None
    """How many rows only the new release has; null where the rows cannot be told apart by the same
    key in both."""
    changed: Amount | None
    """How many rows have another value in a column that both have; null as for ``added``."""
    removed: Amount | None
    """How many rows only the old release has; null as for ``added``."""
    columns_added: list[str]
    """The columns that only the new release has. They are not compared."""
    columns_removed: list[str]
    """The columns that only the old release has. They are not compared."""
    columns_retyped: list[str]
    """The columns that have another type in each. They are not compared."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return (
            not (self.columns_added or self.columns_removed or self.columns_retyped)
            and (self.added, self.changed, self.removed) == (0, 0, 0)
            and None not in (self.old_rows, self.new_rows)
        )


class FieldDifference(Published):
    """How one field differs."""

    field: str
    """The column."""
    old: Value
    """Its value in the old release; null where it has none."""
    new: Value
    """Its value in the new release; null where it has none."""


class PartDifference(Published):
    """How a row differs that is nested in a record, such as a hop of a claim's chain."""

    table: str
    """The table of the row."""
    key: dict[str, Value]
    """What tells it from others of the same record."""
    op: Op
    """What became of it."""
    fields: list[FieldDifference]
    """The fields that differ; of a row that is new or gone those that have a value."""


class Told(Published):
    """What a revision tells of a record, of those that only the new release has."""

    release: str
    """The release in which the change came out."""
    change: Change
    """What happened."""
    merged_into: str | None
    """The record that took its place (mergers only)."""
    reason: str
    """Why."""


class RecordDifference(Published):
    """How one record differs, in itself or in what is nested in it."""

    table: str
    """The table of the record."""
    id: str
    """Its id; of a record without one, the values of its key with blanks between them."""
    op: Op
    """What became of it: ``mod`` also where only its parts differ."""
    revisions: list[Told]
    """Why, as far as revisions tell, in the order of the releases."""
    fields: list[FieldDifference]
    """The fields that differ; of a record that is new or gone those that have a value."""
    parts: list[PartDifference]
    """The rows nested in it that differ."""


class Summary(Published):
    """How two releases differ, table by table."""

    dataset: str
    """The short name of the dataset."""
    old: Side
    """The release that is compared with."""
    new: Side
    """The release that is compared."""
    tables: list[TableDifference]
    """Every table that was asked for, those that do not differ included."""

    @property
    def is_same(self) -> bool:
        """Whether no table differs."""
        return all(table.is_same for table in self.tables)


class DifferenceDocument(Summary):
    """How two releases differ, table by table and record by record: what JSON holds."""

    records: list[RecordDifference]
    """The records that differ, by table and then by id."""


def difference_schema() -> dict[str, Any]:
    """The JSON Schema of what ``allegata diff --format json`` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **DifferenceDocument.model_json_schema(mode="serialization"),
    }
