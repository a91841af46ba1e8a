"""Entities of Wikidata as actors, places and offices.

The form is that of https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegata.importing.documents.collecting import Collector, Entry, language, line
from allegata.importing.documents.jsonvalues import values
from allegata.importing.mapping.loading import packaged
from allegata.importing.mapping.model import Table
from allegata.importing.report import Aside, Report
from allegata.importing.running.equivalents import entries_of
from allegata.schema.timeprofile import TimeError, bounds

TYPES = ("wikidata-types", "1")
_PERSON, _STATE = {"Q5"}, {"Q6256", "Q3624078", "Q7275"}
_OUTLET = {
    "Q11032",
    "Q192283",
    "Q1110794",
    "Q1002697",
    "Q1153191",
    "Q15265344",
    "Q1616075",
    "Q14350",
}
_BODY = {
    "Q43229",
    "Q7278",
    "Q4830453",
    "Q327333",
    "Q192350",
    "Q163740",
    "Q245065",
    "Q783794",
    "Q891723",
    "Q35535",
    "Q484652",
    "Q3918",
    "Q2659904",
    "Q79913",
    "Q6881511",
    "Q740752",
}
_CITY = {
    "Q515",
    "Q1549591",
    "Q3957",
    "Q532",
    "Q486972",
    "Q22865",
    "Q42744322",
    "Q262166",
    "Q5119",
    "Q1637706",
    "Q15284",
    "Q747074",
    "Q484170",
    "Q7930989",
    "Q1093829",
    "Q200250",
    "Q702492",
}
_REGION = {
    "Q10864048",
    "Q13220204",
    "Q1221156",
    "Q35657",
    "Q82794",
    "Q835714",
    "Q106658",
    "Q5852411",
}
_SITE = {"Q41176", "Q16560", "Q23413", "Q12518", "Q811979", "Q1248784", "Q483110"}
_COUNTRIES = {
    item.upper(): code
    for item, code in entries_of(Table(version="1", file="wikidata-countries.csv"), packaged())[
        "country"
    ].items()
}
_OFFICES = {
    "P39": "Holder of a position",
    "P102": "Member of a party",
    "P108": "Employee",
    "P463": "Member",
}
_USED = {"P31", "P17", "P27", "P300", "P1566", "P625", "P297", *_OFFICES}
_EARTH = "http://www.wikidata.org/entity/Q2"
_PRECISION = {9: 4, 10: 7, 11: 10}


def read_wikidata(
    files: list[Path], known: frozenset[str]
) -> tuple[Report, list[Aside], dict[str, list[Entry]]]:
    """Entities as records.

    An entity becomes an actor or a place, by what it is an instance of; a person's positions,
    parties, employers and memberships become roles with their first and last day as precise as
    Wikidata has them.

    Each entity and each of its statements is a row. Of statements on one property the preferred
    come before the normal; deprecated ones are set aside, and so are unknown values, the absence
    of a value, and properties that no field holds. An unknown end of an office stays empty, and
    its note says so. Entities that are neither actor nor place are set aside with their statements.
    The licence is CC0-1.0.
    """
    collector = Collector("wikidata", TYPES, known)
    labels: dict[str, str] = {}
    for path in files:
        collector.begin_file(path)
        entities = [one for value in values(path, collector.fault) for one in _entities(value)]
        if not entities and not collector.report.faults:
            collector.fault("holds no entity of Wikidata")
        labels |= {str(one["id"]): name for one in entities if (name := _name(one)[0])}
        for entity in entities:
            _entity(collector, entity, labels)
    return collector.finish()


def _entities(value: Any) -> Iterator[Entry]:
    if isinstance(value, list):
        for one in value:
            yield from _entities(one)
    elif isinstance(value, dict):
        if isinstance(value.get("entities"), dict):
            yield from _entities(list(value["entities"].values()))
        elif re.fullmatch("[QPL][1-9][0-9]{0,11}", str(value.get("id"))):
            yield value


def _entity(c: Collector, entity: Entry, known: dict[str, str]) -> None:
    ident, claims = str(entity["id"]), entity.get("claims")
    claims = claims if isinstance(claims, dict) else {}
    statements = [
        (prop, one)
        for prop, found in claims.items()
        if isinstance(found, list)
        for one in found
        if isinstance(one, dict)
    ]
    best = {prop: _best([one for name, one in statements if name == prop]) for prop in claims}
    c.begin(_head(entity), ident, "CC0-1.0")
    name, lang = _name(entity)
    others = _others(entity, name)
    made = _made(c, ident, name, best, others) if name and ident[0] == "Q" else None
    if made is None:
        c.set_aside("no-name" if not name else "neither-actor-nor-place", ident)
    else:
        if lang != "en":
            c.warn("named-in-another-language")
        c.keep()
    for prop, statement in statements:
        _statement(c, prop, statement, ident, made, best, known)


def _head(entity: Entry) -> Entry:
    labels = entity.get("labels")
    return {
        "id": entity["id"],
        "lastrevid": entity.get("lastrevid"),
        "modified": entity.get("modified"),
        "label": _label(labels, "en") or _label(labels, "mul")
        if isinstance(labels, dict)
        else None,
    }


def _label(labels: Any, lang: str) -> Any:
    found = labels.get(lang) if isinstance(labels, dict) else None
    return found.get("value") if isinstance(found, dict) else found


def _name(entity: Entry) -> tuple[str | None, str]:
    labels = entity.get("labels")
    labels = labels if isinstance(labels, dict) else {}
    for lang in ("en", "mul", *sorted(map(str, labels))):
        if name := line(_label(labels, lang)):
            return name, "en" if lang == "mul" else lang
    return None, ""


def _others(entity: Entry, name: str | None) -> list[Entry]:
    """The other names in English and in the languages that the first labels are in, each once."""
    labels, aliases = _mapping(entity.get("labels")), _mapping(entity.get("aliases"))
    found: dict[str, Entry] = {}
    for lang in ("en", "mul", *sorted({*labels, *aliases} - {"en", "mul"})):
        given = aliases.get(lang)
        for one in [_label(labels, lang), *(given if isinstance(given, list) else [])]:
            alias = line(one.get("value") if isinstance(one, dict) else one)
            if alias and alias != name and alias not in found:
                tag = language(lang) if lang != "mul" else None
                found[alias] = {"alias": alias} | ({"lang": tag} if tag else {})
    return list(found.values())


def _best(statements: list[Entry]) -> list[Entry]:
    """The statements of the best rank that there is; deprecated ones never."""
    for rank in ("preferred", "normal"):
        if found := [one for one in statements if one.get("rank") == rank]:
            return found
    return []


def _value(snak: Any) -> Any:
    if not isinstance(snak, dict) or snak.get("snaktype") != "value":
        return None
    value = snak.get("datavalue")
    value = value.get("value") if isinstance(value, dict) else None
    return value.get("id", value) if isinstance(value, dict) else value


def _first(best: dict[str, list[Entry]], prop: str) -> Any:
    found = (_value(one.get("mainsnak")) for one in best.get(prop, []))
    return next((one for one in found if one is not None), None)


def _made(
    c: Collector, ident: str, name: str, best: dict[str, list[Entry]], others: list[Entry]
) -> tuple[str, str] | None:
    types = {str(_value(one.get("mainsnak"))) for one in best.get("P31", [])}
    country = _COUNTRIES.get(str(_first(best, "P17") or _first(best, "P27")))
    kind = next(
        (
            kind
            for kind, known in (
                ("person", _PERSON),
                ("state", _STATE),
                ("outlet", _OUTLET),
                ("organisation", _BODY),
            )
            if types & known
        ),
        None,
    )
    if kind:
        code = _first(best, "P297") if kind == "state" else country
        actor = c.mint("actors", [ident], name)
        c.add(
            "actors",
            actor,
            raw=True,
            kind=kind,
            name=name,
            wikidata=ident,
            aliases=others,
            country=code if isinstance(code, str) and re.fullmatch("[A-Z]{2}", code) else country,
        )
        return kind, actor
    at = _first(best, "P625")
    if isinstance(at, dict) and at.get("globe") not in (None, _EARTH):
        return None
    if not isinstance(at, dict) and not types & (_CITY | _REGION | _SITE):
        return None
    size = next(
        (s for s, k in (("city", _CITY), ("region", _REGION), ("site", _SITE)) if types & k), "area"
    )
    at = at if isinstance(at, dict) and size in ("city", "site") else {}
    iso, geonames = _first(best, "P300"), _first(best, "P1566")
    place = c.mint("places", [ident], name)
    c.add(
        "places",
        place,
        raw=True,
        name=name,
        kind=size,
        country=country,
        wikidata=ident,
        iso_3166_2=iso if isinstance(iso, str) and country and iso.startswith(country) else None,
        geonames=geonames if isinstance(geonames, str) and geonames.isdigit() else None,
        lat=at.get("latitude"),
        lon=at.get("longitude"),
    )
    return "place", place


def _statement(
    c: Collector,
    prop: str,
    statement: Entry,
    ident: str,
    made: tuple[str, str] | None,
    best: dict[str, list[Entry]],
    known: dict[str, str],
) -> None:
    snak = statement.get("mainsnak")
    kind = snak.get("snaktype") if isinstance(snak, dict) else None
    raw = {
        "property": prop,
        "rank": statement.get("rank"),
        "mainsnak": snak,
        "qualifiers": statement.get("qualifiers"),
        "references": statement.get("references"),
    }
    c.begin(raw, str(statement.get("id") or f"{ident} {prop}"), "CC0-1.0")
    if made is None:
        return c.set_aside("of-an-entity-set-aside", prop)
    if statement.get("rank") == "deprecated":
        return c.set_aside("deprecated", prop)
    if kind == "somevalue":
        return c.set_aside("unknown-value", prop)
    if kind == "novalue":
        return c.set_aside("no-value", prop)
    if prop not in _USED or (prop in _OFFICES and made[0] != "person"):
        return c.set_aside("property-without-a-field", prop)
    if prop not in _OFFICES:
        if statement not in best.get(prop, []):
            return c.set_aside("another-is-preferred", prop)
        return c.keep()
    return _role(c, prop, statement, made[1], known)


def _role(c: Collector, prop: str, statement: Entry, actor: str, known: dict[str, str]) -> None:
    target = _value(statement.get("mainsnak"))
    if not isinstance(target, str):
        return c.set_aside("value-not-understood", prop)
    start, from_note = _qualifier(statement, "P580")
    end, to_note = _qualifier(statement, "P582")
    term = c.term(start, end)
    notes = [f"{_OFFICES[prop]}, Wikidata {prop} {target}."]
    if term["start"] != start:
        notes.append(f"It is said to begin on {start} and end on {end}.")
    notes += [
        f"Its {name} is {note}." for name, note in (("start", from_note), ("end", to_note)) if note
    ]
    others = sorted(set(_mapping(statement.get("qualifiers"))) - {"P580", "P582"})
    if others:
        notes.append(f"Further qualifiers stand with its origin: {', '.join(others)}.")
    c.add(
        "roles",
        c.mint("roles", [actor, str(statement.get("id") or (prop, target, start, end))]),
        raw=True,
        actor=actor,
        title=f"{known.get(target, _OFFICES[prop])} ({target})",
        **term,
        note=" ".join(notes),
    )
    return c.keep()


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _qualifier(statement: Entry, prop: str) -> tuple[str | None, str | None]:
    """The time of a qualifier, and what is to be said where there is none that can be written."""
    for snak in _mapping(statement.get("qualifiers")).get(prop, []):
        if snak.get("snaktype") == "somevalue":
            return None, "unknown"
        if snak.get("snaktype") == "novalue":
            return None, "none: it goes on" if prop == "P582" else "none"
        return (
            (found, None)
            if (found := time_of(_value(snak)))
            else (None, "not a date of the profile")
        )
    return None, None


def time_of(value: Any) -> str | None:
    """A time of Wikidata, as precise as it says; None for what the profile cannot hold.

    >>> time_of({"time": "+2013-05-00T00:00:00Z", "precision": 10})
    '2013-05'
    """
    if not isinstance(value, dict):
        return None
    length, text = _PRECISION.get(value.get("precision", 0)), str(value.get("time"))
    if not length or not re.match("[+][0-9]{4}-[0-9]{2}-[0-9]{2}T", text):
        return None
    try:
        bounds(text[1 : length + 1])
    except TimeError:
        return None
    return text[1 : length + 1]


__all__ = ["read_wikidata", "time_of"]
