"""An object store, or a web server, as a place: by obstore (https://developmentseed.org/obstore/)."""

from __future__ import annotations

import importlib
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from allegata.storage.errors import Changed, Missing, NeedsPackage, StorageError
from allegata.storage.place import Heard, Received, hashed

_WEB = ("http", "https")
STORES = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl", "memory", *_WEB)
"""The schemes of the addresses that obstore takes."""
REQUEST_SECONDS = 30
"""A request that nothing comes of for so long has failed."""
BRIEF_SECONDS = 20
"""What must not come late is given up after so long."""
_LONG_SECONDS = 3600  # files may be large
_PIECE = 1 << 20
_SMALL = 16 << 20  # what is put in one request; a larger file goes in parts, and is renamed
UNDER_WAY = ".publishing"
"""Below this a file lies that is being put in parts."""
_SECRET = re.compile("KEY|SECRET|TOKEN|PASSWORD|SAS|CREDENTIAL", re.IGNORECASE)
_LONGEST = 300


class StorePlace:
    """A prefix of an object store, or a path of a web server.

    A *version* is what tells one content of a path from another: what ``read_version`` gives, and
    ``replace`` takes.
    """

    def __init__(self, store: Any, brief: Any, address: str, prefix: str = "") -> None:
        """Stand for a place of a store of obstore.

        Args:
            store: The store.
            brief: The same store, with little patience: a request is not repeated.
            address: Its address.
            prefix: What the paths below it begin with, if anything; it ends in a slash.
        """
        self._store = store
        self._brief = brief
        self._address = address
        self._prefix = prefix
        self.name = address_without_secrets(address).rstrip("/")
        """The address without any secret."""
        self.takes_writes = not address.lower().startswith(_WEB)
        """Whether it can be written to."""

    @classmethod
    def of(cls, address: str) -> Self:
        """The place of an address.

        Raises:
            NeedsPackage: obstore is not installed.
            StorageError: the address or a setting is wrong.
        """
        scheme = address.partition("://")[0].lower()
        if scheme == "memory":
            parts = urlsplit(address)
            path = parts.path.strip("/")
            store = _memory(parts.netloc)
            return cls(store, store, address, f"{path}/" if path else "")
        with _told(address_without_secrets(address), ""):
            brief = _opened(address, scheme, timeout=BRIEF_SECONDS, retries=0)
            return cls(_opened(address, scheme), brief, address)

    def at(self, path: str) -> StorePlace:
        """The place below it."""
        return StorePlace(
            self._store,
            self._brief,
            f"{self._address.rstrip('/')}/{path}",
            self._prefix + path + "/",
        )

    def read(self, path: str) -> bytes:
        """The content of a small file.

        Raises:
            Missing: there is none.
            StorageError: it cannot be read.
        """
        return self.read_version(path)[0]

    def read_version(self, path: str) -> tuple[bytes, dict[str, str]]:
        """The content of a small file, and its version.

        Raises:
            Missing: there is none.
            StorageError: it cannot be read.
        """
        with _told(self.name, path):
            got = _obstore().get(self._store, self._prefix + path)
            return bytes(got.bytes()), _version(got.meta)

    def receive(self, path: str, folder: Path, heard: Heard) -> Received:
        """Bring a file here, and hash it on the way.

        Raises:
            Missing: there is none.
            StorageError: it cannot be read.
            OSError: it cannot be put here.
        """
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file, _told(self.name, path):
            got = _obstore().get(self._store, self._prefix + path)
            size, sha256 = hashed(_kept(got.stream(_PIECE), file.write), heard)
        return Received(target, size, sha256)

    def files(self) -> Mapping[str, bool] | None:
        """All files below it; None of a web server, which does not tell."""
        if not self.takes_writes:
            return None
        found = {}
        with _told(self.name, ""):
            for piece in _obstore().list(self._store, prefix=self._prefix or None):
                for one in piece:
                    found[str(one["path"]).removeprefix(self._prefix)] = True
        return found

    def create(self, path: str, content: bytes | Path, kind: str | None = None) -> dict[str, str]:
        """Put a file where there is none; gives its version.

        Args:
            path: Where.
            content: What is in it, or the file here that has it.
            kind: Its media type.

        Raises:
            Changed: there is one.
            StorageError: it cannot be put.
        """
        with _told(self.name, path):
            if isinstance(content, Path) and content.stat().st_size > _SMALL:
                return self._create_large(path, content, kind)
            return self._put(path, content, kind, "create")

    def replace(
        self, path: str, content: bytes, version: dict[str, str], kind: str
    ) -> dict[str, str]:
        """Put a file in place of the very one that was read; gives its version.

        Raises:
            Changed: it is not that one any more.
            StorageError: it cannot be put.
        """
        with _told(self.name, path):
            return self._put(path, content, kind, version)

    def put(self, path: str, content: bytes | Path, kind: str | None = None) -> None:
        """Put a file, in place of any other.

        Raises:
            StorageError: it cannot be put.
        """
        with _told(self.name, path):
            self._put(path, content, kind, "overwrite")

    def delete(self, path: str) -> None:
        """Delete a file, if it is there; within ``BRIEF_SECONDS``, or not at all.

        Raises:
            StorageError: it cannot be deleted.
        """
        with suppress(Missing), _told(self.name, path):
            _obstore().delete(self._brief, self._prefix + path)

    def _put(self, path: str, content: Any, kind: str | None, mode: Any) -> dict[str, str]:
        headers = {"Content-Type": kind} if kind else None
        whole = self._prefix + path
        return _version(_obstore().put(self._store, whole, content, attributes=headers, mode=mode))

    def _create_large(self, path: str, content: Path, kind: str | None) -> dict[str, str]:
        """Put a large file in parts, which no condition goes with, and copy it where there is none.

        The name that it has meanwhile is nobody else's.
        """
        meanwhile = f"{UNDER_WAY}/{secrets.token_hex(16)}"
        try:
            self._put(meanwhile, content, kind, "overwrite")
            _obstore().copy(
                self._store, self._prefix + meanwhile, self._prefix + path, overwrite=False
            )
            return {}
        finally:
            with suppress(StorageError):
                self.delete(meanwhile)


