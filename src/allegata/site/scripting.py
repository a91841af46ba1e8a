"""What pages run in a browser besides the theme: SQL, previews of tables, and the viewer.

The sources lie in ``scripts/``, with a lock of what they take from npm; ``node build.mjs`` there
makes ``scripts/built/``, which wheels carry if it was made before them. Nothing of it is needed to
build a site: without it the pages show the first rows of each table, and say why no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from markupsafe import Markup

from allegata.schema.types import PREFIXES
from allegata.site.attaching import DATABASE, large_tables
from allegata.site.page import relative
from allegata.site.pages.subject import Subject
from allegata.site.words import shortened
from allegata.tables import base_tables
from allegata.tables.content_hash import type_name

PLACE = "assets/scripts/"
"""Where the scripts are, from the site's root."""
MISSING = (
    "This site was built without its scripts, which need npm: `make assets` makes them "
    "(`npm ci` and `node build.mjs` in the package's folder site/scripts)."
)
"""Why pages show less than they could, for people."""
PREVIEWED = 5
"""So many rows of a table stand in its page as it is."""
_CELL = 160
_CLAIMS = {
    "events": "event_id",
    "propositions": "proposition_id",
    "sources": "source_id",
    "actors": "speaker_id",
    "claims": "claim_id",
}
"""The column of ``claims_flat`` that leads from a record to what is claimed of it, or by it."""
_SHOWN = (
    "speaker_name",
    "stance",
    "proposition_text",
    "source_title",
    "published",
    "status_worded",
    "claim_id",
)
APART = {("propositions", "text")}
"""Columns that pages of rows leave out: no proposition stands without who asserts or denies it."""
_IN_A_SCRIPT = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def scripts() -> list[Traversable]:
    """The files that pages load; none if they have not been made."""
    built = files("allegata.site") / "scripts" / "built"
    found = [file for file in built.iterdir() if file.is_file()] if built.is_dir() else []
    return sorted(found, key=lambda file: file.name)


def scripts_for(subject: Subject, origin: str) -> str | None:
    """The folder of the scripts as seen from a page; None if they have not been made.

    An earlier version below the site of a later one loads those of the whole: they are the largest
    part of a small site, and the same for all.

    Args:
        subject: The release.
        origin: The page, from its site's root.
    """
    if not scripts():
        return None
    edition = subject.edition
    return edition.root(origin) + PLACE if edition else relative(origin, PLACE)


def data_for(subject: Subject, origin: str, tables: Iterable[str], rows: bool = False) -> Markup:
    """What scripts are told of the release, as JSON that can stand in a page.

    Args:
        subject: The release.
        origin: The page, from the site's root.
        tables: The tables that it is about.
        rows: Whether the page shows rows as they are, and so no column of ``APART``.
    """
    told = {
        "tables": [
            _table(subject, origin, name, APART if rows else frozenset()) for name in tables
        ],
        "prefixes": PREFIXES,
        "claims": _CLAIMS,
        "shown": _SHOWN,
        "refers": _refers(),
        "codebook": relative(origin, "codebook/"),
        "data": relative(origin, "data/"),
        "database": relative(origin, DATABASE),
        "attached": large_tables(subject.manifest),
    }
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_IN_A_SCRIPT))  # noqa: S704 - nothing in it ends a script


def first_rows(subject: Subject, table: str) -> tuple[list[str], list[list[str | None]]]:
    """The first rows of a table as its page shows them.

    Args:
        subject: The release.
        table: The table.

    Returns:
        The names of the columns, and row by row their cells as text, each shortened; None where a
        value is missing.
    """
    names = [name for name in subject.store.schema(table).names if (table, name) not in APART]
    cells = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in names)
    entry = subject.manifest.table(table)
    order = ", ".join(f'"{name}"' for name in entry.key) if entry and entry.key else "ALL"
    rows = subject.store.rows(
        f'SELECT {cells} FROM (FROM "{table}" ORDER BY {order} LIMIT {PREVIEWED})'
    )
    return names, [
        [None if cell is None else shortened(cell, _CELL) for cell in row.values()] for row in rows
    ]


def _table(subject: Subject, origin: str, name: str, apart: Set[tuple[str, str]]) -> dict[str, Any]:
    entry = subject.manifest.table(name)
    assert entry is not None
    size = next(file.bytes for file in subject.manifest.files if file.path == entry.path)
    columns = [
        {
            "name": field.name,
            "kind": type_name(field.type),
            "description": (field.metadata or {}).get(b"description", b"").decode(),
        }
        for field in subject.store.schema(name)
        if (name, field.name) not in apart
    ]
    file = relative(origin, f"releases/{subject.manifest.version}/{entry.path}")
    return {"name": name, "file": file, "bytes": size, "rows": entry.rows, "columns": columns}


def _refers() -> dict[str, list[dict[str, str]]]:
    """For each table, the columns of others that hold its ids."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, table in base_tables().items():
        for column in table.columns:
            if column.refers_to and name != "claims":
                found.setdefault(column.refers_to, []).append({"name": name, "column": column.name})
    return found
