"""A rule: what records must satisfy, and everything that is told about it."""

from __future__ import annotations

from dataclasses import dataclass

from allegata.rules.problem import Severity


@dataclass(frozen=True)
class Check:
    """A query that returns the rows that break a rule, one row a finding.

    It reads the base tables by name, each with an extra column ``_row``, and those of
    ``allegata.rules.working``. Columns of the result:

    - ``_row``: the offending row of ``table``; NULL where the dataset as a whole is at fault;
    - ``field``: the offending column, where ``Check.field`` does not say it;
    - ``value``: the offending value as text;
    - ``other_table`` and ``other_row``: another row that the finding has to do with;
    - any others, for the rule's message.
    """

    table: str
    sql: str
    field: str | None = None


@dataclass(frozen=True)
class Rule:
    """One rule, defined once; its page, its message and its metadata follow from this."""

    code: str
    severity: Severity
    summary: str
    """What must hold, in a line."""
    reason: str
    """Why it must."""
    example: str
    """Lines of a record file that break it."""
    fix: str
    """What to do about it."""
    message: str = ""
    """The finding in a sentence; names in braces are columns of the query's result."""
    other: str = ""
    """What the related place shows."""
    checks: tuple[Check, ...] = ()
    """The queries that find it; none where reading or a constraint of the schema does."""
    whole_only: bool = False
    """Whether it can be judged only when no record was left out as unreadable."""
    needs_previous: bool = False
    """Whether it compares with the release before, and is asked only where there is one."""
    needs_parties: bool = False
    """Whether its queries read for whom actors speak."""
    revision: int = 1
    """The number of its definition, raised when it came to ask for something else."""
    waivable: bool = True
    """Whether one record may be let off; not where a table could not be read without the rule."""

    @property
    def can_be_waived(self) -> bool:
        """Whether a waiver for the rule has any effect."""
        return self.waivable and bool(self.checks)

    @property
    def explanation(self) -> str:
        """The rule as text for a terminal."""
        example = "\n".join(f"    {line}" for line in self.example.strip().splitlines())
        return (
            f"{self.code} ({self.severity})\n{self.summary}\n\n{self.reason}\n\n"
            f"Breaks it:\n{example}\n\nFix: {self.fix}\n"
        )
