"""FollowTheMoney (https://followthemoney.tech/): actors, offices, places, sources, events.

An entity of FollowTheMoney is held to be so. What is claimed has no place in it, and is left out: a
disputed event, and who is alleged to have begun one. An actor the source leaves unnamed is a
``LegalEntity``, since whether it is one person is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegata.exporting.others.plover import EVENTS, UNDISPUTED
from allegata.exporting.rows import Export
from allegata.showing.session import Row

_SCHEMATA = {
    "person": "Person",
    "state": "PublicBody",
    "organisation": "Organization",
    "outlet": "Organization",
    "unnamed": "LegalEntity",
}
_ACTORS = """
SELECT a.*, x.aliases FROM actors a LEFT JOIN (
    SELECT actor_id, list(DISTINCT alias ORDER BY alias) AS aliases
    FROM actor_aliases GROUP BY actor_id
) x ON x.actor_id = a.id ORDER BY a.id
"""
_OFFICES = """
SELECT r.*, a.kind AS holder_kind, o.country AS org_country, o.kind AS org_kind
FROM roles r JOIN actors a ON a.id = r.actor_id LEFT JOIN actors o ON o.id = r.org_id
ORDER BY r.id
"""
_SOURCES = """
SELECT s.*, a.name AS publisher_name FROM sources s JOIN actors a ON a.id = s.publisher_id
ORDER BY s.id
"""


def write_followthemoney(export: Export, out: Path) -> None:
    """Write the entities of a release to a file, one on a line."""
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for entity in _entities(export):
            file.write(json.dumps(entity, ensure_ascii=False) + "\n")
            export.written += 1


def _entities(export: Export) -> Iterator[dict[str, Any]]:
    for row in export.rows("writing actors", _ACTORS):
        yield _entity(
            row["id"],
            _SCHEMATA[row["kind"]],
            name=row["name"],
            alias=row["aliases"],
            country=_country(row["country"]),
            wikidataId=row["wikidata"],
        )
    for row in export.rows("writing places", "SELECT * FROM places ORDER BY id"):
        yield _entity(
            row["id"],
            "Address",
            full=row["name"],
            name=row["name"],
            country=_country(row["country"]),
            latitude=row["lat"],
            longitude=row["lon"],
        )
    for row in export.rows("writing offices", _OFFICES):
        yield from _office(row)
    for row in export.rows("writing sources", _SOURCES):
        yield _entity(
            row["id"],
            "Article",
            title=row["title"],
            publishedAt=_day(row["published_earliest"], row["published_latest"]),
            sourceUrl=row["url"],
            publisher=row["publisher_name"],
        )
    yield from _events(export)


def _office(row: Row) -> Iterator[dict[str, Any]]:
    post = f"{row['id']}.position"
    body = row["org_id"] if row["org_kind"] in ("organisation", "outlet", "state") else None
    yield _entity(
        post, "Position", name=row["title"], country=_country(row["org_country"]), organization=body
    )
    yield _entity(
        row["id"],
        "Occupancy",
        holder=row["actor_id"],
        post=post,
        startDate=_day(row["start_earliest"], row["start_latest"]),
        endDate=_day(row["end_earliest"], row["end_latest"]),
    )


def _events(export: Export) -> Iterator[dict[str, Any]]:
    for row in export.rows("writing events", EVENTS):
        if row["status"] not in UNDISPUTED and not export.contested:
            export.leave_out(f"events that are {row['status']}")
            continue
        actors = row["actors"] or []
        if alleged := sum(not actor["is_given"] for actor in actors):
            export.left_out["participants that are only alleged"] = (
                export.left_out.get("participants that are only alleged", 0) + alleged
            )
        yield _entity(
            row["id"],
            "Event",
            name=row["label"],
            startDate=_day(row["time_earliest"], row["time_earliest"]),
            endDate=_day(row["time_latest"], row["time_latest"]),
            addressEntity=row["place_id"],
            location=row["place_name"],
            involved=sorted({actor["id"] for actor in actors if actor["is_given"]}),
            summary=f"{row['status'].replace('_', ' ')} in {export.release.dataset.name} "
            f"{export.release.version}",
        )


def _entity(record: str, schema: str, /, **given: Any) -> dict[str, Any]:
    properties = {}
    for key, value in given.items():
        values = value if isinstance(value, list) else [value]
        if told := [str(one) for one in values if one not in (None, "")]:
            properties[key] = told
    return {"id": record, "schema": schema, "properties": properties}


def _country(code: str | None) -> str | None:
    return code.lower() if code else None


def _day(earliest: Any, latest: Any) -> str | None:
    """The part of a date that both bounds share: a day, a month, a year, or nothing.

    FollowTheMoney takes years from 1000 to 2999 (https://github.com/opensanctions/prefixdate).
    """
    if earliest is None or latest is None or not 1000 <= earliest.year <= latest.year <= 2999:
        return None
    first, last = str(earliest), str(latest)
    return next((first[:n] for n in (10, 7, 4) if first[:n] == last[:n]), None)
