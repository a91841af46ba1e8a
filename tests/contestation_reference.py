"""Who stands where, by the words of the definitions: slow, plain, and without SQL.

Everything is asked of one day at a time, and answered from what was known by that day alone. Rows
are those of the base tables, as dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

FOR = ("asserts", "suggests")
POSITIONS = (*FOR, "noncommittal", "doubts", "denies")
SAME_TEXT = ("republishes", "translates")
SAME_REPORT = (*SAME_TEXT, "rewrites")


@dataclass(frozen=True)
class Act:
    """One claim as somebody's taking of a stance."""

    proposition: str
    actor: str
    party: str
    stance: str
    basis: str
    origin: str
    """The proposition that was spoken of."""
    via: str | None
    first: date
    last: date
    known: date
    claim: tuple[bool, str]
    """Its id, and before that whether it is of a copy."""
    spoken: str
    """The stance that was taken in words, on the proposition that was spoken of."""

    @property
    def told(self) -> tuple[Any, ...]:
        """What one row of the table stances tells of it, but for how it became known."""
        taken = (self.proposition, self.actor, self.party, self.stance, self.basis)
        return (*taken, self.origin, self.via, self.first, self.last)


class Reference:
    """A dataset, and what was known of it on a day."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.sources = {row["id"]: row for row in rows["sources"]}
        self.statements = {row["id"]: row for row in rows["statements"]}
        self.actors = {row["id"]: row for row in rows["actors"]}
        self.standing = cache(self._standing)

    # --- what is known ---

    def known(self, source: str) -> date:
        """The day from which on it is known what a source tells."""
        row = self.sources[source]
        return row["published_latest"] or row["published_earliest"]

    def claims(self, day: date) -> list[dict[str, Any]]:
        """The claims known by a day."""
        return [row for row in self.rows["claims"] if self.known(row["source_id"]) <= day]

    def chain(self, claim: str) -> list[str]:
        """The statements of a claim, outermost first."""
        hops = [row for row in self.rows["hops"] if row["claim_id"] == claim]
        return [row["statement_id"] for row in sorted(hops, key=lambda row: row["position"])]

    def original(self, source: str, predicates: Sequence[str]) -> str:
        """What a source is a copy of, over any number of copies."""

        def copied(one: str) -> set[str]:
            return {
                row["object_id"]
                for row in self.rows["relations"]
                if row["predicate"] in predicates and row["subject_id"] == one != row["object_id"]
            }

        found, ahead = {source}, [source]
        while ahead:
            for other in copied(ahead.pop()) - found:
                found.add(other)
                ahead.append(other)
        firsts = [one for one in found if not copied(one)] or list(found)
        return min(firsts, key=lambda one: (self.known(one), one))

    # --- who speaks, for whom and when ---

    def root(self, body: str) -> str:
        """The topmost body above one."""
        parent = self.actors[body]["parent_id"]
        return self.root(parent) if parent and self.actors[body]["kind"] != "person" else body

    def party(self, actor: str, on_behalf_of: str | None, day: date) -> str:
        """The party that an actor speaks for on a day; the actor where it cannot be told."""
        if on_behalf_of:
            return self.root(on_behalf_of)
        if self.actors[actor]["kind"] != "person":
            return self.root(actor)
        roots = {
            self.root(row["org_id"])
            for row in self.rows["roles"]
            if row["actor_id"] == actor and row["org_id"]
            if (row["start_earliest"] or date.min) <= day <= (row["end_latest"] or date.max)
        }
        return roots.pop() if len(roots) == 1 else actor

    def days(self, statement: str, by: date) -> tuple[date, date]:
        """The first and the last day on which a statement can have been made."""
        row = self.statements[statement]
        reported = min(
            self.known(claim["source_id"])
            for claim in self.claims(by)
            if statement in self.chain(claim["id"])
        )
        last = min(reported, row["said_latest"] or date.max)
        return min(row["said_earliest"] or last, last), last

    def voices(self, claim: dict[str, Any], by: date) -> list[tuple[str, str]]:
        """Those through whom a claim came, outermost first, each with their party."""
        source = self.sources[self.original(claim["source_id"], SAME_TEXT)]
        publisher = source["publisher_id"]
        found = [(publisher, self.party(publisher, None, self.known(source["id"])))]
        for statement in self.chain(claim["id"]):
            row, day = self.statements[statement], self.days(statement, by)[1]
            found.append(
                (row["speaker_id"], self.party(row["speaker_id"], row["on_behalf_of"], day))
            )
        return found

    def is_relayed(self, claim: dict[str, Any], by: date) -> bool:
        """Whether the words came through another party than the speaker's."""
        source = self.sources[self.original(claim["source_id"], SAME_TEXT)]
        *relays, (_, party) = self.voices(claim, by)
        through = relays if source["kind"] == "official_release" else relays[1:]
        return any(other != party for _, other in through)

    def act_of(self, claim: dict[str, Any]) -> str:
        """The statement by which a claim's stance was taken, or the text in its own voice."""
        return [self.original(claim["source_id"], SAME_TEXT), *self.chain(claim["id"])][-1]

    # --- stances ---

    def taken(self, day: date) -> list[Act]:
        """Every stance taken in words, as far as known by a day, retractions included."""
        found = []
        for claim in self.claims(day):
            act = self.act_of(claim)
            if act in self.statements:
                first, last = self.days(act, day)
            else:
                last = self.known(act)
                first = self.sources[act]["published_earliest"] or last
            actor, party = self.voices(claim, day)[-1]
            proposition, stance = claim["proposition_id"], claim["stance"]
            taken = (proposition, actor, party, stance, "worded", proposition, None, first, last)
            copied = self.original(claim["source_id"], SAME_REPORT) != claim["source_id"]
            known = self.known(claim["source_id"])
            found.append(Act(*taken, known, (copied, claim["id"]), stance))
        return found

    @cached_property
    def commitments(self) -> dict[tuple[str, bool], dict[tuple[str, bool], str]]:
        """For each side of a proposition the sides of others that follow, each with the way."""
        propositions = [row["id"] for row in self.rows["propositions"]]
        return {
            (one, holds): self._followed((one, holds))
            for one in propositions
            for holds in (True, False)
        }

    def _followed(self, start: tuple[str, bool]) -> dict[tuple[str, bool], str]:
        ways: dict[tuple[str, bool], list[tuple[int, list[str]]]] = {}
        for way in self._ways([start]):
            if way[-1][0] != start[0]:
                ids = [one for one, _ in way]
                ways.setdefault(way[-1], []).append((len(ids), ids))
        return {end: " ".join(min(found)[1]) for end, found in ways.items()}

    def _ways(self, way: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
        here, holds = way[-1]
        for row in self.rows["relations"]:
            one, other = row["subject_id"], row["object_id"]
            ahead: list[tuple[str, bool]] = []
            if row["predicate"] == "entails" and here == (one if holds else other):
                ahead.append((other if holds else one, holds))
            if row["predicate"] == "contradicts" and holds:
                ahead += [(b, False) for a, b in ((one, other), (other, one)) if a == here]
            for step in ahead:
                if step not in way:
                    yield [*way, step]
                    yield from self._ways([*way, step])

    def followed(self, acts: Iterable[Act]) -> list[Act]:
        """What follows for other propositions from stances taken in words."""
        found = []
        for act in acts:
            if act.stance not in (*FOR, "doubts", "denies"):
                continue
            firm, holds = act.stance in ("asserts", "denies"), act.stance in FOR
            for (proposition, so), via in self.commitments[act.proposition, holds].items():
                stance = ("asserts" if so else "denies") if firm else "suggests" if so else "doubts"
                taken = (proposition, act.actor, act.party, stance, "derived", act.proposition, via)
                days = (act.first, act.last, act.known)
                found.append(Act(*taken, *days, act.claim, act.stance))
        return found

    def _standing(self, day: date, *, in_words: bool) -> list[Act]:
        """The stances that stand on a day: in words alone, or with what follows from them."""
        worded = self.taken(day)
        retractions = [act for act in worded if act.stance == "retracts"]
        acts = [act for act in worded if act.stance != "retracts"]
        if not in_words:
            acts += self.followed(acts)

        def taken_back(act: Act, by: date) -> bool:
            return any(
                back.actor == act.actor
                and back.proposition in (act.proposition, act.origin)
                and back.last >= act.first
                and back.known <= by
                for back in retractions
            )

        def replaced(act: Act) -> bool:
            return any(
                later.actor == act.actor
                and later.proposition == act.proposition
                and later.stance in POSITIONS
                and later.first > act.last
                and not taken_back(later, later.known)
                for later in acts
            )

        return [act for act in acts if not taken_back(act, day) and not replaced(act)]

    # --- propositions ---

    def status(self, proposition: str, day: date) -> dict[str, Any]:
        """What the table contestation tells of a proposition on a day."""
        claims = [row for row in self.claims(day) if row["proposition_id"] == proposition]
        by_act: dict[str, list[dict[str, Any]]] = {}
        for claim in claims:
            by_act.setdefault(self.act_of(claim), []).append(claim)
        sources = {claim["source_id"] for claim in claims}
        found: dict[str, Any] = {
            "n_statements": len(by_act),
            "n_sources": len({self.original(source, SAME_REPORT) for source in sources}),
            "n_sources_as_given": len(sources),
            "n_relayed": sum(
                all(self.is_relayed(claim, day) for claim in told) for told in by_act.values()
            ),
            "n_with_evidence": sum(
                any(claim["evidence"] == "offered" for claim in told) for told in by_act.values()
            ),
        }
        for layer in ("worded", "derived"):
            acts = [
                act
                for act in self.standing(day, in_words=layer == "worded")
                if act.proposition == proposition
            ]
            sides = {
                "for": [act for act in acts if act.stance in FOR],
                "against": [act for act in acts if act.stance == "denies"],
                "doubting": [act for act in acts if act.stance == "doubts"],
            }
            for side, taken in sides.items():
                parties = sorted({act.party for act in taken})
                found[f"{layer}_{side}"] = " ".join(parties) or None
                found[f"n_{layer}_{side}"] = len(parties)
            found[f"status_{layer}"] = _status(sides, spoken_to=bool(claims))
        return found


def _status(sides: dict[str, list[Act]], *, spoken_to: bool) -> str:
    affirm = {act.actor for act in sides["for"]}
    deny = {act.actor for act in sides["against"]}
    if any(one != other for one in affirm for other in deny):
        return "contested"
    if affirm and deny:  # one actor alone, who is on both sides
        return "doubted" if sides["doubting"] else "open"
    if deny:
        return "denied"
    if sides["doubting"]:
        return "doubted"
    if affirm:
        return "asserted"
    return "open" if spoken_to else "unaddressed"


def day_range(first: date, last: date) -> list[date]:
    """Every day from one to another, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]
