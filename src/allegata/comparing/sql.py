"""The SQL that compares two releases whose tables a session knows as ``old_…`` and ``new_…``.

For every table that differs there is ``differing_<table>``: ``op``, the columns of the key, and
for each other column ``was_<column>`` and ``now_<column>``, as far as each release has it. From
these follows one list of all values that differ, record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allegata.comparing.schemas import SchemaDifference
from allegata.releasing import Op
from allegata.releasing.deltas import quoted
from allegata.schema import MODELS
from allegata.schema.links import Revision

_DIGITS = 10  # of the largest int32
_TEXT = "CAST({} AS VARCHAR)"
_AS_TEXT = {
    "timestamp[us, UTC]": "replace(replace(CAST({} AS VARCHAR), ' ', 'T'), '+00', 'Z')",
    "bool": "CASE WHEN {} THEN 'true' WHEN NOT {} THEN 'false' END",
}


@dataclass(frozen=True)
class Compared:
    """A table that is compared, and where its rows are told of."""

    of: SchemaDifference
    rank: int
    """Its place among the tables."""
    owner: str
    """The table whose records its rows belong to; its own name where they are records."""
    owner_rank: int
    owner_key: tuple[str, ...]
    """The columns that name the record."""

    @property
    def name(self) -> str:
        """The table."""
        return self.of.name

    @property
    def key(self) -> list[str]:
        """The columns that tell its rows apart."""
        entry = self.of.new or self.of.old
        assert entry is not None
        return entry.key

    @property
    def types(self) -> dict[str, str]:
        """The columns of both sides, the new ones first, and what type their values have."""
        old, new = (side.columns if side else {} for side in (self.of.old, self.of.new))
        return new | {name: kind for name, kind in old.items() if name not in new}

    @property
    def part_key(self) -> list[str]:
        """The columns that tell a row from others of the same record; none of a record."""
        return [name for name in self.key if name not in self.owner_key]


def compared(tables: Sequence[SchemaDifference]) -> list[Compared]:
    """The tables that can be compared row by row, each with the records that its rows belong to."""
    ranks = {one.name: rank for rank, one in enumerate(tables)}
    parents = {
        child.table: (parent, nested.key)
        for parent, model in MODELS.items()
        for child, nested in model.children().values()
        if child.key != ("id",)
    }
    found = []
    for one in tables:
        entry = one.new or one.old
        if entry is None or one.has_other_key:
            continue
        owner, column = parents.get(one.name, (one.name, None))
        is_part = column in entry.key
        found.append(
            Compared(
                one,
                ranks[one.name],
                owner if is_part else one.name,
                ranks.get(owner, ranks[one.name]) if is_part else ranks[one.name],
                (column,) if is_part and column else tuple(entry.key),
            )
        )
    return found


def differing(table: Compared, record: str | None = None) -> str:
    """The rows of a table that differ, as ``differing_<table>`` has them.

    Args:
        table: The table.
        record: The id of a record, if only rows that belong to it are wanted.
    """
    of, key = table.of, [quoted(name) for name in table.key]
    sides = {"now": ("new", of.new, of.old), "was": ("old", of.old, of.new)}
    sources, values = [], []
    for side, (name, entry, other) in sides.items():
        if entry:
            sources.append(f'(SELECT * FROM "{name}_{of.name}") AS {side}')
            values += [
                f"{side}.{quoted(column)} AS {quoted(f'{side}_{column}')}"
                for column in entry.columns
                if column not in table.key
            ]
        else:
            assert other is not None
            known = "old" if name == "new" else "new"
            sources.append(f'(SELECT * FROM "{known}_{of.name}" WHERE false) AS {side}')
    on = " AND ".join(f"now.{name} = was.{name}" for name in key)
    missing = [f"{side}.{key[0]} IS NULL" for side in ("was", "now")]
    both = of.old and of.new
    differs = [
        f"now.{quoted(one)} IS DISTINCT FROM was.{quoted(one)}"
        for one in (of.shared if both else [])
        if one not in table.key
    ]
    keys = [f"coalesce(now.{name}, was.{name}) AS {name}" for name in key]
    only = ""
    if record is not None:
        named = " || ' ' || ".join(
            f"CAST(coalesce(now.{quoted(one)}, was.{quoted(one)}) AS VARCHAR)"
            for one in table.owner_key
        )
        only = f" AND {named} = '{record.replace(chr(39), chr(39) * 2)}'"
    return (
        f"SELECT CASE WHEN {missing[0]} THEN '{Op.ADD}' WHEN {missing[1]} THEN '{Op.DEL}' "
        f"ELSE '{Op.MOD}' END AS op, {', '.join([*keys, *values])} "
        f"FROM {sources[0]} FULL JOIN {sources[1]} ON {on} "
        f"WHERE ({' OR '.join([*missing, *differs])}){only}"
    )


def owners(tables: Sequence[Compared]) -> str:
    """The records that differ: ``rank`` of their table, and ``owner``, the values of their key."""
    return " UNION ".join(
        f"SELECT {one.owner_rank} AS rank, {_list(one, one.owner_key)} AS owner "
        f'FROM "differing_{one.name}"'
        for one in tables
    )


def all_values(tables: Sequence[Compared], told: Compared | None, wanted: str) -> str:
    """Every value that differs, those of a record one after another.

    The columns: ``rank`` and ``owner`` as in ``owners``; ``part``, the rank of the table of a row
    that is nested in the record, 0 of the record's own row, and -1 of what a revision tells of it;
    ``part_key``; ``op``; ``nth``, the place of the column, 0 where the row itself is told of;
    ``field``, ``was`` and ``now``.

    Args:
        tables: Those that differ.
        told: The table of revisions, if both releases have it and it is to be told.
        wanted: The name of the table of records that are wanted, as ``owners`` gives them.
    """
    parts = [select for table in tables for select in _values(table)]
    if told:
        parts += _told(tables)
    return (
        f'SELECT * FROM ({" UNION ALL ".join(parts)}) AS every SEMI JOIN "{wanted}" '
        "USING (rank, owner) ORDER BY rank, owner, part, part_key, nth"
    )


def _values(table: Compared) -> Iterator[str]:
    is_part = table.owner != table.name
    begin = (
        f"SELECT {table.owner_rank} AS rank, {_list(table, table.owner_key)} AS owner, "
        f"{table.rank + 1 if is_part else 0} AS part, "
        f"{_list(table, table.part_key)} AS part_key, op"
    )
    source = f'FROM "differing_{table.name}"'
    nothing = "CAST(NULL AS VARCHAR)"
    yield f"{begin}, 0 AS nth, {nothing} AS field, {nothing} AS was, {nothing} AS now {source}"
    shared = set(table.of.shared)
    for nth, (name, kind) in enumerate(table.types.items(), 1):
        if name in table.key:
            continue
        was, now = (_as_text(side, table, name, kind) for side in ("was", "now"))
        where = f"{was or nothing} IS DISTINCT FROM {now or nothing}"
        if name not in shared:
            where += f" AND op <> '{Op.MOD}'"
        yield (
            f"{begin}, {nth} AS nth, '{name.replace(chr(39), chr(39) * 2)}' AS field, "
            f"{was or nothing} AS was, {now or nothing} AS now {source} WHERE {where}"
        )


def _told(tables: Sequence[Compared]) -> Iterator[str]:
    """What revisions that only the new release has tell of records with an id."""
    key = ", ".join(quoted(name) for name in Revision.key)
    for rank in sorted({one.owner_rank for one in tables if len(one.owner_key) == 1}):
        for nth, name in enumerate(("merged_into", "reason")):
            yield (
                f"SELECT {rank} AS rank, [record_id] AS owner, -1 AS part, "
                f"[\"release\"] AS part_key, change AS op, {nth} AS nth, '{name}' AS field, "
                f"CAST(NULL AS VARCHAR) AS was, {name} AS now "
                f'FROM "new_{Revision.table}" ANTI JOIN "old_{Revision.table}" USING ({key})'
            )


def _as_text(side: str, table: Compared, name: str, kind: str) -> str | None:
    """A value as text, whatever its type; None where the side lacks the column."""
    entry = table.of.new if side == "now" else table.of.old
    if entry is None or name not in entry.columns:
        return None
    return _AS_TEXT.get(entry.columns[name], _TEXT).replace("{}", quoted(f"{side}_{name}"))


def _list(table: Compared, columns: Sequence[str]) -> str:
    """Values of a key as a list of texts that sort as the values do."""
    if not columns:
        return "CAST([] AS VARCHAR[])"
    return f"[{', '.join(_sortable(quoted(one), table.types[one]) for one in columns)}]"


def _sortable(name: str, kind: str) -> str:
    text = _TEXT.format(name)
    return f"lpad({text}, {_DIGITS}, '0')" if kind == "int32" else text
