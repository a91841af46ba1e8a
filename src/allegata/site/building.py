"""Building a site: whole, or not at all."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path

from filelock import FileLock, Timeout
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from allegata.reading import Progress, untold
from allegata.releasing import Release, ReleaseError, open_release
from allegata.releasing.disk import lock_beside, workplace_beside
from allegata.site.editions import (
    VERSIONS,
    Edition,
    earlier_than,
    edition_of,
    place_of,
    signature,
    signatures_in,
    versions_json,
)
from allegata.site.page import SiteError
from allegata.site.plugin import AllegataPlugin


def build_site(
    release: Release,
    out: Path,
    config: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the site of a release.

    It is built beside ``out``, in ``.NAME.building``, and takes its place in the end, so a site
    that is there stays as it is until the new one is complete. What a build that was killed left
    behind is cleared by the next. The same release and configuration give the same bytes.

    Args:
        release: What to show.
        out: The folder of the site. Its parent must be writable.
        config: An ``mkdocs.yml`` with hand-written pages; the packaged one by default, which has
            none.
        progress: Told how far the work is.

    Returns:
        ``out``.

    Raises:
        SiteError: the configuration, a hand-written page or the release does not allow it,
            ``out`` holds something other than a site or is being built by another run, or it
            cannot be written.
    """
    out, tell = out.absolute(), progress or untold
    check_site_target(out, config)
    with _told(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out), _workplace(out) as work:
            built = work / "site"
            if config is not None:
                _build_all(release, built, out, config, tell)
            else:
                pages = work / "pages"
                pages.mkdir()
                with as_file(files("allegata.site") / "mkdocs.yml") as packaged:
                    _build_all(release, built, out, packaged, tell, docs_dir=str(pages))
            _replace(built, out, work / _BEFORE)
    return out


def check_site_target(out: Path, config: Path | None = None) -> None:
    """See to it that a site can go where it is to go, as far as that can be told beforehand.

    Args:
        out: The folder that the site is to have.
        config: The ``mkdocs.yml`` that it is to be built with, if any.

    Raises:
        SiteError: the configuration is missing, cannot be read or does not serve, or ``out``
            holds something other than a site.
    """
    out = out.absolute()
    with _told(out):
        if not _is_free_or_site(out):
            raise SiteError(f"{out} holds something other than a site; remove it or choose another")
        if config is not None:
            _configuration(config, out)


def pages_folder(config: Path) -> Path:
    """The folder of the pages by hand that a configuration names.

    Raises:
        SiteError: the configuration is missing, cannot be read or does not serve.
    """
    return Path(_configuration(config, config.parent / "site").docs_dir)


_BEFORE = "before"
"""Where the site that was there waits, within the folder of the build, until it is replaced."""


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Whatever the system refuses becomes a message for people."""
    try:
        yield
    except OSError as error:
        # Where a copy finds no room, the file that is named is the one that was read.
        named = error.filename and error.errno != errno.ENOSPC
        where = f" ({error.filename})" if named else ""
        raise SiteError(f"cannot build {out}: {error.strerror or error}{where}") from None


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the lock of a site: two builds at once would clear each other's work."""
    try:
        with FileLock(lock_beside(out), blocking=False):
            yield
    except Timeout:
        raise SiteError(f"another run is building {out}; wait for it, then try again") from None


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """The folder to build in, empty; it is gone afterwards."""
    work = workplace_beside(out)
    _put_back(work / _BEFORE, out)
    if work.exists():
        shutil.rmtree(work)
    work.mkdir()
    try:
        yield work
    finally:
        if not (work / _BEFORE).exists() or out.exists():
            shutil.rmtree(work, ignore_errors=True)


def _is_free_or_site(folder: Path) -> bool:
    if not folder.exists() and not folder.is_symlink():
        return True
    if not folder.is_dir() or folder.is_symlink():
        return False
    return (folder / "sitemap.xml").is_file() or not any(folder.iterdir())