def address_without_secrets(address: str) -> str:
    """An address as it may be shown: without user, password and what stands after a question mark.

    >>> address_without_secrets("https://me:secret@example.org/a?sig=secret")
    'https://example.org/a'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address.partition("://")[0] + "://…"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@cache
def _memory(name: str) -> Any:
    """The store of a name in this process's memory, which is there for as long as it runs."""
    return _module("obstore.store").MemoryStore()


def _opened(address: str, scheme: str, timeout: int = _LONG_SECONDS, retries: int = 3) -> Any:
    options: dict[str, Any] = {
        "timeout": f"{timeout}s",
        "read_timeout": f"{REQUEST_SECONDS}s",
        "connect_timeout": "10s",
    }
    retry = {"max_retries": retries}
    if certificates := os.environ.get("SSL_CERT_FILE"):
        options["root_certificate"] = Path(certificates).read_bytes()
    if scheme in _WEB:
        # Whoever writes http:// has said that it need not be encrypted.
        options["allow_http"] = scheme == "http"
        return _module("obstore.store").HTTPStore(
            address, client_options=options, retry_config=retry
        )
    if os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1"):
        options["allow_http"] = True
    config = {}
    if scheme in ("s3", "s3a") and not os.environ.get("AWS_COPY_IF_NOT_EXISTS"):
        config["copy_if_not_exists"] = "multipart"
    given: dict[str, Any] = {"client_options": options, "retry_config": retry}
    return _module("obstore.store").from_url(
        address, **given, **({"config": config} if config else {})
    )


def _kept(pieces: Any, keep: Callable[[bytes], Any]) -> Iterator[bytes]:
    for piece in pieces:
        content = bytes(piece)
        keep(content)
        yield content


def _version(meta: Mapping[str, Any]) -> dict[str, str]:
    return {name: meta[name] for name in ("e_tag", "version") if meta.get(name)}


@contextmanager
def _told(place: str, path: str) -> Iterator[None]:
    """Whatever the store refuses becomes a message for people, without secrets."""
    what = f"{place}/{path}" if path else place
    try:
        yield
    except FileNotFoundError as error:
        if error.filename is not None:  # one of this machine
            raise
        raise Missing(f"{what} is missing") from None
    except (OSError, ImportError):
        raise
    except Exception as error:
        kind = type(error).__name__
        if kind in ("AlreadyExistsError", "PreconditionError", "NotModifiedError"):
            raise Changed(f"{what} is there already, or another than expected") from None
        if kind in ("PermissionDeniedError", "UnauthenticatedError"):
            raise StorageError(f"{what}: access is denied") from None
        if not type(error).__module__.startswith("obstore") and kind != "ValueError":
            raise
        raise StorageError(f"{what} cannot be reached: {_without_secrets(str(error))}") from None


def _without_secrets(text: str) -> str:
    """The first line of an error's text, without what the environment keeps secret."""
    line = text.split("\n\n")[0].replace("\n", " ")
    for name, value in os.environ.items():
        if len(value) > 3 and _SECRET.search(name):
            line = line.replace(value, "…")
    line = re.sub(r"://[^/\s]*@", "://", line)
    line = re.sub(r"\?[^\s)]*", "", line)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _obstore() -> Any:
    return _module("obstore")


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise NeedsPackage(
            "reading and writing by URL needs the package obstore, which is not installed: "
            "pip install 'allegata[remote]'"
        ) from None
