"""From base tables to derived tables: first made in a session, then fetched from it."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from allegata.deriving.codebook import codebook
from allegata.deriving.contestation import create_contestation
from allegata.deriving.parties import create_parties
from allegata.deriving.parts import create_in_parts
from allegata.deriving.specs import derived_tables
from allegata.deriving.texts import sql
from allegata.deriving.voices import create_voices
from allegata.tables.parquet import conformed
from allegata.tables.session import Session


def derive(session: Session, tables: Iterable[str] | None = None) -> dict[str, pa.Table]:
    """The derived tables, as ``derived_tables`` specifies them.

    Args:
        session: A session in which the base tables are registered under their names.
        tables: The names of the derived tables that are wanted; all of them by default.

    Returns:
        Name -> rows, in no particular order.

    Raises:
        DerivingError: the base tables contradict themselves.
        KeyError: there is no derived table of a name.
    """
    names = list(derived_tables() if tables is None else tables)
    specs = [derived_tables()[name] for name in names]
    create_derived(session, names)
    return {
        spec.name: conformed(session.fetch(f'SELECT * FROM "{spec.name}"'), spec) for spec in specs
    }


_FLAT = (
    "claim_chains",
    "claim_speeches",
    "flat_speakers",
    "flat_statements",
    "flat_relays",
    "flat_chains",
    "flat_quotes",
    "claims_flat",
)


def _create_flat(session: Session) -> None:
    """Make the table ``claims_flat``, one large join at a time, so that memory need hold one."""
    create_in_parts(
        session,
        {
            "claims": "id",
            "hops": "claim_id",
            "quotes": "claim_id",
            "claim_voices": "claim_id",
            "claim_relays": "claim_id",
        },
        {name: sql(name) for name in _FLAT},
        ("claims_flat",),
    )


def create_derived(session: Session, tables: Iterable[str] | None = None) -> None:
    """Make derived tables in a session that has the base tables, and fetch none of them.

    Args:
        session: The session.
        tables: The names of those that are wanted, all by default; what they are made from is
            made as well.

    Raises:
        DerivingError: the base tables contradict themselves.
    """
    names = set(derived_tables() if tables is None else tables)
    if names <= {"parties"}:
        create_parties(session)
        return
    create_voices(session)
    create_contestation(session)
    if names & {"claims_flat", "codebook"}:
        _create_flat(session)
    if "codebook" in names:
        session.register("codebook", codebook(session))
