"""Finding again where a row stands: its document is parsed once more when a place is asked for.

So no place of a sound value is ever kept, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from allegata.reading.files import content_of, parse, parse_line
from allegata.reading.lines import lines_of
from allegata.reading.parsing.nodes import Node
from allegata.reading.records import document_nodes, record_nodes
from allegata.reading.stock import Origin
from allegata.rules import Place


class ReadFile(NamedTuple):
    """A file that is read."""

    path: Path
    shown: str
    """Its path as it is shown."""
    table: str | None
    """Of a bulk file, the table that it holds records of."""


class Spot(NamedTuple):
    """A value of a row: the row's table and origin, and the column; None for the whole record."""

    table: str
    origin: Origin
    column: str | None = None


class Places:
    """Finds places in the files that were read."""

    def __init__(self, files: list[ReadFile]) -> None:
        """Take note of the files; a row's ``_file`` is a number in this list."""
        self._files = files

    def locate(self, spots: Iterable[Spot]) -> dict[Spot, Place]:
        """The place of each spot.

        A value that is not written has the place of its record. What cannot be found again, since
        its file has been changed in the meantime, has the place of its line.
        """
        by_file: dict[int, list[Spot]] = {}
        for spot in spots:
            by_file.setdefault(spot.origin.file, []).append(spot)
        found: dict[Spot, Place] = {}
        for number, wanted in by_file.items():
            path, shown, table = self._files[number]
            if table is None:
                content = content_of(path, _unreported)
                root = parse(path, content, _unreported) if content is not None else None
                records = _numbered(document_nodes(root)) if root else {}
                found |= {spot: _place(spot, shown, records) for spot in wanted}
            elif path.suffix == ".parquet":
                found |= {spot: _line_place(spot, shown) for spot in wanted}
            else:
                found |= _in_lines(path, shown, table, wanted)
        return found


def _in_lines(path: Path, shown: str, table: str, wanted: list[Spot]) -> dict[Spot, Place]:
    by_line: dict[int, list[Spot]] = {}
    for spot in wanted:
        by_line.setdefault(spot.origin.line, []).append(spot)
    found: dict[Spot, Place] = {}
    for number, line in lines_of(path, set(by_line)):
        root = parse_line(line, number, _unreported)
        records = _numbered(record_nodes(table, root)) if root else {}
        found |= {spot: _place(spot, shown, records) for spot in by_line.pop(number)}
    lost = [spot for spots in by_line.values() for spot in spots]
    return found | {spot: _line_place(spot, shown) for spot in lost}


def _numbered(nodes: Iterator[tuple[str, Node]]) -> dict[tuple[str, int], Node]:
    """The records of a document by their table and their number in it."""
    met: dict[str, int] = {}
    found = {}
    for table, node in nodes:
        found[table, met.setdefault(table, 0)] = node
        met[table] += 1
    return found


def _place(spot: Spot, shown: str, records: dict[tuple[str, int], Node]) -> Place:
    node = records.get((spot.table, spot.origin.ordinal))
    if node is None:
        return _line_place(spot, shown)
    return node.at([(spot.column or "").removesuffix("_id")]).place(shown)


def _line_place(spot: Spot, shown: str) -> Place:
    line = max(1, spot.origin.line)
    return Place(file=shown, line=line, end_line=line)


def _unreported(code: str, message: str, node: Node) -> None:
    """Problems of a document were told when it was read."""
