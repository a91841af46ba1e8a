"""Migrating: carrying the files of a dataset to a later version of the schema, in place.

All files are made anew beside the old ones before the first is replaced. If one cannot be made,
none is replaced; if one cannot be replaced, those before it are put back. dataset.yaml, which
states the version, is replaced last, and an edit that has been made is not made twice: a run that
is killed is finished by another.
"""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from allegata.evolving.documents import Faulty, carried, carried_line, touches
from allegata.migrations import Migration, numbers, steps
from allegata.reading import MissingPathError, Progress, Step, untold
from allegata.reading.files import (
    DATASET_FILE,
    SUFFIXES,
    find_files,
    is_bulk,
    parse,
    shown,
    table_of,
)
from allegata.reading.lines import blocks
from allegata.reading.parsing.nodes import Node
from allegata.schema import SCHEMA_VERSION

_NEW, _OLD = ".allegata-new", ".allegata-old"
_COMPRESSION = {".gz": "gzip", ".zst": "zstd"}


class NotMigrated(ValueError):  # noqa: N818 - it is not the program's error
    """The dataset is as it was; ``faults`` says why, each with its file and line."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Migrated:
    """What migrating did, or would do."""

    old: str
    """The version that the dataset was in."""
    new: str
    """The version that it is in."""
    changed: list[Path] = field(default_factory=list)
    """The files that are not as they were."""
    seen: int = 0
    """How many files were looked at."""


def migrate(
    data: str | Path,
    *,
    old: str | None = None,
    new: str = SCHEMA_VERSION,
    dry_run: bool = False,
    diff: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> Migrated:
    """Carry a dataset's files to a later version of the schema, in place.

    What the change does not concern stays as it is to the byte, comments and all. A file that
    states its own version is carried from that.

    Args:
        data: The dataset's folder.
        old: The version that it is in; without it, the one that dataset.yaml states.
        new: The version to carry it to.
        dry_run: Whether to change nothing.
        diff: Told of the lines that change, as a unified diff.
        progress: Told how far the work is.

    Raises:
        MissingPathError: there is no such folder.
        NotMigrated: the dataset cannot be carried over, and is as it was.
        OSError: a file cannot be read or written; the dataset is as it was.
    """
    folder, tell = Path(data), progress or untold
    if not folder.is_dir():
        raise MissingPathError(f"{folder}: no such folder")
    old = old or _stated(folder)
    _demand_later(old, new)
    done = Migrated(old, new)
    if old == new:
        return done
    files = [file for file in find_files(folder) if not file.is_dir()]
    faults: list[str] = []
    with ExitStack() as leftovers:
        work = _Work(folder, old, new, None if dry_run else leftovers, diff)
        for number, file in enumerate(files, 1):
            try:
                if work.on(file):
                    done.changed.append(file)
            except Faulty as fault:
                faults.append(f"{shown(file)}:{fault.line}: {fault}")
            except UnicodeDecodeError:
                faults.append(f"{shown(file)}: is not UTF-8; allegata check says where")
            tell(Step("migrating", number, len(files)))
        if faults:
            raise NotMigrated(*faults)
        if not dry_run:
            _replace(work.made, folder / DATASET_FILE)
    done.seen = len(files)
    return done


def _stated(folder: Path) -> str:
    """The version that dataset.yaml states."""
    file = folder / DATASET_FILE
    if not file.is_file():
        raise NotMigrated(f"{file} is missing; without it, say --from which version the files are")
    reported: list[str] = []

    def report(code: str, message: str, node: Node) -> None:
        reported.append(f"{file}:{node.line}: {message} ({code})")

    root = parse(file, file.read_bytes(), report)
    stated = root.at(["schema_version"]).value if root else None
    if reported or not isinstance(stated, str):
        raise NotMigrated(*(reported or [f"{file} states no schema_version"]))
    return stated


def _demand_later(old: str, new: str) -> None:
    try:
        before, after = numbers(old), numbers(new)
    except ValueError:
        raise NotMigrated(f"{old!r} or {new!r} is not a version such as 1.0.0") from None
    if after > numbers(SCHEMA_VERSION):
        raise NotMigrated(
            f"this allegata knows schemas up to {SCHEMA_VERSION}, not {new}: "
            "pip install --upgrade allegata"
        )
    if before > after:
        raise NotMigrated(
            f"the dataset is of schema {old}, which is later than {new}; no way leads back"
        )


class _Work:
    """Makes the new files of one run."""

    def __init__(
        self,
        folder: Path,
        old: str,
        new: str,
        leftovers: ExitStack | None,
        diff: Callable[[str], None] | None,
    ) -> None:
        self._dataset, self._old, self._new = folder / DATASET_FILE, old, new
        self._migrations = steps(old, new)
        self._leftovers, self._diff = leftovers, diff
        self.made: list[tuple[Path, Path]] = []
        """The files to be replaced, each with the one that takes its place."""

    def on(self, file: Path) -> bool:
        """Make a file's successor; whether it is another."""
        if file.suffix.lower() in SUFFIXES:
            return self._document(file)
        table = table_of(file) if is_bulk(file) else None
        if table is None or not touches(table, self._migrations):
            return False
        if file.suffix.lower() == ".parquet":
            raise Faulty(1, _why_not_parquet(self._migrations))
        return self._lines(file, table)

    def _document(self, file: Path) -> bool:
        before = file.read_bytes().decode("utf-8")
        is_dataset = file == self._dataset
        after = carried(file, before, self._old, self._new, is_dataset=is_dataset)
        if after == before:
            return False
        with self._open(file) as out:
            out(after.encode())
        if self._diff:
            lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
            for line in difflib.unified_diff(*lines, *_names(file)):
                self._diff(
                    line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                )
        return True

    def _lines(self, file: Path, table: str) -> bool:
        has_changed = False
        with self._open(file, _COMPRESSION.get(file.suffix.lower())) as out:
            for number, line in _lines_of(file):
                after = carried_line(table, line.decode("utf-8"), number, self._migrations).encode()
                out(after)
                if after != line and self._diff:
                    if not has_changed:
                        self._diff("--- {}\n+++ {}\n".format(*_names(file)))
                    self._diff(_hunk(number, line, after))
                has_changed |= after != line
        if not has_changed and self._leftovers:
            self.made.pop()[1].unlink()
        return has_changed

    def _open(self, file: Path, compression: str | None = None) -> _Output:
        """Where a file's successor is written; nowhere, if it is only asked for."""
        if self._leftovers is None:
            return _Output(None, None)
        target = file.resolve()
        place = target.with_name(f".{target.name}{_NEW}")
        self._leftovers.callback(place.unlink, missing_ok=True)
        self.made.append((target, place))
        return _Output(place, compression)


