"""One block of generated data: its sources with their claims, and what these refer to.

A block is made from the seed, the shape and its number alone, so that blocks can be made in any
order and by any number of processes. Claims are rendered as text straight away: they are nearly
all of the data, and dictionaries would cost more than everything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from random import Random
from typing import NamedTuple

from benchmarks.invented import world
from benchmarks.invented.events import TYPES, Chain, Event, Record, Setting, known_by, make_event
from benchmarks.invented.texts import Pool, notes, pool, title

CLAIMS = 2000
"""How many claims a block has; the last may have fewer."""
_FIRST_DAY = date(2014, 3, 1)
_ALL_DAYS = 4200
_DAYS = 16
_KNOWN = [known_by(day) for day in range(_DAYS)]
_HOT_SHARE = 0.1

_STANCES = ("asserts",) * 55 + ("suggests",) * 12 + ("noncommittal",) * 6 + ("doubts",) * 8
_STANCES += ("denies",) * 19
_SPOKEN = _STANCES[4:] + ("declines",) * 2 + ("asks",) * 2
_EVIDENCE = ("offered", "promised", "withheld", "none_offered")
_KINDS = ("news_report",) * 12 + ("wire_report", "wire_report", "fact_check", "official_release")
_VERDICTS = ("False", "Mostly true", "Sin pruebas", "Без доказательств", "غير مؤكد", "需要更多证据")
_TABLES = ("actors", "places", "events", "propositions", "statements", "sources", "claims")


class Shape(NamedTuple):
    """What a dataset is made from; equal shapes give equal bytes."""

    claims: int
    seed: int = 1
    claims_per_source: int = 12
    shuffled: bool = False

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.claims // CLAIMS)


@dataclass
class Block:
    """What a block adds: lines of JSON by table, and which registered actors it refers to."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _TABLES})
    relations: dict[str, list[str]] = field(
        default_factory=lambda: {prefix: [] for prefix in ("evt", "prp", "src", "stm")}
    )
    """By the prefix of the subject, so that the whole can be put in order of keys."""
    actors: set[str] = field(default_factory=set)
    cities: set[str] = field(default_factory=set)


