"""The stance matrix: propositions down, those who speak to them across."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allegata.schema.vocabularies import Aspect
from allegata.site.claims import Claim, Claims, Counts, Holder, sides
from allegata.site.records import Row


@dataclass(frozen=True)
class Group:
    """What one mark stands for: claims of one source by which one party takes one stance alike.

    A source that lets a party say so three times is still one source; three marks would make it
    look like three.
    """

    claims: tuple[Claim, ...]

    @property
    def first(self) -> Claim:
        """The claim that the mark leads to; the others come right after it."""
        return self.claims[0]

    @property
    def statements(self) -> int:
        """How many statements the claims were made by; none in the source's own voice."""
        return len({claim.hops[-1].statement["id"] for claim in self.claims if claim.hops})

    @property
    def sentences(self) -> str:
        """Each claim in words, those that read alike once."""
        return ". ".join(dict.fromkeys(claim.sentence for claim in self.claims))


@dataclass(frozen=True)
class Line:
    """One proposition and the claims on it, which are in the order of the sides."""

    proposition: Row
    groups: tuple[Group, ...]

    @property
    def claims(self) -> list[Claim]:
        """The claims, those of a group together."""
        return [claim for group in self.groups for claim in group.claims]

    @property
    def counts(self) -> Counts:
        """What stands behind it."""
        return Counts.of(self.claims)

    def by(self, holder: Holder) -> list[Group]:
        """What is in one column."""
        return [group for group in self.groups if group.first.holder == holder]


@dataclass(frozen=True)
class Matrix:
    """The claims on a number of propositions, ordered for reading."""

    parties: tuple[Holder, ...]
    outlets: tuple[Holder, ...]
    """Outlets that speak as publishers of the sources."""
    groups: tuple[tuple[Aspect, tuple[Line, ...]], ...]

    @property
    def holders(self) -> tuple[Holder, ...]:
        """The columns."""
        return self.parties + self.outlets

    @property
    def counts(self) -> Counts:
        """What stands behind all of it."""
        return Counts.of(
            claim for _, lines in self.groups for line in lines for claim in line.claims
        )


def matrix(propositions: Iterable[Row], claims: Claims) -> Matrix:
    """The matrix of some propositions: by aspect, the most spoken of first."""
    lines = [Line(row, _groups(claims.on.get(row["id"], ()))) for row in propositions]
    lines.sort(key=lambda line: (-len(line.claims), line.proposition["id"]))
    spoken = Counter(claim.holder for line in lines for claim in line.claims)
    holders = sorted(spoken, key=lambda one: (-spoken[one], one.name, one.id))
    groups = (
        (aspect, tuple(line for line in lines if line.proposition["aspect"] == aspect))
        for aspect in Aspect
    )
    return Matrix(
        parties=tuple(one for one in holders if not one.as_publisher),
        outlets=tuple(one for one in holders if one.as_publisher),
        groups=tuple((aspect, found) for aspect, found in groups if found),
    )


def _groups(claims: Sequence[Claim]) -> tuple[Group, ...]:
    found: dict[tuple[object, ...], list[Claim]] = {}
    for side in sides(claims):
        for taker in side.takers:
            for claim in taker.claims:
                alike = (claim.source["id"], claim.relayed, claim.ambiguous)
                found.setdefault((side.stance, taker.holder, *alike), []).append(claim)
    return tuple(Group(tuple(group)) for group in found.values())
