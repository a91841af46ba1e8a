"""Claims as a reader meets them: who speaks, for whom, through whom, and on what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from allegata.schema.vocabularies import ActorKind, Channel, Clarity, Evidence, QuoteRole, Stance
from allegata.site import words
from allegata.site.records import Records, Row, coded


@dataclass(frozen=True)
class Holder:
    """On whose account a stance is: a party, or an outlet that publishes the source."""

    id: str
    name: str
    as_publisher: bool
    """Whether it is such an outlet, be it in its own voice or by what it says that it did or said,
    such as a request for comment."""


@dataclass(frozen=True)
class Hop:
    """One step of a chain, with whom it names."""

    statement: Row
    speaker: Row
    audience: tuple[Row, ...]
    occasion: Row | None
    cue: str | None

    @property
    def channel(self) -> Channel:
        """The way the statement was made."""
        return coded(Channel, self.statement["channel"])


@dataclass(frozen=True)
class Quote:
    """A span of the source's text."""

    row: Row

    @property
    def role(self) -> QuoteRole:
        """What it is pointed at for."""
        return coded(QuoteRole, self.row["role"])


@dataclass(frozen=True, eq=False)
class Claim:
    """One claim with all that it refers to."""

    row: Row
    url: str
    """The page that it has its place on."""
    source: Row
    origin_id: str
    """The source that this one is a copy of, or itself."""
    publisher: Row
    speaker: Row
    """Who takes the stance: the last of the chain, or the one in whose voice the text is."""
    proposition: Row
    hops: tuple[Hop, ...]
    quotes: tuple[Quote, ...]
    holder: Holder
    relayed: bool
    """Whether it is known only through another party's account."""

    @property
    def id(self) -> str:
        """Its id, which is its anchor on its page."""
        return str(self.row["id"])

    @property
    def stance(self) -> Stance:
        """How the last speaker stands to the proposition."""
        return coded(Stance, self.row["stance"])

    @property
    def evidence(self) -> Evidence:
        """What the source says about evidence."""
        return coded(Evidence, self.row["evidence"])

    @property
    def clarity(self) -> Clarity:
        """Whether the wording leaves the coding open."""
        return coded(Clarity, self.row["clarity"])

    @property
    def ambiguous(self) -> bool:
        """Whether coders could fairly differ on it."""
        return self.clarity is Clarity.AMBIGUOUS

    @property
    def own_voice(self) -> bool:
        """Whether the source speaks itself."""
        return not self.hops

    @property
    def sentence(self) -> str:
        """Who takes which stance, as whose report and how plainly, in words."""
        return f"{self._told}; the wording is ambiguous" if self.ambiguous else self._told

    @property
    def _told(self) -> str:
        name = self.speaker["name"]
        party = "" if self.holder.name == name else f" (for {self.holder.name})"
        if self.own_voice:
            told = f"{name}{party}, in its own voice, {words.STANCES[self.stance]}"
            copied = self.speaker["id"] != self.publisher["id"]
            return f"{told}, in a text that {self.publisher['name']} printed" if copied else told
        through = [hop.speaker["name"] for hop in reversed(self.hops[:-1])]
        told = "".join(f", according to {one}" for one in through)
        if self.speaker["id"] != self.publisher["id"]:
            told += f", as reported by {self.publisher['name']}"
        if self.relayed:
            told += "; known only through another party's account"
        return f"{name}{party} {words.STANCES[self.stance]}{told}"


@dataclass(frozen=True)
class Taker:
    """One who takes a stance on a proposition, by all its claims that do so."""

    holder: Holder
    claims: tuple[Claim, ...]

    @property
    def notes(self) -> list[str]:
        """What holds of all of its claims, and must not be passed over."""
        found = {
            "in its own voice": self.holder.as_publisher and self._all("own_voice"),
            "only through another party's account": self._all("relayed"),
            "wording ambiguous": self._all("ambiguous"),
        }
        return [note for note, holds in found.items() if holds]

    def _all(self, mark: str) -> bool:
        return all(getattr(claim, mark) for claim in self.claims)


@dataclass(frozen=True)
class Side:
    """A stance on a proposition, and those who take it."""

    stance: Stance
    takers: tuple[Taker, ...]


