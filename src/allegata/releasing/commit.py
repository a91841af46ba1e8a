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
   ``release/`` to ``releases/<version>/``, ``catalog.json``, what tells the same in the words of
   other catalogs (``catalog.ttl``), what was set aside, if anything, to
   ``quarantine/<version>.jsonl``, ``latest.json``.
5. ``.publishing/`` is removed.

So whatever stops a run (a full disk, a missing permission, Ctrl-C, a power cut), what it left can
be told from what is there, and settled:

- The catalog names the staged version: it is published. The moves that come after are made up
  for.
- The catalog does not: the run is undone. If the release had been moved, it is moved back; then
  ``.publishing/`` is removed. All is as it was before.

A run that fails settles its own remains where it can; if it cannot, the next run does. To repeat
a run that had published is no error where it gives the same bytes: nothing is moved then.

Withdrawing releases and taking them down goes by the same lock and the same folder:

1. *Lock* and *settle*, as above.
2. *Stage.* The catalog as it is to be, with the releases marked, is written into ``.publishing/``,
   then what tells the same in the words of other catalogs, and both are synced.
3. *Move* it to ``catalog.json``, by one rename. From this moment the releases are withdrawn. What
   was written beside it follows.
4. ``latest.json`` is made to point to the newest release that is not withdrawn; where there is
   none, it is removed.
5. What was taken down is removed (``allegata.releasing.withdrawing.clearing``).

The catalog is all that steps 4 and 5 need, and step 3 ends from what is staged. Each run does what
is left of them as part of settling, so a run that was cut off within step 3 or later is made up for
by the next, whatever that is for; before it, nothing has happened. Readers of this program ask the
catalog whether the release that ``latest.json`` names still stands, so they need not wait.
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
    version_after,
)
from allegata.releasing.disk import move, sync_folder, sync_folders, write_file
from allegata.releasing.errors import (
    NotARelease,
    PublishingBusy,
    ReleaseError,
    ReleaseExists,
)
from allegata.releasing.manifest import Manifest
from allegata.releasing.release import read_release
from allegata.releasing.withdrawing.clearing import clear
from allegata.schema import Dataset

STAGED = ".publishing"
LOCK = ".publishing.lock"
_RELEASE = "release"
_ASIDE = "quarantined.jsonl"
_POINTER = "pointer.json"  # not as latest.json, which says that a release is being published
_BESIDE = "beside"  # the folder of what is to lie beside the catalog

DescribeCatalog = Callable[[Catalog, Dataset], dict[str, bytes]]
"""What describes a catalog to others: of the catalog, and of the dataset as its newest release
describes it, it makes file name -> content."""


