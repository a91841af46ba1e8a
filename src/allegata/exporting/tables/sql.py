"""What both databases share: names, tables, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping

from allegata.deriving import derived_tables
from allegata.exporting.rows import Export
from allegata.tables import Table, base_tables

VIEWS = {
    "contestation_now": ("contestation", "SELECT * FROM contestation WHERE valid_to IS NULL"),
    "stances_now": ("stances", "SELECT * FROM stances WHERE valid_to IS NULL"),
}
"""View -> the table it is of, and the query: what holds as far as the release knows."""


def quoted(name: str) -> str:
    """A name as SQL writes it.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def names(columns: tuple[str, ...]) -> str:
    """Names with commas between."""
    return ", ".join(map(quoted, columns))


def specs(export: Export) -> Mapping[str, Table]:
    """The tables of the release as the schema has them."""
    known = {**base_tables(), **derived_tables()}
    return {name: known[name] for name in export.release.table_names if name in known}
