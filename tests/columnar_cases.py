"""The reader in columns held against the models: lines, what becomes of them, and odd lines."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pydantic

from allegata.reading.columnar import Columnar, Part
from allegata.schema import MODELS, Record
from allegata.tables import build_tables, record_schema
from odd_values import ODD_TEXTS, ODD_VALUES

LINE, INDEX = "_line", "_index"


class Held(NamedTuple):
    """What a comparison found."""

    lines: int
    right: int
    """How many lines the models accept."""
    vouched: int
    """How many of them the columnar path accepts."""


def judged(model: type[Record], line: bytes) -> Record | None:
    """The record of a line if it is right: strict pydantic accepts it, and no key stands twice."""
    try:
        record = model.model_validate_json(line, strict=True)
    except pydantic.ValidationError:
        return None
    try:
        json.loads(line, object_pairs_hook=_without_doubles)
    except _DoubleError:
        return None
    return record


class _DoubleError(Exception):
    pass


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DoubleError
    return found


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block."""
    return block.removesuffix(b"\n").split(b"\n") if block else []


def hold(
    reader: Columnar,
    table: str,
    block: bytes,
    first: int = 1,
    known: dict[bytes, Record | None] | None = None,
) -> Held:
    """Read a block both ways, and see that the reader vouches for nothing that is not so.

    Args:
        reader: The reader of the table, as it is or with a guard removed.
        table: The table.
        block: The lines.
        first: The number of the first line.
        known: What the models are known to say of lines; what they say is added to it.
    """
    known = {} if known is None else known
    lines = lines_of(block)
    for line in lines:
        if line not in known:
            known[line] = judged(MODELS[table], line)
    part = reader.read_lines(block, first)
    vouched = vouched_for(part, len(lines), first)
    for number in vouched:
        line = lines[number - first]
        assert known[line] is not None, f"vouches for {line[:500]!r}"
    see_same_rows(part, table, {number: known[lines[number - first]] for number in vouched})
    right = sum(known[line] is not None for line in lines)
    return Held(len(lines), right, len(vouched))


def vouched_for(part: Part, count: int, first: int) -> list[int]:
    """The numbers of the lines that a part is said to hold: all that are not refused."""
    numbers = range(first, first + count)
    assert part.refused == sorted(set(part.refused))
    assert set(part.refused) <= set(numbers)
    return sorted(set(numbers) - set(part.refused))


def see_same_rows(part: Part, table: str, records: dict[int, Any]) -> None:
    """See that the part holds the rows of these records (by number of line), and no more."""
    rows: dict[str, list[Record]] = {name: [] for name in part.tables}
    places: dict[str, list[tuple[int, int]]] = {name: [] for name in part.tables}
    for number, record in records.items():
        seen: dict[str, int] = {}
        for row in record.own_and_nested():
            index = seen.get(row.table, 0)
            seen[row.table] = index + 1
            rows[row.table].append(row)
            places[row.table].append((number, index))
    assert table in part.tables
    for name, found in part.tables.items():
        expected = build_tables(rows[name])[name]
        schema = record_schema(name)
        assert found.schema.names == [*schema.names, LINE, INDEX]
        assert found.schema.field(LINE).type == pa.int64()
        assert found.schema.field(INDEX).type == pa.int32()
        assert found.drop_columns([LINE, INDEX]).schema.equals(schema)
        at = list(zip(found[LINE].to_pylist(), found[INDEX].to_pylist(), strict=True))
        assert at == places[name], name
        for field in schema:
            ours, theirs = found[field.name], expected[field.name]
            assert _bits(ours).equals(_bits(theirs)), f"{name}.{field.name}: {ours} {theirs}"


def _bits(column: pa.ChunkedArray) -> pa.Array:
    """Values as they differ for a computer: -0.0 is not 0.0."""
    column = column.combine_chunks()
    return column.view(pa.int64()) if pa.types.is_float64(column.type) else column


_LONE = "\ud800"
_MARK = "\ue0ff"


def odd_lines(record: dict[str, Any], model: type[Record]) -> Iterator[bytes]:
    """The lines of a record changed in one place, at each place and in each way there is."""
    yield from _odd_values(record)
    yield from _odd_keys(record)
    for path, part, owner in _objects(record, model):
        for name, (_, nested) in owner.children().items():
            for place, child in enumerate(part.get(name) or []):
                here = [*path, name, place]
                key = nested.key.removesuffix("_id")
                yield from _given(record, here, key, [part.get("id"), child.get(key), "clm-other"])
                if nested.position:
                    right = place + 1
                    yield from _given(record, here, nested.position, [right, right + 1, 0, True])
                    yield from _given(record, here, nested.position, [float(right), str(right)])


def not_finite_lines(record: dict[str, Any], keys: list[str]) -> Iterator[bytes]:
    """The lines of a record with no finite number under one of the keys; pyarrow parses them."""
    for key in keys:
        for raw in (b"1", b"NaN", b"Infinity", b"-Infinity", b"Inf", b"1" * 400):
            yield _line(_changed(record, [key], _MARK)).replace(f'"{_MARK}"'.encode(), raw)


def _given(record: Any, path: list[Any], key: str, values: list[Any]) -> Iterator[bytes]:
    for value in [*values, None]:
        yield _line(_changed(record, [*path, key], value))


