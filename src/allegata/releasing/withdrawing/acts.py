"""The two acts: withdrawing a release, and taking down what releases hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from allegata.releasing.catalog import (
    CATALOG,
    QUARANTINE,
    RELEASES,
    SITE,
    Catalog,
    CatalogEntry,
    first_fault,
    read_catalog,
)
from allegata.releasing.commit import staging
from allegata.releasing.disk import sync_folder
from allegata.releasing.errors import (
    NotARelease,
    ReleaseError,
    StillReleased,
    UnknownRecord,
    UnknownVersion,
)
from allegata.releasing.manifest import WaiverEntry
from allegata.releasing.release import read_release
from allegata.releasing.withdrawing.clearing import alone_with_site, files_of, shows
from allegata.releasing.withdrawing.holders import holds, mentions
from allegata.schema.types import AnyId, Text

_REASON: TypeAdapter[str] = TypeAdapter(Text)
_ID: TypeAdapter[str] = TypeAdapter(AnyId)


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing a release gave."""

    entry: CatalogEntry
    """The release as the catalog has it now."""
    latest: str | None
    """The version that is the latest now, if there is one."""
    is_new: bool
    """Whether it was withdrawn now; False where it had been."""


@dataclass(frozen=True)
class Doomed:
    """A release that is to be taken down."""

    version: str
    files: int
    """How many of its files go."""
    bytes: int
    """Their size."""


@dataclass(frozen=True)
class Takedown:
    """What taking down removes."""

    out: Path
    """The publishing folder."""
    version: str | None
    """The release that was asked for, if one was."""
    record: str | None
    """The record that was asked for, if one was."""
    releases: tuple[Doomed, ...]
    """The releases whose files go, the newest first."""
    quarantined: tuple[str, ...]
    """Files of quarantined records that go, from the publishing folder."""
    site: bool
    """Whether the site goes, as it shows one of them."""
    waivers: tuple[WaiverEntry, ...]
    """Waivers of the record in the manifests of these releases; a manifest stays as it is."""
    before: tuple[CatalogEntry, ...]
    """Releases that had been taken down already, for the sake of the record or by version."""
    latest: str | None
    """The version that is the latest afterwards, if any."""
    latest_now: str | None
    """The version that is the latest now, if any."""

    @property
    def takes_latest(self) -> bool:
        """Whether the release that is now the latest is among them."""
        return self.latest_now in [one.version for one in self.releases]


def withdraw(out: str | Path, version: str, reason: str, day: date) -> Withdrawal:
    """Mark a release as withdrawn. Its files stay as they are, and can be read by its version.

    ``latest.json`` then points to the newest release that is not withdrawn. A release that has been
    withdrawn before stays so with the reason that was given then.

    Args:
        out: The publishing folder.
        version: The release.
        reason: Why, in a sentence for readers.
        day: The day to give.

    Raises:
        ValueError: the reason is not fit to be published.
        NotARelease: there is no catalog, or it is damaged.
        UnknownVersion: it names no such release.
        PublishingBusy: another run has the folder.
        OSError: the folder cannot be written to.
    """
    folder, reason = Path(out), _checked(reason)
    _entry(_catalog(folder), folder, version)
    with staging(folder) as run:
        catalog = _catalog(folder)
        is_new = _entry(catalog, folder, version).stands
        if is_new:
            catalog = catalog.with_withdrawn([version], reason, day)
            run.restate(catalog)
    latest = catalog.latest()
    entry = _entry(catalog, folder, version)
    return Withdrawal(entry, latest.version if latest else None, is_new)


def plan_takedown(
    out: str | Path, *, version: str | None = None, record: str | None = None
) -> Takedown:
    """What taking down a release, or all that hold a record, would remove. Nothing is changed.

    Args:
        out: The publishing folder.
        version: The release.
        record: The id of the record; one of the two must be given.

    Raises:
        NotARelease: there is no catalog, or something that must be looked into is damaged.
        UnknownVersion: the catalog names no such release.
        UnknownRecord: no release holds the record, and none was taken down for its sake.
    """
    if (version is None) == (record is None):
        raise ValueError("name either a version or a record")
    folder = Path(out)
    catalog = _catalog(folder)
    if version is not None:
        entries = [_entry(catalog, folder, version)]
    else:
        assert record is not None
        _check_id(record)
        entries = catalog.releases
    return _plan(folder, catalog, entries, version, record)


