"""How a release comes into being: whole, or not at all.

A publishing folder (``dist``) holds releases in ``releases/``, and two pointer files that tell
which of them have been published: ``catalog.json`` names all, ``latest.json`` the latest. A
release is published from the moment at which the catalog names it.

The protocol:

1. *Lock.* One run at a time, by a lock on ``.publishing.lock``.
2. *Settle.* What an earlier run left in ``.publishing/`` is settled first, as told below.
3. *Stage.* Everything is written into ``.publishing/``: the whole release as ``release/``, and
   the two pointer files as they are to be. Each file and each folder is synced to the disk.
   Nothing outside has changed yet, and no more room on the disk is needed from here on.
4. *Move*, in this order, each by one rename with the folder synced after it:
   ``release/`` to ``releases/<version>/``, ``catalog.json``, what was set aside, if anything, to
   ``quarantine/<version>.jsonl``, ``latest.json``.
5. ``.publishing/`` is removed.

So whatever stops a run (a full disk, a missing permission, Ctrl-C, a power cut), what it left can
be told from what is there, and settled:

- The catalog names the staged version: it is published. The moves that come after are made up
  for, and a second run that makes the same release succeeds.
- The catalog does not: the run is undone. If the release had been moved, it is moved back; then
  ``.publishing/`` is removed. All is as it was before.

A run that fails settles its own remains where it can; if it cannot, the next run does.

Withdrawing releases and taking them down goes by the same lock and the same folder:

1. *Lock* and *settle*, as above.
2. *Stage.* The catalog as it is to be, with the releases marked, is written into ``.publishing/``
   and synced.
3. *Move* it to ``catalog.json``, by one rename. From this moment the releases are withdrawn.
4. ``latest.json`` is made to point to the newest release that is not withdrawn; where there is
   none, it is removed.
5. What was taken down is removed (``allegata.releasing.withdrawing.clearing``).

Nothing but the catalog is needed to do steps 4 and 5. Each run does them as part of settling, so a
run that was cut off after step 3 is made up for by the next, whatever that is for; before it,
nothing has happened. Readers of this program ask the catalog whether the release that
``latest.json`` names still stands, so they need not wait for step 4.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from allegata.releasing.catalog import (
    CATALOG,
    LATEST,
    MANIFEST,
    QUARANTINE,
    RELEASES,
    Catalog,
    Latest,
    check_version,
    manifest_path,
    read_catalog,
    read_latest,
)
from allegata.releasing.disk import move, sync_folder, sync_folders, write_file
from allegata.releasing.errors import (
    NotARelease,
    PublishingBusy,
    ReleaseError,
    ReleaseExists,
)
from allegata.releasing.manifest import Manifest
from allegata.releasing.withdrawing.clearing import clear

STAGED = ".publishing"
LOCK = ".publishing.lock"
_RELEASE = "release"
_ASIDE = "quarantined.jsonl"
_POINTER = "pointer.json"  # not as latest.json, which says that a release is being published


class Staging:
    """A run that has the publishing folder to itself, and its place to write in."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.finished = settle(out)
        """The version that an earlier run had published without finishing, if there is one."""
        self.release = out / STAGED / _RELEASE
        """The folder to write the release into."""
        self.release.mkdir(parents=True)

    def set_aside(self, write: Callable[[Path], None]) -> None:
        """Have a file written that is published beside the release, and is no part of it."""
        path = self.out / STAGED / _ASIDE
        write(path)
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def publish(self, manifest: Manifest, catalog: Catalog) -> Path:
        """Move what has been written to where readers look for it.

        Args:
            manifest: That of the release, as it has been written.
            catalog: The catalog so far.

        Returns:
            The folder of the release.

        Raises:
            ReleaseExists: there is a folder of that version.
            OSError: it could not be moved.
        """
        staged, version = self.out / STAGED, manifest.version
        target = self.out / RELEASES / version
        sha256 = hashlib.sha256((self.release / MANIFEST).read_bytes()).hexdigest()
        if self.finished == version:
            return self._same_as_published(target, sha256)
        if target.exists() or target.is_symlink():
            raise ReleaseExists(
                f"{target} is there, though {CATALOG} does not name it. A release is never "
                f"overwritten: bring back the {CATALOG} that names it, or move the folder away"
            )
        latest = Latest(version=version, manifest=manifest_path(version), sha256=sha256)
        write_file(staged / CATALOG, catalog.with_release(manifest, sha256).to_json())
        write_file(staged / LATEST, latest.to_json())
        sync_folders(staged)
        target.parent.mkdir(exist_ok=True)
        sync_folder(self.out)
        move(self.release, target)
        move(staged / CATALOG, self.out / CATALOG)
        _move_aside(self.out, version)
        (staged / LATEST).replace(self.out / LATEST)
        # All is published now. A power cut that undid this last rename would leave the pointer
        # to the release before, which is valid; so this is no reason to report a failure.
        with suppress(OSError):
            sync_folder(self.out)
        return target

    def restate(self, catalog: Catalog) -> None:
        """Put a catalog in place that says of releases that they were withdrawn or taken down.

        Raises:
            PublishingBusy: the site, which is to be removed, is being built.
            OSError: the catalog could not be put in place, or what follows from it not be done;
                then the next run does that.
        """
        staged = self.out / STAGED
        write_file(staged / CATALOG, catalog.to_json())
        sync_folder(staged)
        move(staged / CATALOG, self.out / CATALOG)
        _follow(self.out, catalog)

    @staticmethod
    def _same_as_published(target: Path, sha256: str) -> Path:
        if hashlib.sha256((target / MANIFEST).read_bytes()).hexdigest() != sha256:
            raise ReleaseExists(
                f"{target} was published by a run that was cut off right after, and this one "
                "would differ; a release is never overwritten, so give the next version"
            )
        return target


