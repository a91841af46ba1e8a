"""Events of a block, with what may be so about them and what is said on them.

An event's propositions and statements are made here in full; a record is written only when a
claim comes to use it, so that nothing is left over that nobody speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from benchmarks.invented import world

Record = dict[str, Any]

TYPES = (
    "attack other call meeting attack movement press_exchange negotiation "
    "attack transfer legal_act call attack press_exchange meeting movement"
).split()
"""The types of a block's events; a conflict as a whole stands for the first of all."""
_AT_ISSUE = ("attack", "other", "armed_conflict")
_DAYS = 10

_SITES = "depot bridge port substation airfield refinery warehouse railway-yard".split()
_MEANS = ("drones", "rockets", "artillery shells", "glide bombs", "sea drones")
_PUBLIC = "press_exchange official_release social_post speech interview broadcast unspecified"
_OPENING = {
    "attack": "An attack on the {site} takes place on {day}",
    "other": "A technical failure damages the {site} on {day}",
    "armed_conflict": "An armed conflict over the {site} begins on {day}",
}
_LABELS = {
    "attack": "Alleged attack on the {site}",
    "other": "Reported failure at the {site}",
    "armed_conflict": "Reported armed conflict over the {site}",
    "call": "Call between {one} and {two}, {day}, about the {site}",
    "meeting": "Meeting at the {site}",
    "movement": "Movement of forces towards the {site}",
    "press_exchange": "Remarks to reporters at the {site}",
    "negotiation": "Talks about the {site}",
    "transfer": "Transfer of supplies through the {site}",
    "legal_act": "Decision on the {site}",
}


class Proposition(NamedTuple):
    """What may be so, as a record and by its aspect."""

    record: Record
    aspect: str


class Chain(NamedTuple):
    """Statements through which a claim can reach a source, outermost first."""

    text: str
    """The chain as JSON, with a place for the cue of each hop; empty for the own voice."""
    statements: tuple[int, ...]
    kind: str = "said"
    """``said``, ``silent`` (no response), ``asked`` or ``retracted``."""
    prior: str = ""
    """For a retraction, the chain of the statement that it takes back."""


@dataclass(eq=False)
class Event:
    """An event and all that is said about it."""

    number: int
    record: Record
    propositions: list[Proposition]
    relations: list[tuple[int, str, int]]
    """Of its propositions, by their places in the list."""
    statements: list[Record] = field(default_factory=list)
    unnamed: list[Record] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    place: Record | None = None
    claims: int = 0
    """How many claims have been made on it."""


@dataclass(frozen=True)
class Setting:
    """Where and when a block's events are: its two states, and the days from its first on."""

    states: tuple[world.State, world.State]
    days: tuple[str, ...]


def day_of(place: int) -> int:
    """On which of a block's days the event at that place in it is."""
    return place * _DAYS // len(TYPES)


def known_by(day: int) -> int:
    """How many of a block's events are over, and spoken of, by that of its days."""
    return sum(day_of(place) + 2 < day for place in range(len(TYPES)))


def make_event(random: Random, number: int, setting: Setting) -> Event:
    """One event, by its number among all."""
    place = number % len(TYPES)
    kind = "armed_conflict" if number == 0 else TYPES[place]
    site = f"{world.city_name(number % world.CITIES)} {random.choice(_SITES)} {number}"
    day = setting.days[day_of(place)]
    event = Event(number, {"id": f"evt-{number:07}"}, [], [])
    names = {"site": site, "day": day, "one": setting.states[0].name, "two": setting.states[1].name}
    event.record["label"] = _LABELS[kind].format(**names)
    event.record["type"] = kind
    event.record["time"] = f"{day}/.." if number == 0 else day
    if kind != "call":
        event.place = _site(random, number, site)
        event.record["place"] = event.place["id"]
    if kind == "other":
        event.record["note"] = "A failure of machinery, as some reports have it."
    _add_propositions(random, event, kind, setting, site)
    _add_participants(event, kind, setting)
    _add_statements(random, event, kind, setting)
    return event


def _site(random: Random, number: int, name: str) -> Record:
    record: Record = {
        "id": f"plc-site-{number:07}",
        "name": name,
        "kind": "site",
        "parent": world.city_id(number % world.CITIES),
    }
    if number % 3 == 0:
        record["lat"] = round(random.uniform(-60, 60), 5)
        record["lon"] = round(random.uniform(-179, 179), 5)
    return record


