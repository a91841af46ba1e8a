"""From an address to the place that it names.

=================================  ==============================================================
``dist``, ``file:///srv/dist``     a folder of this machine
``s3://bucket/prefix``             Amazon S3, and all that speaks like it (MinIO, Ceph, R2, …)
``gs://bucket/prefix``             Google Cloud Storage
``az://account/container/prefix``  Azure Blob Storage
``https://host/path``              a web server; for reading
``hdfs://…``, ``sftp://…``, …      what else fsspec knows, if its packages are there; for reading
=================================  ==============================================================

Keys, regions and endpoints come from the environment variables that each of these services has
for it (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``, ``GOOGLE_APPLICATION_CREDENTIALS``, …).
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from allegata.storage.errors import StorageError
from allegata.storage.folder import FolderPlace
from allegata.storage.foreign import ForeignPlace
from allegata.storage.place import Place
from allegata.storage.store import STORES, StorePlace, address_without_secrets

_SCHEME = re.compile("([A-Za-z][A-Za-z0-9+.-]+)://")


def is_url(place: str | Path) -> bool:
    """Whether it is the address of another place than a folder of this machine.

    >>> is_url("s3://bucket/dist"), is_url("dist"), is_url("file:///srv/dist")
    (True, False, False)
    """
    found = _SCHEME.match(str(place))
    return bool(found) and _scheme(str(place)) != "file"


def folder_of(place: str | Path) -> Path:
    """The folder that a path or a ``file://`` address names.

    >>> folder_of("file:///srv/my%20data").as_posix()
    '/srv/my data'
    """
    if isinstance(place, str) and _SCHEME.match(place) and _scheme(place) == "file":
        parts = urlsplit(place)
        if parts.netloc not in ("", "localhost"):
            raise StorageError(f"{place} is not a folder of this machine: expected file:///…")
        return Path(unquote(parts.path))
    return Path(place)


def place_of(address: str | Path) -> Place:
    """The place that an address names. Nothing is asked of it yet.

    Raises:
        NeedsPackage: it takes a package that is not installed.
        StorageError: the address is wrong, or a setting of its service is.
    """
    if not is_url(address):
        return FolderPlace(folder_of(address))
    text = str(address)
    _check(text)
    if _scheme(text) in STORES:
        return StorePlace.of(text)
    return ForeignPlace.of(text)


def store_of(address: str) -> StorePlace:
    """The object store that an address names, to write to.

    Raises:
        NeedsPackage: it takes a package that is not installed.
        StorageError: it is no object store, or the address or a setting is wrong.
    """
    place = place_of(address)
    if not isinstance(place, StorePlace) or not place.takes_writes:
        raise StorageError(
            f"{place.name} cannot be published to: that takes an object store that can put a file "
            "on condition (s3://, gs://, az://), or a folder"
        )
    return place


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise StorageError(f"{address_without_secrets(address)} is not an address") from None
    if parts.query or parts.fragment or "?" in address or "#" in address:
        raise StorageError(
            f"{address_without_secrets(address)}: an address with ? or # has no files below it"
        )
    if not parts.netloc and _scheme(address) != "memory":
        raise StorageError(f"{address_without_secrets(address)} does not say which host or bucket")
