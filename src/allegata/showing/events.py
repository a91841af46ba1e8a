"""An event: what it is told of as, who stands where on what, and the claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allegata.rules import shortened
from allegata.schema.vocabularies import Stance
from allegata.showing.session import Row
from allegata.showing.view import View, facts, heading, visible
from allegata.site import words
from allegata.site.history import status
from allegata.site.records import coded

SIGNS = {
    Stance.ASSERTS: "+",
    Stance.SUGGESTS: "(+)",
    Stance.NONCOMMITTAL: "o",
    Stance.DOUBTS: "(-)",
    Stance.DENIES: "-",
    Stance.ASKS: "?",
    Stance.DECLINES: "/",
    Stance.NO_RESPONSE: "..",
}
"""A stance as one sign; what has been retracted stands no longer."""
MOST_PARTIES = 5
"""So many columns a matrix has; the parties that stand on most propositions come first."""


def event(view: View, row: Row) -> Iterator[RenderableType]:
    """An event with its stance matrix, its propositions and the claims on each."""
    yield _about(view, row)
    standing = view.session.rows(
        f"SELECT * FROM contestation WHERE event_id = ? AND {view.holds()} "
        "ORDER BY is_head DESC, n_statements DESC, proposition_id",
        row["id"],
    )
    if not standing:
        yield heading("No proposition about it is recorded")
        return
    yield heading(f"Who stands where{view.when}")
    yield from matrix(view, standing)
    yield heading("Propositions and claims")
    for proposition in standing:
        yield Text()
        yield view.proposition(proposition)
        yield from view.claims("proposition_id = ?", proposition["proposition_id"])


def _about(view: View, row: Row) -> Text:
    place, head = view.find("places", row["place_id"]), row["head_id"]
    taken = view.session.rows(
        "SELECT p.role, a.id, a.name FROM participants p JOIN actors a ON a.id = p.actor_id "
        "WHERE p.event_id = ? ORDER BY p.role, a.name",
        row["id"],
    )
    told = status(view.standing(head)) if head else "taken for granted in the sources"
    return facts(
        [
            ("type, as alleged", words.plain(row["type"])),
            ("time", row["time"] and words.time_in_words(row["time"])),
            ("place", place and f"{place['name']} ({place['id']})"),
            ("that it took place", f"{told}{view.when}"),
            *((words.plain(one["role"]), f"{one['name']} ({one['id']})") for one in taken),
            ("note", row["note"]),
        ]
    )


def matrix(view: View, standing: list[Row]) -> Iterator[RenderableType]:
    """Propositions down, parties across; each cell says how the party is known to stand."""
    ids = [row["proposition_id"] for row in standing]
    stances = view.session.rows(
        "SELECT proposition_id, party_id, stance, basis FROM stances "
        f"WHERE list_contains(?, proposition_id) AND {view.holds()} "
        "GROUP BY ALL ORDER BY basis DESC, stance",
        ids,
    )
    spread = Counter(party for _, party in {(s["proposition_id"], s["party_id"]) for s in stances})
    names = view.names(spread)
    parties = sorted(spread, key=lambda one: (-spread[one], names.get(one, one)))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("proposition", min_width=32)
    for party in parties[:MOST_PARTIES]:
        table.add_column(Text(shortened(names.get(party, party), 24)), justify="center")
    for row in standing:
        cells = [_cell(stances, row["proposition_id"], one) for one in parties[:MOST_PARTIES]]
        table.add_row(Text(visible(row["proposition_text"])), *cells)
    yield table
    if len(parties) > MOST_PARTIES:
        yield Text(f"and {len(parties) - MOST_PARTIES} more parties, named below", "dim")
    legend = ", ".join(f"{sign} {words.STANCES[stance]}" for stance, sign in SIGNS.items())
    yield Text(f"{legend}; > before a sign: it follows from what was said of another", "dim")


def _cell(stances: list[Row], proposition: str, party: str) -> Text:
    here = [s for s in stances if (s["proposition_id"], s["party_id"]) == (proposition, party)]
    worded = [SIGNS[coded(Stance, s["stance"])] for s in here if s["basis"] == "worded"]
    derived = [SIGNS[coded(Stance, s["stance"])] for s in here if s["basis"] == "derived"]
    return Text(" ".join([*worded, *(f">{one}" for one in derived if one not in worded)]))