def _add_propositions(random: Random, event: Event, kind: str, setting: Setting, site: str) -> None:
    one, two = setting.states
    day = setting.days[day_of(event.number % len(TYPES))]
    place = event.record.get("place")

    def add(aspect: str, text: str, **slots: Any) -> int:
        at = len(event.propositions)
        record = {
            "id": f"prp-{event.number:07}-{at:02}",
            "text": f"{text}.",
            "aspect": aspect,
            "event": event.record["id"],
            **{name: value for name, value in slots.items() if value is not None},
        }
        event.propositions.append(Proposition(record, aspect))
        return at

    if kind in _AT_ISSUE:
        head = add("occurrence", _OPENING[kind].format(site=site, day=day), place=place, time=day)
        event.record["head"] = event.propositions[head].record["id"]
        means = random.choice(_MEANS)
        entailing = [
            add("agent", f"{state.name} brings about what happens at the {site}", actor=state.id)
            for state in setting.states
        ]
        event.relations.append((entailing[0], "contradicts", entailing[1]))
        entailing.append(
            add("target", f"What happens at the {site} is aimed at {two.name}", actor=two.id)
        )
        entailing.append(add("means", f"The {site} is hit by {means}"))
        add("authenticity", f"The film of the {site} of {day} is an older one")
        add("confirmation", f"Inspectors verify what happened at the {site} on {day}")
        event.relations += [(other, "entails", head) for other in entailing]
    count = random.randrange(3, 90)
    exact = [
        add(
            "quantity",
            f"The count of persons hurt at the {site} is {number}",
            low=number,
            high=number,
            unit="persons hurt",
        )
        for number in (count, count + random.randrange(1, 9))
    ]
    more = add(
        "quantity",
        f"More than {count - 1} persons are hurt at the {site}",
        low=count - 0.5,
        unit="persons hurt",
    )
    event.relations.append((exact[0], "contradicts", exact[1]))
    event.relations += [(one_count, "entails", more) for one_count in exact]
    add("outcome", f"Trains over the {site} stop for {random.randrange(2, 40)} hours", place=place)
    add("motive", f"{one.name} aims to gain time with what happens at the {site}", actor=one.id)
    add("reaction", f"{two.name} calls up reserves after the events at the {site}", actor=two.id)
    add(
        "forecast",
        f"The {site} is open again by the end of the year after {day[:4]}",
        time=f"../{int(day[:4]) + 1}-12-31",
    )
    add("characterization", f"What happens at the {site} is a grave mistake")


def _add_participants(event: Event, kind: str, setting: Setting) -> None:
    one, two = setting.states
    if kind == "attack":
        parts = [(one.id, "initiator"), (two.id, "target")]
    elif kind in ("call", "meeting", "negotiation"):
        parts = [(one.persons[0], "party"), (two.persons[0], "party")]
    elif kind == "press_exchange":
        parts = [(one.persons[3], "party")]
    else:
        parts = [(one.id, "party")]
    event.record["participants"] = [{"actor": actor, "role": role} for actor, role in parts]


def _add_statements(random: Random, event: Event, kind: str, setting: Setting) -> None:
    maker = _Speech(random, event, kind, setting)
    event.chains.append(Chain("", ()))
    for _ in range(6):
        for side in (0, 1):
            event.chains.append(maker.chain(maker.public(side)))
    for side in (0, 1):
        event.chains.append(maker.relayed_call(side))
        event.chains.append(maker.relayed_twice(side))
        event.chains.append(maker.retelling(side))
    event.chains.append(maker.chain(maker.anonymous()))
    event.chains.append(maker.chain(maker.silence(), kind="silent"))
    event.chains.append(maker.chain(maker.request(), kind="asked"))
    event.chains.append(maker.retraction())


