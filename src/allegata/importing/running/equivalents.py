"""Tables of equivalents: one thing's name in the files -> its name here."""

from __future__ import annotations

import csv
from importlib.resources.abc import Traversable
from pathlib import Path

from allegata.importing.mapping.loading import MappingError
from allegata.importing.mapping.model import Table


def entries_of(table: Table, beside: Traversable | Path) -> dict[str, dict[str, str]]:
    """The columns that can be taken from a table -> what is looked up, in lower case -> its value.

    Raises:
        MappingError: its file is missing or is no CSV.
    """
    if table.builtin:
        return {"value": _BUILTIN[table.builtin]()}
    found = {"value": {key.lower(): value for key, value in table.entries.items()}}
    if table.file is None:
        return found
    try:
        lines = beside.joinpath(table.file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(
            f"the table of equivalents {table.file} cannot be read: {error}"
        ) from None
    rows = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    names = list(rows.fieldnames or [])
    if len(names) < 2 or not all(name.isidentifier() for name in names):
        raise MappingError(f"{table.file}: the first line names what is looked up, and its values")
    columns: dict[str, dict[str, str]] = {name: {} for name in names[1:]}
    for row in rows:
        for name in names[1:]:
            if row[name]:
                columns[name][row[names[0]].lower()] = row[name]
    return columns


def languages() -> list[str]:
    """The codes of languages that the schema takes, and ``und`` for one that is not known."""
    import pycountry

    two = {one.alpha_2 for one in pycountry.languages if hasattr(one, "alpha_2")}
    three = {one.alpha_3 for one in pycountry.languages if not hasattr(one, "alpha_2")}
    gone = {"sh"}  # langcodes writes it otherwise
    return sorted(((two | three) - gone) | {"und"})


def _languages() -> dict[str, str]:
    import pycountry

    found = {}
    for one in pycountry.languages:
        code = getattr(one, "alpha_2", one.alpha_3)
        found[one.alpha_3] = code
        if hasattr(one, "bibliographic"):
            found[one.bibliographic] = code
    return found


def _alpha_3() -> dict[str, str]:
    import pycountry

    return {one.alpha_3.lower(): one.alpha_2 for one in pycountry.countries}


def _countries() -> dict[str, str]:
    import pycountry

    found = {}
    for one in pycountry.countries:
        for attribute in ("name", "official_name", "common_name", "alpha_2", "alpha_3"):
            if hasattr(one, attribute):
                found[getattr(one, attribute).lower()] = one.alpha_2
    return found | {
        "us": "US",
        "uk": "GB",
        "russia": "RU",
        "syria": "SY",
        "iran": "IR",
        "laos": "LA",
        "vietnam": "VN",
        "bolivia": "BO",
        "venezuela": "VE",
        "tanzania": "TZ",
        "moldova": "MD",
        "north korea": "KP",
        "south korea": "KR",
        "ivory coast": "CI",
        "turkey": "TR",
        "dr congo": "CD",
        "congo": "CG",
        "myanmar": "MM",
        "macedonia": "MK",
        "bosnia-herzegovina": "BA",
        "cape verde": "CV",
        "czech republic": "CZ",
        "brunei": "BN",
        "taiwan": "TW",
        "palestine": "PS",
        "kingdom of eswatini": "SZ",
        "swaziland": "SZ",
        "serbia": "RS",
        "the gambia": "GM",
        "gambia": "GM",
    }


_BUILTIN = {"countries": _countries, "countries-alpha-3": _alpha_3, "languages": _languages}
