"""Who and where: the registers that all events share.

States come in pairs that deal with each other. A pair has presidents, ministers, spokespersons
and the bodies that these hold office in; outlets and cities are shared by all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from benchmarks.invented.texts import LANGUAGES

Record = dict[str, Any]

PAIRS = 60
OUTLETS = 240
CITIES = 240

_STARTS = (
    "Vel Kar Sor Tam Ost Bel Dra Mir Lun Har Quin Zel Pra Nor Ark Gal Ister Jar Fen Ulm".split()
)
_MIDDLES = "a e i o u ar el in or us".split()
_STATES = "dova land ria stan mark via".split()
_CITY_ENDS = "grád burg ník ville sk haven pólis abad minster ów şehir borg".split()
_FIRST = (
    "Ana Björn Chloé Dário Elif Fatima Gül Hồng Ivan Józef Kateryna Léa Maren Nuno Oğuz Petra "
    "Quentin Rósa Søren Tariq Uma Vera Wojciech Xenia Yannis Zoë"
).split()
_LAST = (
    "Álvarez Bogdan Çelik Dvořák Eriksen Fenn Grünwald Hájek Ionescu Jansson Kovač Łukasik Müller "
    "Novák Østergaard Pâquet Quill Řezník Šimić Þórsson Ünal Vašek Wójcik Žižek Osk Lask Thành"
).split()
_PAPERS = "Courier Ledger Gazette Herald Tribune Observer Post Monitor Dispatch Echo".split()
_COUNTRIES = "NL PT EE CL UY NZ FJ BW NA LS KE MN BT LK".split()
_OFFICES = (
    ("President", "presidency"),
    ("Foreign minister", "foreign"),
    ("Defence minister", "defence"),
    ("Spokesperson of the presidency", "presidency"),
    ("Chief of the general staff", "forces"),
)
_BODIES = {
    "presidency": "Presidency of {}",
    "foreign": "Ministry of Foreign Affairs of {}",
    "defence": "Ministry of Defence of {}",
    "forces": "Armed Forces of {}",
}
_ALIASES = {
    "ru": "Господин",
    "uk": "Пан",
    "ar": "السيد",
    "he": "מר",
    "ka": "ბატონი",
    "el": "Κύριος",
}


class State(NamedTuple):
    """A state and those who speak for it."""

    id: str
    name: str
    persons: tuple[str, ...]
    bodies: tuple[str, ...]
    speaks: tuple[str, ...]
    """Persons and bodies."""


class Outlet(NamedTuple):
    """Who publishes sources, and in which language."""

    id: str
    lang: str
    host: str


@cache
def state(number: int) -> State:
    """A state by its number; 2p and 2p + 1 are the pair p."""
    middle, start = divmod(number, len(_STARTS))
    name = _STARTS[start] + _MIDDLES[middle] + _STATES[number % len(_STATES)]
    persons = tuple(f"act-person-{number:03}-{seat}" for seat in range(len(_OFFICES)))
    bodies = tuple(f"act-body-{number:03}-{body}" for body in _BODIES)
    return State(f"act-state-{number:03}", name, persons, bodies, persons + bodies)


@cache
def outlet(number: int) -> Outlet:
    """An outlet by its number."""
    return Outlet(
        f"act-outlet-{number:03}",
        LANGUAGES[number % len(LANGUAGES)] if number % 3 else "en",
        f"outlet-{number:03}.example",
    )


def city_name(number: int) -> str:
    """The name of a city by its number."""
    start, end = number % len(_STARTS), number // len(_STARTS)
    return f"{_STARTS[start]}{_CITY_ENDS[end]}"


def city_id(number: int) -> str:
    """The id of a city by its number."""
    return f"plc-city-{number:03}"


def actors(used: set[str]) -> Iterator[Record]:
    """The records of the actors used, and of those that they refer to, by id."""
    needed = set(used)
    needed.update(office["org"] for office in roles(used))
    bodies = [one for one in needed if one.startswith("act-body-")]
    needed.update(f"act-state-{body[9:12]}" for body in bodies)
    return (_actor(one) for one in sorted(needed))


def roles(used: set[str]) -> Iterator[Record]:
    """The offices of the persons used, by id: the present one and, for some, an earlier one."""
    for person in sorted(one for one in used if one.startswith("act-person-")):
        number, seat = (int(part) for part in person.removeprefix("act-person-").split("-"))
        title, body = _OFFICES[seat]
        home = state(number)
        earlier = {"start": f"{1990 + number % 8}", "end": "2004-06"} if seat % 2 else None
        if earlier:
            yield {
                "id": f"rol-{number:03}-{seat}-a",
                "actor": person,
                "title": "Member of the staff of the presidency",
                "org": home.bodies[0],
                **earlier,
            }
        yield {
            "id": f"rol-{number:03}-{seat}-b",
            "actor": person,
            "title": f"{title} of {home.name}",
            "org": f"act-body-{number:03}-{body}",
            "start": f"{2005 + number % 6}-0{1 + seat}-15" + "~" * (number % 5 == 0),
        }


def places(used: set[str]) -> Iterator[Record]:
    """The records of the cities used, then of their countries, then of their regions."""
    cities = sorted({int(one.removeprefix("plc-city-")) for one in used})
    for number in cities:
        yield {
            "id": city_id(number),
            "name": city_name(number),
            "kind": "city",
            "parent": f"plc-region-{number // 4:02}",
            "country": _COUNTRIES[number // 4 % len(_COUNTRIES)],
            "geonames": str(900_000_000 + number),
            "lat": round(-80 + number * 0.625, 4),
            "lon": round(-170 + number * 1.375, 4),
        }
    regions = sorted({number // 4 for number in cities})
    for code in sorted({_COUNTRIES[number % len(_COUNTRIES)] for number in regions}):
        yield {
            "id": f"plc-country-{code.lower()}",
            "name": f"Country {code}",
            "kind": "country",
            "country": code,
        }
    for number in regions:
        code = _COUNTRIES[number % len(_COUNTRIES)]
        yield {
            "id": f"plc-region-{number:02}",
            "name": f"Région {_STARTS[number % 20]}{_MIDDLES[number // 20]} ({number})",
            "kind": "region",
            "parent": f"plc-country-{code.lower()}",
            "country": code,
        }


def _actor(one: str) -> Record:
    kind, _, rest = one.removeprefix("act-").partition("-")
    record: Record = {"id": one}
    if kind == "outlet":
        number = int(rest)
        name = f"{city_name(number // len(_PAPERS))} {_PAPERS[number % len(_PAPERS)]}"
        return record | {"kind": "outlet", "name": name, "wikidata": f"Q{98_000_000_000 + number}"}
    number = int(rest[:3])
    home = state(number)
    if kind == "state":
        return record | {"kind": "state", "name": home.name}
    if kind == "body":
        name = _BODIES[rest[4:]].format(home.name)
        return record | {"kind": "organisation", "name": name, "parent": home.id}
    seat = number * len(_OFFICES) + int(rest[4:])
    first, last = _FIRST[seat % len(_FIRST)], _LAST[seat // len(_FIRST) % len(_LAST)]
    record |= {"kind": "person", "name": f"{first} {last}", "wikidata": f"Q{97_000_000_000 + seat}"}
    called = [
        {"alias": f"{word} {first} {last}", "lang": lang}
        for order, (lang, word) in enumerate(_ALIASES.items())
        if (seat + order) % 3 == 0
    ]
    return record | {"note": "Invented for measuring; no such person is known.", "aliases": called}
