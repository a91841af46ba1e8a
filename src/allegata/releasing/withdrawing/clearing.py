"""Removing what was taken down, so that a run that is cut off can be made up for.

What is to be removed is told by the catalog alone: whatever release has a tombstone there. Of it
stay the manifest, which names its files by hash, the checksums, the licence and the tombstone. All
else goes, also what later versions of this program may add, in this order:

1. The tombstone is written, while all files are there to be listed by their hashes.
2. A site that shows the release, and what a build of one left half made.
3. What was set aside when the release was published (``quarantine/<version>.jsonl``).
4. The files of the release.

So as long as a file of it is there, the work is not done; whoever next has the publishing folder to
himself does it all again, and what has been done already does no harm.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from allegata.releasing.catalog import (
    CHECKSUMS,
    LICENCE,
    MANIFEST,
    MANIFEST_SCHEMA,
    QUARANTINE,
    RELEASES,
    SITE,
    TOMBSTONE,
    Catalog,
    CatalogEntry,
)
from allegata.releasing.disk import lock_beside, move, sync_folder, workplace_beside, write_file
from allegata.releasing.errors import PublishingBusy
from allegata.releasing.manifest import Manifest, json_bytes
from allegata.releasing.release import read_release
from allegata.releasing.withdrawing.ids import ids_of
from allegata.releasing.withdrawing.tombstone import (
    TOMBSTONE_SCHEMA,
    RemovedFile,
    Tombstone,
    tombstone_schema,
)

_KEPT = {MANIFEST, MANIFEST_SCHEMA, CHECKSUMS, LICENCE, TOMBSTONE, TOMBSTONE_SCHEMA}
_OLDER_SITES = "r"


def clear(out: Path, staged: Path, catalog: Catalog) -> None:
    """Remove what is left of the releases that the catalog says were taken down.

    Args:
        out: The publishing folder, which the caller has to himself.
        staged: A folder on the same disk to put things into on their way.
        catalog: Its catalog.

    Raises:
        PublishingBusy: a site is being built.
        OSError: something cannot be removed.
    """
    left = [one for one in catalog.releases if one.tombstone and _is_left(out, one)]
    if not left:
        return
    with alone_with_site(out):
        staged.mkdir(exist_ok=True)
        for entry in left:
            _clear(out, staged, entry, is_newest=entry.version == catalog.newest())


@contextmanager
def alone_with_site(out: Path) -> Iterator[None]:
    """Keep others from building the site, whose pages would be of what is being removed.

    Raises:
        PublishingBusy: it is being built.
    """
    try:
        # A singleton, which who has it can take once more.
        with FileLock(lock_beside(out.absolute() / SITE), blocking=False, is_singleton=True):
            yield
    except Timeout:
        raise PublishingBusy(f"another run is building {out / SITE}; wait until it ends") from None


def files_of(folder: Path) -> list[Path]:
    """The files of a release that go when it is taken down, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if (path.is_file() or path.is_symlink()) and not _is_kept(folder, path)
    )


def shows(site: Path, version: str) -> bool:
    """Whether a site is of a release, or of a later one and holds that of the release as well."""
    return (site / RELEASES / version).exists() or (site / _OLDER_SITES / version).exists()


def _is_kept(folder: Path, path: Path) -> bool:
    return path.parent == folder and path.name in _KEPT


def _is_left(out: Path, entry: CatalogEntry) -> bool:
    folder = out / RELEASES / entry.version
    if not folder.is_dir():
        return False
    names = {path.name for path in folder.iterdir()}
    return TOMBSTONE not in names or bool(names - _KEPT)


def _clear(out: Path, staged: Path, entry: CatalogEntry, *, is_newest: bool) -> None:
    folder = out / RELEASES / entry.version
    if not (folder / TOMBSTONE).exists():
        _bury(out, staged, entry, is_newest=is_newest)
    site = out / SITE
    if shows(site, entry.version):
        own = (site / RELEASES / entry.version).exists()
        _away(site if own else site / _OLDER_SITES / entry.version, staged)
    if workplace_beside(site).exists():
        _away(workplace_beside(site), staged)
    _quarantine(out, entry.version).unlink(missing_ok=True)
    for path in sorted(folder.iterdir()):
        if not _is_kept(folder, path):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    sync_folder(folder)


def _away(path: Path, staged: Path) -> None:
    """Remove a folder; readers find it whole or not at all."""
    move(path, staged / "removed")
    sync_folder(path.parent)
    shutil.rmtree(staged / "removed")


def _quarantine(out: Path, version: str) -> Path:
    return out / QUARANTINE / f"{version}.jsonl"


def _bury(out: Path, staged: Path, entry: CatalogEntry, *, is_newest: bool) -> None:
    """Write the tombstone of a release whose files are still there."""
    folder = out / RELEASES / entry.version
    manifest = read_release(folder).manifest
    ids = ids_of(folder, manifest) if is_newest else None
    assert entry.withdrawn
    assert entry.reason
    tombstone = Tombstone(
        version=entry.version,
        date=entry.withdrawn,
        reason=entry.reason,
        record=entry.record,
        removed=list(_listed(out, folder, manifest)),
        site=shows(out / SITE, entry.version),
        records=ids.records.to_pylist() if ids else [],
        retired=ids.retired.to_pylist() if ids else [],
    )
    written = {
        TOMBSTONE_SCHEMA: json_bytes(tombstone_schema()),
        TOMBSTONE: tombstone.to_json(),
    }
    for name, content in written.items():
        write_file(staged / name, content)
        move(staged / name, folder / name)


def _listed(out: Path, folder: Path, manifest: Manifest) -> Iterator[RemovedFile]:
    """The files that go, with the hashes that the manifest tells of those that it names."""
    named = {file.path: file for file in manifest.files}
    aside = _quarantine(out, manifest.version)
    for path in [*([aside] if aside.exists() else []), *files_of(folder)]:
        # A name of a file that was put there by others may be no text.
        shown = path.relative_to(out).as_posix().encode(errors="replace").decode()
        file = named.get(path.relative_to(folder).as_posix()) if path != aside else None
        if file:
            yield RemovedFile(path=shown, bytes=file.bytes, sha256=file.sha256)
        elif path.is_file():
            with path.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            yield RemovedFile(path=shown, bytes=path.stat().st_size, sha256=sha256)
