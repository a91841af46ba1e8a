"""Bulk files of lines, plain or compressed, in blocks of whole lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from allegata.reading.files import is_bulk
from allegata.rules.printing import text_lines

BLOCK = 4 << 20
"""About how many bytes a block has."""

LONGEST = 64 << 20
"""How many bytes a line may have; more are never held."""

_COMPRESSION = {".gz": "gzip", ".zst": "zstd"}


class Block(NamedTuple):
    """Whole lines of a file."""

    first: int
    """The number of the first line, from 1."""
    data: bytes | None
    """The lines with their ends, which the last line of a file may lack; None for a single line
    that is too long to be held."""
    read: int
    """How many bytes of the file have been read so far, as they lie on the disk."""


def blocks(path: Path, size: int = BLOCK) -> Iterator[Block]:
    """The blocks of a file, in order. The same file gives the same blocks.

    Raises:
        OSError: the file cannot be read or decompressed.
    """
    rest: list[bytes] = []
    held, line, too_long = 0, 1, False
    with path.open("rb", buffering=0) as file:
        for data in _chunks(file, _COMPRESSION.get(path.suffix.lower()), size):
            cut = data.rfind(b"\n") + 1
            if cut and too_long:
                yield Block(line, None, file.tell())
                begin = data.index(b"\n") + 1
                data, cut = data[begin:], cut - begin
                line, too_long = line + 1, False
            if cut:
                block = b"".join([*rest, memoryview(data)[:cut]])
                yield Block(line, block, file.tell())
                line += block.count(b"\n")
                rest, held = [], 0
            if not too_long and (tail := data[cut:]):
                rest.append(tail)
                held += len(tail)
                if held > LONGEST:
                    rest, held, too_long = [], 0, True
        if too_long or rest:
            yield Block(line, None if too_long else b"".join(rest), file.tell())


def _chunks(file: BinaryIO, compression: str | None, size: int) -> Iterator[bytes]:
    stream: Any = file
    if compression:
        stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), compression)
    while data := stream.read(size):
        yield data


def excerpts(file: str, wanted: Collection[int]) -> Mapping[int, str]:
    """Lines of a record file to show beside problems, by their numbers; none of a table's file."""
    path = Path(file)
    if not is_bulk(path):
        return text_lines(file, wanted)
    if path.suffix.lower() == ".parquet":
        return {}
    with suppress(OSError):
        return {n: line.decode("utf-8", "replace") for n, line in lines_of(path, wanted)}
    return {}


def lines_of(path: Path, wanted: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """The lines of these numbers, in order, as far as they are there; without their ends."""
    remaining = sorted(wanted, reverse=True)
    for block in blocks(path):
        if not remaining:
            return
        if block.data is None:
            if remaining[-1] == block.first:
                remaining.pop()
            continue
        after = block.first + block.data.count(b"\n") + (not block.data.endswith(b"\n"))
        if remaining[-1] >= after:
            continue
        split = block.data.split(b"\n")
        while remaining and remaining[-1] < after:
            number = remaining.pop()
            yield number, split[number - block.first]
