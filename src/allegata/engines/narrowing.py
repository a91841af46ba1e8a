"""Narrowing: leaving a session what sources published by some day tell, and nothing else.

Kept is

- a source published by that day, as late as it can have been, with all that it claims;
- every record that a kept record refers to, and the roles of kept persons;
- what stands between kept records: a relation of two of them, a revision of one.

So a proposition, a statement or an event that only later sources speak of is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from allegata.reading import Reading
from allegata.schema import MODELS
from allegata.tables import Table, base_tables
from allegata.tables.session import Session

_KEPT = "kept_ids"
_TIMELY = "timely_sources"
# What comes with a record though that record does not name it: table -> the column that names it.
_COMES_WITH = {"claims": ("source_id", _TIMELY), "roles": ("actor_id", _KEPT)}
# What ties records together brings none of them in.
_TIES = ("relations", "revisions")


def narrow(session: Session, reading: Reading, until: date) -> int:
    """Take from the tables of a session what sources published by a day do not tell.

    Args:
        session: A session that has the rows; its tables are replaced by what is left of them.
        reading: Where they were read; the coverage that its dataset tells of ends on that day, if
            it ended later.
        until: The day.

    Returns:
        How many sources are left.
    """
    for name in MODELS:
        session.register(f"any_{name}", reading.stock.source(name))
    session.create(
        _TIMELY, f"SELECT id FROM any_sources WHERE published_latest <= DATE '{until:%Y-%m-%d}'"
    )
    session.create(_KEPT, f"SELECT id FROM {_TIMELY}")
    kept = _count(session, _KEPT)
    sources = kept
    while True:
        session.create("kept_more", " UNION ".join([f"SELECT id FROM {_KEPT}", *_further()]))
        session.create(_KEPT, "SELECT id FROM kept_more")
        if kept == (kept := _count(session, _KEPT)):
            break
    for table in base_tables().values():
        session.view(table.name, f"SELECT a.* FROM any_{table.name} AS a {_where(table)}")
    _end_coverage(reading, until)
    return sources


def _further() -> Iterator[str]:
    """Queries of the ids that what is kept brings with it."""
    for table in base_tables().values():
        if table.name in _COMES_WITH:
            column, of = _COMES_WITH[table.name]
            yield f"SELECT a.id FROM any_{table.name} AS a JOIN {of} AS o ON o.id = a.{column}"
        if table.name in _TIES:
            continue
        owner = table.key[0]
        for column in (one.name for one in table.columns if one.is_reference):
            if column != owner:
                yield (
                    f'SELECT a."{column}" AS id FROM any_{table.name} AS a JOIN {_KEPT} AS k '
                    f'ON k.id = a."{owner}" WHERE a."{column}" IS NOT NULL'
                )


def _where(table: Table) -> str:
    if table.name == "relations":
        kept = [f"JOIN {_KEPT} AS k{n} ON k{n}.id = a.{column}" for n, column in enumerate(_ENDS)]
        return f"{' '.join(kept)} WHERE a.source_id IS NULL OR a.source_id IN ({_ids()})"
    if table.name == "revisions":
        known = " UNION ALL ".join(
            f"SELECT id FROM any_{one.name}" for one in base_tables().values() if one.key == ("id",)
        )
        return f"WHERE a.record_id IN ({_ids()}) OR a.record_id NOT IN ({known})"
    return f'JOIN {_KEPT} AS k ON k.id = a."{table.key[0]}"'


_ENDS = ("subject_id", "object_id")


def _ids() -> str:
    return f"SELECT id FROM {_KEPT}"


def _count(session: Session, table: str) -> int:
    return int(session.fetch(f"SELECT count(*) AS n FROM {table}").column("n")[0].as_py())


def _end_coverage(reading: Reading, until: date) -> None:
    dataset = reading.dataset
    if dataset and dataset.coverage.end > until >= dataset.coverage.start:
        coverage = dataset.coverage.model_copy(update={"end": until})
        reading.dataset = dataset.model_copy(update={"coverage": coverage})
