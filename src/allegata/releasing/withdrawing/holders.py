"""Where a publishing folder holds a record."""

from __future__ import annotations

import base64
import json
import re
from functools import reduce
from operator import or_
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from allegata.releasing.errors import NotARelease
from allegata.schema.links import Revision
from allegata.tables import base_tables

_DELTA = "delta"
_GONE = "del"
_OF_ID = re.compile("(?:^|_)id$")


def holds(folder: Path, record: str) -> bool:
    """Whether a release holds a record: its row, or rows that belong or refer to it.

    Two things do not count. ``revisions`` names each record there ever was, by its id alone. And a
    delta names by its key what is gone since the release before; only where something of the
    record is part of that key (an alias) does the delta hold it.

    Args:
        folder: The release.
        record: The id of the record.

    Raises:
        NotARelease: a table cannot be read, so it cannot be told.
    """
    return any(
        _has_row(file, record)
        for file in sorted(folder.rglob("*.parquet"))
        if file.stem != Revision.table
    )


def mentions(file: Path, record: str) -> bool:
    """Whether a file of quarantined records speaks of a record.

    Args:
        file: The file, ``quarantine/<version>.jsonl``.
        record: The id of the record.
    """
    named = re.compile(rb"(?<![a-z0-9-])%b(?![a-z0-9-])" % re.escape(record).encode())
    with file.open("rb") as lines:
        return any(named.search(line) or _has_hidden(line, named) for line in lines)


def _has_hidden(line: bytes, named: re.Pattern[bytes]) -> bool:
    """Whether a line holds the record in what is no text, and so is encoded."""
    if b'"base64"' not in line:
        return False
    try:
        return bool(named.search(base64.b64decode(json.loads(line).get("base64", ""))))
    except ValueError:
        return False


def _has_row(file: Path, record: str) -> bool:
    try:
        table = ds.dataset(file, format="parquet")
        ids = [name for name in table.schema.names if _OF_ID.search(name)]
        if not ids:
            return False
        rows = reduce(or_, (pc.field(name) == record for name in ids))
        if file.parent.name == _DELTA and not _tells(file.stem):
            rows &= pc.field("op") != _GONE
        return bool(table.count_rows(filter=rows))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        if isinstance(error, PermissionError):
            raise
        raise NotARelease(
            f"{file} is damaged, so it cannot be told whether it holds {record}; "
            "take the release down by its version"
        ) from None


def _tells(table: str) -> bool:
    """Whether the key of a table holds words of the record, not only ids, codes and numbers."""
    spec = base_tables().get(table)
    return spec is not None and any(
        pa.types.is_string(column.type) and not column.is_reference and column.vocabulary is None
        for column in (spec.column(name) for name in spec.key if name != "id")
    )