class _Speech:
    """Makes the statements about an event."""

    def __init__(self, random: Random, event: Event, kind: str, setting: Setting) -> None:
        self._random, self._event, self._kind, self._setting = random, event, kind, setting
        self._first_day = day_of(event.number % len(TYPES))

    def chain(self, *hops: int, kind: str = "said") -> Chain:
        ids = (self._event.statements[hop]["id"] for hop in hops)
        text = ",".join(f'{{"statement":"{one}","cue":"%s"}}' for one in ids)
        return Chain(f"[{text}]", hops, kind)

    def public(self, side: int, after: int = 0, **also: Any) -> int:
        state = self._setting.states[side]
        channel = self._random.choice(_PUBLIC.split())
        record = {"speaker": self._random.choice(state.speaks), "channel": channel}
        if self._kind == "press_exchange" and channel == "press_exchange":
            return self._add(record, self._days[self._first_day], occasion=True)
        if self._random.random() < 0.06:
            first, last = self._days[self._first_day], self._days[self._first_day + 2]
            return self._add({**record, "iterated": True}, f"{first}/{last}")
        return self._add({**record, **also}, self._said(after))

    def relayed_call(self, side: int) -> Chain:
        """The one side tells in public what the other told it in private."""
        caller, called = self._sides(side)
        inner = self._private(caller.persons[0], called.persons[0])
        return self.chain(self._by(called.persons[0]), inner)

    def relayed_twice(self, side: int) -> Chain:
        """A body puts out what its head told of a private word of the other side."""
        caller, called = self._sides(side)
        inner = self._private(caller.persons[1], called.persons[1])
        return self.chain(self._by(called.bodies[1]), self._by(called.persons[1]), inner)

    def retelling(self, side: int) -> Chain:
        """A spokesperson repeats what another body of the state put out."""
        state = self._setting.states[side]
        return self.chain(self._by(state.persons[3]), self._by(state.bodies[3]))

    def anonymous(self) -> int:
        number = self._event.number
        actor = {
            "id": f"act-unnamed-{number:07}",
            "kind": "unnamed",
            "name": f"Officials who spoke about event {number}",
        }
        self._event.unnamed.append(actor)
        return self._add({"speaker": actor["id"], "channel": "unspecified"}, None)

    def silence(self) -> int:
        speaker = self._setting.states[0].bodies[2]
        return self._add({"speaker": speaker, "channel": "none"}, self._said())

    def request(self) -> int:
        outlet = world.outlet(self._event.number % world.OUTLETS)
        asked = self._setting.states[1].bodies[1]
        record = {"speaker": outlet.id, "channel": "request_for_comment"}
        return self._add({**record, "audience": [{"actor": asked}]}, self._said())

    def retraction(self) -> Chain:
        """One who takes back what they said: the retraction, then the earlier statement."""
        speaker = self._setting.states[0].persons[4]
        earlier = self._add({"speaker": speaker, "channel": "interview"}, self._day(0))
        later = self._add({"speaker": speaker, "channel": "social_post"}, self._day(2))
        prior = self.chain(earlier).text
        return Chain(self.chain(later).text, (later, earlier), "retracted", prior)

    @property
    def _days(self) -> tuple[str, ...]:
        return self._setting.days

    def _sides(self, side: int) -> tuple[world.State, world.State]:
        return self._setting.states[side], self._setting.states[1 - side]

    def _by(self, speaker: str) -> int:
        return self._add({"speaker": speaker, "channel": "official_release"}, self._said())

    def _private(self, speaker: str, audience: str) -> int:
        call = self._kind == "call"
        record = {
            "speaker": speaker,
            "channel": "phone_call" if call else self._random.choice(("meeting", "letter")),
            "audience": [{"actor": audience}],
        }
        return self._add(record, self._day(0), occasion=call)

    def _day(self, after: int) -> str:
        return self._days[self._first_day + after]

    def _said(self, after: int = 0) -> str | None:
        """A time of the statement, as sources give it."""
        day = self._day(after + self._random.randrange(3))
        kind = self._random.random()
        if kind < 0.15:
            zone = self._random.choice(("Z", "+02:00", "-03:00"))
            return f"{day}T{self._random.randrange(8, 18):02}:{self._random.randrange(60):02}{zone}"
        if kind < 0.2:
            return f"{day}~"
        return day if kind < 0.95 else None

    def _add(self, record: Record, said: str | None, *, occasion: bool = False) -> int:
        at = len(self._event.statements)
        record = {"id": f"stm-{self._event.number:07}-{at:03}", **record}
        if occasion:
            record["occasion"] = self._event.record["id"]
        if said is not None:
            record["said"] = said
        if self._random.random() < 0.1:
            record["note"] = "Dated by the first report on it; the hour is open."
        self._event.statements.append(record)
        return at
