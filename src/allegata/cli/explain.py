"""The verb `explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from allegata.cli.terminal import USAGE, terminal


def explain(
    code: Annotated[
        str | None, typer.Argument(help="The code of a rule; without one, all are listed.")
    ] = None,
) -> None:
    """Say what a rule asks for, why, and how to mend what breaks it.

    Examples:
      allegata explain ENUM_UNKNOWN
    """
    from allegata.reading import nearest
    from allegata.rules import RULES, shortened

    if code is None:
        for rule in RULES.values():
            typer.echo(f"{rule.code:20} {rule.severity:8} {rule.summary}")
        return
    rule_or_none = RULES.get(code.upper())
    if rule_or_none is None:
        meant = nearest(code.upper(), RULES)
        hint = f"; did you mean {meant}?" if meant else ""
        terminal().err.print(f"there is no rule {shortened(code)}{hint}", soft_wrap=True)
        raise typer.Exit(USAGE)
    typer.echo(rule_or_none.explanation, nl=False)
