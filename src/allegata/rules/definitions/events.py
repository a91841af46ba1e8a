"""Rules of events, their heads and those said to have taken part."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule
from allegata.rules.words import sql_word

E, W = Severity.ERROR, Severity.WARNING

# Pairs that nobody need suspect of being one event, since a relation tells them apart.
_TOLD_APART = (
    "SELECT a, b FROM before_closure UNION SELECT b AS a, a AS b FROM before_closure "
    "UNION SELECT subject_id AS a, object_id AS b FROM relations "
    "WHERE predicate IN ('part_of', 'alternative_to') "
    "UNION SELECT object_id AS a, subject_id AS b FROM relations "
    "WHERE predicate IN ('part_of', 'alternative_to')"
)


def _not_after(one: str, other: str) -> str:
    return (
        f"coalesce({one}.time_earliest, DATE '0001-01-01') "
        f"<= coalesce({other}.time_latest, DATE '9999-12-31')"
    )


RULES = (
    Rule(
        "EVENT_HEAD_MISSING",
        E,
        "An event has a head once somebody's word on who did it, at whom, how, or on whether it "
        "is real is recorded.",
        "Such an event is at issue, and only the head can tell whether that it took place is "
        "asserted, denied or contested.",
        "events:\n  - id: evt-fire   # no head\n    propositions:\n"
        "      - {id: prp-fire-agent, text: Ann lights the fire., aspect: agent, actor: act-ann}",
        "Add a proposition of aspect occurrence to the event, and name it as its head.",
        message="{event} has no head, and a proposition is about who did it, at whom, how, or "
        "whether it took place",
        other="that proposition",
        checks=(
            Check(
                "events",
                "SELECT e._row, e.id AS event, 'propositions' AS other_table, "
                "min(p._row) AS other_row, "
                "min(CASE WHEN p.aspect = 'occurrence' THEN p.id END) AS nearest "
                "FROM events e JOIN propositions p ON p.event_id = e.id AND p.aspect IN "
                "('occurrence', 'agent', 'target', 'means', 'authenticity', 'confirmation') "
                "WHERE e.head_id IS NULL GROUP BY e._row, e.id",
                field="head_id",
            ),
        ),
    ),
    Rule(
        "EVENT_HEAD_WRONG",
        E,
        "An event's head is its own proposition of aspect occurrence.",
        "The event's status is that of its head; another proposition's would be told of it.",
        "- id: evt-fire\n  head: prp-fire-agent   # of aspect agent",
        "Name the event's proposition of aspect occurrence.",
        message="{value} cannot be the head of {event}: it is {kind}",
        other="the proposition",
        checks=(
            Check(
                "events",
                "SELECT e._row, e.head_id AS value, e.id AS event, 'propositions' AS other_table, "
                "p._row AS other_row, own.id AS nearest, "
                "CASE WHEN p.aspect <> 'occurrence' THEN 'of aspect ' || p.aspect "
                "ELSE 'about ' || coalesce(p.event_id, 'no event') END AS kind "
                "FROM events e JOIN propositions p ON p.id = e.head_id "
                "LEFT JOIN (SELECT event_id, min(id) AS id FROM propositions "
                "WHERE aspect = 'occurrence' GROUP BY event_id) own ON own.event_id = e.id "
                "WHERE p.aspect <> 'occurrence' OR coalesce(p.event_id, '') <> e.id",
                field="head_id",
            ),
        ),
    ),
    Rule(
        "EVENT_TWO_HEADS",
        E,
        "An event has one proposition of aspect occurrence.",
        "With two, those who deny the one and those who assert the other seem to agree.",
        "propositions:\n  - {id: prp-fire, aspect: occurrence, …}\n"
        "  - {id: prp-fire-started, aspect: occurrence, …}",
        "Give the second the aspect that it is about, or an event of its own if it is a rival "
        "account of what happened.",
        message="{event} has another proposition of aspect {value} already",
        other="that proposition",
        checks=(
            Check(
                "propositions",
                "SELECT _row, aspect AS value, event_id AS event, 'propositions' AS other_table, "
                "first_row AS other_row FROM (SELECT p.*, first_value(p._row) OVER ("
                "PARTITION BY p.event_id ORDER BY CASE WHEN e.id IS NULL THEN 1 ELSE 0 END, p._row"
                ") AS first_row FROM propositions p "
                "LEFT JOIN events e ON e.id = p.event_id AND e.head_id = p.id "
                "WHERE p.aspect = 'occurrence' AND p.event_id IS NOT NULL) o "
                "WHERE _row <> first_row",
                field="aspect",
            ),
        ),
    ),
    Rule(
        "EVENT_DUPLICATE_SUSPECT",
        W,
        "Two events of one type, time, place and participant are told apart by a relation.",
        "One happening under two ids splits the claims about it, and each half looks undisputed.",
        "- {id: evt-call, type: call, time: 2025-03-04, …}\n"
        "- {id: evt-telephone-call, type: call, time: 2025-03-04, …}   # with the same actors",
        "If they are one, merge them; if not, say how they differ: before, part_of or "
        "alternative_to.",
        message="{value} may be the same as another event: of one type, at a time and a place "
        "that agree, with a participant in common",
        other="the event that it may be",
        checks=(
            Check(
                "events",
                "SELECT new._row, new.id AS value, 'events' AS other_table, "
                "min(old._row) AS other_row FROM participants mine "
                "JOIN participants theirs ON theirs.actor_id = mine.actor_id "
                "JOIN events new ON new.id = mine.event_id "
                "JOIN events old ON old.id = theirs.event_id AND old.type = new.type "
                f"AND old._row < new._row AND {_not_after('old', 'new')} "
                f"AND {_not_after('new', 'old')} "
                f"LEFT JOIN ({_TOLD_APART}) x ON x.a = old.id AND x.b = new.id "
                "LEFT JOIN parents_closure above ON above.a = new.place_id "
                "AND above.b = old.place_id "
                "LEFT JOIN parents_closure below ON below.a = old.place_id "
                "AND below.b = new.place_id "
                "WHERE new.time IS NOT NULL AND old.time IS NOT NULL AND x.a IS NULL "
                "AND (new.place_id IS NULL OR old.place_id IS NULL OR new.place_id = old.place_id "
                "OR above.a IS NOT NULL OR below.a IS NOT NULL) GROUP BY new._row, new.id",
                field="id",
            ),
        ),
    ),
    Rule(
        "EVENT_LABEL_UNHEDGED",
        W,
        "The label of an event whose head somebody denies holds a word such as alleged or "
        "reported.",
        "Labels are ours and are shown without the claims; a plain one would take a side.",
        "- {id: evt-attack, label: Attack on the lock, head: prp-attack, …}   # a claim denies it",
        "Put a word such as alleged, reported or disputed into the label.",
        message='"{value}" asserts what somebody denies: it holds no word such as alleged or '
        "reported",
        other="a claim that denies that it took place",
        checks=(
            Check(
                "events",
                "SELECT e._row, e.label AS value, 'claims' AS other_table, "
                "min(c._row) AS other_row FROM events e "
                "JOIN claims c ON c.proposition_id = e.head_id AND c.stance = 'denies' "
                f"WHERE {sql_word('hedges', 'e.label')} = '' GROUP BY e._row, e.label",
                field="label",
            ),
        ),
    ),
    Rule(
        "PARTICIPANT_UNBACKED",
        E,
        "Whoever is entered as initiator or target of an attack is named so by a proposition.",
        "Without one, the entry would be our accusation, and nobody could see who makes it.",
        "- id: evt-attack\n  participants: [{actor: act-ann, role: initiator}]   "
        "# no proposition of aspect agent names act-ann",
        "Add a proposition of aspect agent or target (or the head) with that actor, or drop the "
        "participant.",
        message="{value} is entered as {role} of {event}, and no proposition says so",
        checks=(
            Check(
                "participants",
                "SELECT t._row, t.actor_id AS value, t.role, t.event_id AS event "
                "FROM participants t JOIN events e ON e.id = t.event_id AND e.type = 'attack' "
                "LEFT JOIN propositions p ON p.event_id = t.event_id AND p.actor_id = t.actor_id "
                "AND p.aspect IN "
                "('occurrence', CASE t.role WHEN 'initiator' THEN 'agent' ELSE 'target' END) "
                "WHERE t.role IN ('initiator', 'target') AND p.id IS NULL",
                field="actor_id",
            ),
        ),
        whole_only=True,
    ),
)
