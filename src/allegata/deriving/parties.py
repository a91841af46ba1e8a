"""The table ``parties``: whom an actor counts for, and when."""

from __future__ import annotations

from allegata.deriving.texts import sql
from allegata.tables.closure import create_closure
from allegata.tables.session import Session


class DerivingError(ValueError):
    """The base tables contradict themselves, and a table cannot be derived from them."""


def create_parties(session: Session) -> None:
    """Make the tables ``actor_roots`` and ``parties`` in a session that has the base tables.

    Raises:
        DerivingError: some actors are, through others, above themselves.
    """
    create_closure(session, "actors_above", sql("actor_parents"))
    circle = session.fetch("SELECT a FROM actors_above WHERE a = b ORDER BY a LIMIT 5")
    if circle.num_rows:
        names = ", ".join(circle.column("a").to_pylist())
        raise DerivingError(f"the parents of {names} run in a circle")
    for name in ("actor_roots", "role_spans", "party_stretches", "parties"):
        session.create(name, sql(name))
