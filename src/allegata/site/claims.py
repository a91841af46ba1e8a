"""Claims as a reader meets them: who speaks, for whom, through whom, and on what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

from allegata.schema.vocabularies import Channel, Clarity, Evidence, QuoteRole, Stance
from allegata.site import words
from allegata.site.addresses import VIEWER, Addresses
from allegata.site.loading import Loaded
from allegata.site.records import Row, coded


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
    party: Row | None
    """The party that the speaker counts for on the last day on which it can have been said."""

    @cached_property
    def channel(self) -> Channel:
        """The way the statement was made."""
        return coded(Channel, self.statement["channel"])


@dataclass(frozen=True)
class Quote:
    """A span of the source's text."""

    row: Row

    @cached_property
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

    @cached_property
    def stance(self) -> Stance:
        """How the last speaker stands to the proposition."""
        return coded(Stance, self.row["stance"])

    @cached_property
    def evidence(self) -> Evidence:
        """What the source says about evidence."""
        return coded(Evidence, self.row["evidence"])

    @cached_property
    def clarity(self) -> Clarity:
        """Whether the wording leaves the coding open."""
        return coded(Clarity, self.row["clarity"])

    @cached_property
    def ambiguous(self) -> bool:
        """Whether coders could fairly differ on it."""
        return self.clarity is Clarity.AMBIGUOUS

    @property
    def own_voice(self) -> bool:
        """Whether the source speaks itself."""
        return not self.hops

    @cached_property
    def sentence(self) -> str:
        """Who takes which stance, as whose report and how plainly, in words."""
        return f"{self._told}; the wording is ambiguous" if self.ambiguous else self._told

    @property
    def _told(self) -> str:
        name = words.apart(self.speaker["name"])
        same = self.holder.name == self.speaker["name"]
        party = "" if same else f" (for {words.apart(self.holder.name)})"
        publisher = words.apart(self.publisher["name"])
        if self.own_voice:
            told = f"{name}{party}, in its own voice, {words.STANCES[self.stance]}"
            copied = self.speaker["id"] != self.publisher["id"]
            return f"{told}, in a text that {publisher} printed" if copied else told
        through = [words.apart(hop.speaker["name"]) for hop in reversed(self.hops[:-1])]
        told = "".join(f", according to {one}" for one in through)
        if self.speaker["id"] != self.publisher["id"]:
            told += f", as reported by {publisher}"
        if self.relayed:
            told += "; known only through another party's account"
        return f"{name}{party} {words.STANCES[self.stance]}{told}"


@dataclass(frozen=True)
class Taker:
    """One who takes a stance on a proposition, by all its claims that do so."""

    holder: Holder
    claims: int
    """How many claims they are, shown or not."""
    url: str
    """The page that shows one of them, and its id there."""
    claim_id: str
    notes: tuple[str, ...]
    """What holds of all of them, and must not be passed over."""


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


@dataclass(frozen=True)
class Listing:
    """A list of claims as a page shows it."""

    claims: tuple[Claim, ...]
    """Those that are shown."""
    counts: Counts
    """What stands behind all of them, shown or not."""

    @property
    def left(self) -> int:
        """How many are not shown."""
        return max(0, self.counts.claims - len(self.claims))


_NOTHING = Counts(0, 0, 0, 0, 0)


