"""The verbs `site build` and `site serve`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegata.cli.check import print_report
from allegata.cli.release import warned
from allegata.cli.terminal import (
    ENVIRONMENT,
    USAGE,
    Format,
    NoColor,
    Quiet,
    Terminal,
    terminal,
    with_examples,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from allegata.serving import Preview, Server

app = typer.Typer(
    no_args_is_help=True, help="Build the site of a release, or show one as it grows."
)

Config = Annotated[
    Path | None,
    typer.Option("--config", exists=True, dir_okay=False, help="The site's mkdocs.yml."),
]


def build(
    release: Annotated[
        str, typer.Argument(help="A release, or a folder of releases: a path or a URL.")
    ] = "dist",
    out: Annotated[
        Path, typer.Option("--out", help="The folder of the site; one that is there is replaced.")
    ] = Path("dist/site"),
    version: Annotated[
        str | None,
        typer.Option("--version", help="Which release of the folder. [default: the latest]"),
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Build the site of a release that has been published.

    Earlier releases beside it are shown below r/; what has been built of them before is kept.

    Examples:
      allegata site build dist --out dist/site
      allegata site build dist --out old-site --version 2026.10.0
    """
    from allegata.releasing import ReleaseError, UnknownVersion, open_release
    from allegata.site import SiteError, build_site

    term = terminal(quiet=quiet, no_color=no_color)
    try:
        with warned(term):
            opened = open_release(release, version)
        opened.bring()
        with term.progress("building the site") as progress:
            place = build_site(opened, out, config, progress)
    except UnknownVersion as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    except (ReleaseError, SiteError) as error:
        term.fail(f"not built: {error}")
        raise typer.Exit(ENVIRONMENT) from None
    term.say(f"site: open {place}/index.html")


def serve(
    data: Annotated[Path, typer.Argument(help="The folder of the dataset.")] = Path("data"),
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            exists=True,
            dir_okay=False,
            help="The site's mkdocs.yml. [default: the one beside the data, if any]",
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")
    ] = 8000,
    public: Annotated[
        bool, typer.Option("--public", help="Allow a host that other machines can reach.")
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show a dataset as a site, and show it anew whenever a file is saved.

    Problems are told here and in the browser; the last good site stays until they are mended.

    Examples:
      allegata site serve data
      allegata site serve data --port 8080 --config mkdocs.yml
    """
    from allegata.publishing import site_config
    from allegata.serving import Preview, Server, is_loopback

    term = terminal(quiet=quiet, no_color=no_color)
    if not (public or is_loopback(host)):
        raise typer.BadParameter(
            f"other machines can reach {host}; add --public if they may", param_hint="--host"
        )
    if not data.is_dir():
        term.fail(f"{data} is not a folder: site serve takes that of a whole dataset")
        raise typer.Exit(USAGE)
    with Preview(data, config or site_config(data)) as preview:
        try:
            server = Server(lambda: preview.site, host, port)
        except OSError as error:
            term.fail(f"cannot listen at {host}:{port}: {error.strerror or error}")
            raise typer.Exit(ENVIRONMENT) from None
        with server:
            typer.echo(server.address)
            _follow(preview, server, term)


def _follow(preview: Preview, server: Server, term: Terminal) -> None:
    """Bring the site up to date now, and each time that a file is saved, until Ctrl-C."""
    from allegata.reading import changes

    try:
        for number, changed in enumerate(changes(preview.watched)):
            _bring(preview, server, term, changed if number else None)
    except KeyboardInterrupt:
        term.say("")


def _bring(
    preview: Preview, server: Server, term: Terminal, changed: Collection[Path] | None
) -> None:
    from allegata.deriving import DerivingError
    from allegata.publishing import NotADatasetError
    from allegata.reading import MissingPathError
    from allegata.releasing import ReleaseError
    from allegata.rules import shortened
    from allegata.site import SiteError

    start = time.monotonic()
    try:
        with term.progress("bringing the site up to date") as progress:
            outcome = preview.update(changed, progress)
    except NotADatasetError as error:
        term.fail(str(error))
        raise typer.Exit(USAGE) from None
    except (SiteError, ReleaseError, DerivingError, MissingPathError) as error:
        term.fail(str(error))
        server.tell([shortened(str(error), 1_000)], changed=False)
        return
    print_report(outcome.report, Format.HUMAN, term)
    problems = [] if outcome.ok else outcome.lines
    server.tell(problems, changed=bool(outcome.changed))
    took = f"{time.monotonic() - start:.1f} s"
    pages = f"{len(outcome.changed)} pages changed" if outcome.ok else "the last good site stays"
    term.say(f"{time.strftime('%H:%M:%S')} {pages}, in {took}; Ctrl-C ends")


app.command()(with_examples(build))
app.command()(with_examples(serve))
