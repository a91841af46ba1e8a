"""Everything that can be reached over steps, and by which path, without recursive SQL."""

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


def create_paths(session: Session, name: str, steps: str) -> None:
    """Make a table of all pairs (a, b) of different points such that b is reached from a.

    Each pair has its path: the points from a to b, separated by blanks. Of several paths it is
    the one of the fewest steps, then the first in the order of its points.

    Args:
        session: Where to make it.
        name: The table's name; its columns are a, b, steps and path.
        steps: A query of the single steps, with the columns a and b. No point has a blank in it,
            or a character that sorts before one.
    """
    session.create(
        name,
        f"SELECT DISTINCT a, b, 1 AS steps, a || ' ' || b AS path "
        f"FROM ({steps}) AS one_step WHERE a <> b",
    )
    known = -1
    for _ in range(_MOST_ROUNDS):
        found = session.fetch(f"SELECT count(*) AS n FROM {name}").column("n")[0].as_py()
        if found == known:
            return
        known = found
        # After round n every path of up to 2^n steps is known, and each is the best of its pair.
        session.create(f"{name}_next", _LONGER.format(name=name))
        session.create(name, f"SELECT * FROM {name}_next")


_LONGER = """
WITH found AS (
    SELECT a, b, steps, path FROM {name}
    UNION ALL
    SELECT x.a, y.b, x.steps + y.steps AS steps, x.path || substr(y.path, length(y.a) + 1) AS path
    FROM {name} AS x
    JOIN {name} AS y ON y.a = x.b
    WHERE x.a <> y.b
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY a, b ORDER BY steps, path) AS place FROM found
)
SELECT a, b, steps, path FROM ranked WHERE place = 1
"""