def line(record: Record) -> str:
    """A record as a line of JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def make_block(shape: Shape, number: int) -> Block:
    """One block of the dataset."""
    maker = _Maker(shape, number)
    maker.tell()
    block = maker.finish()
    if shape.shuffled:
        for lines in (*block.lines.values(), *block.relations.values()):
            maker.random.shuffle(lines)
    return block


def hot_event(shape: Shape) -> Event:
    """The event that sources of all blocks speak of."""
    return make_event(Random(f"{shape.seed} event 0"), 0, _setting(shape, 0))


def _setting(shape: Shape, number: int) -> Setting:
    """The states of a block, and its days: two blocks of the same states share no day."""
    pairs = min(world.PAIRS, shape.blocks)
    rounds = -(-shape.blocks // pairs)
    pair, nth = number % pairs, number // pairs
    first = _FIRST_DAY + timedelta(days=nth * (_ALL_DAYS // rounds) + pair % 7)
    days = tuple(str(first + timedelta(days=day)) for day in range(_DAYS))
    return Setting((world.state(2 * pair), world.state(2 * pair + 1)), days)


class _Source(NamedTuple):
    record: Record
    pool: Pool
    day: int
    claims: list[tuple[str, str]]
    """Each claim behind its id and its source: what a copy of the source repeats."""
    made: set[tuple[str, str]]
    """The chain and the proposition of each claim."""


class _Maker:
    def __init__(self, shape: Shape, number: int) -> None:
        self._shape, self._number = shape, number
        self._left = min(CLAIMS, shape.claims - number * CLAIMS)
        self._setting = _setting(shape, number)
        self._block = Block()
        self.random = Random(f"{shape.seed} block {number}")
        first = number * len(TYPES)
        self._events = [
            make_event(Random(f"{shape.seed} event {event}"), event, self._setting)
            for event in range(first, first + len(TYPES))
        ]
        self._hot = self._events[0] if number == 0 else hot_event(shape)
        self._used_propositions: set[tuple[int, int]] = set()
        self._used_statements: set[tuple[int, int]] = set()
        self._sources: list[_Source] = []
        self._notes = notes()

    def tell(self) -> None:
        """Make sources with claims until the block has its share."""
        most = self._shape.claims_per_source * 2 - 1
        total = self._left
        while self._left:
            day = 3 + (_DAYS - 4) * (total - self._left) // total
            before = self._sources[-1] if self._sources else None
            copied = before and len(before.claims) <= self._left and self.random.random() < 0.08
            if before and copied:
                self._copy(before, day)
                continue
            source = self._source(day)
            share = min(self._left, self.random.randint(1, most))
            while len(source.claims) < share:
                self._claim(source, share - len(source.claims))
            self._close(source)

    def _source(self, day: int) -> _Source:
        random, nth = self.random, len(self._sources)
        outlet = world.outlet((self._number * 7 + random.randrange(24)) % world.OUTLETS)
        kind = random.choice(_KINDS)
        publisher = outlet.id
        if kind == "official_release":
            publisher = random.choice(random.choice(self._setting.states).bodies)
        published = self._setting.days[day]
        record = {
            "id": f"src-{self._number * CLAIMS + nth:08}",
            "kind": kind,
            "publisher": publisher,
            "title": title(random, outlet.lang),
            "url": f"https://{outlet.host}/{published.replace('-', '/')}/story-{nth}?id={nth}",
            "published": published,
            "retrieved": f"{published}T{random.randrange(19, 24)}:30:00Z",
            "lang": outlet.lang,
            "text_sha256": f"{random.getrandbits(256):064x}",
        }
        if random.random() < 0.4:
            record["licence"] = "© the publisher; all rights reserved"
        if random.random() < 0.3:
            record["archive_url"] = f"https://archive.example/{record['id']}"
        return _Source(record, pool(outlet.lang), day, [], set())

    def _close(self, source: _Source) -> None:
        """Write the source down; its text is long enough for what is published of it."""
        published = len(source.claims) * source.pool.longest
        chars = 3000 + 5 * published + self.random.randrange(4000)
        self._write(source, {**source.record, "text_chars": chars})

    def _write(self, source: _Source, record: Record) -> None:
        self._sources.append(source._replace(record=record))
        self._left -= len(source.claims)
        self._block.actors.add(record["publisher"])
        self._block.lines["sources"].append(line(record))
        number = record["id"].removeprefix("src-")
        self._block.lines["claims"] += [
            f'{{"id":"clm-{number}-{nth:03}","source":"{record["id"]}",{head}{rest}'
            for nth, (head, rest) in enumerate(source.claims, 1)
        ]

    def _copy(self, source: _Source, day: int) -> None:
        """Another outlet prints the text of a source, with all that it claims."""
        outlet = world.outlet((self._number * 7 + self.random.randrange(24)) % world.OUTLETS)
        published, nth = self._setting.days[day], len(self._sources)
        record = {
            **source.record,
            "id": f"src-{self._number * CLAIMS + nth:08}",
            "publisher": outlet.id,
            "kind": "news_report",
            "url": f"https://{outlet.host}/{published.replace('-', '/')}/wire-{nth}",
            "published": published,
            "retrieved": f"{published}T23:30:00Z",
        }
        record.pop("archive_url", None)
        self._relate("src", record["id"], "republishes", source.record["id"])
        claims = [(self._coding(), rest) for _, rest in source.claims]
        self._write(_Source(record, source.pool, day, claims, set()), record)

    def _relate(self, prefix: str, subject: str, predicate: str, other: str) -> None:
        record = {"subject": subject, "predicate": predicate, "object": other}
        self._block.relations[prefix].append(line(record))

    def _claim(self, source: _Source, room: int) -> None:
        """Add a claim to the source, or two where somebody takes back what they said."""
        about = self._pick_subject(source)
        told = about if about.number // len(TYPES) == self._number else self._pick_event(source.day)
        chain = self._pick_chain(told, source, room)
        first = self._pick_proposition(about)
        for step in range(len(about.propositions)):
            at = (first + step) % len(about.propositions)
            proposition = about.propositions[at].record["id"]
            if (chain.text, proposition) not in source.made:
                break
        else:
            return
        if chain.prior and (chain.prior, proposition) in source.made:
            return
        about.claims += 1
        self._used_propositions.add((about.number, at))
        self._used_statements.update((told.number, hop) for hop in chain.statements)
        if chain.prior:
            self._add(source, chain.prior, proposition, "asserts", 1)
            self._add(source, chain.text, proposition, "retracts", 1)
        else:
            hops = len(chain.statements)
            self._add(source, chain.text, proposition, self._stance(chain), hops)

    def _pick_subject(self, source: _Source) -> Event:
        hot = self._hot
        if self._number == 0:
            # The other blocks count on each proposition of the first event.
            return hot if hot.claims < len(hot.propositions) else self._pick_event(source.day)
        return hot if self.random.random() < _HOT_SHARE else self._pick_event(source.day)

    def _pick_event(self, day: int) -> Event:
        """An event that is over by that day; the first ones are spoken of most."""
        return self._events[int(_KNOWN[day] * self.random.random() ** 2)]

    def _pick_chain(self, event: Event, source: _Source, room: int) -> Chain:
        chain = event.chains[int(len(event.chains) * self.random.random())]
        official = source.record["kind"] == "official_release"
        if self.random.random() < 0.2 or (chain.prior and room < 2):
            return event.chains[0]
        return event.chains[0] if official and chain.kind == "asked" else chain

    def _pick_proposition(self, event: Event) -> int:
        """Each in turn, then the first ones more often than the rest."""
        count = len(event.propositions)
        if event.claims < count:
            return event.claims
        return int(count * self.random.random() ** 2)

    def _stance(self, chain: Chain) -> str:
        if chain.kind == "said":
            return self.random.choice(_SPOKEN if chain.text else _STANCES)
        return "no_response" if chain.kind == "silent" else "asks"

    def _add(self, source: _Source, chain: str, proposition: str, stance: str, hops: int) -> None:
        source.made.add((chain, proposition))
        random, cues = self.random, source.pool.cues
        parts = [f'"proposition":"{proposition}","stance":"{stance}"']
        evidence = random.random() < 0.08
        if evidence:
            parts.append(f'"evidence":"{random.choice(_EVIDENCE)}"')
        if not hops and source.record["kind"] == "fact_check":
            parts.append(f'"verdict":"{random.choice(_VERDICTS)}"')
        if hops:
            parts.append('"chain":' + chain % tuple(random.choice(cues) for _ in range(hops)))
        parts.append(f'"quotes":[{",".join(self._quotes(source, hops, evidence))}]}}')
        source.claims.append((self._coding(), ",".join(parts)))

    def _coding(self) -> str:
        """How the claim was coded: what every copy of a source has anew."""
        bits = self.random.getrandbits(40)
        day = f"2026-{1 + bits % 9:02}-{1 + (bits >> 4) % 28:02}"
        method = ("human", "human", "assisted", "automatic")[bits >> 9 & 3]
        clarity = '"clarity":"ambiguous",' if bits >> 11 & 31 == 0 else ""
        note = ""
        if clarity or bits >> 16 & 3:
            known = self._notes
            note = (
                f'"note":"{known[bits >> 18 & 1023]}. {known[bits >> 23 & 1023]}. '
                f'{known[bits >> 28 & 1023]}.",'
            )
        reviewer = f'"reviewer":"r{bits >> 38 & 3}",' if method != "human" or bits & 1 else ""
        coder = f"c{bits >> 34 & 15}"
        return f'{clarity}"method":"{method}","coder":"{coder}",{reviewer}"coded":"{day}",{note}'

    def _quotes(self, source: _Source, hops: int, evidence: bool) -> Iterator[str]:
        random, spans = self.random, source.pool.spans
        bits = random.getrandbits(300)
        start = bits & 2047
        if hops and bits >> 296 < 13:
            one, two = spans[bits >> 11 & 1023], spans[bits >> 21 & 1023]
            exact = f"{one.text} {two.text}"
            told = self._translation(bits >> 31)
            yield (
                f'{{"role":"speech","start":{start},"end":{start + one.length + two.length + 1},'
                f'"sha256":"{sha256(exact.encode()).hexdigest()}","exact":"{exact}"{told}}}'
            )
        else:
            yield (
                f'{{"role":"content","start":{start},"end":{start + 8 + (bits >> 31 & 127)},'
                f'"sha256":"{bits >> 38 & (1 << 256) - 1:064x}"}}'
            )
        if evidence or bits >> 293 & 7 < 3:
            role = "evidence" if evidence else "context"
            yield (
                f'{{"role":"{role}","start":{start + 90},"end":{start + 120},'
                f'"sha256":"{random.getrandbits(256):064x}"}}'
            )

    def _translation(self, bits: int) -> str:
        english = pool("en").spans
        return f',"translation":"{english[bits & 1023].text}"' if bits >> 10 & 3 else ""

    def finish(self) -> Block:
        """Write down the events, and of what is about them all that is spoken of."""
        for event in self._events:
            if event.claims:
                self._finish_event(event)
        self._order_events()
        return self._block

    def _finish_event(self, event: Event) -> None:
        block, number = self._block, event.number
        used = [
            at for at in range(len(event.propositions)) if (number, at) in self._used_propositions
        ]
        block.lines["events"].append(line(self._backed(event, used)))
        block.lines["propositions"] += [line(event.propositions[at].record) for at in used]
        for one, predicate, other in event.relations:
            if one in used and other in used:
                ids = [event.propositions[at].record["id"] for at in (one, other)]
                self._relate("prp", ids[0], predicate, ids[1])
        said = [
            one for at, one in enumerate(event.statements) if (number, at) in self._used_statements
        ]
        block.lines["statements"] += map(line, said)
        speakers = {one["speaker"] for one in said}
        block.lines["actors"] += [line(one) for one in event.unnamed if one["id"] in speakers]
        if event.place:
            block.lines["places"].append(line(event.place))
            block.cities.add(event.place["parent"])
        self._note_actors(said)
        self._note_actors([event.record, *(event.propositions[at].record for at in used)])

    def _backed(self, event: Event, used: list[int]) -> Record:
        """The event without the parts in an attack that no proposition in use speaks of."""
        if event.record["type"] != "attack":
            return event.record
        named = {event.propositions[at].record.get("actor") for at in used if at in (1, 2, 3)}
        parts = event.record["participants"]
        event.record["participants"] = [part for part in parts if part["actor"] in named]
        return event.record

    def _note_actors(self, records: Iterable[Record]) -> None:
        for record in records:
            named = [record.get("speaker"), record.get("actor")]
            for child in (*record.get("audience", ()), *record.get("participants", ())):
                named.append(child["actor"])
            self._block.actors.update(
                one for one in named if one and not one.startswith("act-unnamed-")
            )

    def _order_events(self) -> None:
        """Tell which events came before which, which are rivals, and what belongs to the first."""
        told = [event for event in self._events if event.claims]
        for one, other in pairwise(told):
            ids = (one.record["id"], other.record["id"])
            if one.number and one.record["type"] == "attack" and other.record["type"] == "other":
                self._relate("evt", ids[0], "alternative_to", ids[1])
            elif one.number % 4 and one.number and one.record["time"] < other.record["time"]:
                self._relate("evt", ids[0], "before", ids[1])
        self._replies()
        for lines in self._block.relations.values():
            lines.sort()

    def _replies(self) -> None:
        """Where the later of two public statements of the two sides answers the earlier."""
        used = sorted(self._used_statements)
        for (event, one), (same, other) in pairwise(used):
            if event == same and other == one + 1 and one % 8 == 0 and one < 12:
                ids = [f"stm-{event:07}-{at:03}" for at in (other, one)]
                self._relate("stm", ids[0], "replies_to", ids[1])