class Claims:
    """The claims that some pages show, by what they belong to."""

    def __init__(self, loaded: Loaded, addresses: Addresses) -> None:
        self.records = loaded.records
        self._loaded, self._addresses = loaded, addresses

    @cached_property
    def all(self) -> dict[str, Claim]:
        """Claim by id."""
        facts = {row["claim_id"]: row for row in self._loaded.shown}
        return {
            row["id"]: self._claim(row, facts[row["id"]]) for row in self.records.rows("claims")
        }

    @cached_property
    def on(self) -> dict[str, list[Claim]]:
        """The claims that are shown in full, by the proposition that they are on."""
        ids = sorted({row["claim_id"] for row in self._loaded.shown if row["part"] in _IN_FULL})
        found: dict[str, list[Claim]] = {}
        for name in ids:
            found.setdefault(self.all[name].proposition["id"], []).append(self.all[name])
        return found

    def on_any(self, propositions: Iterable[Row]) -> list[Claim]:
        """Those claims on any of the propositions."""
        return [claim for row in propositions for claim in self.on.get(row["id"], [])]

    def listed(self, section: str, record: str, part: str) -> Listing:
        """A list on the page of a record, as ``sql/entries.sql`` names it."""
        shown = (self.all[name] for name in self._parts.get((section, record, part), ()))
        return Listing(tuple(shown), self.counts(section, record, part))

    def shown_for(self, section: str, record: str) -> list[Claim]:
        """The claims in any list of the page of a record, each once, in the order of their ids."""
        return [self.all[name] for name in sorted(self._of_page.get((section, record), ()))]

    def amounts_for(self, section: str, record: str) -> dict[str, int]:
        """How many claims are in each list of that page, shown or not."""
        return self._lists_of.get((section, record), {})

    def counts(self, section: str, record: str, part: str) -> Counts:
        """What stands behind a list, shown or not."""
        return self._amounts.get((section, record, part), _NOTHING)

    def place_of(self, proposition: Row) -> str:
        """The page on which a proposition has its place; empty where it is about no record."""
        home = self._homes.get(proposition["id"])
        if home is None or home["section"] is None:
            return ""
        return self._addresses.page(home["section"], home["home"]) if home["placed"] else VIEWER

    def sides(self, proposition: Row) -> list[Side]:
        """Who takes which stance on a proposition, in the order of the stances."""
        return self._sides.get(proposition["id"], [])

    @cached_property
    def _parts(self) -> dict[tuple[str, str, str], list[str]]:
        found: dict[tuple[str, str, str], list[str]] = {}
        for row in self._loaded.shown:
            key = (row["in_section"], row["in_id"], row["part"])
            found.setdefault(key, []).append(row["claim_id"])
        return found

    @cached_property
    def _lists_of(self) -> dict[tuple[str, str], dict[str, int]]:
        found: dict[tuple[str, str], dict[str, int]] = {}
        for (section, record, part), amount in sorted(self._amounts.items()):
            found.setdefault((section, record), {})[part] = amount.claims
        return found

    @cached_property
    def _of_page(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for section, record, part in self._parts:
            found.setdefault((section, record), set()).update(self._parts[section, record, part])
        return found

    @cached_property
    def _amounts(self) -> dict[tuple[str, str, str], Counts]:
        return {
            (row["section"], row["id"], row["part"]): counts_in(row) for row in self._loaded.amounts
        }

    @cached_property
    def _homes(self) -> dict[str, Row]:
        return {row["proposition_id"]: row for row in self._loaded.homes}

    @cached_property
    def _sides(self) -> dict[str, list[Side]]:
        found: dict[str, dict[Stance, list[Taker]]] = {}
        for row in self._loaded.taken:
            taken = found.setdefault(row["proposition_id"], {})
            taken.setdefault(coded(Stance, row["stance"]), []).append(self._taker(row))
        return {
            name: [Side(stance, tuple(taken[stance])) for stance in Stance if stance in taken]
            for name, taken in found.items()
        }

    def _taker(self, row: Row) -> Taker:
        marks = {
            "in its own voice": row["as_publisher"] and row["own_voice"],
            "only through another party's account": row["relayed"],
            "wording ambiguous": row["ambiguous"],
        }
        return Taker(
            holder=holder_of(row),
            claims=row["claims"],
            url=self._home(row),
            claim_id=row["claim_id"],
            notes=tuple(mark for mark, holds in marks.items() if holds),
        )

    def _home(self, row: Row) -> str:
        """The page on which a claim has its place."""
        return self._addresses.page(row["section"], row["home"]) if row["placed"] else VIEWER

    def _claim(self, row: Row, facts: Row) -> Claim:
        records = self.records
        source = records.sources[row["source_id"]]
        hops = tuple(self._hop(hop, source) for hop in records.hops_of.get(row["id"], []))
        return Claim(
            row=row,
            url=self._home(facts),
            source=source,
            origin_id=facts["origin_id"],
            publisher=records.actors[source["publisher_id"]],
            speaker=records.actors[facts["speaker_id"]],
            proposition=records.propositions[row["proposition_id"]],
            hops=hops,
            quotes=tuple(Quote(quote) for quote in records.quotes_of.get(row["id"], [])),
            holder=holder_of(facts),
            relayed=bool(facts["relayed"]),
        )

    def _hop(self, row: Row, source: Row) -> Hop:
        records = self.records
        statement = records.statements[row["statement_id"]]
        heard = records.audience_of.get(statement["id"], [])
        days = [statement["said_latest"], source["published_latest"]]
        day = min((one for one in days if one), default=None)
        return Hop(
            statement=statement,
            speaker=records.actors[statement["speaker_id"]],
            audience=tuple(records.actors[one["actor_id"]] for one in heard),
            occasion=records.events.get(statement["occasion_id"] or ""),
            cue=row["cue"],
            party=records.actors.get(
                statement["on_behalf_of"] or records.party_on(statement["speaker_id"], day) or ""
            ),
        )


def holder_of(row: Row) -> Holder:
    """On whose account the stance of a row of ``facts`` or ``taken`` is."""
    return Holder(row["holder_id"], row["holder_name"], as_publisher=row["as_publisher"])


def counts_in(row: Row) -> Counts:
    """What a row of ``amounts`` tells."""
    return Counts(*(row[one.name] for one in fields(Counts)))


def in_order(holder: Holder) -> tuple[bool, str, str]:
    """By which holders are sorted: parties before outlets, then by name."""
    return holder.as_publisher, holder.name, holder.id


_IN_FULL = {"home", "all"}
