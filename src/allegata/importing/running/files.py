"""Files of other people as rows of text, however they are damaged."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

LOST = "\ufdd0"
"""Stands for bytes that are no characters of the encoding; no text means anything by it."""
LONGEST = 8 * 1024 * 1024
"""The longest line that is read, in bytes."""
TOO_LONG = "\ufdd1"
"""Stands for a line that is longer."""
_BLOCK = 4 * 1024 * 1024


def _lost(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return LOST, error.end


codecs.register_error("allegata-lost", _lost)


class Unreadable(Exception):  # noqa: N818 - it names a state of the file
    """A file that ends before its end, or is no file of the kind."""


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def opened(path: Path) -> Any:
    """The bytes of a file, unpacked if it is packed with gzip, Zstandard or, alone, in a ZIP file.

    Raises:
        OSError: the ZIP file is damaged, or does not hold one file.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        return gzip.GzipFile(path, "rb")
    if start == b"\x28\xb5\x2f\xfd":
        return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
    if start == b"PK\x03\x04":
        return _only_member(path)
    return path.open("rb")


def _only_member(path: Path) -> Any:
    try:
        held = zipfile.ZipFile(path)
        names = [one for one in held.namelist() if not one.endswith("/")]
        if len(names) != 1:
            raise OSError(f"the ZIP file holds {len(names)} files, not one; unpack it")
        return held.open(names[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise OSError(f"the ZIP file is cut off or damaged: {error}") from None


def blocks(path: Path, encoding: str, fault: Callable[[str], None]) -> Iterator[str]:
    """The file's text in blocks of whole lines, with line ends LF.

    A byte order mark is left out. Where the file cannot be unpacked or read to its end, ``fault``
    is told, and what was read before is given all the same.
    """
    try:
        unpacked = opened(path)
    except OSError as error:
        fault(str(error))
        return
    with unpacked as file:
        yield from _blocks(file, encoding, fault)


def _blocks(file: Any, encoding: str, fault: Callable[[str], None]) -> Iterator[str]:
    rest, decoder, skipping = "", None, False
    # What a cut-off file holds before its end comes piece by piece, and is not lost.
    read = file.read1 if hasattr(file, "read1") else file.read
    while True:
        try:
            data = read(_BLOCK)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
            fault(f"is cut off or damaged: {error}")
            data = b""
        if decoder is None:
            decoder = _decoder(data, encoding)
        text = decoder.decode(data, final=not data)
        rest += text
        if not data:
            break
        cut = rest.rfind("\n") + 1
        if not cut and len(rest) > LONGEST:
            rest, skipping = "", True
            continue
        if cut and skipping:  # the end of a line that is too long
            first = rest.index("\n") + 1
            rest, cut, skipping = TOO_LONG + "\n" + rest[first:], cut - first + 2, False
        if cut:
            yield _line_ends(rest[:cut])
            rest = rest[cut:]
    if skipping:
        rest = TOO_LONG + "\n" + rest.partition("\n")[2]
    if rest:
        yield _line_ends(rest)


def _decoder(start: bytes, encoding: str) -> codecs.IncrementalDecoder:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif encoding == "utf-8":
        encoding = "utf-8-sig"
    return codecs.getincrementaldecoder(encoding)("allegata-lost")


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text


class TextStream(io.RawIOBase):
    """Blocks of text as a stream of UTF-8, for pyarrow."""

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one block goes."""
        while not self._rest:
            try:
                self._rest = next(self._parts).encode("utf-8", "surrogatepass")
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