@dataclass(frozen=True)
class Counts:
    """How much stands behind a number of claims."""

    claims: int
    sources: int
    """Copies count as one with their original."""
    sources_as_given: int
    """Copies count as well."""
    statements: int
    parties: int

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> Counts:
        """Count each thing once, however many claims share it."""
        found = list(claims)
        return cls(
            len(found),
            len({claim.origin_id for claim in found}),
            len({claim.source["id"] for claim in found}),
            len({hop.statement["id"] for claim in found for hop in claim.hops}),
            len({claim.holder.id for claim in found if not claim.holder.as_publisher}),
        )


class Claims:
    """All claims of a release, by what they belong to."""

    def __init__(self, records: Records) -> None:
        self.records = records

    @cached_property
    def all(self) -> dict[str, Claim]:
        """Claim by id."""
        return {row["id"]: self._claim(row) for row in self.records.rows("claims")}

    @cached_property
    def on(self) -> dict[str, list[Claim]]:
        """Claims by the proposition that they are on."""
        found: dict[str, list[Claim]] = {}
        for claim in self.all.values():
            found.setdefault(claim.proposition["id"], []).append(claim)
        return found

    def on_any(self, propositions: Iterable[Row]) -> list[Claim]:
        """Claims on any of the propositions."""
        return [claim for row in propositions for claim in self.on.get(row["id"], [])]

    def place_of(self, proposition: Row) -> str:
        """The page on which a proposition has its place; empty where it is about no record."""
        for column, section in (("event_id", "events"), ("actor_id", "actors")):
            if proposition[column]:
                return f"{section}/{proposition[column]}/"
        return f"places/{proposition['place_id']}/" if proposition["place_id"] else ""

    def sides(self, proposition: Row) -> list[Side]:
        """Who takes which stance on a proposition, in the order of the stances."""
        return sides(self.on.get(proposition["id"], []))

    def _claim(self, row: Row) -> Claim:
        records, flat = self.records, self.records.claims_flat[row["id"]]
        source, proposition = (
            records.sources[row["source_id"]],
            records.propositions[row["proposition_id"]],
        )
        hops = tuple(self._hop(hop) for hop in records.hops_of.get(row["id"], []))
        publisher, speaker = (
            records.actors[source["publisher_id"]],
            records.actors[flat["speaker_id"]],
        )
        return Claim(
            row=row,
            url=self.place_of(proposition) or f"sources/{source['id']}/",
            source=source,
            origin_id=flat["origin_id"],
            publisher=publisher,
            speaker=speaker,
            proposition=proposition,
            hops=hops,
            quotes=tuple(Quote(quote) for quote in records.quotes_of.get(row["id"], [])),
            holder=_holder(hops, publisher, speaker, flat),
            relayed=bool(flat["relayed_by_other_party"]),
        )

    def _hop(self, row: Row) -> Hop:
        records = self.records
        statement = records.statements[row["statement_id"]]
        heard = records.audience_of.get(statement["id"], [])
        return Hop(
            statement=statement,
            speaker=records.actors[statement["speaker_id"]],
            audience=tuple(records.actors[one["actor_id"]] for one in heard),
            occasion=records.events.get(statement["occasion_id"] or ""),
            cue=row["cue"],
        )


def sides(claims: Iterable[Claim]) -> list[Side]:
    """Who takes which stance, in the order of the stances; parties before outlets."""
    found: dict[Stance, dict[Holder, list[Claim]]] = {stance: {} for stance in Stance}
    for claim in claims:
        found[claim.stance].setdefault(claim.holder, []).append(claim)
    return [
        Side(stance, tuple(Taker(one, tuple(taken[one])) for one in sorted(taken, key=_rank)))
        for stance, taken in found.items()
        if taken
    ]


def _rank(holder: Holder) -> tuple[bool, str, str]:
    return holder.as_publisher, holder.name, holder.id


def _holder(hops: Sequence[Hop], publisher: Row, speaker: Row, flat: Row) -> Holder:
    if speaker["kind"] == ActorKind.OUTLET and (not hops or speaker["id"] == publisher["id"]):
        return Holder(speaker["id"], speaker["name"], as_publisher=True)
    if flat["party_id"]:
        return Holder(flat["party_id"], flat["party_name"], as_publisher=False)
    # The speaker's offices lead to two parties: nobody but the speaker can be named.
    return Holder(flat["speaker_id"], flat["speaker_name"], as_publisher=False)
