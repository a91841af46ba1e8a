"""What ties records together, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from allegata.schema.record import RECORD_CONFIG, Record
from allegata.schema.types import AnyId, RuleCode, SourceId, Text, Version
from allegata.schema.vocabularies import Change, Predicate


class Relation(Record):
    """How one record stands to another of the same table."""

    table: ClassVar = "relations"
    key: ClassVar = ("subject_id", "predicate", "object_id")

    subject_id: AnyId
    """The record that the predicate is said of."""
    predicate: Predicate
    """How the subject stands to the object."""
    object_id: AnyId
    """The record on the other side."""
    source_id: SourceId | None = None
    """The document that states the relation, where it is not plain from the records' meaning."""
    note: Text | None = None
    """Why the relation holds."""


class Revision(Record):
    """What became of a record in a release: added, changed, retracted or merged, and why."""

    table: ClassVar = "revisions"
    key: ClassVar = ("release", "record_id")

    release: Version
    """The release in which the change came out."""
    record_id: AnyId
    """The record; after a retraction or a merger its name is not used again."""
    change: Change
    """What happened."""
    merged_into: AnyId | None = None
    """The record that took its place (mergers only)."""
    reason: Text
    """Why, in a sentence for readers."""


class Waiver(BaseModel):
    """Leave to break a rule, for one record and for a reason. It is no record itself."""

    model_config = RECORD_CONFIG

    record_id: AnyId
    """The record that may break the rule."""
    rule: RuleCode
    """The code of the rule."""
    reason: Text
    """Why the record is right as it is, for readers."""
