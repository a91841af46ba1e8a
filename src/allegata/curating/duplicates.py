"""Records that a new one is likely to be the same as."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from allegata.schema.timeprofile import TimeError, bounds

_ALIKE = 88
"""From which likeness on, of 100, two names are told; as of a slip in one of ten letters."""
_SURE = ("wikidata", "geonames", "url", "archive_url")
_NAMES = ("name", "alias", "label", "title", "text")
# What two records of a table hardly share by chance: references and codes, and a time.
_SLOTS = {
    "sources": (("publisher",), "published"),
    "events": (("type", "place"), "time"),
    "statements": (("speaker", "channel"), "said"),
    "roles": (("actor", "org"), "start"),
    "propositions": (("event", "aspect", "actor", "place", "unit", "low", "high"), "time"),
}
_NO_SLOT = ("type", "channel", "aspect")  # alone they say too little


@dataclass(frozen=True)
class Duplicate:
    """A record that there is, and what speaks for its being the same."""

    id: str
    shown: str
    """Its name, or what else tells it."""
    why: str


def duplicates(
    table: str,
    record: dict[str, Any],
    known: list[dict[str, Any]],
    aliases: list[dict[str, Any]] | None = None,
) -> list[Duplicate]:
    """The records of a table that a new one is likely to be the same as.

    Args:
        table: The table.
        record: The new record, as it is written.
        known: The records that there are, keyed as in record files.
        aliases: The other names of actors.
    """
    names: dict[str, list[str]] = {}
    for alias in aliases or []:
        names.setdefault(alias["actor"], []).append(alias["alias"])
    found = []
    for one in known:
        why = next(_reasons(table, record, one, names.get(one["id"], [])), None)
        if why:
            shown = next((str(one[key]) for key in _NAMES if one.get(key)), "")
            found.append(Duplicate(one["id"], shown, why))
    return found


def _reasons(
    table: str, new: dict[str, Any], old: dict[str, Any], aliases: list[str]
) -> Iterator[str]:
    for key in _SURE:
        if new.get(key) and new[key] == old.get(key):
            yield f"the same {key}"
    others = [*(str(old[key]) for key in _NAMES if old.get(key)), *aliases]
    for name in _names_of(new):
        for other in others:
            if _folded(name) == _folded(other):
                yield f"the same name, {other}"
            elif fuzz.token_sort_ratio(_folded(name), _folded(other)) >= _ALIKE:
                yield f"a name much like it, {other}"
    if table == "claims" and _reported(new) == _reported(old):
        yield "the same source, chain, proposition and stance; add a quote to it instead"
    keys, time = _SLOTS.get(table, ((), ""))
    if _same_slots(new, old, keys) and _overlap(new.get(time), old.get(time)):
        same = ", ".join(key for key in keys if new.get(key))
        yield f"the same {same}, at a time that may be the same"


def _reported(claim: dict[str, Any]) -> list[Any]:
    chain = [hop.get("statement") for hop in claim.get("chain", [])]
    return [*(claim.get(key) for key in ("source", "proposition", "stance")), *chain]


def _names_of(record: dict[str, Any]) -> list[str]:
    own = [str(record[key]) for key in _NAMES if record.get(key)]
    return own + [part["alias"] for part in record.get("aliases", [])]


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)
    )
    return " ".join(kept.split())


def _same_slots(new: dict[str, Any], old: dict[str, Any], keys: tuple[str, ...]) -> bool:
    filled = [key for key in keys if new.get(key) is not None]
    is_telling = any(key not in _NO_SLOT for key in filled)
    return is_telling and all(new.get(key) == old.get(key) for key in keys)


def _overlap(new: str | None, old: str | None) -> bool:
    """Whether two times may be the same; one that is not told may be any, two may not."""
    if new is None and old is None:
        return True
    if new is None or old is None:
        return False
    try:
        one, other = bounds(new), bounds(old)
    except TimeError:
        return False
    first = one.latest is None or other.earliest is None or other.earliest <= one.latest
    return first and (other.latest is None or one.earliest is None or one.earliest <= other.latest)
