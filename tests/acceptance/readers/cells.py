"""What all readers in Python share: each cell as a text that tells its type, and the dump of them.

A dump is a file of JSON Lines for each table: a line of pairs (column, type), where the type is
null if the reader has none, and a line for each row. Nothing of the project is imported here, and
nothing that an environment may lack.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

Columns = Sequence[tuple[str, "str | None"]]
Rows = Iterable[Iterable[object]]

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def cell(value: object) -> str | None:
    """The value and its type: ``s:text``, ``b:true``, ``i:5``, ``f:<the 64 bits>``,
    ``d:2025-12-31``, ``t:<microseconds since 1970, UTC>``, ``n:<the same, of no zone>``.
    """
    if hasattr(value, "item"):
        value = value.item()
    match value:
        case None:
            return None
        case str():
            return f"s:{value}"
        case bool():
            return f"b:{str(value).lower()}"
        case int():
            return f"i:{value}"
        case float():
            return f"f:{struct.pack('>d', value).hex()}"
        case datetime(tzinfo=None):
            return f"n:{(value - _EPOCH) // _MICROSECOND}"
        case datetime():
            naive = value.astimezone(UTC).replace(tzinfo=None)
            return f"t:{(naive - _EPOCH) // _MICROSECOND}"
        case date():
            return f"d:{value.isoformat()}"
        case _:
            raise TypeError(f"{type(value).__name__}: {value!r}")


def dump(read: Callable[[Path, dict], tuple[Columns, Rows]], edition: str = "path") -> None:
    """Read all tables of releases, and write their cells.

    The command line is the folder for the dumps, then the folders of releases.

    Args:
        read: Gives the columns and rows of a table, of its file and its entry in the manifest.
        edition: ``path`` for the Parquet files, ``csv`` for the spreadsheets.
    """
    out = Path(sys.argv[1])
    for number, release in enumerate(map(Path, sys.argv[2:])):
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        for table in manifest["tables"]:
            name = table["name"]
            path = table["path"] if edition == "path" else f"{edition}/{name}.{edition}"
            write(out / str(number) / f"{name}.jsonl", *read(release / path, table))


def write(path: Path, columns: Columns, rows: Rows) -> None:
    """Write one dump."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for line in ([list(pair) for pair in columns], *([cell(v) for v in row] for row in rows)):
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
