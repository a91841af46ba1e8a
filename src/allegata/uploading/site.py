"""Putting a site beside the releases in an object store.

It is put after the release has been published, a file at a time: the pages last, so that what they
show is there before them. What the site before had and this one has not is deleted in the end.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from allegata.reading import Progress, Step
from allegata.releasing.catalog import LATEST, Latest
from allegata.storage import store_of
from allegata.uploading.lease import Lease, LeaseTimes

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown; charset=utf-8",
}


def upload_site(
    folder: Path,
    address: str,
    name: str,
    version: str,
    progress: Progress,
    times: LeaseTimes | None = None,
) -> bool:
    """Put a site in a publishing place, in place of the one that is there.

    Args:
        folder: The site as it has been built here.
        address: The URL of the publishing place.
        name: The folder of the site there.
        version: The release that it shows.
        progress: Told how far the work is.
        times: How long a lease lasts.

    Returns:
        Whether it was put; it is not where a later release has been published meanwhile.

    Raises:
        PublishingBusy: another run is publishing there.
        StorageError: the place cannot be reached.
    """
    place = store_of(address)
    with Lease(place, times) as lease:
        if Latest.model_validate_json(place.read(LATEST)).version != version:
            return False
        paths = [one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()]
        paths.sort(key=lambda path: (path.endswith(".html"), path))
        for number, path in enumerate(paths, start=1):
            progress(Step(f"putting {name}/{path}", number, len(paths)))
            lease.check()
            place.put(f"{name}/{path}", folder / path, _kind(path))
        for path in sorted(set(place.at(name).files() or ()) - set(paths)):
            lease.check()
            place.delete(f"{name}/{path}")
    return True


def _kind(path: str) -> str:
    known = _KINDS.get(Path(path).suffix.lower())
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"
