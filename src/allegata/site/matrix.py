"""The stance matrix: propositions down, those who speak to them across."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from allegata.schema.vocabularies import Aspect
from allegata.site.claims import Claim, Claims, Counts, Holder
from allegata.site.records import Row


@dataclass(frozen=True)
class Line:
    """One proposition and the claims on it."""

    proposition: Row
    claims: tuple[Claim, ...]

    @property
    def counts(self) -> Counts:
        """What stands behind it."""
        return Counts.of(self.claims)

    def by(self, holder: Holder) -> list[Claim]:
        """The claims of one column."""
        return [claim for claim in self.claims if claim.holder == holder]


@dataclass(frozen=True)
class Matrix:
    """The claims on a number of propositions, ordered for reading."""

    parties: tuple[Holder, ...]
    outlets: tuple[Holder, ...]
    """Outlets that speak in their own voice."""
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
    lines = [Line(row, tuple(claims.on.get(row["id"], ()))) for row in propositions]
    lines.sort(key=lambda line: (-len(line.claims), line.proposition["id"]))
    spoken = Counter(claim.holder for line in lines for claim in line.claims)
    holders = sorted(spoken, key=lambda one: (-spoken[one], one.name, one.id))
    groups = (
        (aspect, tuple(line for line in lines if line.proposition["aspect"] == aspect))
        for aspect in Aspect
    )
    return Matrix(
        parties=tuple(one for one in holders if not one.own),
        outlets=tuple(one for one in holders if one.own),
        groups=tuple((aspect, found) for aspect, found in groups if found),
    )
