"""What ``publish --rebuild`` does and tells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from allegata.cli.check import print_report
from allegata.cli.terminal import PROBLEMS, USAGE, Format, Terminal

if TYPE_CHECKING:
    from allegata.rebuilding import Rebuilt


def rebuild(
    release: str,
    data: Path,
    out: str,
    texts: Path | None,
    memory_limit: str,
    format: Format,  # noqa: A002 - the option's name
    term: Terminal,
    *,
    is_alone: bool,
) -> None:
    """Make a release once more, and tell whether the bytes are the same."""
    if not is_alone:
        raise typer.BadParameter("--rebuild takes version, note, until and quarantine as they were")
    from allegata.deriving import DerivingError
    from allegata.publishing import NotADatasetError
    from allegata.rebuilding import rebuild as run
    from allegata.releasing import ReleaseError
    from allegata.storage import folder_of, is_url

    if is_url(out):
        raise typer.BadParameter("a release is rebuilt in a folder", param_hint="--out")
    folder = folder_of(out)
    try:
        with term.progress("rebuilding") as progress:
            done = run(release, data, folder, progress, texts, memory_limit=memory_limit)
    except NotADatasetError as error:
        term.fail(f"not rebuilt: {error}")
        raise typer.Exit(USAGE) from None
    except (ReleaseError, DerivingError) as error:
        term.fail(f"not rebuilt: {error}")
        raise typer.Exit(PROBLEMS) from None
    if done.stopped:
        print_report(done.stopped, format, term)
    for line in _told(done, data):
        term.out.print(line, markup=False, highlight=False, soft_wrap=True)
    if not done.ok:
        raise typer.Exit(PROBLEMS)


def _told(done: Rebuilt, data: Path) -> list[str]:
    commit = f"commit {done.commit}" if done.commit else f"{data} as it stands"
    what = f"release {done.release.version}, made again from {commit}"
    if done.ok:
        return [f"{what}: the same bytes, {len(done.release.manifest.files) + 2} files"]
    others = [
        f"made with {name} {then or 'that it does not name'}, here {now or 'not needed'}"
        for name, (then, now) in done.tools.items()
    ]
    if done.release.manifest.source_commit and not done.commit:
        others.append(
            f"made from commit {done.release.manifest.source_commit}; {data} is in no Git checkout"
        )
    files = [f"{path} {how}" for path, how in done.differences.items()]
    if done.stopped:
        return [*others, f"{what}: the problems of the records stop it here"]
    return [*others, *files, f"{what}: {len(files)} files differ"]
