"""Where records come from that were not written by hand."""

from __future__ import annotations

from typing import Annotated, ClassVar

from allegata.schema.record import Parent, Record
from allegata.schema.types import AnyId, Line, Nested, Ordinal, RawValues, Sha256, ShortName


class Origin(Record):
    """An entry of other data that a record was made from by an importer.

    A record can be made from several, as an actor is who stands in forty rows of a table. What a
    coder writes by hand has no origin.
    """

    table: ClassVar = "origins"
    key: ClassVar = ("record_id", "seq")

    record_id: AnyId
    """The record that was made from it."""
    seq: Ordinal
    """The number of the origin among those of its record, from 1."""
    importer: ShortName
    """The importer that made the record."""
    importer_version: Line
    """The version of the importer."""
    mapping: ShortName | None = None
    """The table of equivalents by which its codes were read, where one was used."""
    mapping_version: Line | None = None
    """The version of that table."""
    file: Line
    """The name of the file that it stands in, without a path."""
    file_sha256: Sha256
    """SHA-256 of the file's bytes."""
    row: Ordinal | None = None
    """The number of its row in the file, from 1, where the file has rows."""
    item: Line | None = None
    """The id that it has in the file, where it has one."""
    raw: RawValues | None = None
    """What stands there, as it stands there, beside what was made of it: a JSON object of one
    level in ASCII, without blanks between its parts."""
    licence: Line | None = None
    """The licence of the file, where it is another than the dataset's: an SPDX identifier, or the
    words of its notice."""


class Named(Parent):
    """A record that has an id, and so may say what it was made from."""

    origins: Annotated[list[Origin], Nested("record_id", position="seq")] = []
    """What the record was made from by an importer; none where a coder wrote it."""
