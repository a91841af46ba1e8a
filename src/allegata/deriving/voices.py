"""Whose voice a claim is in, and for whom that voice speaks."""

from __future__ import annotations

from allegata.deriving.parties import create_parties
from allegata.deriving.texts import sql
from allegata.schema.vocabularies import Predicate
from allegata.tables.closure import create_closure
from allegata.tables.session import Session

SAME_TEXT = (Predicate.REPUBLISHES, Predicate.TRANSLATES)
"""The relations of a source that says nothing of its own to the source that it copies."""

SAME_REPORT = (*SAME_TEXT, Predicate.REWRITES)
"""The relations of a source that corroborates nothing to the source that it is made from."""


def create_voices(session: Session) -> None:
    """Make the tables that say for whom each voice in a claim's chain speaks.

    They are ``actor_roots``, ``parties``, ``text_origins``, ``statement_days`` and
    ``claim_voices``.

    Raises:
        DerivingError: some actors are, through others, above themselves.
    """
    create_parties(session)
    create_origins(session, "text_origins", SAME_TEXT)
    for name in ("statement_days", "claim_voices"):
        session.create(name, sql(name))


def create_origins(session: Session, name: str, predicates: tuple[Predicate, ...]) -> None:
    """Make a table of each source with the one that it copies, by relations of some predicates.

    Its columns are source_id and origin_id, and a source that copies none is its own origin.
    """
    listed = ", ".join(f"'{predicate}'" for predicate in predicates)
    copies = f"{name}_copies"
    create_closure(
        session,
        copies,
        "SELECT subject_id AS a, object_id AS b FROM relations "
        f"WHERE predicate IN ({listed}) AND subject_id <> object_id",
    )
    session.create(name, sql("source_origins").format(copies=copies))
