"""On whose word: the ways by which claims on a proposition came, as layers of who tells whom.

The first layer holds the publishers of the sources, the last the stances; between them, layer by
layer, stand those who speak, outermost first. Whoever stands in a layer twice is drawn there once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from allegata.schema.vocabularies import Stance
from allegata.site import words
from allegata.site.claims import Claim, Counts
from allegata.site.records import Row

MOST_CLAIMS = 60
"""So many claims are drawn; of more, those whose way most claims share."""

_WIDTH, _HEIGHT, _APART, _BETWEEN, _PASSING = 168, 44, 10, 64, 14
_STANCE = "stance"
_Key = tuple[int, str]  # a layer, and who or what stands in it
_Way = tuple[_Key, ...]


@dataclass(frozen=True)
class Party:
    """A party, and the letter that stands for it in the picture."""

    letter: str
    name: str


@dataclass(frozen=True)
class Node:
    """Somebody in a layer, or a stance in the last."""

    x: int
    y: int
    label: str
    actor: str
    """The id of the actor; empty where it is a stance."""
    stance: Stance | None
    letter: str
    """The letter of the party that it counts for; empty where it is none of those drawn."""


@dataclass(frozen=True)
class Edge:
    """From one to the next, by some claims."""

    path: str
    """The line, as SVG writes it."""
    relayed: bool
    """Whether all its claims are known only through another party's account."""
    weight: int
    """From 1, by how many claims share it."""


@dataclass(frozen=True)
class Told:
    """A way in words: what those say who cannot see the picture, or would rather read."""

    steps: tuple[str, ...]
    """Who passes it on, the source first."""
    claims: tuple[Claim, ...]

    @property
    def counts(self) -> Counts:
        """What stands behind it."""
        return Counts.of(self.claims)

    @property
    def first(self) -> Claim:
        """One of the claims that came this way."""
        return self.claims[0]


@dataclass(frozen=True)
class Paths:
    """A picture of ways, ready to be drawn."""

    width: int
    height: int
    node_width: int
    node_height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    parties: tuple[Party, ...]
    told: tuple[Told, ...]
    left: int
    """How many claims are not drawn."""


def paths(claims: Iterable[Claim], all_claims: int | None = None) -> Paths | None:
    """The picture of the ways by which some claims came.

    Args:
        claims: Claims on one proposition.
        all_claims: How many there are in all, where more are known of than are given.

    Returns:
        The picture; nothing where there is no claim.
    """
    given = list(claims)
    if not given:
        return None
    drawn = _most_told(given)
    last = 1 + max(len(claim.hops) for _, found in drawn for claim in found)
    ways = [(_way(found[0], last), found) for _, found in drawn]
    parties = _parties([claim for _, found in drawn for claim in found])
    order = _ordered(_columns(ways, last), ways)
    places, width, height = _places(order)
    shown = [claim for _, found in ways for claim in found]
    return Paths(
        width=width,
        height=height,
        node_width=_WIDTH,
        node_height=_HEIGHT,
        nodes=tuple(_nodes(ways, places, parties)),
        edges=tuple(_edges(ways, places)),
        parties=tuple(parties.values()),
        told=tuple(Told(_steps(found[0]), tuple(found)) for _, found in ways),
        left=max(0, (all_claims or len(given)) - len(shown)),
    )


def _most_told(claims: Sequence[Claim]) -> list[tuple[tuple[str, ...], list[Claim]]]:
    """Claims by their way, those that most share first, as many as are drawn."""
    by_way: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        who = (claim.publisher["id"], *(hop.speaker["id"] for hop in claim.hops), claim.stance)
        by_way[who].append(claim)
    found, amount = [], 0
    for way, alike in sorted(by_way.items(), key=lambda one: (-len(one[1]), one[0])):
        if amount and amount + len(alike) > MOST_CLAIMS:
            continue
        found.append((way, alike))
        amount += len(alike)
    return found


def _steps(claim: Claim) -> tuple[str, ...]:
    return (claim.publisher["name"], *(hop.speaker["name"] for hop in claim.hops))


def _way(claim: Claim, last: int) -> _Way:
    """The places that a claim passes; one without a name is passed on the way to the stance."""
    who = [claim.publisher["id"], *(hop.speaker["id"] for hop in claim.hops)]
    end = f"{_STANCE}:{claim.stance.value}"
    # Those of one speaker and stance share the line to the end, others do not.
    passing = [(layer, f">{who[-1]}{end}") for layer in range(len(who), last)]
    return (*enumerate(who), *passing, (last, end))


def _columns(ways: Sequence[tuple[_Way, list[Claim]]], last: int) -> list[list[_Key]]:
    found: list[dict[_Key, None]] = [{} for _ in range(last + 1)]
    for way, _ in ways:
        for key in way:
            found[key[0]].setdefault(key)
    stances = [f"{_STANCE}:{stance.value}" for stance in Stance]
    columns = [list(column) for column in found]
    columns[last].sort(key=lambda key: stances.index(key[1]))
    return columns


