"""The verb `publish`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegata.cli.check import print_report
from allegata.cli.terminal import PROBLEMS, Format, FormatOption, NoColor, Quiet, terminal


def publish(
    data: Annotated[Path, typer.Argument(help="The folder of the dataset.")] = Path("data"),
    out: Annotated[Path, typer.Option("--out", help="Where releases are kept.")] = Path("dist"),
    version: Annotated[
        str | None,
        typer.Option(
            "--version",
            help="The release's version, YYYY.M.N; without it, the next of the month, "
            "if anything has changed.",
        ),
    ] = None,
    site: Annotated[
        bool, typer.Option("--site/--no-site", help="Build the site of the release too.")
    ] = True,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="The site's mkdocs.yml. [default: the one beside the data, if any]"
        ),
    ] = None,
    format: FormatOption = Format.HUMAN,  # noqa: A002 - the option's name
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Validate a dataset, write a release of it and build its site.

    Nothing is written when a problem stops the release, and a release is never overwritten. The
    release's date is today, or that of SOURCE_DATE_EPOCH if set: then the same records give the
    same bytes.

    Examples:
      allegata publish data --out dist --version 2026.11.0
    """
    from allegata.publishing import Refused, build_site_of, publish_data
    from allegata.site import SiteError

    term = terminal(quiet=quiet, no_color=no_color)
    with term.progress("publishing") as progress:
        try:
            done = publish_data(data, out, version, progress=progress)
        except Refused as refusal:
            if refusal.report is not None:
                print_report(refusal.report, format, term)
            term.err.print(f"not published: {refusal}", soft_wrap=True)
            raise typer.Exit(PROBLEMS) from None
    print_report(done.report, format, term)
    if done.new:
        term.say(f"release {done.release.version}: {done.release.path}")
    else:
        term.say(f"nothing has changed since release {done.release.version}; no new one is made")
    if site:
        try:
            page = build_site_of(done.release, out, data, config) / "index.html"
        except SiteError as error:
            term.err.print(f"the release is published, but not its site: {error}", soft_wrap=True)
            raise typer.Exit(PROBLEMS) from None
        term.say(f"site: open {page}")