@contextmanager
def staging(out: Path) -> Iterator[Staging]:
    """Take the publishing folder for one run; whatever happens, leave nothing half made.

    Raises:
        PublishingBusy: another run has it.
        OSError: the folder cannot be written to.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise PublishingBusy(f"another run is publishing to {out}; wait until it ends") from None
    try:
        yield Staging(out)
    except BaseException:
        # The failure is what the caller needs to know; the next run settles what this could not.
        with suppress(OSError, ReleaseError):
            undo(out)
        raise
    else:
        shutil.rmtree(out / STAGED, ignore_errors=True)
    finally:
        lock.release()


def check_ahead(out: str | Path, version: str) -> None:
    """See early, before any work is done, that a version can be published next.

    Where an earlier run left something unsettled it says nothing: that is for ``staging`` to do.

    Raises:
        ReleaseExists: it has been published.
        VersionRefused: it cannot come next.
        NotARelease: the catalog is damaged.
    """
    if not (Path(out) / STAGED).exists():
        check_version(read_catalog(Path(out)), version)


def settle(out: Path) -> str | None:
    """Settle what an earlier run left.

    Returns:
        The version whose publication had to be finished; None where there was none.

    Raises:
        OSError: it could not be settled.
    """
    undo(out)
    finished = None
    if (out / STAGED).exists():
        latest = _staged_latest(out)
        assert latest is not None  # `undo` leaves no other
        _move_aside(out, latest.version)
        move(out / STAGED / LATEST, out / LATEST)
        finished = latest.version
    if catalog := read_catalog(out):
        _follow(out, catalog)
    if (out / STAGED).exists():
        shutil.rmtree(out / STAGED)
    return finished


def _follow(out: Path, catalog: Catalog) -> None:
    """Do what follows from releases having been withdrawn or taken down, as far as it is left."""
    if all(entry.stands for entry in catalog.releases):
        return
    _point(out, catalog)
    clear(out, out / STAGED, catalog)


def _point(out: Path, catalog: Catalog) -> None:
    """Make ``latest.json`` point to the newest release that stands, if it does not."""
    entry = catalog.latest()
    wanted = entry and Latest(version=entry.version, manifest=entry.manifest, sha256=entry.sha256)
    with suppress(NotARelease):  # a damaged one is replaced
        if read_latest(out) == wanted:
            return
    if wanted is None:
        (out / LATEST).unlink(missing_ok=True)
        sync_folder(out)
        return
    (out / STAGED).mkdir(exist_ok=True)
    (out / STAGED / _POINTER).unlink(missing_ok=True)
    write_file(out / STAGED / _POINTER, wanted.to_json())
    move(out / STAGED / _POINTER, out / LATEST)


def _move_aside(out: Path, version: str) -> None:
    aside = out / STAGED / _ASIDE
    if aside.exists():
        (out / QUARANTINE).mkdir(exist_ok=True)
        move(aside, out / QUARANTINE / f"{version}.jsonl")


def undo(out: Path) -> None:
    """Undo what has been staged, unless it has been published.

    Raises:
        OSError: it could not be undone.
    """
    staged = out / STAGED
    if not staged.exists():
        return
    if latest := _staged_latest(out):
        catalog = read_catalog(out)
        entry = catalog.entry(latest.version) if catalog else None
        if entry and entry.sha256 == latest.sha256:
            return
        moved = out / RELEASES / latest.version
        if not (staged / _RELEASE).exists() and _is_release(moved, latest.sha256):
            move(moved, staged / _RELEASE)
            sync_folder(moved.parent)
    shutil.rmtree(staged)


def _staged_latest(out: Path) -> Latest | None:
    try:
        return Latest.model_validate_json((out / STAGED / LATEST).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _is_release(folder: Path, sha256: str) -> bool:
    with suppress(OSError):
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest() == sha256
    return False
