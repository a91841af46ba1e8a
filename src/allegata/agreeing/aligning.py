"""Pairing the records of two codings: which are about the same thing.

Pairs are found by what is coded *about*: the words, the place in the text, who speaks to whom.
The values that coders judge (stance, evidence, aspect, channel ...) have no say, so that agreement
in them is not made by the pairing; they only settle which of two pairs that are equally alike is
taken. Ids are the coders' own and settle no more than that. Of all ways to pair, the one with the
largest sum of similarities is taken (``assignment``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from zlib import crc32

from rapidfuzz import fuzz, utils

from allegata.agreeing.assignment import best_pairs
from allegata.agreeing.coding import Coding, Row
from allegata.agreeing.errors import AgreementError
from allegata.agreeing.model import Alignment, Pair, Reason
from allegata.schema.timeprofile import bounds

LEAST = {"actors": 0.85, "places": 0.85}
"""The similarity below which two records are not taken for the same, by table."""
LEAST_ELSE = 0.5
"""That of the other tables."""

JUDGED = {
    "actors": ("kind",),
    "places": ("kind",),
    "events": ("type",),
    "propositions": ("aspect",),
    "statements": ("channel", "iterated", "lang"),
    "claims": ("stance", "evidence", "clarity"),
}
"""The values that only settle ties."""

Spans = dict[str, set[int]]
_FAR = 1 << 32  # further than any text is long: keeps the positions of sources apart
_SCALE = 10**9


class Aligner:
    """Pairs the records of two codings, table by table."""

    def __init__(self, a: Coding, b: Coding, sources: dict[str, str]) -> None:
        """Take two codings.

        Args:
            a: The first.
            b: The second.
            sources: The sources of the first, each with the second's id for it.
        """
        self._a, self._b = a, b
        self.of_b: dict[str, str] = {other: one for one, other in sources.items()}
        """A record of the second coding -> the first's that is taken for the same."""
        numbers = {name: number for number, name in enumerate(sources)}
        self.spans_a = _spans(a, numbers)
        self.spans_b = _spans(b, {sources[name]: n for name, n in numbers.items()})
        self.alignments: dict[str, Alignment] = {}
        alike: dict[str, Callable[[Row, Row], Iterable[Reason]]] = {
            "actors": self._actors,
            "places": self._actors,
            "events": self._events,
            "propositions": self._propositions,
            "statements": self._statements,
            "claims": self._claims,
        }
        for table in ("actors", "places", "events", "propositions", "statements", "claims"):
            self._align(table, alike[table])

    def same(self, a: object, b: object) -> bool:
        """Whether an id of the first coding and one of the second stand for the same."""
        return a is not None and self.of_b.get(str(b)) == a

    def called(self, name: str) -> str:
        """What the first coding calls a record of the second; marked where it has none."""
        return self.of_b.get(name) or f"{name} (b)"

    def _align(self, table: str, alike: Callable[[Row, Row], Iterable[Reason]]) -> None:
        ones, others = self._a.rows[table], self._b.rows[table]
        possible: dict[tuple[str, str], Pair] = {}
        weights: dict[tuple[str, str], int] = {}
        for (a, one), (b, other) in product(ones.items(), others.items()):
            reasons = list(alike(one, other))
            total = sum(reason.weight for reason in reasons)
            similarity = sum(r.weight * r.score for r in reasons) / total if total else 0.0
            if similarity >= LEAST.get(table, LEAST_ELSE):
                similarity = round(similarity, 6)
                possible[a, b] = Pair(a=a, b=b, similarity=similarity, reasons=reasons)
                weights[a, b] = round(similarity * _SCALE) * _SCALE + _tie(table, one, other)
        found = sorted(best_pairs(weights), key=list(possible).index)
        pairs = [possible[pair] for pair in found]
        self.of_b |= {b: a for a, b in found}
        in_a, in_b = {a for a, _ in found}, {b for _, b in found}
        of_a, of_b = _share(len(found), len(ones)), _share(len(found), len(others))
        both = len(ones) + len(others)
        self.alignments[table] = Alignment(
            table=table,
            pairs=pairs,
            only_a=[name for name in ones if name not in in_a],
            only_b=[name for name in others if name not in in_b],
            found_of_a=of_a,
            found_of_b=of_b,
            f1=_share(2 * len(found), both),
        )

    def _actors(self, one: Row, other: Row) -> Iterable[Reason]:
        """Places too."""
        for authority in ("wikidata", "geonames"):
            if one.get(authority) and other.get(authority):
                yield _reason(authority, 1, one[authority] == other[authority])
                return
        names = product(_names(one), _names(other))
        yield _reason("name", 1, max(_words(x, y) for x, y in names))

    def _events(self, one: Row, other: Row) -> Iterable[Reason]:
        yield _reason("label", 3, _words(one["label"], other["label"]))
        yield from self._references(one, other, {"place_id": 1})
        yield from _times("time", one["time"], other["time"])

    def _propositions(self, one: Row, other: Row) -> Iterable[Reason]:
        yield _reason("words", 3, _words(one["text"], other["text"]))
        yield from self._overlap(one, other)
        yield from self._references(one, other, {"event_id": 1, "actor_id": 1, "place_id": 1})
        yield from _times("time", one["time"], other["time"])
        numbers = [[row[name] for name in ("low", "high", "unit")] for row in (one, other)]
        if numbers != [[None] * 3] * 2:
            yield _reason("number", 1, numbers[0] == numbers[1])

    def _statements(self, one: Row, other: Row) -> Iterable[Reason]:
        yield from self._references(one, other, {"speaker_id": 3})
        yield from self._overlap(one, other)
        yield from self._references(one, other, {"occasion_id": 1, "on_behalf_of": 1})
        audiences = [{item["actor_id"] for item in row["audience"]} for row in (one, other)]
        if any(audiences):
            there = {self.of_b.get(name, f"b:{name}") for name in audiences[1]}
            yield _reason("audience", 1, _jaccard(audiences[0], there))
        yield from _times("said", one["said"], other["said"])

    def _claims(self, one: Row, other: Row) -> Iterable[Reason]:
        if self.of_b.get(other["source_id"]) != one["source_id"]:
            return
        yield from self._references(one, other, {"proposition_id": 3})
        yield _reason("chain", 2, self._chains(one, other))
        yield from self._overlap(one, other, 3)

    def _chains(self, one: Row, other: Row) -> float:
        """The share of the hops that both chains have, in the same order from the inside."""
        ones = [hop["statement_id"] for hop in one["chain"]]
        others = [self.of_b.get(hop["statement_id"]) for hop in other["chain"]]
        if not ones and not others:
            return 1.0
        return 2 * len(_common(ones, others)) / (len(ones) + len(others))

    def _overlap(self, one: Row, other: Row, weight: float = 2) -> Iterable[Reason]:
        ones, others = self.spans_a.get(one["id"]), self.spans_b.get(other["id"])
        if ones and others:
            yield _reason("place in the text", weight, _jaccard(ones, others))

    def _references(self, one: Row, other: Row, weights: dict[str, float]) -> Iterable[Reason]:
        for name, weight in weights.items():
            if one[name] is not None or other[name] is not None:
                yield _reason(name, weight, self.same(one[name], other[name]))


