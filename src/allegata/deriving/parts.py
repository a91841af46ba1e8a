"""Working in parts, where there are more rows than can be joined and grouped at once.

Rows that belong together, by the value of a column, are in one part. Which that is follows from the
value alone, so the parts of several tables fit each other; how many there are is for the engine to
say, and has no bearing on the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from allegata.tables.ranges import boundaries, conditions_of
from allegata.tables.session import Session


def create_in_parts(
    session: Session, tables: Mapping[str, str], texts: Mapping[str, str], wanted: Iterable[str]
) -> None:
    """Make tables from others, part by part.

    Args:
        session: The session.
        tables: What is parted: table -> the column whose value says where a row belongs, which
            has no two rows of the first table, and no more than some of the others. The texts find
            the rows of the part as ``part_<table>``.
        texts: The SQL texts in their order: the table that each makes -> the text.
        wanted: Those of these tables that are to stay, with the rows of all parts.
    """
    whole, key = next(iter(tables.items()))
    bounds = boundaries(session, f"SELECT {key} FROM {whole}", [key], session.parts)
    parts = [conditions_of([column], bounds) for column in tables.values()]
    for conditions in zip(*parts, strict=True):
        for table, condition in zip(tables, conditions, strict=True):
            session.view(f"part_{table}", f"SELECT * FROM {table} WHERE {condition}")
        for name, text in texts.items():
            session.create(name, text)
        for name in texts:
            if bounds and name in wanted:
                session.append(f"whole_{name}", f"SELECT * FROM {name}")
            if bounds or name not in wanted:
                session.drop(name)
    for name in wanted if bounds else ():
        session.view(name, f"SELECT * FROM whole_{name}")
