"""Rules of actors and places: what each is, what it lies below, and that it is recorded once."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule

E, W = Severity.ERROR, Severity.WARNING


def _parent_cycle(table: str) -> Check:
    return Check(
        table,
        "SELECT t._row, t.parent_id AS value, t.id AS child, p._row AS other_row, "
        f"CASE WHEN p._row <> t._row THEN '{table}' END AS other_table "
        f"FROM {table} t JOIN parents_closure c ON c.a = t.id AND c.b = t.id "
        f"JOIN {table} p ON p.id = t.parent_id",
        field="parent_id",
    )


def _shared(table: str, column: str) -> Check:
    return Check(
        table,
        f"SELECT s._row, s.{column} AS value, f.id AS first, "
        f"'{table}' AS other_table, f._row AS other_row "
        f"FROM (SELECT _row, id, {column}, min(_row) OVER (PARTITION BY {column}) AS first_row "
        f"FROM {table} WHERE {column} IS NOT NULL) s "
        f"JOIN {table} f ON f._row = s.first_row WHERE s.id <> f.id",
        field=column,
    )


_USES = {
    "actors": "SELECT id AS owner, name, 'actors' AS in_table, _row, 0 AS turn FROM actors "
    "UNION ALL SELECT actor_id AS owner, alias AS name, 'actor_aliases' AS in_table, _row, "
    "1 AS turn FROM actor_aliases",
    "places": "SELECT id AS owner, name, 'places' AS in_table, _row, 0 AS turn FROM places",
}
"""Whose names must differ -> each name that one of them has."""


def _collision(uses: str, table: str, field: str) -> Check:
    first = "OVER (PARTITION BY lower(name) ORDER BY turn, _row)"
    return Check(
        table,
        f"SELECT _row, name AS value, owner, other, other_table, other_row FROM (SELECT *, "
        f"first_value(owner) {first} AS other, first_value(in_table) {first} AS other_table, "
        f"first_value(_row) {first} AS other_row FROM ({_USES[uses]}) u) named "
        f"WHERE other <> owner AND in_table = '{table}'",
        field=field,
    )


# Where no occasion is named, only days that cannot be the same tell two occasions apart.
def _two_occasions(table: str, statement: str, actor: str) -> Check:
    return Check(
        table,
        "WITH uses AS (SELECT id AS statement_id, speaker_id AS actor_id FROM statements "
        "UNION SELECT statement_id, actor_id FROM audience) "
        f"SELECT t._row, t.{actor} AS value, 'statements' AS other_table, "
        f"min(was._row) AS other_row FROM {table} t "
        f"JOIN actors a ON a.id = t.{actor} AND a.kind = 'unnamed' "
        f"JOIN statements here ON here.id = t.{statement} JOIN uses u ON u.actor_id = a.id "
        "JOIN statements was ON was.id = u.statement_id AND was._row < here._row "
        "WHERE CASE WHEN here.occasion_id IS NOT NULL AND was.occasion_id IS NOT NULL "
        "THEN here.occasion_id <> was.occasion_id "
        "ELSE coalesce(here.said_earliest > was.said_latest, FALSE) "
        "OR coalesce(here.said_latest < was.said_earliest, FALSE) END "
        f"GROUP BY t._row, t.{actor}",
        field=actor,
    )


# An area, such as a sea or a front line, may be of any size.
def _size(kind: str) -> str:
    return (
        f"CASE {kind} WHEN 'site' THEN 1 WHEN 'city' THEN 2 WHEN 'region' THEN 3 "
        "WHEN 'country' THEN 4 END"
    )


RULES = (
    Rule(
        "PARENT_CYCLE",
        E,
        "No actor and no place lies, through others, below itself.",
        "What has no top counts for no party and lies in no country.",
        "- {id: act-ministry, parent: act-agency, …}\n- {id: act-agency, parent: act-ministry, …}",
        "Take out the parent that is wrong.",
        message="{value} lies below {child} and cannot be its parent",
        other="the parent",
        waivable=False,
        checks=(_parent_cycle("actors"), _parent_cycle("places")),
    ),
    Rule(
        "ACTOR_PARENT_KIND",
        E,
        "A person and a state have no parent, and no parent is a person or an unnamed one.",
        "Bodies are part of bodies; a person's tie to a body is an office, held for a time.",
        "- {id: act-ann, kind: person, parent: act-ministry, …}",
        "For a person, write a role with its body and its time; for a state, leave parent out.",
        message="an actor of kind {kind} cannot lie below {value}, of kind {parent_kind}",
        other="the parent",
        checks=(
            Check(
                "actors",
                "SELECT t._row, t.parent_id AS value, t.kind, p.kind AS parent_kind, "
                "'actors' AS other_table, p._row AS other_row "
                "FROM actors t JOIN actors p ON p.id = t.parent_id "
                "WHERE t.kind IN ('person', 'state') OR p.kind IN ('person', 'unnamed')",
                field="parent_id",
            ),
        ),
    ),
    Rule(
        "AUTHORITY_DUPLICATE",
        E,
        "No two actors, and no two places, have the same item in Wikidata or number in GeoNames.",
        "They are the same thing recorded twice, or one of the identifiers is another's.",
        "- {id: act-un, wikidata: Q1065, …}\n- {id: act-united-nations, wikidata: Q1065, …}",
        "Merge the two records, or mend the identifier that is wrong.",
        message="{value} is the identifier of {first} too",
        other="the first record with this identifier",
        checks=(
            _shared("actors", "wikidata"),
            _shared("places", "wikidata"),
            _shared("places", "geonames"),
        ),
    ),
    Rule(
        "NAME_COLLISION",
        W,
        "No two actors, and no two places, share a name or an alias, upper and lower case alike.",
        "A reader cannot tell them apart, and a coder picks the wrong one.",
        "- {id: plc-novgorod, name: Novgorod, …}\n- {id: plc-novgorod-oblast, name: Novgorod, …}",
        "Say what sets each apart, such as Novgorod region; if they are the same, keep one.",
        message="{owner} shares {value} with {other}",
        other="the other that is so called",
        checks=(
            _collision("actors", "actors", "name"),
            _collision("actors", "actor_aliases", "alias"),
            _collision("places", "places", "name"),
        ),
    ),
    Rule(
        "UNNAMED_REUSED",
        E,
        "An unnamed actor speaks or is spoken to on one occasion only.",
        "Nobody knows whether the official of Monday is the official of Tuesday.",
        "actors:\n  - {id: act-officials, kind: unnamed, …}\nstatements:\n"
        "  - {id: stm-a, speaker: act-officials, occasion: evt-briefing, …}\n"
        "  - {id: stm-b, speaker: act-officials, occasion: evt-other-briefing, …}",
        "Write an actor for each occasion; if it is one, name it in both statements.",
        message="{value} is unnamed and belongs to another occasion already",
        other="the statement of the other occasion",
        checks=(
            _two_occasions("statements", "id", "speaker_id"),
            _two_occasions("audience", "statement_id", "actor_id"),
        ),
    ),
    Rule(
        "SUBDIVISION_MISMATCH",
        E,
        "A subdivision's code begins with the code of the place's country.",
        "One of the two says that the place lies elsewhere.",
        "- {id: plc-a, country: UA, iso_3166_2: RU-NGR, …}",
        "Mend the code or the country.",
        message="{value} is not a subdivision of {country}",
        checks=(
            Check(
                "places",
                "SELECT _row, iso_3166_2 AS value, country FROM places "
                "WHERE substr(iso_3166_2, 1, 2) <> country",
                field="iso_3166_2",
            ),
        ),
    ),
    Rule(
        "PLACE_PARENT_FINER",
        E,
        "A place does not lie in a smaller kind of place.",
        "A region does not lie in a city; child and parent are mixed up.",
        "- {id: plc-harl, kind: city, parent: plc-harl-lock, …}\n"
        "- {id: plc-harl-lock, kind: site, …}",
        "Swap child and parent, or mend a kind; for what has no such size, use the kind area.",
        message="a {kind} does not lie in a {parent_kind} such as {value}",
        other="the parent",
        checks=(
            Check(
                "places",
                "SELECT t._row, t.parent_id AS value, t.kind, p.kind AS parent_kind, "
                "'places' AS other_table, p._row AS other_row "
                "FROM places t JOIN places p ON p.id = t.parent_id "
                f"WHERE {_size('p.kind')} < {_size('t.kind')}",
                field="parent_id",
            ),
        ),
    ),
    Rule(
        "PLACE_COORD_PAIR",
        E,
        "Latitude and longitude are given together.",
        "One of them alone is a line around the globe.",
        "- {id: plc-harl-lock, kind: site, lat: 12.5, …}   # no lon",
        "Add the other, or take both out.",
        message="{value} stands alone; {missing} is missing",
        checks=(
            Check(
                "places",
                "SELECT _row, CASE WHEN lat IS NULL THEN 'lon' ELSE 'lat' END AS field, "
                "coalesce(lat, lon) AS value, "
                "CASE WHEN lat IS NULL THEN 'lat' ELSE 'lon' END AS missing "
                "FROM places WHERE (lat IS NULL) <> (lon IS NULL)",
            ),
        ),
    ),
    Rule(
        "PLACE_TOO_PRECISE",
        E,
        "Only sites and cities have coordinates.",
        "A point in the middle of a region is read as the spot where something took place.",
        "- {id: plc-arrune-valley, kind: region, lat: 12.5, lon: -140.25, …}",
        "Take the coordinates out; an identifier says which region or country is meant.",
        message="a place of kind {kind} has no coordinates",
        checks=(
            Check(
                "places",
                "SELECT _row, CASE WHEN lat IS NULL THEN 'lon' ELSE 'lat' END AS field, "
                "coalesce(lat, lon) AS value, kind "
                "FROM places WHERE kind NOT IN ('site', 'city') "
                "AND (lat IS NOT NULL OR lon IS NOT NULL)",
            ),
        ),
    ),
)
