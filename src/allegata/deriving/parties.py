"""The table ``parties``: whom an actor counts for, and when."""

from __future__ import annotations

from allegata.deriving.texts import sql
from allegata.tables.session import Session

# Each round doubles the height that is climbed, so that no real hierarchy needs as many.
_MOST_ROUNDS = 32


class DerivingError(ValueError):
    """The base tables contradict themselves, and a table cannot be derived from them."""


def create_parties(session: Session) -> None:
    """Make the tables ``actor_roots`` and ``parties`` in a session that has the base tables.

    Raises:
        DerivingError: some actors are, through others, above themselves.
    """
    _create_actor_roots(session)
    for name in ("role_spans", "party_stretches", "parties"):
        session.create(name, sql(name))


def _create_actor_roots(session: Session) -> None:
    session.create("actor_roots", sql("actor_parents"))
    for _ in range(_MOST_ROUNDS):
        if not session.fetch(sql("actors_below_root")).num_rows:
            return
        session.create("actor_roots_next", sql("actor_roots_step"))
        session.create("actor_roots", "SELECT * FROM actor_roots_next")
    below = session.fetch(sql("actors_below_root")).column("actor_id").to_pylist()
    raise DerivingError(f"the parents of {', '.join(sorted(below)[:5])} run in a circle")
