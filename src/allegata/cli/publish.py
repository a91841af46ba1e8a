"""The verb `publish`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.check import MEMORY_LIMIT, MemoryLimit, Texts, print_report
from allegata.cli.rebuild import rebuild as make_again
from allegata.cli.terminal import (
    ENVIRONMENT,
    PROBLEMS,
    USAGE,
    Format,
    FormatOption,
    NoColor,
    Quiet,
    Terminal,
    terminal,
)

if TYPE_CHECKING:
    from allegata.engines import Remainder


def publish(
    data: Annotated[Path, typer.Argument(help="The folder of the dataset.")] = Path("data"),
    out: Annotated[
        str,
        typer.Option("--out", help="Where releases are kept: a folder, or a URL such as s3://…"),
    ] = "dist",
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
            "--config",
            exists=True,
            dir_okay=False,
            help="The site's mkdocs.yml. [default: the one beside the data, if any]",
        ),
    ] = None,
    texts: Texts = None,
    note: Annotated[
        str | None,
        typer.Option(
            "--note", help="Why records have changed, for those without a revision of their own."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            metavar="DAY",
            formats=["%Y-%m-%d"],
            help="Leave out what only sources published after that day tell: so releases can "
            "follow each other as the news did. None is made if the latest reaches that day.",
        ),
    ] = None,
    quarantine: Annotated[
        bool,
        typer.Option(
            "--quarantine",
            help="Set records with errors aside, with what depends on them, and publish the rest.",
        ),
    ] = False,
    rebuild: Annotated[
        str | None,
        typer.Option(
            "--rebuild",
            metavar="RELEASE",
            help="Publish nothing: make a release (its folder, or its version) once more, "
            "and tell whether the bytes are the same.",
        ),
    ] = None,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    format: FormatOption = Format.HUMAN,  # noqa: A002 - the option's name
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Validate a dataset, write a release of it and build its site.

    Nothing is written when a problem stops the release, and a release is never overwritten. The
    release's date is today, or that of SOURCE_DATE_EPOCH if set: then the same records, at the
    same commit if they are kept in Git, give the same bytes.

    Examples:
      allegata publish data --out dist --version 2026.11.0
      allegata publish data --note "The places were coded anew."
      allegata publish data --until 2026-01-02 --no-site
      allegata publish data --quarantine --no-site --memory-limit 2GB
      allegata publish data --rebuild 2026.11.0
    """
    from allegata.deriving import DerivingError
    from allegata.publishing import (
        NotADatasetError,
        ProblemsFound,
        check_site,
        publish_site,
        site_config,
    )
    from allegata.publishing import publish as run
    from allegata.releasing import ReleaseError
    from allegata.site import SiteError
    from allegata.storage import StorageError

    term = terminal(quiet=quiet, no_color=no_color)
    if rebuild is not None:
        is_alone = version is None and note is None and until is None and not quarantine
        make_again(rebuild, data, out, texts, memory_limit, format, term, is_alone=is_alone)
        return
    if until and quarantine:
        term.fail("--until and --quarantine cannot be asked for at once")
        raise typer.Exit(USAGE)
    config = config or site_config(data)
    published = False
    try:
        if site:
            check_site(out, config)
        with term.progress("publishing") as progress:
            done = run(
                data,
                out,
                version,
                progress,
                texts,
                note=note,
                until=until.date() if until else None,
                quarantine=quarantine,
                memory_limit=memory_limit,
            )
        print_report(done.report, format, term)
        published = True
        term.say(_told(done.release.version, done.release.name, is_new=done.is_new))
        if done.left and done.is_new:
            _tell_intake(done.left, term)
        if site:
            with term.progress("building the site") as progress:
                place = publish_site(done.release, out, config, progress)
            term.say(f"site: open {place}/index.html")
    except ProblemsFound as found:
        print_report(found.report, format, term)
        term.fail("not published: the problems stop a release")
        raise typer.Exit(PROBLEMS) from None
    except (SiteError, DerivingError, NotADatasetError, ReleaseError, StorageError) as error:
        what = "the release is published, but not its site" if published else "not published"
        term.fail(f"{what}: {error}")
        raise typer.Exit(_how_it_ends(error)) from None


def _how_it_ends(error: Exception) -> int:
    """The exit code of a run that cannot publish."""
    from allegata.publishing import NotADatasetError
    from allegata.releasing import MissingPackage, PublishingBusy, VersionRefused
    from allegata.site import SiteError
    from allegata.storage import StorageError

    if isinstance(error, (NotADatasetError, VersionRefused)):
        return USAGE
    if isinstance(error, (SiteError, StorageError, PublishingBusy, MissingPackage)):
        return ENVIRONMENT
    return PROBLEMS


def _tell_intake(left: Remainder, term: Terminal) -> None:
    for one in left.intake:
        if one.quarantined:
            term.say(
                f"{one.table}: {one.met:,} met, {one.accepted:,} accepted, "
                f"{one.quarantined:,} quarantined"
            )


def _told(version: str, path: str, *, is_new: bool) -> str:
    if is_new:
        return f"release {version}: {path}"
    return f"nothing has changed since release {version}, so no new one is made"
