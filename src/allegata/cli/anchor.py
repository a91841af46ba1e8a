"""The verb `anchor`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.terminal import (
    ENVIRONMENT,
    PROBLEMS,
    USAGE,
    DryRun,
    NoColor,
    Quiet,
    ShowDiff,
    echo_lines,
    printable,
    terminal,
)

if TYPE_CHECKING:
    from allegata.curating import Anchored, AnchoredFile, Outcome


def anchor(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="YAML record files, or folders of them. [default: data]"),
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts",
            help="The folder of sources' texts, <source id>.txt. [default: that of dataset.yaml]",
        ),
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="The text of the only source in the files.")
    ] = None,
    near: Annotated[
        bool,
        typer.Option(
            "--near",
            help="Take the text's words where they differ in quotation marks, dashes, blanks or "
            "ellipses only.",
        ),
    ] = False,
    dry_run: DryRun = False,
    diff: ShowDiff = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Find the words of quotes in the texts of their sources, and write where they stand.

    A quote is written as its words: a text in the list of quotes, or with a role and its words
    under exact. Start, end and hash are filled in; the words stay only where they are quoted
    speech and within the budget. Words that stand in several places, or in none, are told with
    what is near them, and left as they are (exit code 1). When a text has changed, quotes that
    were anchored before are found again, and what moved is told.

    Examples:
      allegata anchor data --texts data/texts
      allegata anchor data --texts data/texts --dry-run --diff
    """
    from allegata.curating import AnchoredFile, NoText, anchor_files
    from allegata.rules.printing import print_problems

    term = terminal(quiet=quiet, no_color=no_color)
    if text and texts:
        raise typer.BadParameter("not both --text and --texts", param_hint="--text")
    fine = True
    try:
        for one in anchor_files(paths or [Path("data")], texts=texts, text=text, near=near):
            if not isinstance(one, AnchoredFile):
                print_problems([one], term.err)
                fine = False
                continue
            if not dry_run:
                one.change.write()
            if diff:
                echo_lines(one.change.diff())
            for line in _told(one):
                term.fail(printable(line))
            for line in _summed(one):
                term.say(printable(line))
            fine = fine and one.is_settled
    except NoText as error:
        term.fail(printable(str(error)))
        raise typer.Exit(USAGE if text else ENVIRONMENT) from None
    if not fine:
        raise typer.Exit(PROBLEMS)


def _told(file: AnchoredFile) -> Iterator[str]:
    """What a person has to see to: quotes that are not anchored, and texts not at hand."""
    for source in file.sources:
        for one in source.outcomes:
            if not one.is_settled:
                yield f"{one.kind}: {_named(one)}"
                yield from (f"  {note}" for note in one.notes)
    for name in file.without_text:
        yield f"{name}: its text is not at hand; give its folder by --texts"


def _summed(file: AnchoredFile) -> Iterator[str]:
    for source in file.sources:
        for one in source.of_kind("moved"):
            assert one.was is not None
            assert one.span is not None
            old, new = f"{one.was.start}-{one.was.end}", f"{one.span.start}-{one.span.end}"
            yield f"moved: {_named(one)}: {old} to {new}"
        for one in source.of_kind("anchored"):
            if one.notes:
                yield f"anchored: {_named(one)}: {'; '.join(one.notes)}"
        yield _count(source)


def _count(source: Anchored) -> str:
    kinds = ("anchored", "moved", "kept", "ambiguous", "missing", "lost")
    counts = [(len(source.of_kind(kind)), kind) for kind in kinds]
    listed = ", ".join(f"{number} {kind}" for number, kind in counts if number) or "no quotes"
    return f"{source.source}: {'the text has changed; ' if source.text_changed else ''}{listed}"


def _named(one: Outcome) -> str:
    words = one.words if len(one.words) <= 60 else one.words[:59] + "…"
    return f"{one.claim} quote {one.seq}" + (f' "{words}"' if words else "")