class _Output:
    """A file that is on the disk when it is closed."""

    def __init__(self, place: Path | None, compression: str | None) -> None:
        self._place, self._compression = place, compression
        self._stack = ExitStack()

    def __enter__(self) -> Callable[[bytes], Any]:
        if self._place is None:
            return len
        file: IO[bytes] = self._stack.enter_context(self._place.open("wb"))
        if not self._compression:
            return file.write
        packed = pa.CompressedOutputStream(pa.PythonFile(file, "w"), self._compression)
        self._stack.callback(packed.close)
        return packed.write  # type: ignore[no-any-return]

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        if self._place is not None:
            _sync(self._place)


def _lines_of(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers and ends."""
    for block in blocks(file):
        if block.data is None:
            raise Faulty(block.first, "is too long a line")
        for offset, line in enumerate(block.data.splitlines(keepends=True)):
            yield block.first + offset, line


def _hunk(number: int, before: bytes, after: bytes) -> str:
    old, new = (line.decode("utf-8").rstrip("\n") for line in (before, after))
    return f"@@ -{number} +{number} @@\n-{old}\n+{new}\n"


def _names(file: Path) -> tuple[str, str]:
    return shown(file), shown(file)


def _why_not_parquet(migrations: tuple[Migration, ...]) -> str:
    return "Parquet files are not migrated; write it anew, with these changes: " + "; ".join(
        one.why for one in migrations
    )


def _replace(made: list[tuple[Path, Path]], last: Path) -> None:
    """Put new files in place of the old ones, or leave all as it was.

    Raises:
        OSError: one cannot be replaced.
    """
    ordered = sorted(made, key=lambda pair: pair[0] == last.resolve())
    done: list[tuple[Path, Path]] = []
    try:
        for target, place in ordered:
            shutil.copymode(target, place)
            kept = target.with_name(f".{target.name}{_OLD}")
            kept.unlink(missing_ok=True)
            _keep(target, kept)
            done.append((target, kept))
            place.replace(target)
            _sync(target.parent)
    except BaseException:
        for target, kept in reversed(done):
            kept.replace(target)
            kept.unlink(missing_ok=True)  # it stays where both are names of the file as it was
        raise
    for _, kept in done:
        kept.unlink(missing_ok=True)


def _keep(target: Path, kept: Path) -> None:
    """Give the old file a second name, or where that cannot be, copy it."""
    try:
        kept.hardlink_to(target)
    except OSError:
        shutil.copy2(target, kept)


def _sync(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk, where the system lets one."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
