"""The SQL texts that lie beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The SQL text of that name, its header comment included."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def voices_sql() -> dict[str, str]:
    """The tables that say for whom each voice speaks, in order: name -> what makes it.

    Of the first, the closure over the single steps that the text gives is meant.
    """
    names = ("actor_roots", "role_spans", "party_stretches", "parties", "statement_days")
    return {
        "actors_above": sql("actor_parents"),
        **{name: sql(name) for name in (*names, "claim_voices")},
    }
