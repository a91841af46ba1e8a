"""Writing so that what was written is still there after a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write a new file, and see that it reaches the disk.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be written.
    """
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that a folder's list of entries reaches the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(top: Path) -> None:
    """See that the entries of a folder and of all folders below it reach the disk."""
    for folder in sorted(path for path in top.rglob("*") if path.is_dir()):
        sync_folder(folder)
    sync_folder(top)


def move(source: Path, target: Path) -> None:
    """Give a file or a folder another name in one step, in place of a file that has it."""
    source.replace(target)
    sync_folder(target.parent)


def lock_beside(folder: Path) -> Path:
    """The lock file of a folder that one run at a time may make anew."""
    return folder.parent / f".{folder.name}.lock"


def workplace_beside(folder: Path) -> Path:
    """Where a folder is made before it takes its place."""
    return folder.parent / f".{folder.name}.building"
