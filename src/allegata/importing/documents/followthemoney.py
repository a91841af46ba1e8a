"""FollowTheMoney (https://followthemoney.tech): entities as JSON, and statements as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from allegata.importing.documents.collecting import Collector, Entry, day, line
from allegata.importing.documents.jsonvalues import loaded, values
from allegata.importing.report import Aside, Report
from allegata.importing.running.files import LOST, TOO_LONG, blocks
from allegata.schema.types import countries

_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "PublicBody": "organisation",
    "LegalEntity": "organisation",
}
_COLUMNS = {"canonical_id", "prop", "schema", "value", "dataset"}
Statement = tuple[int, str, str, Entry]


def read_followthemoney(
    files: list[Path], known: frozenset[str]
) -> tuple[Report, list[Aside], dict[str, list[Entry]]]:
    """Entities and statements as records.

    Persons, organisations, companies, public bodies and legal entities become actors: the first
    name, further names and aliases, the country and the item in Wikidata. An occupancy becomes a
    role of its holder, with the name of its post, its body and its days.

    Of statements (CSV) each is a row, and the actor has an origin for each that it was made from;
    of entities (JSON lines) each entity is one. Set aside are entities of other schemata or without
    a name, properties that no field holds, checksums (prop id), and countries that are none of ISO
    3166. The data set's licence is not in these files.
    """
    c = Collector("followthemoney", None, known)
    entities: dict[str, Entry] = {}
    for path in files:
        c.begin_file(path)
        lines = _lines(path, c)
        first = next(lines, (0, ""))
        if first[1].lstrip().startswith("["):
            _entities(c, _of_arrays(path, c))
        elif first[1].lstrip().startswith("{"):
            _entities(c, _of_lines(chain([first], lines)))
        elif first[1]:
            _statements(c, first[1], lines, entities)
        else:
            c.fault("is empty")
    return c.finish()


def _lines(path: Path, c: Collector) -> Iterator[tuple[int, str]]:
    number = 0
    for block in blocks(path, "utf-8", c.fault):
        for text in block.removesuffix("\n").split("\n"):
            number += 1
            yield number, text


def _of_lines(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[Any, str]]:
    """Each line's value, or what is wrong with it."""
    for _, text in lines:
        if not text.strip():
            continue
        if TOO_LONG in text:
            yield None, "it is too long"
            continue
        try:
            yield loaded(text), ""
        except (ValueError, RecursionError) as error:
            yield None, str(error)


def _of_arrays(path: Path, c: Collector) -> Iterator[tuple[Any, str]]:
    for value in values(path, c.fault):
        yield from ((one, "") for one in (value if isinstance(value, list) else [value]))