def _ordered(
    columns: list[list[_Key]], ways: Sequence[tuple[_Way, list[Claim]]]
) -> list[list[_Key]]:
    """The columns, each in an order in which few lines cross: by where those beside it stand."""
    beside: dict[int, dict[_Key, list[_Key]]] = {-1: defaultdict(list), 1: defaultdict(list)}
    for way, _ in ways:
        for one, other in pairwise(way):
            beside[1][one].append(other)
            beside[-1][other].append(one)
    last = len(columns) - 1
    back, forth = range(last - 1, -1, -1), range(1, last)
    for side, sweep in ((1, back), (-1, forth), (1, back)):
        for at in sweep:
            rank = {key: number for number, key in enumerate(columns[at + side])}
            columns[at].sort(
                key=lambda key, side=side, rank=rank: (  # type: ignore[misc]
                    sum(rank[one] for one in beside[side][key]) / len(beside[side][key]),
                    key,
                )
            )
    return columns


def _places(columns: list[list[_Key]]) -> tuple[dict[_Key, tuple[int, int]], int, int]:
    """Where each stands, by its upper corner, and the size of the whole."""
    heights = [sum(_height(key) + _APART for key in column) - _APART for column in columns]
    height = max(heights)
    places = {}
    for at, column in enumerate(columns):
        y = (height - heights[at]) // 2
        for key in column:
            places[key] = (at * (_WIDTH + _BETWEEN), y)
            y += _height(key) + _APART
    return places, len(columns) * (_WIDTH + _BETWEEN) - _BETWEEN, height


def _height(key: _Key) -> int:
    return _PASSING if key[1].startswith(">") else _HEIGHT


def _parties(claims: Sequence[Claim]) -> dict[str, Party]:
    """The parties for which any of the speakers speaks, the most told of first."""
    names: dict[str, str] = {}
    amounts: Counter[str] = Counter()
    for claim in claims:
        for party in _parties_of(claim).values():
            names[party[0]] = party[1]
            amounts[party[0]] += 1
    ranked = sorted(amounts, key=lambda one: (-amounts[one], names[one], one))
    return {one: Party(_letter(at), names[one]) for at, one in enumerate(ranked)}


def _letter(at: int) -> str:
    """The letter that stands for the first, the second, the third.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    before, here = divmod(at, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + here)


def _parties_of(claim: Claim) -> dict[int, tuple[str, str]]:
    """Layer -> the party of whoever stands there, as far as it is known."""
    found = {
        at: (hop.party["id"], hop.party["name"])
        for at, hop in enumerate(claim.hops, start=1)
        if hop.party
    }
    holder = claim.holder
    return {**found, len(claim.hops): (holder.id, holder.name)} if claim.hops else found


def _nodes(
    ways: Sequence[tuple[_Way, list[Claim]]],
    places: Mapping[_Key, tuple[int, int]],
    parties: Mapping[str, Party],
) -> list[Node]:
    speakers: dict[_Key, Row] = {}
    letters: dict[_Key, set[str]] = defaultdict(set)
    stances: dict[_Key, Stance] = {}
    for way, (first, *_) in ways:
        party = _parties_of(first)
        for at, one in enumerate([first.publisher, *(hop.speaker for hop in first.hops)]):
            speakers[way[at]] = one
            letters[way[at]] |= {parties[party[at][0]].letter} if at in party else set()
        stances[way[-1]] = first.stance
    found = [
        Node(*places[key], one["name"], one["id"], None, " ".join(sorted(letters[key])))
        for key, one in speakers.items()
    ]
    found += [
        Node(*places[key], words.STANCES[stance], "", stance, "") for key, stance in stances.items()
    ]
    # In the order in which the keyboard goes through them: layer by layer, downwards.
    return sorted(found, key=lambda node: (node.x, node.y))


def _edges(
    ways: Sequence[tuple[_Way, list[Claim]]], places: Mapping[_Key, tuple[int, int]]
) -> list[Edge]:
    claims_of: dict[tuple[_Key, _Key], list[Claim]] = defaultdict(list)
    for way, claims in ways:
        for step in pairwise(way):
            claims_of[step] += claims
    return [
        Edge(
            path=_curve(places[one], _height(one), places[other], _height(other), one, other),
            relayed=all(claim.relayed for claim in claims),
            weight=min(4, 1 + len(claims).bit_length() // 2),
        )
        for (one, other), claims in sorted(claims_of.items())
    ]


def _curve(
    start: tuple[int, int], high: int, end: tuple[int, int], end_high: int, one: _Key, other: _Key
) -> str:
    """A line from the side of one to the side of the next; through what has no name, straight."""
    x, y = start[0] + _WIDTH, start[1] + high // 2
    to_x, to_y = end[0], end[1] + end_high // 2
    middle = (x + to_x) // 2
    before = f"M{start[0]} {y}H{x}" if one[1].startswith(">") else f"M{x} {y}"
    return f"{before}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
