"""How a release comes into being in an object store: whole, or not at all.

There it is as in a folder (``allegata.releasing.commit``): a release is published from the moment
at which ``catalog.json`` names it. But nothing can be renamed, and there is no lock; what a store
must offer instead is to put a file *on condition*: where there is none, or in place of the very
content that was read. Amazon S3, Google Cloud Storage, Azure Blob Storage, MinIO, Ceph, R2 and
others do. A store that does not is refused: whoever takes the lease tries it out.

The protocol:

1. *Lease.* The run takes the lease (``allegata.uploading.lease``).
2. *Mirror.* ``catalog.json``, ``latest.json`` and the release before are brought into a temporary
   publishing folder here, and the release is made in that folder, by the same code and to the same
   bytes as in any other.
3. *Clear.* If a run before was cut off after it had begun to write a version that the catalog does
   not name, then first the catalog is replaced by one that says the same in other bytes (or, where
   there is none, by one of no releases), and after that all files of that version are deleted. A
   run that only slept cannot publish any more: it would have to replace the catalog as it was.
4. *Put.* The lease says which version is begun. The files are put below ``releases/<version>/``,
   each only where there is none, the manifest last. One that is there already with the same bytes
   is right. What was set aside, if anything, is put too.
5. *Publish.* ``catalog.json`` is put in place of the one that was read in step 2 or 3, and of no
   other. Now the release is published.
6. What tells the catalog in the words of others is put, and ``latest.json`` like the catalog. The
   lease says that nothing lies about. The site follows
   (``allegata.uploading.site``).

So whatever stops a run, readers see the release before or the new one, and the next run settles
what was left:

- The catalog names the version that was begun: it is published, and ``latest.json`` is put right.
  A second run that makes the same release succeeds.
- The catalog does not: step 3 clears it away.

Of two runs at once, one has the lease, and the other is told. One that has lost its lease can still
put files where there are none, and nothing else: the run that met them would find them to be
others than its own, and say so.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from allegata.reading import Progress, Step
from allegata.releasing import Manifest, Release, ReleaseExists
from allegata.releasing.catalog import (
    CATALOG,
    CHECKSUMS,
    LATEST,
    MANIFEST,
    QUARANTINE,
    RELEASES,
    TOMBSTONE,
    Catalog,
    CatalogEntry,
    Latest,
    is_version,
    manifest_path,
    read_catalog,
    read_latest,
)
from allegata.releasing.fetching import Fetched
from allegata.releasing.manifest import media_type
from allegata.releasing.release import read_release
from allegata.storage import UNDER_WAY, Changed, Missing, StorageError, StorePlace, store_of
from allegata.uploading.lease import Lease, LeaseTimes

_JSON = "application/json"
_Version = dict[str, str] | None


@dataclass
class Run:
    """A run that has a publishing place to itself, and a publishing folder here that mirrors it."""

    place: StorePlace
    lease: Lease
    fetched: Fetched
    """What has brought files here, and keeps them."""
    catalog: _Version
    """The version of the catalog that was read; None where there was none."""
    latest: _Version
    """The version of ``latest.json`` that was read."""
    published: Catalog | None
    """The catalog that was read."""
    finished: str | None = None
    """The version that an earlier run had published without finishing, if there is one."""
    put: list[str] = field(default_factory=list)
    """What has been put so far."""

    @property
    def folder(self) -> Path:
        """The publishing folder here, to make the release in."""
        return self.fetched.folder

    def publish(self, release: Release, tell: Progress) -> None:
        """Publish a release that has been made in ``folder``; or see that it is the published one.

        Raises:
            ReleaseExists: the version is there, and is another.
            PublishingBusy: the lease was lost; nothing was published.
            StorageError: the place cannot be reached. Unless the message says otherwise, nothing
                was published.
        """
        version = release.version
        if self.published and self.published.entry(version):
            self._same_as_published(release)
            self._put_beside()
        else:
            self._clear(release.manifest)
            self.lease.check()
            self.lease.begin(version)
            self._put_release(release, tell)
            self._put_aside(version)
            content = (self.folder / CATALOG).read_bytes()
            self.lease.check()
            self.catalog = self._on_condition(CATALOG, content, self.catalog)
            self._put_beside()
            self._put_latest()
            self.lease.begin(None)

    def finish(self, entry: CatalogEntry) -> None:
        """Put ``latest.json`` right for a run that was cut off before it could.

        Raises:
            PublishingBusy: the lease was lost.
            StorageError: the place cannot be reached.
        """
        latest = Latest(version=entry.version, manifest=entry.manifest, sha256=entry.sha256)
        (self.folder / LATEST).write_bytes(latest.to_json())
        self._put_latest()
        self.lease.begin(None)

    def _same_as_published(self, release: Release) -> None:
        entry = self.published.entry(release.version) if self.published else None
        sha256 = hashlib.sha256((release.path / MANIFEST).read_bytes()).hexdigest()
        if entry is None or entry.sha256 != sha256:
            raise ReleaseExists(
                f"{release.version} has been published, and this run would give other bytes; a "
                "release is never overwritten, so give the next version"
            )

    def _clear(self, manifest: Manifest) -> None:
        """Delete what a run that was cut off has left, when it cannot publish any more."""
        left = self.lease.left
        if left is None or (self.published and self.published.entry(left)):
            return
        catalog = self.published or Catalog(dataset=manifest.dataset.name, releases=[])
        # As many blank lines more or fewer as make other bytes of the same content.
        content = catalog.to_json() + b"\n" * (1 + secrets.randbelow(1 << 12))
        self.lease.check()
        self.catalog = self._on_condition(CATALOG, content, self.catalog)
        leftovers = [f"{QUARANTINE}/{left}.jsonl"]
        for prefix in (f"{RELEASES}/{left}", UNDER_WAY):
            leftovers += [f"{prefix}/{path}" for path in self.place.at(prefix).files() or ()]
        for path in leftovers:
            self.lease.check()
            self.place.delete(path)

    def _put_release(self, release: Release, tell: Progress) -> None:
        kinds = {entry.path: entry.media_type for entry in release.manifest.files}
        kinds |= {CHECKSUMS: "text/plain", MANIFEST: _JSON}
        prefix = f"{RELEASES}/{release.version}"
        for number, (path, kind) in enumerate(kinds.items(), start=1):
            tell(Step(f"putting {path}", number, len(kinds)))
            self.lease.check()
            self._put_new(f"{prefix}/{path}", release.path / path, kind)

    def _put_new(self, path: str, file: Path, kind: str) -> None:
        try:
            self.place.create(path, file, kind)
            self.put.append(path)
        except Changed:
            with tempfile.TemporaryDirectory(prefix="allegata-") as temporary:
                there = self.place.receive(path, Path(temporary), lambda _: None)
            with file.open("rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() == there.sha256:
                    return
            raise ReleaseExists(
                f"{self.place.name}/{path} is there, though {CATALOG} does not name its release, "
                "and is another file. A release is never overwritten: bring back the "
                f"{CATALOG} that names it, or move the files away"
            ) from None

    def _put_aside(self, version: str) -> None:
        """Put what was set aside, if anything."""
        aside = self.folder / QUARANTINE / f"{version}.jsonl"
        if aside.exists():
            self.lease.check()
            self.place.put(f"{QUARANTINE}/{version}.jsonl", aside, "application/jsonl")

    def _put_beside(self) -> None:
        """Put what tells the catalog in the words of others."""
        pointers = {CATALOG, LATEST}
        for file in sorted(self.folder.iterdir()):
            if file.is_file() and file.name not in pointers and not file.name.startswith("."):
                self.lease.check()
                self.place.put(file.name, file, media_type(file.name))

    def _put_latest(self) -> None:
        content = (self.folder / LATEST).read_bytes()
        self.lease.check()
        self.latest = self._on_condition(LATEST, content, self.latest)

    def _on_condition(self, path: str, content: bytes, version: _Version) -> _Version:
        """Put a pointer file in place of the one that was read.

        Raises:
            Changed: it is another by now.
        """
        try:
            if version is None:
                return self.place.create(path, content, _JSON)
            return self.place.replace(path, content, version, _JSON)
        except Changed:
            # The request may have been carried out, and repeated because its answer was lost.
            found, now = self.place.read_version(path)
            if found == content:
                return now
            raise StorageError(
                f"{self.place.name}/{path} has been changed by someone else meanwhile; "
                "nothing of it was overwritten"
            ) from None


@contextmanager
def remote_run(
    address: str, version: str | None = None, times: LeaseTimes | None = None
) -> Iterator[Run]:
    """Take a publishing place for one run, and mirror it here.

    Args:
        address: Its URL.
        version: The version that is to be published, where that is asked for.
        times: How long a lease lasts.

    Raises:
        PublishingBusy: another run has it.
        MissingPackage: the address takes a package that is not installed.
        NotARelease: what is there is damaged.
        StorageError: the place cannot be reached or written to, or knows no conditions.
    """
    fetched = Fetched(address)
    place = store_of(address)
    with Lease(place, times) as lease:
        run = _mirrored(place, lease, fetched, version)
        try:
            yield run
        except BaseException:
            with suppress(Exception):  # the failure is what the caller needs to know
                _take_back(run)
            raise


def _mirrored(place: StorePlace, lease: Lease, fetched: Fetched, version: str | None) -> Run:
    versions: dict[str, _Version] = {}
    for name in (CATALOG, LATEST):
        versions[name] = None
        with suppress(Missing):
            content, versions[name] = place.read_version(name)
            (fetched.folder / name).write_bytes(content)
    published = read_catalog(fetched.folder)
    run = Run(place, lease, fetched, versions[CATALOG], versions[LATEST], published)
    left = published.entry(lease.left) if published and lease.left else None
    if left:
        run.finish(left)
        run.finished = left.version if left.version == version else None
    _prepare(run, version)
    return run


def _prepare(run: Run, wanted: str | None) -> None:
    """Make the folder here what the release is to be made in: as if none were finished.

    Args:
        run: The run.
        wanted: The version that is to be published, where that is asked for; it may be a repeated
            one, whose release before is then not the latest.
    """
    if run.published is None:
        return
    rest = [one for one in run.published.releases if one.version != run.finished]
    before = run.published.model_copy(update={"releases": rest})
    if not rest:
        (run.folder / CATALOG).unlink()
        (run.folder / LATEST).unlink(missing_ok=True)
        return
    (run.folder / CATALOG).write_bytes(before.to_json())
    latest = read_latest(run.folder)
    pointed = [before.latest(), before.before(wanted) if wanted and is_version(wanted) else None]
    needed = {before.newest(), *(entry.version for entry in pointed if entry)}
    for version in (needed | {latest.version if latest else None}) - {None, run.finished}:
        assert version is not None
        run.fetched.brought(manifest_path(version))
        folder = run.folder / RELEASES / version
        if run.fetched.brought(f"{RELEASES}/{version}/{TOMBSTONE}"):
            continue
        release = replace(read_release(folder), fetched=run.fetched)
        for entry in release.manifest.tables:
            release.file(entry.path)


def _take_back(run: Run) -> None:
    """Delete what was put, where it has not been published."""
    if not run.put:
        return
    with suppress(Missing):
        catalog = Catalog.model_validate_json(run.place.read(CATALOG))
        if catalog.entry(run.put[0].split("/")[1]):
            return
    for path in run.put:
        run.lease.check()
        run.place.delete(path)
    run.lease.begin(None)