def _entities(c: Collector, given: Iterable[tuple[Any, str]]) -> None:
    posts: dict[str, Entry] = {}
    held: list[Entry] = []
    for entity, wrong in given:
        try:
            if wrong:
                raise ValueError(wrong)
            properties = {
                str(key): [
                    str(one.get("id")) if isinstance(one, dict) else str(one)
                    for one in (value if isinstance(value, list) else [value])
                ]
                for key, value in entity["properties"].items()
            }
            held.append(
                {"id": str(entity["id"]), "schema": str(entity["schema"]), "properties": properties}
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            c.begin({}, None)
            c.set_aside("not-an-entity", str(error))
            continue
        if entity["schema"] == "Position" and properties.get("name"):
            posts[str(entity["id"])] = properties
    actors: dict[str, tuple[str, str]] = {}
    for entity in sorted(held, key=lambda one: one["schema"] == "Occupancy"):
        c.begin(entity, entity["id"])
        _entity(c, entity, posts, actors)


def _entity(
    c: Collector, entity: Entry, posts: dict[str, Entry], actors: dict[str, tuple[str, str]]
) -> None:
    schema, properties = entity["schema"], entity["properties"]
    if schema == "Occupancy":
        return _occupancy(c, entity, posts, actors)
    if schema not in _KINDS:
        return c.set_aside("schema-without-a-table", schema)
    fields = _actor(schema, properties)
    if not fields.get("name"):
        return c.set_aside("no-name", entity["id"])
    actor = c.add("actors", c.mint("actors", [entity["id"]], fields["name"]), raw=True, **fields)
    actors[entity["id"]] = (schema, actor)
    return c.keep()


def _actor(schema: str, properties: dict[str, list[str]]) -> Entry:
    names = [
        name for name in map(line, properties.get("name", []) + properties.get("alias", [])) if name
    ]
    codes = [
        code.upper() for code in properties.get("country", []) + properties.get("jurisdiction", [])
    ]
    items = [
        item for item in properties.get("wikidataId", []) if re.fullmatch("Q[1-9][0-9]{0,11}", item)
    ]
    return {
        "kind": _KINDS[schema],
        "name": names[0] if names else None,
        "country": next((code for code in codes if code in countries()), None),
        "wikidata": items[0] if items else None,
        "aliases": [{"alias": one} for one in dict.fromkeys(names[1:]) if one != names[0]],
    }


def _occupancy(
    c: Collector, entity: Entry, posts: dict[str, Entry], actors: dict[str, tuple[str, str]]
) -> None:
    properties = entity["properties"]
    holder, post = properties.get("holder", [None])[0], properties.get("post", [""])[0]
    title = line(next(iter(posts.get(post, {}).get("name", [])), None))
    if not holder or not title:
        return c.set_aside("occupancy-without-holder-or-post", entity["id"])
    schema, person = actors.get(holder, ("", ""))
    if schema not in ("Person", "LegalEntity"):
        return c.set_aside("holder-not-a-person-of-the-file", entity["id"])
    body = next(iter(posts[post].get("organization", [])), "")
    c.add(
        "roles",
        c.mint("roles", [entity["id"]], title),
        raw=True,
        actor=person,
        title=title,
        org=actors[body][1] if body in actors and actors[body][0] != "Person" else None,
        **c.term(
            day(next(iter(properties.get("startDate", [])), None)),
            day(next(iter(properties.get("endDate", [])), None)),
        ),
    )
    return c.keep()


def _statements(
    c: Collector, header: str, lines: Iterator[tuple[int, str]], entities: dict[str, Entry]
) -> None:
    names = _cells(header)
    if not set(names) >= _COLUMNS:
        c.fault(
            f"its first line lacks {', '.join(sorted(_COLUMNS - set(names)))}; "
            "is it comma-separated?"
        )
        return
    groups: dict[str, list[Entry]] = {}
    csv.field_size_limit(16 * 1024 * 1024)
    reader = csv.reader((text + "\n" for _, text in lines), strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            c.begin({}, None)
            c.set_aside("not-a-row", str(error))
            continue
        if not cells:
            continue
        row = dict(zip(names, cells, strict=False))
        c.begin(row, row.get("id"))
        if len(cells) != len(names):
            c.set_aside("columns", f"{len(cells)} columns, not {len(names)}")
        elif any(LOST in cell or TOO_LONG in cell for cell in cells):
            c.set_aside("encoding")
        else:
            groups.setdefault(row["canonical_id"], []).append(
                {**row, "": c.origin(raw=True), " ": c.row}
            )
    for ident, rows in groups.items():
        _group(c, ident, rows)


def _cells(header: str) -> list[str]:
    try:
        return next(csv.reader([header]), [])
    except csv.Error:
        return []


def _group(c: Collector, ident: str, rows: list[Entry]) -> None:
    """The actor of the statements on one entity; each row is kept or set aside by itself."""
    schema = next((row["schema"] for row in rows if row["schema"] in _KINDS), rows[0]["schema"])
    used, properties = [], dict[str, list[str]]()
    for row in rows:
        reason = _reason(schema, row)
        if reason:
            c.set_aside_row(row[" "], reason, row["prop"])
            continue
        used.append(row)
        properties.setdefault(row["prop"], []).append(row["value"])
    fields = _actor(schema, properties) if schema in _KINDS else {}
    if not fields.get("name"):
        for row in used:
            c.set_aside_row(row[" "], "no-name", ident)
        return
    c.add_made(
        "actors", c.mint("actors", [ident], fields["name"]), [row[""] for row in used], **fields
    )


def _reason(schema: str, row: Entry) -> str | None:
    if schema not in _KINDS:
        return "schema-without-a-table"
    if row["prop"] == "id":
        return "checksum"
    if row["prop"] in ("country", "jurisdiction"):
        return None if row["value"].upper() in countries() else "country-not-known"
    return None if row["prop"] in ("name", "alias", "wikidataId") else "property-without-a-field"


__all__ = ["read_followthemoney"]
