"""One record file of two codings, with the choices that are left to make.

What both say alike stands as it is. Where they differ, a field holds both values under the
coders' names, which no field takes: ``allegata check`` reports each until one is chosen. A record
that only one coder has bears a key ``only``, which is no field either.
"""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from allegata.agreeing.aligning import Aligner
from allegata.agreeing.coding import CODED, REGISTERS, Coding, Row
from allegata.agreeing.writing import Written, different, plain, written
from allegata.schema import MODELS
from allegata.schema.record import marks
from allegata.schema.types import PerFile

_HEAD = """\
Two codings of the same text, merged: {a} and {b}.
Choices to make: {choices}. `allegata check` reports each until it is made.
A field that holds both coders' values: write the one that stands in their place.
A record with the key `only`: keep it and delete that line, or delete the record.
Records that both have alike under the same id, and that are no claims, are not repeated here.
"""


def adjudication(a: Coding, b: Coding, aligner: Aligner, coders: tuple[str, str]) -> str:
    """The record file, as YAML.

    Args:
        a: The first coding.
        b: The second.
        aligner: Their records, paired.
        coders: What to call the two.
    """
    return _Merger(a, b, aligner, coders).text()


class _Merger:
    def __init__(self, a: Coding, b: Coding, aligner: Aligner, coders: tuple[str, str]) -> None:
        self._a, self._b, self._aligner, self._coders = a, b, aligner, coders
        self._choices = 0
        taken = {name for rows in a.rows.values() for name in rows}
        self._names = dict(aligner.of_b)
        for table in (*REGISTERS, *CODED):
            for name in b.rows[table]:
                if name not in self._names:
                    self._names[name] = _free(name, taken)
                    taken.add(self._names[name])

    def text(self) -> str:
        claims = self._merged("claims")
        document = CommentedMap()
        document["defaults"] = self._defaults()
        document["sources"] = CommentedSeq(self._sources(claims))
        coded = {
            name: self._merged(name, leave_out=True) for name in ("propositions", "statements")
        }
        registers = {name: self._merged(name, leave_out=True) for name in REGISTERS}
        for name, records in {**coded, **registers}.items():
            kept = [one for one in records if name in coded or one["id"] in self._needed()]
            if kept:
                document[name] = CommentedSeq(kept)
        head = _HEAD.format(a=self._coders[0], b=self._coders[1], choices=self._choices)
        document.yaml_set_start_comment(head)
        yaml = YAML()
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.width, yaml.allow_unicode = 4096, True  # a folded line would end in a blank
        stream = io.StringIO()
        yaml.dump(document, stream)
        return stream.getvalue()

    def _renamed(self, name: str) -> str:
        return self._names.get(name, name)

    def _sources(self, claims: list[CommentedMap]) -> list[CommentedMap]:
        of_source: dict[str, list[CommentedMap]] = {}
        for claim in claims:
            of_source.setdefault(claim.pop("source"), []).append(claim)
        merged = []
        for name, row in self._a.sources.items():
            other = next(
                self._b.sources[there]
                for there, here in self._aligner.of_b.items()
                if here == name and there in self._b.sources
            )
            one = self._both(written("sources", row), written("sources", other, self._renamed))
            one["claims"] = CommentedSeq(of_source[name])
            merged.append(one)
        return merged

    def _merged(self, table: str, *, leave_out: bool = False) -> list[CommentedMap]:
        """The records of a table: paired ones as one, then those of only one coder."""
        of_a = {here: there for there, here in self._aligner.of_b.items()}
        merged = []
        for name, row in self._a.rows[table].items():
            one = written(table, row)
            if name not in of_a:
                if leave_out and _is_among(self._b, table, one):
                    continue
                merged.append(self._only(one, 0, table))
                continue
            other = written(table, self._b.rows[table][of_a[name]], self._renamed)
            if not (leave_out and of_a[name] == name and not different(one, other)):
                both = self._both(one, other)
                merged.append(self._with_own(both, row) if table == "claims" else both)
        for name, row in self._b.rows[table].items():
            one = written(table, row, self._renamed)
            if name not in self._aligner.of_b and not (
                leave_out and _is_among(self._a, table, one)
            ):
                merged.append(self._only(one, 1, table))
        return merged

    def _both(self, one: Written, other: Written) -> CommentedMap:
        merged = CommentedMap(one)
        for field in different(one, other):
            merged[field] = CommentedMap(
                {self._coders[0]: one.get(field), self._coders[1]: other.get(field)}
            )
            self._choices += 1
        if (notes := [one.get("note"), other.get("note")]) != [None, None]:
            merged["note"] = " / ".join(dict.fromkeys(note for note in notes if note))
        return merged

    def _only(self, record: Written, coder: int, table: str) -> CommentedMap:
        merged = CommentedMap(record)
        # A register's entry matters only if a record that is kept needs it.
        if table in CODED:
            merged.insert(1, "only", self._coders[coder])
            self._choices += 1
        return merged

    def _defaults(self) -> CommentedMap:
        first = next(iter(self._a.rows["claims"].values()))
        found = {name: plain(first[name]) for name in _once() if first[name] is not None}
        if len(set(self._coders)) == 2 and None not in (self._a.coder, self._b.coder):
            found["reviewer"] = self._coders[1]
        return CommentedMap(found)

    def _with_own(self, claim: CommentedMap, row: Row) -> CommentedMap:
        defaults = self._defaults()
        for name in _once():
            value = plain(row[name])
            if name != "reviewer" and value not in (None, defaults.get(name)):
                claim[name] = value
        return claim

    def _needed(self) -> set[str]:
        """The entries of the registers that the records here refer to, over any steps."""
        rows = {**self._a.sources, **{self._renamed(k): v for k, v in self._b.sources.items()}}
        known: dict[str, list[Written]] = {}
        for coding, renamed in ((self._a, str), (self._b, self._renamed)):
            for table in (*REGISTERS, *CODED):
                for name, row in coding.rows[table].items():
                    known.setdefault(renamed(name), []).append(written(table, row, renamed))
        waiting = [name for table in CODED for name in self._a.rows[table]]
        waiting += [self._renamed(name) for table in CODED for name in self._b.rows[table]]
        waiting += [row["publisher_id"] for row in rows.values()]
        needed: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += [one for record in known.get(name, ()) for one in _ids(record)]
        return needed


def _is_among(coding: Coding, table: str, record: Written) -> bool:
    """Whether a coder who makes no use of a record has it all the same."""
    row = coding.besides.get(record["id"])
    return row is not None and not different(written(table, row), record)


def _once() -> list[str]:
    """The fields of claims that a file may state once."""
    columns = MODELS["claims"].columns().items()
    return [n for n, field in columns if any(isinstance(mark, PerFile) for mark in marks(field))]


def _ids(value: Any) -> list[str]:
    """All texts within a record; those that are no ids find nothing."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [found for one in value for found in _ids(one)]
    return [value] if isinstance(value, str) else []


def _free(name: str, taken: set[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