def _odd_values(record: Any) -> Iterator[bytes]:
    for path, value in _places(record):
        for raw in ODD_VALUES:
            yield _line(_changed(record, path, _MARK)).replace(f'"{_MARK}"'.encode(), raw.encode())
        if isinstance(value, str):
            near = [value + "\n", value + " ", " " + value, value.upper(), value[:-1], value * 30]
            if value.startswith("{"):  # the one field whose longest text is of that form too
                near.append(value[:-1] + f',"a":"{"a" * 20_000}"' + value[-1:])
            for text in [*ODD_TEXTS, *near, value + "a" * (121 - len(value)), value + _LONE]:
                yield _line(_changed(record, path, text), ascii_only=_LONE in text)
            yield _line(_changed(record, path, value), ascii_only=True)
            for odd in (b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xe2\x82"):
                line = _line(_changed(record, path, f"{value}{_MARK}"))
                yield line.replace(_MARK.encode(), odd)
        elif isinstance(value, list):
            for items in (
                [],
                [*value, None],
                [None],
                [*value, *value],
                [*value, {}],
                [value],
                ["a"],
            ):
                yield _line(_changed(record, path, items))


def _odd_keys(record: Any) -> Iterator[bytes]:
    for path, value in _places(record):
        key = path[-1]
        if not isinstance(key, str):
            continue
        without = _changed(record, path, _MARK, remove=True)
        yield _line(without)
        written = json.dumps(value, ensure_ascii=False)
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in key)
        for first, second in ((key, key), (key, escaped), (escaped, key), (escaped, escaped)):
            for other in (written, "null"):
                pair = f'"{first}":{written},"{second}":{other}'
                yield _line(_changed(without, [*path[:-1], _MARK], 0)).replace(
                    f'"{_MARK}":0'.encode(), pair.encode()
                )
        names = [
            escaped,
            key.upper(),
            key + "_id",
            key + " ",
            "é",
            "",
            "x",
            key[:-1],
            f"{key}\\u0000",
        ]
        for name in names:
            for other in (written, "null"):
                yield _line(_changed(without, [*path[:-1], _MARK], 0)).replace(
                    f'"{_MARK}":0'.encode(), f'"{name}":{other}'.encode()
                )
        extra = _changed(record, [*path[:-1], "extra"], None)
        yield _line(extra)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[list[Any], Any]]:
    """Every value in a record with the path to it, but for the record itself."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for step, part in list(inside):
        yield [*path, step], part
        if isinstance(part, dict | list):
            yield from _places(part, (*path, step))


def _objects(
    record: dict[str, Any], model: type[Record], path: tuple[Any, ...] = ()
) -> Iterator[tuple[list[Any], dict[str, Any], type[Record]]]:
    yield [*path], record, model
    for name, (child, _) in model.children().items():
        for place, part in enumerate(record.get(name) or []):
            yield from _objects(part, child, (*path, name, place))


def _changed(record: Any, path: list[Any], value: Any, *, remove: bool = False) -> Any:
    made = copy.deepcopy(record)
    inside = made
    for step in path[:-1]:
        inside = inside[step]
    if remove:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return made


def _line(record: Any, *, ascii_only: bool = False) -> bytes:
    return json.dumps(record, ensure_ascii=ascii_only, separators=(",", ":")).encode("utf-8")


def changed(record: dict[str, Any], choices: random.Random) -> bytes:
    """A line of a record with some of its values, keys and lists changed."""
    made, raws = copy.deepcopy(record), []
    for number in range(choices.choice([1, 2, 2, 3])):
        places = [path for path, _ in _places(made)]
        if not places:
            break
        path = choices.choice(places)
        how = choices.randrange(6)
        if how < 2:
            made = _changed(made, path, f"{_MARK}{number}{_MARK}")
            raws.append((f'"{_MARK}{number}{_MARK}"', choices.choice(ODD_VALUES)))
        elif how < 4:
            made = _changed(made, path, choices.choice(ODD_TEXTS))
        elif how == 4:
            made = _changed(made, path, None, remove=True)
        elif isinstance(path[-1], str):
            key = choices.choice([path[-1].upper(), "id", "position", "claim", "claims", "chain"])
            made = _changed(made, [*path[:-1], key], choices.choice([None, 1, "clm-a", [], {}]))
    line = json.dumps(made, ensure_ascii=choices.random() < 0.5)
    for mark, raw in raws:
        line = line.replace(json.dumps(json.loads(mark)), raw).replace(mark, raw)
    return line.encode("utf-8", "surrogatepass")


_SNIPPETS = [
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"null", b"true", b" ", b"\t", b"\r", b"\n"),
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\\u0000",
        b"\\ud800",
        b"\\n",
        b"//",
        b"/**/",
        b"-",
        b"0",
    ),
    *(b"1e400", b"NaN", b'"id":', b'"id":null,', b"{}", b"[]", b"\xe2\x80\xae", b"\xcc\x81", b"  "),
]


def mutated(line: bytes, choices: random.Random) -> bytes:
    """A line with some of its bytes changed."""
    changed = bytearray(line)
    for _ in range(choices.choice([1, 1, 1, 2, 4])):
        at = choices.randrange(len(changed) + 1)
        upto = min(len(changed), at + choices.choice([0, 1, 1, 2, 8]))
        how = choices.randrange(5)
        if how == 0:
            changed[at:upto] = choices.choice(_SNIPPETS)
        elif how == 1:
            changed[at:at] = choices.choice(_SNIPPETS)
        elif how == 2:
            del changed[at:upto]
        elif how == 3 and at < len(changed):
            changed[at] = choices.randrange(256)
        else:
            changed[at:at] = changed[upto : upto + choices.randrange(40)]
    return bytes(changed)
