"""The tables ``stances`` and ``contestation``: who stands where, on what, and since when.

The steps, each an SQL text of its name in ``sql/``:

- ``claim_relays``, ``claim_acts``: each claim as somebody's taking of a stance, between two days,
  known from a day on;
- ``retractions``, ``worded_stances``: the same without copies, less what is taken back;
- ``commitments``, ``all_stances``: and what follows from it for other propositions;
- ``replaced_stances``, ``stances``: each with the time for which it stands;
- ``side_spans``, ``side_lists``, ``party_lists``: who is on which side of it, and when;
- ``known_statements``, ``known_sources``: what there is to count, and since when;
- ``status_changes``, ``status_totals``, ``contestation``: each proposition with what holds of it
  from one change to the next.
"""

from __future__ import annotations

from allegata.deriving.models import MOST_PARTIES
from allegata.deriving.parts import create_in_parts
from allegata.deriving.texts import sql
from allegata.deriving.voices import SAME_REPORT, create_origins
from allegata.tables.closure import create_paths
from allegata.tables.session import Session

_FOR_ALL = (
    "claim_relays",
    "claim_acts",
    "retractions",
    "worded_stances",
    "commitments",
    "all_stances",
)
_FOR_PROPOSITIONS = (
    "replaced_stances",
    "stances",
    "side_spans",
    "side_lists",
    "party_lists",
    "known_statements",
    "known_sources",
    "status_changes",
    "status_totals",
    "contestation",
)


def create_contestation(session: Session) -> None:
    """Make ``stances`` and ``contestation``, in a session in which voices have been made."""
    create_origins(session, "source_origins", SAME_REPORT)
    create_paths(session, "proposition_paths", sql("proposition_steps"))
    for name in _FOR_ALL:
        session.create(name, sql(name))
    create_in_parts(
        session,
        {"claim_acts": "proposition_id", "all_stances": "proposition_id", "propositions": "id"},
        {name: sql(name).replace("{most}", str(MOST_PARTIES)) for name in _FOR_PROPOSITIONS},
        ("stances", "contestation"),
    )
    for name in _FOR_ALL[1:]:
        session.drop(name)
