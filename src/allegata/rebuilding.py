"""Rebuilding: making a release once more, to see that it can be made again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from allegata.checkout import lay_out
from allegata.engines import MEMORY_LIMIT, Report
from allegata.publishing import Made, ProblemsFound, publish
from allegata.reading import Progress
from allegata.releasing import (
    Catalog,
    Manifest,
    NotARelease,
    Release,
    open_release,
    tools,
)
from allegata.releasing.catalog import CATALOG, MANIFEST, RELEASES
from allegata.schema import SCHEMA_VERSION
from allegata.tables.scratch import Scratch

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Rebuilt:
    """What came of making a release once more."""

    release: Release
    """The release as it was published."""
    commit: str | None
    """The commit whose records were read; None where they were read as they stand."""
    tools: Mapping[str, tuple[str | None, str | None]]
    """What it was made with and is not here: name -> version then, version now."""
    differences: Mapping[str, str]
    """Each file that is not the same: path -> in which way."""
    stopped: Report | None = None
    """What checking the records found, where their problems stop the release here."""

    @property
    def ok(self) -> bool:
        """Whether every file has the same bytes."""
        return not self.differences and self.stopped is None


def rebuild(
    release: str | Path,
    data: str | Path,
    out: str | Path,
    progress: Progress | None = None,
    texts: str | Path | None = None,
    *,
    memory_limit: str = MEMORY_LIMIT,
) -> Rebuilt:
    """Make a release once more, from what its manifest tells, and compare every file.

    It is made in a temporary folder; nothing in the publishing folder changes. The records are
    those of the manifest's commit, if the data lie in a Git checkout; otherwise, or if the
    manifest names none, as they stand. The release before it is read beside it.

    Args:
        release: The folder of a release in a publishing folder; or a version.
        data: The folder of the dataset.
        out: The folder of releases, in which a version is looked for.
        progress: Told how far the work is.
        texts: The folder of the sources' texts, if it was given when the release was made.
        memory_limit: How much memory the tables may take, such as ``500MB``.

    Raises:
        NotARelease: there is no release, or not the one before it.
        UnknownVersion: there is no release of that version.
        CommitMissing: the checkout does not have the records of that commit.
        ReleaseError: the release cannot be made; its subclasses say why.
        OSError: the disk is full, or a file may not be read.
    """
    if _VERSION.fullmatch(str(release)) and not Path(release).exists():
        old = open_release(out, str(release))
    else:
        old = open_release(release)
    manifest = old.manifest
    with Scratch() as scratch:
        folder, commit = Path(data), manifest.source_commit
        laid_out = lay_out(folder, commit, _made(scratch / "records")) if commit else None
        try:
            new = publish(
                laid_out or folder,
                _publishing_folder(old, scratch / "dist"),
                old.version,
                progress,
                texts,
                note=manifest.note,
                until=manifest.until,
                quarantine=bool(manifest.intake),
                memory_limit=memory_limit,
                made=Made(datetime.fromtimestamp(manifest.source_date_epoch, UTC), commit),
            ).release
        except ProblemsFound as found:
            return Rebuilt(old, commit if laid_out else None, _others(old), {}, found.report)
        differences = _differences(old, new)
    return Rebuilt(old, commit if laid_out else None, _others(old), differences)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _publishing_folder(release: Release, folder: Path) -> Path:
    """A publishing folder in which a release is the next: it holds the one before, if any."""
    version = release.manifest.previous
    catalog = Catalog(dataset=release.dataset.name, releases=[])
    if version is not None:
        place = release.path.absolute().parent / version
        if not (place / MANIFEST).is_file():
            raise NotARelease(
                f"release {release.version} came after {version}, which is not in {place}; "
                "without it, it cannot be made again"
            )
        previous = open_release(place)
        (_made(folder / RELEASES) / version).symlink_to(place, target_is_directory=True)
        with (place / MANIFEST).open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        catalog = catalog.with_release(previous.manifest, sha256)
    _made(folder).joinpath(CATALOG).write_bytes(catalog.to_json())
    return folder


def _others(release: Release) -> dict[str, tuple[str | None, str | None]]:
    """The tools that a release was made with and that are others here."""
    then = {"schema": release.manifest.schema_version, **release.manifest.tools}
    now = {"schema": SCHEMA_VERSION, **tools()}
    return {
        name: (then.get(name), now.get(name))
        for name in [*then, *(now.keys() - then.keys())]
        if then.get(name) != now.get(name)
    }


def _differences(old: Release, new: Release) -> dict[str, str]:
    """In which way files differ: what was published, and what was made now."""
    before, now = _files(old.path), _files(new.path)
    published = {file.path: file.sha256 for file in old.manifest.files}
    found = {}
    for path in sorted(before.keys() | now.keys() | published.keys()):
        if path not in before:
            found[path] = "is made, and is not in the release"
        elif path in published and before[path] != published[path]:
            found[path] = "is not the file that was published: its bytes are not the manifest's"
        elif path not in now:
            found[path] = "is in the release, and is not made"
        elif before[path] != now[path]:
            found[path] = _how(path, old.manifest, new.manifest)
    return found


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = file_digest(file, "sha256").hexdigest()
    return found


def _how(path: str, old: Manifest, new: Manifest) -> str:
    before, now = ({one.path: one for one in each.tables}.get(path) for each in (old, new))
    if before and now:
        if before.content_hash == now.content_hash:
            return "has the same rows, written in other bytes"
        return f"has other rows: {before.rows:,} then, {now.rows:,} now"
    if path == MANIFEST:
        then, here = old.model_dump(mode="json"), new.model_dump(mode="json")
        parts = [name for name in then if then[name] != here[name]]
        return f"tells something else of {', '.join(parts)}" if parts else "has other bytes"
    return "has other bytes"
