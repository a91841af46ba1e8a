"""Waiting until record files change."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

_SETTLED = 0.02
"""Seconds without a further change after which a change is told: an editor saves in steps."""
_OF_READERS = {"opened", "closed_no_write"}


def changes(paths: Iterable[Path]) -> Iterator[set[Path]]:
    """What has changed below some folders, each time that something has, without end.

    Nothing is told first, when watching has begun, so that a caller who reads then misses no
    change: what changes while it is at work is told next. Hidden files and folders are left out,
    as in reading.

    Args:
        paths: The folders; of a file the folder that it lies in.

    Yields:
        The paths of files and folders that were made, changed, moved or removed.

    Raises:
        OSError: a folder cannot be watched.
    """
    from watchdog.events import DirModifiedEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    told: SimpleQueue[Path] = SimpleQueue()
    folders = {path if path.is_dir() else path.parent for path in paths}

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type not in _OF_READERS and not isinstance(event, DirModifiedEvent):
                for path in (event.src_path, event.dest_path):
                    if path:
                        told.put(Path(os.fsdecode(path)))

    observer = Observer()
    for folder in folders:
        observer.schedule(Handler(), str(folder), recursive=True)
    observer.start()
    try:
        yield set()
        while True:
            found = {path for path in _burst(told) if not _is_hidden(path, folders)}
            if found:
                yield found
    finally:
        observer.stop()
        observer.join()


def _burst(told: SimpleQueue[Path]) -> set[Path]:
    """What is told next, with all that follows without a pause."""
    found = {told.get()}
    while True:
        try:
            found.add(told.get(timeout=_SETTLED))
        except Empty:
            return found


def _is_hidden(path: Path, folders: Iterable[Path]) -> bool:
    within = next((folder for folder in folders if path.is_relative_to(folder)), path)
    return any(part.startswith(".") for part in path.relative_to(within).parts)
