"""Events in the manner of PLOVER (https://github.com/openeventdata/PLOVER), JSON Lines.

PLOVER's events are coded as having happened. So an event that anybody denies or doubts, or nobody
asserts, is left out unless it is asked for, and so is who is alleged to have begun it as long as
that is disputed. A type without a counterpart in PLOVER is
left out and counted, never guessed. A call is CONSULT by phone, an attack ASSAULT, and a speaker
who says or denies that an actor did it ACCUSE or REJECT.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allegata.exporting.rows import Export, says
from allegata.showing.session import Row

CODES: dict[str, tuple[str, str | None]] = {
    "attack": ("ASSAULT", None),
    "call": ("CONSULT", "phone"),
    "meeting": ("CONSULT", None),
    "negotiation": ("CONSULT", None),
}
"""Type of event -> event type and mode of PLOVER; others have no counterpart."""
SPOKEN: dict[str, tuple[str, str | None]] = {
    "asserts": ("ACCUSE", "allege"),
    "suggests": ("ACCUSE", "allege"),
    "denies": ("REJECT", None),
}
UNDISPUTED = ("asserted", "not_at_issue")
"""How an event must stand to be written unasked."""

EVENTS = """
SELECT e.*, coalesce(c.status_worded, 'not_at_issue') AS status, p.name AS place_name,
    p.geonames, p.country AS place_country, p.lat, p.lon, x.actors
FROM events e
LEFT JOIN contestation c ON c.proposition_id = e.head_id AND c.valid_to IS NULL
LEFT JOIN places p ON p.id = e.place_id
LEFT JOIN (
    SELECT t.event_id, list({'role': t.role, 'id': a.id, 'name': a.name, 'country': a.country,
        'wikidata': a.wikidata, 'is_given': t.role IN ('party', 'host') OR ev.head_id IS NULL
        OR coalesce(n.is_asserted, false)} ORDER BY t.role, a.id) AS actors
    FROM participants t
    JOIN actors a ON a.id = t.actor_id
    JOIN events ev ON ev.id = t.event_id
    LEFT JOIN (
        SELECT p.event_id, p.actor_id,
            CASE p.aspect WHEN 'agent' THEN 'initiator' ELSE 'target' END AS role,
            bool_and(c.status_worded = 'asserted') AS is_asserted
        FROM propositions p
        JOIN contestation c ON c.proposition_id = p.id AND c.valid_to IS NULL
        WHERE p.aspect IN ('agent', 'target') GROUP BY ALL
    ) n ON n.event_id = t.event_id AND n.actor_id = t.actor_id AND n.role = t.role
    GROUP BY t.event_id
) x ON x.event_id = e.id
ORDER BY e.id
"""
"""A row an event, with how its head stands now by what is said in words, and its participants.

Those are given who take part on an equal footing or as hosts, who took part in what is not
at issue, or of whose part all who speak of it say that it is so.
"""

_ACCUSATIONS = """
SELECT f.*, a.id AS accused_id, a.name AS accused_name, a.country AS accused_country,
    a.wikidata AS accused_wikidata, s.country AS speaker_country, s.wikidata AS speaker_wikidata,
    e.type AS event_type, src.url
FROM claims_flat f
JOIN propositions p ON p.id = f.proposition_id AND p.aspect = 'agent'
JOIN actors a ON a.id = p.actor_id
JOIN actors s ON s.id = f.speaker_id
JOIN events e ON e.id = p.event_id
JOIN sources src ON src.id = f.source_id
WHERE f.depth > 0 ORDER BY f.claim_id
"""


def write_plover(export: Export, out: Path) -> None:
    """Write the events of a release, and its accusations and denials, to a file."""
    with out.open("w", encoding="utf-8", newline="\n") as file:

        def put(item: dict[str, Any]) -> None:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
            export.written += 1

        for row in export.rows("writing events", EVENTS):
            if row["type"] not in CODES:
                export.leave_out(f"events of type {row['type']}, which PLOVER lacks")
            elif row["status"] not in UNDISPUTED and not export.contested:
                export.leave_out(f"events that are {row['status']}")
            else:
                put(_event(export, row))
        for row in export.rows("writing accusations", _ACCUSATIONS):
            if row["stance"] in SPOKEN and row["event_type"] == "attack":
                put(_spoken(export, row))
            else:
                export.leave_out("claims about who did it, neither an accusation nor a denial")


def _event(export: Export, row: Row) -> dict[str, Any]:
    code, mode = CODES[row["type"]]
    actors = [
        (actor["role"], _actor(actor))
        for actor in row["actors"] or []
        if actor["is_given"] or export.contested
    ]
    return {
        "id": row["id"],
        **_head(export, code, mode, row["time_earliest"], row["time_latest"], row["time"]),
        "event_text": row["label"],
        "status": row["status"],
        "source": [actor for role, actor in actors if role in ("initiator", "party", "host")],
        "target": [actor for role, actor in actors if role in ("target", "party")],
        "roles_as_alleged": {actor["id"]: actor["role"] for actor in row["actors"] or []},
        "location": _place(row),
    }


def _spoken(export: Export, row: Row) -> dict[str, Any]:
    code, mode = SPOKEN[row["stance"]]
    speaker = {name: row[f"speaker_{name}"] for name in ("id", "name", "country", "wikidata")}
    accused = {name: row[f"accused_{name}"] for name in ("id", "name", "country", "wikidata")}
    return {
        "id": row["claim_id"],
        **_head(export, code, mode, row["said_earliest"], row["said_latest"], row["said"]),
        "event_text": says(row),
        "status": "as_reported",
        "source": [_actor(speaker)],
        # A denial has no target: it is not said whom the speaker rejects.
        "target": [_actor(accused)] if code == "ACCUSE" else [],
        "location": None,
        "citation": {"publisher": row["publisher_name"], "date": row["published"],
                     "url": row["url"]},
    }  # fmt: skip


def _head(
    export: Export, code: str, mode: str | None, earliest: Any, latest: Any, coded: str | None
) -> dict[str, Any]:
    return {
        "event_type": code,
        "event_mode": mode,
        "date_start": str(earliest) if earliest else None,
        "date_end": str(latest) if latest else None,
        "date_as_coded": coded,
        "dataset": export.release.dataset.name,
        "version": export.release.version,
    }


def _actor(actor: Row) -> dict[str, Any]:
    return {
        "id": actor["id"],
        "actor_name_raw": actor["name"],
        "country": actor["country"],
        "wikidata_id": actor["wikidata"],
    }


def _place(row: Row) -> dict[str, Any] | None:
    if row["place_id"] is None:
        return None
    return {
        "name": row["place_name"],
        "geonameid": row["geonames"],
        "country": row["place_country"],
        "latitude": row["lat"],
        "longitude": row["lon"],
    }
