"""Working in parts, where there are more rows than can be joined and grouped at once.

Rows that belong together, by the value of a column, are in one part. Which that is follows from the
value alone, so the parts of several tables fit each other; how many there are is for the engine to
say, and has no bearing on the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from allegata.tables.session import Session

_DIGITS = "0123456789abcdef"


def create_in_parts(
    session: Session, tables: Mapping[str, str], texts: Mapping[str, str], wanted: Iterable[str]
) -> None:
    """Make tables from others, part by part.

    Args:
        session: The session.
        tables: What is parted: table -> the column whose value says where a row belongs. The texts
            find the rows of the part as ``part_<table>``. The first has the most to be joined.
        texts: The SQL texts in their order: the table that each makes -> the text.
        wanted: Those of these tables that are to stay, with the rows of all parts.
    """
    largest = next(iter(tables))
    rows = session.fetch(f"SELECT count(*) AS n FROM {largest}").column("n")[0].as_py()
    number = session.parts(rows)
    for part in range(number):
        for table, column in tables.items():
            _create_part(session, table, column, part, number)
        for name, text in texts.items():
            session.create(name, text)
        for name in texts:
            if number > 1 and name in wanted:
                session.append(f"whole_{name}", f"SELECT * FROM {name}")
            if number > 1 or name not in wanted:
                session.drop(name)
    if number > 1:
        for table in tables:
            session.drop(f"part_{table}")
        for name in wanted:
            session.view(name, f"SELECT * FROM whole_{name}")


def _create_part(session: Session, table: str, column: str, part: int, number: int) -> None:
    rows = f"SELECT * FROM {table}"
    if number == 1:
        session.view(f"part_{table}", rows)
        return
    first, second = (
        f"instr('{_DIGITS}', substr(md5({column}), {place}, 1)) - 1" for place in (1, 2)
    )
    session.create(f"part_{table}", f"{rows} WHERE (({first}) * 16 + {second}) % {number} = {part}")
