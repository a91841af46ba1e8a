"""What differs between tables, worked out in pandas and in plain Python, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from allegata.schema import MODELS

Key = tuple[Any, ...]
Row = dict[str, Any]


def frame(path: Path) -> pd.DataFrame:
    """A Parquet file with every value as Python has it, and None where there is none."""
    table = pq.read_table(path, partitioning=None)
    return pd.DataFrame(
        {name: pd.Series(table[name].to_pylist(), dtype=object) for name in table.column_names}
    )


def keyed(rows: pd.DataFrame, key: list[str]) -> dict[Key, Row]:
    found = {tuple(row[name] for name in key): row for row in rows.to_dict("records")}
    assert len(found) == len(rows)
    return found


def delta(old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> list[Row]:
    """The rows that a delta is to have, in its order: with ``op``, and the columns of ``new``."""
    before, after = keyed(old, key), keyed(new, key)
    rows = []
    for one in sorted(before.keys() | after.keys(), key=_in_bytes):
        if one not in before:
            rows.append({"op": "add", **after[one]})
        elif one not in after:
            rows.append(
                {"op": "del", **dict.fromkeys(new.columns), **dict(zip(key, one, strict=True))}
            )
        elif before[one] != after[one]:
            rows.append({"op": "mod", **after[one]})
    return rows


def applied(change: pd.DataFrame, old: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The old table with a delta applied, sorted by key."""
    touched = pd.MultiIndex.from_frame(change[key])
    kept = old[~pd.MultiIndex.from_frame(old[key]).isin(touched)]
    put = change[change["op"] != "del"].drop(columns="op")
    return by_key(pd.concat([kept, put]).astype(object), key)


def by_key(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    order = sorted(range(len(rows)), key=lambda at: _in_bytes(tuple(rows.iloc[at][key])))
    sorted_rows = rows.iloc[order].reset_index(drop=True)
    return sorted_rows.where(sorted_rows.notna(), None)


def records(
    old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame], keys: dict[str, list[str]]
) -> dict[tuple[str, str], Row]:
    """The records of base tables that differ: (table, id) -> op, fields and parts."""
    parents = {
        child.table: (parent, nested.key)
        for parent, model in MODELS.items()
        for child, nested in model.children().values()
        if child.key != ("id",)
    }
    found: dict[tuple[str, str], Row] = {}
    for table, key in keys.items():
        owner, column = parents.get(table, (table, None))
        before, after = keyed(old[table], key), keyed(new[table], key)
        for one in before.keys() | after.keys():
            was, now = before.get(one), after.get(one)
            if was == now:
                continue
            op = "add" if was is None else "del" if now is None else "mod"
            fields = {
                name: ((was or {}).get(name), (now or {}).get(name))
                for name in new[table].columns
                if name not in key and (was or {}).get(name) != (now or {}).get(name)
            }
            if column is None:
                record = found.setdefault((owner, " ".join(map(str, one))), _no_record())
                record |= {"op": op, "fields": fields}
            else:
                named = dict(zip(key, one, strict=True))
                record = found.setdefault((owner, named.pop(column)), _no_record())
                record["parts"][table, tuple(named.items())] = (op, fields)
    return found


def _no_record() -> Row:
    return {"op": "mod", "fields": {}, "parts": {}}


def _in_bytes(key: Key) -> Key:
    return tuple(value.encode() if isinstance(value, str) else value for value in key)