def takedown(plan: Takedown, reason: str, day: date, *, even_latest: bool = False) -> Takedown:
    """Remove the files of releases, and mark these withdrawn; manifests and tombstones stay.

    It can be done again after it was cut off, and then finishes what it had begun. What a later
    release holds is not touched; that no later one holds the record is seen to by
    ``StillReleased``, and by the rule ID_REUSED when the next is published.

    Args:
        plan: What to remove, as ``plan_takedown`` tells.
        reason: Why, in a sentence for readers.
        day: The day to give.
        even_latest: Whether the latest release may be taken down for the sake of a record, though
            there is none yet that does without it.

    Returns:
        What has been removed.

    Raises:
        ValueError: the reason is not fit to be published.
        StillReleased: the latest release holds the record.
        PublishingBusy: another run has the folder, or builds the site.
        ReleaseError: there is more to be removed than was planned.
        OSError: something cannot be removed; the next run will try again.
    """
    out, reason = plan.out, _checked(reason)
    if plan.record and plan.takes_latest and not even_latest:
        raise StillReleased(
            f"{plan.record} is in the latest release, {plan.latest_now}: retract it in the record "
            "files and publish a release without it first; or, if that cannot wait, take the "
            "latest down as well (--even-latest)"
        )
    with staging(out) as run, alone_with_site(out):
        now = plan_takedown(out, version=plan.version, record=plan.record)
        if not {one.version for one in now.releases} <= {one.version for one in plan.releases}:
            raise ReleaseError(f"{out} has changed since this was planned; plan it again")
        if now.releases:
            run.restate(
                _catalog(out).with_withdrawn(
                    [one.version for one in now.releases],
                    reason,
                    day,
                    taken_down=True,
                    record=plan.record,
                )
            )
        for name in now.quarantined:
            (out / name).unlink(missing_ok=True)
        if now.quarantined:
            sync_folder(out / QUARANTINE)
    return now


def _plan(
    out: Path,
    catalog: Catalog,
    entries: list[CatalogEntry],
    version: str | None,
    record: str | None,
) -> Takedown:
    there = [entry for entry in entries if not entry.tombstone]
    if record:
        there = [one for one in there if holds(out / RELEASES / one.version, record)]
    versions = [one.version for one in there]
    before = [one for one in entries if one.tombstone and record in (None, one.record)]
    quarantined = [
        path.relative_to(out).as_posix()
        for path in sorted((out / QUARANTINE).glob("*.jsonl"))
        if path.stem in versions or (record and mentions(path, record))
    ]
    if record and not (there or before or quarantined):
        raise UnknownRecord(f"no release in {out} holds {record}")
    latest = catalog.latest()
    after = catalog.with_withdrawn(versions, "", date.min).latest()
    return Takedown(
        out=out,
        version=version,
        record=record,
        releases=tuple(_doomed(out, one.version) for one in there),
        quarantined=tuple(quarantined),
        site=any(shows(out / SITE, one) for one in versions),
        waivers=tuple(_waivers(out, versions, record)),
        before=tuple(before),
        latest=after.version if after else None,
        latest_now=latest.version if latest else None,
    )


def _doomed(out: Path, version: str) -> Doomed:
    files = files_of(out / RELEASES / version)
    return Doomed(version, len(files), sum(path.lstat().st_size for path in files))


def _waivers(out: Path, versions: list[str], record: str | None) -> Iterator[WaiverEntry]:
    found = (
        waiver
        for version in versions
        for waiver in read_release(out / RELEASES / version).manifest.waivers
        if record in (None, waiver.record)
    )
    yield from dict.fromkeys(found)


def _catalog(out: Path) -> Catalog:
    catalog = read_catalog(out)
    if catalog is None:
        raise NotARelease(f"{out} is not a folder of releases: it has no {CATALOG}")
    return catalog


def _entry(catalog: Catalog, out: Path, version: str) -> CatalogEntry:
    if entry := catalog.entry(version):
        return entry
    known = ", ".join(entry.version for entry in catalog.releases)
    raise UnknownVersion(f"{out} has no release {version!r}; it has {known}")


def _check_id(record: str) -> None:
    try:
        _ID.validate_python(record)
    except ValidationError:
        raise UnknownRecord(f"{record!r} is not the id of a record") from None


def _checked(reason: str) -> str:
    try:
        return _REASON.validate_python(reason)
    except ValidationError as error:
        raise ValueError(f"the reason cannot be published: {first_fault(error)}") from None
