"""Everything that can be reached over steps, without recursive SQL."""

from __future__ import annotations

from allegata.tables.session import Session

# Each round doubles the length of the paths that are known.
_MOST_ROUNDS = 40


def create_closure(session: Session, name: str, steps: str) -> None:
    """Make a table of all pairs (a, b) such that b is reached from a over one or more steps.

    A pair (a, a) stands for a circle. Each pair occurs once.

    Args:
        session: Where to make it.
        name: The table's name.
        steps: A query of the single steps, with the columns a and b.
    """
    session.create(name, f"SELECT DISTINCT a, b FROM ({steps}) AS one_step")
    known = -1
    for _ in range(_MOST_ROUNDS):
        found = session.fetch(f"SELECT count(*) AS n FROM {name}").column("n")[0].as_py()
        if found == known:
            return
        known = found
        session.create(
            f"{name}_next",
            f"SELECT a, b FROM {name} UNION "
            f"SELECT x.a, y.b FROM {name} AS x JOIN {name} AS y ON y.a = x.b",
        )
        session.create(name, f"SELECT * FROM {name}_next")