def _configuration(config: Path, out: Path, **options: str) -> MkDocsConfig:
    """A configuration that MkDocs accepts, for a site in ``out``."""
    if not config.is_file():
        raise SiteError(f"{config} is not a file; expected an mkdocs.yml")
    with _heard() as said:
        loaded = load_config(str(config), site_dir=str(out), **options)
        if "allegata" not in loaded.plugins:
            raise SiteError(f"{config} does not name allegata under `plugins`")
        if said:
            raise SiteError("; ".join(said))
    return loaded


def _build_all(
    release: Release, built: Path, there: Path, config: Path, tell: Progress, **options: str
) -> None:
    """Build the site of a release, with those of the earlier ones below it.

    Args:
        release: The release at the root.
        built: The folder to build in.
        there: The site that is there, from which earlier versions are taken over.
        config: The configuration.
        tell: Told how far the work is.
        **options: What the configuration is to have instead.
    """
    loaded = _configuration(config, built, **options)
    given = loaded.plugins["allegata"].config
    earlier = earlier_than(release, given["earlier"])
    edition, known = edition_of(release), signatures_in(there)
    on_site = {"address": loaded.site_url, "name": loaded.site_name, "pages": given["pages"]}
    signatures = {entry.version: signature(entry, on_site) for entry in earlier}
    kept = {
        name
        for name, made_from in signatures.items()
        if known.get(name) == made_from and (there / place_of(name)).is_dir()
    }
    # What cannot be read is told before any page is made.
    older = {
        one.version: _opened(release, one.version) for one in earlier if one.version not in kept
    }
    _build(release, built, config, edition, [*signatures], tell, **options)
    for entry in earlier:
        place = place_of(entry.version)
        if entry.version in kept:
            shutil.copytree(there / place, built / place, copy_function=_linked)
        else:
            own = Edition(entry.version, entry.date, earlier=True)
            _build(older[entry.version], built / place, config, own, (), tell, **options)
    (built / VERSIONS).write_bytes(versions_json(edition, earlier, signatures))


def _opened(release: Release, version: str) -> Release:
    """Another release of the same publishing folder, with its files."""
    place = release.fetched.place.name if release.fetched else release.path.absolute().parents[1]
    try:
        older = open_release(place, version)
        older.bring()
    except ReleaseError as error:
        raise SiteError(f"release {version} cannot be shown: {error}") from None
    return older


def _linked(path: str, copy: str) -> None:
    """Give a file of a site a second place; no site's files are ever written to again."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copyfile(path, copy)


def _build(
    release: Release,
    out: Path,
    config: Path,
    edition: Edition,
    editions: Collection[str],
    tell: Progress,
    **options: str,
) -> AllegataPlugin:
    loaded = _configuration(config, out, **options)
    plugin = loaded.plugins["allegata"]
    assert isinstance(plugin, AllegataPlugin)
    plugin.config["release"] = str(release.path.absolute())
    plugin.edition, plugin.editions, plugin.tell = edition, editions, tell
    with _heard() as said:
        build(loaded)
        if said:
            raise SiteError("; ".join(said))
    return plugin


def built_alone(release: Release, out: Path, config: Path, **options: str) -> AllegataPlugin:
    """Build the site of a release without earlier ones, in a folder where nobody else builds.

    Args:
        release: The release.
        out: The folder, which is not there.
        config: The configuration.
        **options: What the configuration is to have instead.

    Returns:
        What can make further pages for the site.

    Raises:
        SiteError: the configuration, a page by hand or the release does not allow it.
    """
    return _build(release, out, config, edition_of(release), (), untold, **options)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What MkDocs warns of, which would else go to the terminal; its errors tell it too."""
    heard = _Ear()
    logger = logging.getLogger("mkdocs")
    before = logger.propagate
    logger.addHandler(heard)
    logger.propagate = False
    try:
        yield heard.said
    except MkDocsException as error:
        raise SiteError("; ".join(dict.fromkeys([*heard.said, str(error)]))) from None
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
            _put_back(before, out)
        raise


def _put_back(before: Path, out: Path) -> None:
    """Give a site its place again that was moved away for one that never came."""
    if before.exists() and not out.exists():
        before.rename(out)
