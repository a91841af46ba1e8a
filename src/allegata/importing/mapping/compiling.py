"""From a mapping to SQL of DuckDB: every value of the mapping is quoted, none is executed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from allegata.importing.mapping import model as m
from allegata.importing.mapping.fields import fitted, is_needed, refers_to
from allegata.importing.mapping.loading import MappingError
from allegata.schema import MODELS
from allegata.schema.types import PREFIXES

_PREFIX = {table: prefix for prefix, table in PREFIXES.items()}


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Compiler:
    """Compiles the parts of one mapping for a file that has been read."""

    mapping: m.Mapping
    columns: dict[str, str]
    """The file's columns -> the names that they have in SQL."""
    takes: dict[str, list[str]]
    """The tables of equivalents -> the columns that can be taken from them."""

    def expression(self, part: Any) -> str:
        """The SQL of a value; NULL where there is none."""
        if isinstance(part, bool):
            return "TRUE" if part else "FALSE"
        if isinstance(part, str):
            return quoted(part)
        if isinstance(part, int | float):
            return repr(float(part))
        return _FORMS[type(part)](self, part)

    def text(self, part: Any) -> str:
        """The SQL of a value as text."""
        return f"CAST({self.expression(part)} AS VARCHAR)"

    def condition(self, part: Any) -> str:
        """The SQL of a condition; never NULL."""
        return f"coalesce({_CONDITIONS[type(part)](self, part)}, FALSE)"

    def column(self, name: str) -> str:
        """The SQL of a column."""
        if name not in self.columns and name in self.mapping.reads.optional:
            return "CAST(NULL AS VARCHAR)"
        if name not in self.columns:
            known = ", ".join(list(self.columns)[:12])
            raise MappingError(f"there is no column {name!r}; the file has {known}")
        return f"nullif(trim({self.columns[name]}), '')"

    def value(self, name: str) -> str:
        """The SQL of a value of the mapping's own."""
        if name not in self.mapping.values:
            raise MappingError(f"there is no value {name!r} among the mapping's values")
        return f"v_{name}"

    def looked_up(self, part: m.LookedUp) -> str:
        """The SQL of what a table of equivalents holds."""
        if part.lookup not in self.takes:
            raise MappingError(f"there is no table {part.lookup!r} among the lookups")
        if part.take not in self.takes[part.lookup]:
            held = ", ".join(self.takes[part.lookup])
            raise MappingError(f"the table {part.lookup!r} has no column {part.take!r}, but {held}")
        of = f"lower({self.text(part.of)})"
        return f"map_extract_value(getvariable('l_{part.lookup}_{part.take}'), {of})"

    def dated(self, part: m.Dated) -> str:
        """The SQL of a day or a minute."""
        shape = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%dT%H:%MZ"}
        formats = ", ".join(map(quoted, part.formats))
        parsed = f"try_strptime({self.text(part.date)}, [{formats}])"
        return f"strftime({parsed}, {quoted(shape[part.precision])})"

    def minted(self, part: m.Minted, table: str) -> str:
        """The SQL of an id of a table."""
        key = " || chr(31) || ".join(self.text(one) for one in part.mint)
        slug = f"slug_of({self.text(part.slug)})" if part.slug is not None else "''"
        stem = f"{_PREFIX[table]}-{self.mapping.namespace or self.mapping.name[:40].rstrip('-')}-"
        return f"{quoted(stem)} || {slug} || substr(md5({key}), 1, 16)"

    def record(self, name: str) -> m.RecordOf:
        """A record of the mapping by its name."""
        for record in self.mapping.records:
            if record.name == name:
                return record
        raise MappingError(f"there is no record {name!r} to refer to")

    def ref(self, part: m.Ref) -> str:
        """The SQL of another record's id."""
        record = self.record(part.ref)
        return f"i_{record.name}" if record.each is None else self.identity(record)

    def identity(self, record: m.RecordOf) -> str:
        """The SQL of a record's own id, NULL where the row does not have the record."""
        part = record.fields.get("id")
        if part is None or isinstance(part, list):
            raise MappingError(f"the record {record.name!r} has no id")
        made = (
            self.minted(part, record.table) if isinstance(part, m.Minted) else self.expression(part)
        )
        minted = isinstance(part, m.Minted)  # which is an id by its making
        fit = f"({made})" if minted else fitted(MODELS[record.table], "id", f"({made})")
        return f"CASE WHEN {self.condition(record.when)} THEN {fit} END" if record.when else fit

    def fields(self, record: m.RecordOf) -> dict[str, str]:
        """The SQL of each field of a record but its id."""
        target = MODELS[record.table]
        found = {}
        for field, part in record.fields.items():
            if field == "id":
                continue
            if isinstance(part, list):
                found[field] = self._nested(target, field, part)
            else:
                found[field] = self._fitted(target, field, part)
        return found

    def _fitted(self, target: Any, field: str, part: Any) -> str:
        """The SQL of a field's value; an id of the right table needs no further look."""
        if isinstance(part, m.Ref):
            refers = refers_to(target, field)
            if self.record(part.ref).table == refers:
                return self.ref(part)
        return fitted(target, field, self.expression(part))

    def _nested(self, target: Any, field: str, parts: list[dict[str, Any]]) -> str:
        children = target.children()
        if field not in children:
            raise MappingError(f"{target.table} has no list {field!r} of nested records")
        child, _ = children[field]
        structs = []
        for part in parts:
            cells = {name: self._fitted(child, name, one) for name, one in part.items()}
            packed = ", ".join(f'"{name}" := {sql}' for name, sql in cells.items())
            needed = [sql for name, sql in cells.items() if is_needed(child, name)]
            lacking = " OR ".join(f"({sql}) IS NULL" for sql in needed) or "FALSE"
            structs.append(f"CASE WHEN {lacking} THEN NULL ELSE struct_pack({packed}) END")
        return f"list_filter([{', '.join(structs)}], lambda x: x IS NOT NULL)"


