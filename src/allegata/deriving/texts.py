"""The SQL texts that lie beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The SQL text of that name, its header comment included."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