class Staging:
    """A run that has the publishing folder to itself, and its place to write in."""

    def __init__(self, out: Path) -> None:
        self.out = out
        settle(out)
        self.release = out / STAGED / _RELEASE
        """The folder to write the release into."""
        self.release.mkdir(parents=True)

    def set_aside(self, write: Callable[[Path], None]) -> None:
        """Have a file written that is published beside the release, and is no part of it."""
        path = self.out / STAGED / _ASIDE
        write(path)
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def publish(
        self, manifest: Manifest, catalog: Catalog, describe: DescribeCatalog | None = None
    ) -> Path:
        """Move what has been written to where readers look for it.

        Args:
            manifest: That of the release, as it has been written.
            catalog: The catalog so far.
            describe: What describes the catalog to others, if anything does.

        Returns:
            The folder of the release.

        Raises:
            ReleaseExists: the version has been published with other bytes, or there is a folder
                of that version.
            OSError: it could not be moved.
        """
        staged, version = self.out / STAGED, manifest.version
        target = self.out / RELEASES / version
        sha256 = hashlib.sha256((self.release / MANIFEST).read_bytes()).hexdigest()
        if published := catalog.entry(version):
            if published.sha256 != sha256:
                raise ReleaseExists(
                    f"{version} has been published, and this run would give other bytes; a "
                    "release is never overwritten; a correction is a new version, such as "
                    f"{version_after(version)}"
                )
            return target
        if target.exists() or target.is_symlink():
            raise ReleaseExists(
                f"{target} is there, though {CATALOG} does not name it. A release is never "
                f"overwritten: bring back the {CATALOG} that names it, or move the folder away"
            )
        latest = Latest(version=version, manifest=manifest_path(version), sha256=sha256)
        self._stage(catalog.with_release(manifest, sha256), manifest.dataset, describe)
        write_file(staged / LATEST, latest.to_json())
        sync_folders(staged)
        target.parent.mkdir(exist_ok=True)
        sync_folder(self.out)
        move(self.release, target)
        move(staged / CATALOG, self.out / CATALOG)
        _move_others(self.out, version)
        (staged / LATEST).replace(self.out / LATEST)
        # All is published now. A power cut that undid this last rename would leave the pointer
        # to the release before, which is valid; so this is no reason to report a failure.
        with suppress(OSError):
            sync_folder(self.out)
        return target

    def restate(
        self, catalog: Catalog, dataset: Dataset, describe: DescribeCatalog | None = None
    ) -> None:
        """Put a catalog in place that says of releases that they were withdrawn or taken down.

        Args:
            catalog: The catalog.
            dataset: The dataset as the newest release describes it.
            describe: What describes the catalog to others, as for ``publish``.

        Raises:
            PublishingBusy: the site, which is to be removed, is being built.
            OSError: the catalog could not be put in place, or what follows from it not be done;
                then the next run does that.
        """
        staged = self.out / STAGED
        self._stage(catalog, dataset, describe)
        sync_folders(staged)
        move(staged / CATALOG, self.out / CATALOG)
        _move_beside(self.out)
        _follow(self.out, catalog)

    def _stage(self, catalog: Catalog, dataset: Dataset, describe: DescribeCatalog | None) -> None:
        """Write a catalog as it is to be, and then what is to lie beside it."""
        staged = self.out / STAGED
        write_file(staged / CATALOG, catalog.to_json())
        (staged / _BESIDE).mkdir()
        for name, content in (describe(catalog, dataset) if describe else {}).items():
            write_file(staged / _BESIDE / name, content)


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


def check_ahead(out: str | Path, version: str, made_at: int) -> None:
    """See early, before any work is done, that a version can be published next.

    Where an earlier run left something unsettled it says nothing: that is for ``staging`` to do.
    Nor does it where the latest release is of that version and time: to be told whether a run
    repeats it, one has to see what it gives.

    Args:
        out: The publishing folder.
        version: The version.
        made_at: The time that the release would be made as of, in seconds since 1970.

    Raises:
        ReleaseExists: it has been published.
        VersionRefused: it cannot come next.
        NotARelease: the catalog is damaged.
    """
    if (Path(out) / STAGED).exists():
        return
    catalog = read_catalog(Path(out))
    latest = catalog.latest() if catalog else None
    if latest and latest.version == version:
        made = read_release(Path(out) / RELEASES / version).manifest.source_date_epoch
        if made == made_at:
            return
    check_version(catalog, version)


def settle(out: Path) -> None:
    """Settle what an earlier run left.

    Raises:
        OSError: it could not be settled.
    """
    undo(out)
    if (out / STAGED).exists():
        latest = _staged_latest(out)
        assert latest is not None  # `undo` leaves no other
        _move_others(out, latest.version)
        move(out / STAGED / LATEST, out / LATEST)
    if catalog := read_catalog(out):
        _follow(out, catalog)
    if (out / STAGED).exists():
        shutil.rmtree(out / STAGED)


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


def _move_others(out: Path, version: str) -> None:
    """Move what belongs to a release that is published, and is not yet in its place."""
    _move_beside(out)
    aside = out / STAGED / _ASIDE
    if aside.exists():
        (out / QUARANTINE).mkdir(exist_ok=True)
        move(aside, out / QUARANTINE / f"{version}.jsonl")


def _move_beside(out: Path) -> None:
    beside = out / STAGED / _BESIDE
    for path in sorted(beside.iterdir()) if beside.exists() else ():
        move(path, out / path.name)


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
    elif not (staged / CATALOG).exists():
        _move_beside(out)  # of a catalog that was restated, and is in place
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