def _joined(c: Compiler, p: Any) -> str:
    return "(" + " || ".join(c.text(one) for one in p.join) + ")"


def _ends(c: Compiler, one: Any, other: Any) -> tuple[str, str]:
    return c.text(one), c.text(other)


def _span(c: Compiler, p: Any) -> str:
    a, b = _ends(c, *p.span)
    return f"CASE WHEN {a} = {b} THEN {a} WHEN {a} < {b} THEN {a} || '/' || {b} END"


def _within(c: Compiler, p: Any) -> str:
    a, b = _ends(c, *p.within)
    return (
        f"CASE WHEN {a} IS NULL AND {b} IS NULL OR {a} > {b} THEN NULL WHEN {a} = {b} THEN {a} "
        f"ELSE '[' || coalesce({a}, '') || '..' || coalesce({b}, '') || ']' END"
    )


def _pattern(text: str) -> str:
    try:
        pc.match_substring_regex(pa.array([""]), text)
    except pa.ArrowInvalid as error:
        raise MappingError(f"{text!r} is no pattern of RE2: {error}") from None
    return quoted(text)


def _matched(c: Compiler, p: Any) -> str:
    group = 1 if "(" in p.match.replace("(?", "").replace(r"\(", "") else 0
    return f"nullif(regexp_extract({c.text(p.of)}, {_pattern(p.match)}, {group}), '')"


def _choice(c: Compiler, p: Any) -> str:
    otherwise = "NULL" if p.otherwise is None else c.expression(p.otherwise)
    return f"CASE WHEN {c.condition(p.when)} THEN {c.expression(p.then)} ELSE {otherwise} END"


def _titled(c: Compiler, p: Any) -> str:
    words = f"string_split(lower({c.text(p.title)}), ' ')"
    return f"array_to_string(list_transform({words}, lambda w: upper(w[1]) || w[2:]), ' ')"


_FORMS: dict[type, Callable[[Compiler, Any], str]] = {
    m.Column: lambda c, p: c.column(p.column),
    m.Value: lambda c, p: c.value(p.value),
    m.Item: lambda c, p: "item",
    m.Joined: _joined,
    m.First: lambda c, p: f"coalesce({', '.join(map(c.text, p.first))})",
    m.LookedUp: Compiler.looked_up,
    m.Dated: Compiler.dated,
    m.Span: _span,
    m.Within: _within,
    m.SplitPart: lambda c, p: (
        f"nullif(trim(string_split({c.text(p.of)}, {quoted(p.at)})[{p.part}]), '')"
    ),
    m.Matched: _matched,
    m.Replaced: lambda c, p: (
        f"regexp_replace({c.text(p.of)}, {_pattern(p.replace)}, {quoted(p.by)}, 'g')"
    ),
    m.Number: lambda c, p: f"number_of({c.text(p.number)})",
    m.Lower: lambda c, p: f"lower({c.text(p.lower)})",
    m.Titled: _titled,
    m.Choice: _choice,
    m.Ref: Compiler.ref,
}
_CONDITIONS: dict[type, Callable[[Compiler, Any], str]] = {
    m.Filled: lambda c, p: f"({c.expression(p.filled)}) IS NOT NULL",
    m.Empty: lambda c, p: f"({c.expression(p.empty)}) IS NULL",
    m.Same: lambda c, p: f"{c.text(p.same[0])} = {c.text(p.same[1])}",
    m.Less: lambda c, p: f"({c.expression(p.less[0])}) < ({c.expression(p.less[1])})",
    m.OneOf: lambda c, p: f"{c.text(p.of)} IN ({', '.join(map(quoted, p.one_of))})",
    m.Matches: lambda c, p: f"regexp_matches({c.text(p.of)}, {_pattern(p.matches)})",
    m.All: lambda c, p: "(" + " AND ".join(map(c.condition, p.all)) + ")",
    m.Any: lambda c, p: "(" + " OR ".join(map(c.condition, p.any)) + ")",
    m.Not: lambda c, p: f"NOT {c.condition(p.unless)}",
}
