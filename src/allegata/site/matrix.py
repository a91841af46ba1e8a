"""The stance matrix: propositions down, those who speak to them across."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from allegata.schema.vocabularies import Aspect, Stance
from allegata.site.claims import Claim, Claims, Counts, Holder, in_order
from allegata.site.records import Row

_EMPTY = {False: Markup("<td></td>\n"), True: Markup('<td class="al-own"></td>\n')}
"""An empty cell, by whether its column is that of an outlet."""


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
    counts: Counts
    """What stands behind it, shown or not."""

    @property
    def claims(self) -> list[Claim]:
        """The claims, those of a group together."""
        return [claim for group in self.groups for claim in group.claims]

    @property
    def left(self) -> int:
        """How many of its claims are not shown."""
        return max(0, self.counts.claims - len(self.claims))

    def cells(self, holders: Sequence[Holder]) -> Iterator[tuple[Markup, Holder, list[Group]]]:
        """The cells of its row that are not empty, each with the empty ones before it, as HTML.

        Most cells of a large matrix are empty, and a template would take longest over these. What
        is empty at the end of the row comes last, with a column that is there but in no cell.

        Args:
            holders: The columns.
        """
        by_holder: dict[Holder, list[Group]] = {}
        for group in self.groups:
            by_holder.setdefault(group.first.holder, []).append(group)
        gap: list[str] = []
        for holder in holders:
            if holder in by_holder:
                yield Markup("").join(gap), holder, by_holder[holder]
                gap = []
            else:
                gap.append(_EMPTY[holder.as_publisher])
        if gap:
            yield Markup("").join(gap), holders[-1], []


@dataclass(frozen=True)
class Matrix:
    """The claims on a number of propositions, ordered for reading."""

    parties: tuple[Holder, ...]
    outlets: tuple[Holder, ...]
    """Outlets that speak as publishers of the sources."""
    groups: tuple[tuple[Aspect, tuple[Line, ...]], ...]
    counts: Counts
    """What stands behind all of it, shown or not."""

    @property
    def holders(self) -> tuple[Holder, ...]:
        """The columns."""
        return self.parties + self.outlets

    @property
    def left(self) -> int:
        """How many of its claims are not shown."""
        shown = sum(len(line.claims) for _, lines in self.groups for line in lines)
        return max(0, self.counts.claims - shown)


def matrix(propositions: Iterable[Row], claims: Claims, counts: Counts) -> Matrix:
    """The matrix of some propositions: by aspect, the most spoken of first.

    Args:
        propositions: The propositions.
        claims: The claims on them that are shown.
        counts: What stands behind all of it.
    """
    lines = [
        Line(
            row,
            _groups(claims.on.get(row["id"], ())),
            claims.counts("propositions", row["id"], "all"),
        )
        for row in propositions
    ]
    lines.sort(key=lambda line: (-line.counts.claims, line.proposition["id"]))
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
        counts=counts,
    )


def _groups(claims: Sequence[Claim]) -> tuple[Group, ...]:
    rank = {stance: at for at, stance in enumerate(Stance)}
    found: dict[tuple[object, ...], list[Claim]] = {}
    for claim in sorted(claims, key=lambda one: (rank[one.stance], in_order(one.holder))):
        alike = (claim.stance, claim.holder, claim.source["id"], claim.relayed, claim.ambiguous)
        found.setdefault(alike, []).append(claim)
    return tuple(Group(tuple(group)) for group in found.values())
