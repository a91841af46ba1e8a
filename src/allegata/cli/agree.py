"""The verb `agree`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.release import by_ending, written_to
from allegata.cli.terminal import ENVIRONMENT, PROBLEMS, USAGE, NoColor, Quiet, terminal


class Format(StrEnum):
    """How agreement is told."""

    HUMAN = "human"
    JSON = "json"


def agree(
    a: Annotated[Path, typer.Argument(help="The first coder's folder or file.")],
    b: Annotated[Path, typer.Argument(help="The second coder's folder or file.")],
    source: Annotated[
        str | None,
        typer.Option("--source", help="Compare this source only. [default: all that both have]"),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Format | None,
        typer.Option(
            "--format",
            help="How to tell it. [default: by the ending of --out, else human]",
            case_sensitive=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write it to.")
    ] = None,
    adjudicate: Annotated[
        Path | None,
        typer.Option(
            "--adjudicate",
            dir_okay=False,
            help="Write both codings as one record file, with the choices to make.",
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option("--samples", min=0, max=100_000, help="Samples of the bootstrap.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Its seed.")] = 20260101,
    all_records: Annotated[
        bool, typer.Option("--all", help="Show all differences, and why records were paired.")
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Tell how far two coders agree who coded the same sources in folders of their own.

    Propositions, statements and claims are paired by what they are about. Then it is told how many
    of each coder's records the other has, how far paired ones agree by field (Krippendorff's
    alpha), and every difference. See docs/agreement.md.

    Exit codes: 0 also where coders differ; 1 records cannot be compared as they are; 3 a package
    is missing.

    Examples:
      allegata agree coders/c1 coders/c2
      allegata agree coders/c1 coders/c2 --out one.agreement.json
      allegata agree coders/c1 coders/c2 --adjudicate merged.yaml
    """
    from allegata.agreeing import AgreementError, agree_and_merge
    from allegata.agreeing.output import lines
    from allegata.reading import MissingPathError
    from allegata.releasing import MissingPackage

    term = terminal(quiet=quiet, no_color=no_color)
    output = format or by_ending(out, Format.HUMAN)
    if output is Format.HUMAN and out:
        raise typer.BadParameter("only JSON is written to a file", param_hint="--out")
    if adjudicate and adjudicate.exists():
        raise typer.BadParameter(
            f"{adjudicate} is there and may hold choices that were made; name another file",
            param_hint="--adjudicate",
        )
    try:
        agreement, merged = agree_and_merge(a, b, source=source, seed=seed, samples=samples)
    except MissingPathError as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    except MissingPackage as error:
        term.fail(str(error))
        raise typer.Exit(ENVIRONMENT) from None
    except AgreementError as error:
        term.fail(f"not compared: {error}")
        raise typer.Exit(PROBLEMS) from None
    if output is Format.HUMAN:
        for part in lines(agreement, all_records=all_records):
            term.out.print(part)
    else:
        with written_to(out) as file:
            file.write(f"{agreement.model_dump_json(indent=2)}\n".encode())
    if adjudicate:
        with written_to(adjudicate) as file:
            file.write(merged.encode())
        term.say(f"written, with the choices to make: {adjudicate}")
