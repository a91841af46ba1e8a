"""From an address to what is wrong with the release there.

In this order, and all that is wrong is told at once:

1. *Files.* Every file is hashed, and brought here first where it lies elsewhere. SHA256SUMS lists
   each file by its hash, and no other is there.
2. *Documents.* The manifest is one, satisfies the JSON Schema published with it, and lists the same
   files. In a publishing folder the catalog and ``latest.json`` name it as it is.
3. *Tables.* The file of each table has the columns, types and descriptions of the schema, the
   manifest's number of rows and empty values, its span of days and its content hash; its rows are
   in order, and empty only where they may be.
4. *Rows.* No two share a key; whatever refers to a record refers to one that is there; every code
   is in the release's own codebook; derived tables are what follows from the base tables.
5. *History.* What a row says of its releases, the revisions and the delta tables are what the
   release before shows, where that lies beside this one.

A release is read as a stranger's: paths out of it and links are not followed, and what is damaged
is a finding. A later step is taken with those tables that an earlier one has found readable.
"""

from __future__ import annotations

import hashlib
import tempfile
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from allegata.engines import MEMORY_LIMIT
from allegata.reading import Progress, untold
from allegata.releasing import (
    NotARelease,
    Release,
    TakenDown,
    Tombstone,
    UnknownVersion,
    WithdrawnRelease,
    open_release,
)
from allegata.releasing.catalog import (
    CATALOG,
    CHECKSUMS,
    LATEST,
    MANIFEST,
    RELEASES,
    TOMBSTONE,
    Catalog,
    Latest,
    first_fault,
    is_version,
)
from allegata.releasing.withdrawing.tombstone import taken_down, withdrawn
from allegata.storage import Missing, Place, folder_of, is_url, place_of
from allegata.verifying.content import Content
from allegata.verifying.documents import agrees_with_files, agrees_with_pointers, read_manifest
from allegata.verifying.files import Files, read_checksums, receive_files
from allegata.verifying.finding import Finding, Verification


def verify(
    path: str | Path,
    version: str | None = None,
    progress: Progress | None = None,
    *,
    derived: bool = True,
    memory_limit: str = MEMORY_LIMIT,
) -> Verification:
    """Check every byte and every promise of a release, with nothing but the release.

    Args:
        path: A publishing folder or the folder of one release, or the URL of either
            (``https://``, ``s3://`` and others: ``allegata.storage.places``).
        version: Which release of a publishing folder; the latest where it is not given.
        progress: Told how far the work is.
        derived: Whether the derived tables are made anew and compared, which takes longest.
        memory_limit: How much memory tables may take.

    Returns:
        All that is wrong with it, and what could not be looked at.

    Raises:
        NotARelease: there is neither a release nor a publishing folder.
        UnknownVersion: the publishing folder names no release of that version.
        TakenDown: its files have been taken down.
        NeedsPackage: the address takes a package that is not installed.
        OSError: the place cannot be reached or read.
    """
    tell = progress or untold
    place = place_of(path)
    release, publishing, findings = _located(place, version)
    _tell_what_became_of(release, publishing)
    done = Verification(release.name)
    done.add(findings)
    with tempfile.TemporaryDirectory(prefix="allegata-") as temporary:
        files = Files(release, Path(temporary) / "release")
        done.add(read_checksums(files))
        done.add(receive_files(files, tell))
        done.files = len(files.received)
        done.bytes = sum(one.bytes for one in files.received.values())
        done.checked.append("every file that SHA256SUMS lists, and that it lists every file")
        if release.files() is None:
            done.checked[-1] = "every file that SHA256SUMS lists"
            done.not_checked.append(
                "whether there are files that no list names: the server lists none"
            )
        manifest, wrong = read_manifest(files)
        done.add(wrong)
        if manifest is None:
            done.not_checked.append("the tables: there is no manifest to hold them against")
            return done
        done.version = manifest.version
        if version is not None and version != manifest.version:
            raise UnknownVersion(f"{release.name} is release {manifest.version}, not {version}")
        done.add(agrees_with_files(files, manifest))
        if publishing:
            done.add(agrees_with_pointers(publishing, files, manifest))
            done.checked.append("the manifest, and what catalog.json and latest.json say of it")
        else:
            done.checked.append("the manifest")
        before = partial(_before, path, manifest.previous or "", is_publishing=bool(publishing))
        Content(done, files, manifest, before, Path(temporary)).check(
            tell, derived=derived, memory_limit=memory_limit
        )
    return done


def _located(place: Place, version: str | None) -> tuple[Place, Place | None, list[Finding]]:
    """Where the release lies, and the publishing folder if that was given."""
    if _has(place, MANIFEST) or (_has(place, CHECKSUMS) and not _has(place, CATALOG)):
        return place, None, []
    findings: list[Finding] = []
    wanted = version
    if wanted is None:
        try:
            wanted = Latest.model_validate_json(place.read(LATEST)).version
        except Missing:
            pass
        except ValidationError as error:
            told = f"{LATEST} is damaged: {first_fault(error)}"
            findings.append(Finding("POINTER_WRONG", told, LATEST))
    try:
        catalog = Catalog.model_validate_json(place.read(CATALOG))
    except Missing:
        raise NotARelease(
            f"{place.name} is not a release, nor a folder of releases: it has neither {MANIFEST} "
            f"nor {CATALOG}"
        ) from None
    except ValidationError as error:
        if wanted is None:
            raise NotARelease(f"{place.name}: {CATALOG} is damaged: {first_fault(error)}") from None
        catalog = None
    latest = catalog.latest() if catalog else None
    wanted = wanted or (latest.version if latest else None)
    if wanted is None or not is_version(wanted) or (catalog and not catalog.entry(wanted)):
        known = ", ".join(entry.version for entry in catalog.releases) if catalog else ""
        raise UnknownVersion(f"{place.name} has no release {version!r}; it has {known or 'none'}")
    return place.at(f"{RELEASES}/{wanted}"), place, findings


def _tell_what_became_of(release: Place, publishing: Place | None) -> None:
    """Warn of a release that has been withdrawn.

    Raises:
        TakenDown: its files have been taken down.
    """
    with suppress(Missing, ValidationError):
        tombstone = Tombstone.model_validate_json(release.read(TOMBSTONE))
        raise TakenDown(taken_down(tombstone.version, tombstone.date, tombstone.reason))
    with suppress(Missing, ValidationError):
        catalog = Catalog.model_validate_json(publishing.read(CATALOG)) if publishing else None
        entry = catalog.entry(release.name.rpartition("/")[2]) if catalog else None
        if entry and not entry.stands:
            told = withdrawn(entry.version, entry.withdrawn, entry.reason)
            warnings.warn(told, WithdrawnRelease, stacklevel=3)


def _has(place: Place, name: str) -> bool:
    try:
        place.read(name)
    except Missing:
        return False
    return True


def _before(path: str | Path, previous: str, *, is_publishing: bool) -> Release:
    """The release before, where it lies beside the one that is verified; its tables unharmed.

    Raises:
        ReleaseError: it is not there, or not unharmed.
        OSError: it cannot be reached.
    """
    if is_publishing:
        release = open_release(path, previous)
    elif is_url(path):
        release = open_release(f"{str(path).rstrip('/').rpartition('/')[0]}/{previous}")
    else:
        release = open_release(folder_of(path).absolute().parent / previous)
    sums = {entry.path: entry.sha256 for entry in release.manifest.files}
    for entry in release.manifest.tables:
        with release.file(entry.path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sums.get(entry.path):
                raise NotARelease(f"{entry.path} of it is not the file that was published")
    return release
