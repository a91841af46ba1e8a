"""The records of a page as JSON, beside the page.

The form is stable: ``FORM`` tells what each key holds, and ``form.record_schema`` makes a JSON
Schema of it and of the columns of the tables.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from allegata.site.page import Page
from allegata.site.pages.subject import Batch
from allegata.site.records import Records, Row

FORM = {
    "release": "The dataset, the release and its schema, and the licence that all of it is under.",
    "table": "The table of the record.",
    "id": "The id of the record, which stays the same from release to release.",
    "url": "Its page, from the root of the site.",
    "claims": "How many claims there are in each list of the page, shown or not.",
    "records": "The record, all that belongs to it, and what that names: rows by table, with the "
    "columns of the codebook. Of very many claims those are there that the page shows.",
}
"""The keys of a record's JSON, and what each holds, for people."""
_OF_RECORD = (
    ("actor_aliases", "actor_id"),
    ("roles", "actor_id"),
    ("roles", "org_id"),
    ("participants", "event_id"),
    ("participants", "actor_id"),
    ("propositions", "event_id"),
    ("propositions", "actor_id"),
    ("propositions", "place_id"),
    ("statements", "occasion_id"),
    ("events", "place_id"),
    ("contestation", "event_id"),
    ("contestation", "proposition_id"),
    ("relations", "subject_id"),
    ("relations", "object_id"),
)
"""The columns by which rows belong to a record."""


def document(batch: Batch, record: Row) -> dict[str, Any]:
    """What stands in the JSON file of a record.

    Args:
        batch: What its page shows.
        record: The record.
    """
    manifest, records, name = batch.subject.manifest, batch.records, str(record["id"])
    claims = batch.claims.shown_for(batch.section, name)
    found = {batch.section: [record]}
    for table, column in _OF_RECORD:
        if table != "contestation" or batch.section in ("events", "propositions"):
            _add(found, table, records.by(table, column).get(name, ()))
    _add(found, "claims", [one.row for one in claims])
    for table, of_claim in (("hops", records.hops_of), ("quotes", records.quotes_of)):
        _add(found, table, [row for one in claims for row in of_claim.get(one.id, ())])
    _follow(found, records)
    licence = manifest.dataset.licence
    release = {
        "dataset": manifest.dataset.name,
        "title": manifest.dataset.title,
        "version": manifest.version,
        "date": manifest.date.isoformat(),
        "schema_version": manifest.schema_version,
        "licence": {"id": licence.id, "name": licence.name, "url": str(licence.url)},
    }
    return {
        "release": release,
        "table": batch.section,
        "id": name,
        "url": f"{batch.section}/{name}/",
        "claims": batch.claims.amounts_for(batch.section, name),
        "records": {table: found[table] for table in _in_order(batch, found)},
    }


def as_json(document: Mapping[str, Any]) -> bytes:
    """The file of a record: the same bytes for the same rows."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return f"{text}\n".encode()


def fingerprint(page: Page, written: bytes | None) -> str:
    """What is the same as long as a page is.

    Args:
        page: The page.
        written: Its records, as they are written beside it.

    >>> from markupsafe import Markup
    >>> one, other = (Page("", "A", "", Markup(text)) for text in "ab")
    >>> fingerprint(one, None) == fingerprint(other, None)
    False
    """
    parts = (page.url, page.title, page.description, page.html, page.head)
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(written or b"")
    return digest.hexdigest()


def _plain(value: object) -> str:
    """A value that JSON has no form for, as text: days and times as RFC 3339 has them."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _follow(found: dict[str, list[Row]], records: Records) -> None:
    """The rows that those found name."""
    for table, column, target in (
        ("hops", "statement_id", "statements"),
        ("claims", "source_id", "sources"),
        ("claims", "proposition_id", "propositions"),
        ("statements", "speaker_id", "actors"),
        ("sources", "publisher_id", "actors"),
        ("participants", "actor_id", "actors"),
        ("events", "place_id", "places"),
    ):
        by_id = records.by(target, "id")
        wanted = {row[column] for row in found.get(table, ()) if row[column]}
        _add(found, target, [row for name in sorted(wanted) for row in by_id.get(name, ())])
    heard = [
        row
        for statement in found.get("statements", ())
        for row in records.audience_of.get(statement["id"], ())
    ]
    _add(found, "audience", heard)


def _add(found: dict[str, list[Row]], table: str, rows: Iterable[Row]) -> None:
    known = {id(row) for row in found.get(table, ())}
    new = [row for row in rows if id(row) not in known]
    if new:
        found.setdefault(table, []).extend(new)


def _in_order(batch: Batch, found: dict[str, list[Row]]) -> list[str]:
    return [name for name in batch.subject.release.table_names if name in found]
