"""Building a site: whole, or not at all."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from allegata.releasing import Release
from allegata.site.page import SiteError


def build_site(release: Release, out: Path, config: Path | None = None) -> Path:
    """Build the site of a release.

    It is built beside ``out`` and takes its place in the end, so a site that is there stays as it
    is until the new one is complete. The same release and configuration give the same bytes.

    Args:
        release: What to show.
        out: The folder of the site. Its parent must be writable.
        config: An ``mkdocs.yml`` with hand-written pages; the packaged one by default, which has
            none.

    Returns:
        ``out``.

    Raises:
        SiteError: the configuration, a hand-written page or the release does not allow it, or
            ``out`` holds something other than a site.
        OSError: it cannot be written.
    """
    out = out.absolute()
    if out.exists() and not _is_site_or_empty(out):
        raise SiteError(f"{out} holds something other than a site; remove it or choose another")
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        built = Path(scratch) / "site"
        if config is not None:
            _build(release, built, config)
        else:
            pages = Path(scratch) / "pages"
            pages.mkdir()
            with as_file(files("allegata.site") / "mkdocs.yml") as packaged:
                _build(release, built, packaged, docs_dir=str(pages))
        _replace(built, out, Path(scratch) / "before")
    return out


def _is_site_or_empty(folder: Path) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    return (folder / "sitemap.xml").is_file() or not any(folder.iterdir())


def _build(release: Release, out: Path, config: Path, **options: str) -> None:
    if not config.is_file():
        raise SiteError(f"{config} is not a file; expected an mkdocs.yml")
    with _warnings() as said:
        try:
            loaded = load_config(str(config), site_dir=str(out), **options)
            plugin = loaded.plugins.get("allegata")
            if plugin is None:
                raise SiteError(f"{config} does not name allegata under `plugins`")
            plugin.config["release"] = str(release.path.absolute())
            build(loaded)
        except MkDocsException as error:
            raise SiteError("; ".join(dict.fromkeys([*said, str(error)]))) from None
        if said:
            raise SiteError("; ".join(said))


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What MkDocs warns of, which would else go to the terminal and be passed over."""
    heard = _Ear()
    logger = logging.getLogger("mkdocs")
    before = logger.propagate
    logger.addHandler(heard)
    logger.propagate = False
    try:
        yield heard.said
    finally:
        logger.removeHandler(heard)
        logger.propagate = before


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _replace(built: Path, out: Path, before: Path) -> None:
    """Put a folder in the place of another; if that fails, the other is put back."""
    if out.exists():
        out.rename(before)
    try:
        built.rename(out)
    except BaseException:
        with suppress(OSError):
            before.rename(out)
        raise
    shutil.rmtree(before, ignore_errors=True)
