"""A temporary folder that later runs can tell is no longer in use.

A run that is killed cannot remove what it spilled. So each holds a lock in its folder for as long
as it lives: the system lets go of it with the process, however that ends. Whoever begins next
removes the folders of the same user that nobody holds.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

_PREFIX = "allegata-run-"
_LOCK = "in-use.lock"


class Scratch:
    """A temporary folder of this run.

    >>> with Scratch() as folder:
    ...     (folder / "spilled").write_text("much") and folder.is_dir()
    True
    >>> folder.exists()
    False

    Raises:
        OSError: there is no place to make one.
    """

    def __init__(self) -> None:
        place = _place()
        _clear_abandoned(place)
        self.path, self._lock = _begin(place)

    def close(self) -> None:
        """Remove the folder with all that is in it; what cannot be removed, the next run does."""
        with suppress(OSError):
            _remove(self.path)
        self._lock.release()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _place() -> Path:
    """The folder of temporary files, as ``tempfile`` chooses it.

    That tries each by writing a file, which a run that is killed right then would leave; so it is
    asked only where there is no other way.
    """
    wanted = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    for folder in [*filter(None, wanted), "/tmp"]:  # noqa: S108 - not a file of a known name
        if Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return Path(folder).absolute()
    return Path(tempfile.gettempdir())


def _begin(place: Path) -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        lock = FileLock(folder / _LOCK, blocking=False, thread_local=False)
        try:
            lock.acquire()
        except (FileNotFoundError, Timeout):
            continue  # another run took the folder, not locked yet, for an abandoned one
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if (folder / _LOCK).exists():
            return folder, lock
        lock.release()


def _clear_abandoned(place: Path) -> None:
    """Remove the folders that runs of this user left which were killed."""
    with suppress(OSError):
        for folder in [*place.glob(f"{_PREFIX}*")]:
            with suppress(OSError):  # of which Timeout is one: it is in use
                _clear(folder)


def _clear(folder: Path) -> None:
    if not _is_own_folder(folder):
        return
    if not (folder / _LOCK).exists():
        folder.rmdir()  # killed before it took its lock, or after it let go: it is empty
        return
    with FileLock(folder / _LOCK, blocking=False):
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder whose lock is held: the lock last, so that what is left can be told."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()
    (folder / _LOCK).unlink()
    folder.rmdir()


def _is_own_folder(path: Path) -> bool:
    found = path.lstat()
    is_mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISDIR(found.st_mode) and is_mine