def matched_sources(a: Coding, b: Coding) -> dict[str, str]:
    """The sources that both coded: the first's id -> the second's.

    Raises:
        AgreementError: there are none, or the coders read different texts.
    """
    found = {name: name for name in a.sources if name in b.sources}
    for name, one in a.sources.items():
        for other in b.sources.values():
            if name not in found and other["id"] not in found.values() and _same_text(one, other):
                found[name] = other["id"]
    if not found:
        raise AgreementError(
            f"{a.folder} and {b.folder} have no source in common: give it the same id, "
            "url or text_sha256 in both"
        )
    for name, named in found.items():
        hashes = a.sources[name]["text_sha256"], b.sources[named]["text_sha256"]
        if None not in hashes and hashes[0] != hashes[1]:
            raise AgreementError(
                f"{name} was coded from different texts (text_sha256 differs), so that positions "
                "mean different words: anchor both codings to the same text"
            )
    return {name: found[name] for name in a.sources if name in found}


def _same_text(one: Row, other: Row) -> bool:
    return any(one[name] and one[name] == other[name] for name in ("text_sha256", "url"))


def _spans(coding: Coding, numbers: dict[str, int]) -> Spans:
    """The positions that each claim quotes, and what its proposition and its chain are read from.

    Positions are code points of the canonical text; each source has numbers of its own.
    """
    spans: Spans = {}
    for claim in coding.rows["claims"].values():
        first = numbers[claim["source_id"]] * _FAR
        of_claim = {
            first + at for quote in claim["quotes"] for at in range(quote["start"], quote["end"])
        }
        chain = (hop["statement_id"] for hop in claim["chain"])
        for name in (claim["id"], claim["proposition_id"], *chain):
            spans.setdefault(name, set()).update(of_claim)
    return spans


def _tie(table: str, one: Row, other: Row) -> int:
    """What settles which of equally similar pairs is taken; the same the other way round."""
    judged = len([name for name in JUDGED[table] if one[name] == other[name]])
    same_id = bool(one["id"] == other["id"])
    noise: int = crc32("|".join(sorted((one["id"], other["id"]))).encode()) >> 12  # below 2 ** 20
    return (judged * 2 + int(same_id) << 20) + noise


def _common(ones: list[str], others: list[str | None]) -> list[str]:
    """The longest common subsequence."""
    best: list[list[str]] = [[] for _ in range(len(others) + 1)]
    for one in ones:
        row: list[list[str]] = [[]]
        for index, other in enumerate(others):
            longer = [*best[index], one] if one == other else best[index + 1]
            row.append(max(longer, row[-1], key=len))
        best = row
    return best[-1]


def _times(name: str, one: str | None, other: str | None) -> Iterable[Reason]:
    if one is None and other is None:
        return
    if one is None or other is None:
        yield _reason(name, 1, 0)
        return
    first, second = bounds(one), bounds(other)
    meet = not (
        (first.latest and second.earliest and first.latest < second.earliest)
        or (second.latest and first.earliest and second.latest < first.earliest)
    )
    yield _reason(name, 1, 1 if one == other else 0.5 if meet else 0)


def _names(row: Row) -> list[str]:
    """The names of an actor or a place; its id is made of one."""
    aliases = [item["alias"] for item in row.get("aliases", ())]
    return [row["name"], *aliases, row["id"].partition("-")[2].replace("-", " ")]


def _words(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) / 100


def _jaccard(ones: set[int] | set[str], others: set[int] | set[str]) -> float:
    return len(ones & others) / len(ones | others)


def _share(part: int, of: int) -> float | None:
    return round(part / of, 6) if of else None


def _reason(by: str, weight: float, score: float) -> Reason:
    return Reason(by=by.removesuffix("_id"), weight=weight, score=round(float(score), 6))
