"""Whether a release holds the files that SHA256SUMS lists, to the byte, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from allegata.reading import Progress, Step
from allegata.releasing.catalog import CHECKSUMS, MANIFEST
from allegata.releasing.manifest import FilePath
from allegata.storage import Missing, Place, Received
from allegata.verifying.finding import Finding

_LINE = re.compile("([0-9a-f]{64})  (.+)")
_PATH: TypeAdapter[str] = TypeAdapter(FilePath)
_TOO_LARGE = 256 << 20


@dataclass
class Files:
    """The files of a release: what is said of them, and what there is."""

    place: Place
    folder: Path
    """Where files are brought to that lie elsewhere."""
    listed: dict[str, str] = field(default_factory=dict)
    """Path -> SHA-256, by SHA256SUMS."""
    received: dict[str, Received] = field(default_factory=dict)
    """Path -> the file, here."""

    def good(self, path: str) -> Path | None:
        """The file, here, if it is there."""
        return self.received[path].path if path in self.received else None

    def text(self, path: str) -> bytes | None:
        """The content of a document; None where there is none, or far too much for one."""
        one = self.received.get(path)
        return one.path.read_bytes() if one and one.bytes <= _TOO_LARGE else None


def read_checksums(files: Files) -> Iterator[Finding]:
    """Read what SHA256SUMS lists into ``files``."""
    try:
        content = files.place.read(CHECKSUMS)
    except Missing:
        yield Finding("CHECKSUMS_MISSING", "the release has no checksums", CHECKSUMS)
        return
    wrong = []
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), start=1):
        found = _LINE.fullmatch(line)
        if found and is_path(found[2]) and found[2] not in files.listed and found[2] != CHECKSUMS:
            files.listed[found[2]] = found[1]
        elif line:
            wrong.append(f"line {number}: {line}")
    if not wrong and _sums(files.listed) != content:
        wrong.append("the lines are not sorted by path, or do not end in one line end each")
    if wrong:
        yield Finding(
            "CHECKSUMS_WRONG",
            f"{wrong[0]} is not a SHA-256 and a path within the release",
            CHECKSUMS,
            count=len(wrong),
            examples=tuple(wrong),
        )


def receive_files(files: Files, tell: Progress) -> Iterator[Finding]:
    """Hash every file, bringing it here where it lies elsewhere, and compare with the list."""
    there = files.place.files()
    wanted = files.listed if there is None else {**files.listed, **there}
    paths = [path for path in sorted({*wanted, MANIFEST}) if path != CHECKSUMS and is_path(path)]
    missing = []
    for number, path in enumerate(paths, start=1):
        if there is not None and not there.get(path, False):
            missing += [path] if path in files.listed and path not in there else []
            continue
        try:
            files.received[path] = files.place.receive(
                path,
                files.folder,
                lambda size, at=path, done=number: tell(  # type: ignore[misc]
                    Step(f"reading {at} ({size / 1e6:,.0f} MB)", done, len(paths))
                ),
            )
        except Missing:
            missing += [path] if path in files.listed else []
    yield from _of_paths("FILE_MISSING", "{} is listed, and not there", missing)
    yield from _changed(files)
    if there is not None:
        plain = [path for path, is_plain in there.items() if is_plain]
        unlisted = sorted({*plain} - {*files.listed, CHECKSUMS})
        yield from _of_paths("FILE_UNLISTED", "{} is not listed in SHA256SUMS", unlisted)
        others = sorted({*there} - {*plain})
        yield from _of_paths("FILE_NOT_PLAIN", "{} is no plain file, and was not read", others)


def is_path(path: str) -> bool:
    """Whether a text is the path of a file within a release.

    >>> is_path("data/claims.parquet"), is_path("../claims.parquet"), is_path("/etc/passwd")
    (True, False, False)
    """
    try:
        _PATH.validate_python(path)
    except ValidationError:
        return False
    return "\n" not in path


def _changed(files: Files) -> Iterator[Finding]:
    for path, one in files.received.items():
        expected = files.listed.get(path)
        if expected and expected != one.sha256:
            yield Finding(
                "FILE_CHANGED",
                f"{path} is not the file that was published",
                path,
                expected=expected,
                found=one.sha256,
            )


def _of_paths(code: str, message: str, paths: Iterable[str]) -> Iterator[Finding]:
    for path in paths:
        yield Finding(code, message.format(path), path)


def _sums(listed: Mapping[str, str]) -> bytes:
    return "".join(f"{listed[path]}  {path}\n" for path in sorted(listed)).encode()
