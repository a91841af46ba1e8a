"""The canonical layout of record files, and files in which only what was changed is laid out anew.

- Two blanks a level, lists within their key; keys in the order of the model's fields.
- A record with an id stands over several lines; one without, such as a step of a chain, stands in
  braces on one line where it fits in 100 columns.
- A text stands bare where every YAML reader takes it for a text, else in double quotation marks;
  folded over several lines where it does not fit.
- Comments stay with what they stand before or behind; of several empty lines one stays.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from allegata.curating.tree import (
    Collection,
    Entry,
    Leaf,
    Mapping,
    Value,
    in_order,
    is_untouched,
)
from allegata.reading.parsing.yamlfile import value_of

WIDTH = 100
_STEP = 2
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_INDICATOR = re.compile(r"[+]?[0-9]|[-?:,.\[\]{}#&*!|>'\"%@`]")
_SHA256 = re.compile("[0-9a-f]{64}")
_ENDS_BARE = re.compile(r": | #|:$|^ | $")
_OF_FLOW = re.compile(r"[,\[\]{}]")
_YAML_1_1: Any = yaml.resolver.Resolver()


def canonical(root: Value) -> str:
    """The text of a file in the canonical layout."""
    return "\n".join(_Writer(keeps_lines=False).collection(root, 1)) + "\n"


def amended(root: Value) -> str:
    """The text of a file in which what was not changed stands as it stood."""
    return "\n".join(_Writer(keeps_lines=True).collection(root, 1)) + "\n"


def text_written(text: str, *, in_flow: bool = False) -> str:
    r"""A text on one line: bare, or in double quotation marks.

    >>> [text_written(text) for text in ("Ann", "no", "2025-12-29", "a: b", "x\n")]
    ['Ann', '"no"', '"2025-12-29"', '"a: b"', '"x\\n"']
    """
    is_bare = (
        bool(text)
        and not _UNPRINTED.search(text)
        and not _ENDS_BARE.search(text)
        and (not _INDICATOR.match(text) or bool(_SHA256.fullmatch(text)))
        and not (in_flow and _OF_FLOW.search(text))
        and value_of(text) == text
        and _YAML_1_1.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
    )
    if is_bare:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04X}", quoted)


def _flow(value: Value, *, within: bool = True) -> str | None:
    """A value on one line, in brackets where it has parts; None where it cannot be."""
    if isinstance(value, Leaf):
        if isinstance(value.value, str):
            return text_written(value.value, in_flow=within)
        return value.written or "null"
    if any(value.comments()):
        return None
    parts = []
    for entry in in_order(value) if isinstance(value, Mapping) else value.entries:
        one = _flow(entry.value)
        if one is None:
            return None
        parts.append(
            one if entry.key is None else f"{text_written(entry.key, in_flow=True)}: {one}"
        )
    inner = ", ".join(parts)
    return f"{{{inner}}}" if isinstance(value, Mapping) else f"[{inner}]"


def _stands_on_one_line(value: Collection) -> bool:
    """Whether a collection is of a kind that is written in brackets where it fits."""
    if not value.entries:
        return True
    if isinstance(value, Mapping):
        if value.is_file or value.get("id"):
            return False
        return all(isinstance(entry.value, Leaf) for entry in value.entries)
    return all(isinstance(entry.value, Leaf) for entry in value.entries)


def _wrapped(text: str, indent: int) -> list[str] | None:
    """The indicator and the lines of a long text; None where it must stand on one line."""
    blanks = " " * indent
    if _UNPRINTED.search(text.replace("\n", "")) or not text.strip() or text[0] in " \n":
        return None
    if "\n" in text:
        body = text.removesuffix("\n")
        if not body or body.endswith("\n"):
            return None
        lines = [f"{blanks}{line}" if line else "" for line in body.split("\n")]
        return ["|-" if body == text else "|", *lines]
    if " " not in text or "  " in text or text[-1] == " ":
        return None
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) + indent > WIDTH:
            lines.append(blanks + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [">-", *lines, blanks + line]


class _Writer:
    def __init__(self, *, keeps_lines: bool) -> None:
        self._keeps = keeps_lines

    def collection(self, value: Value, column: int) -> list[str]:
        """The lines of a list or a mapping whose entries begin in a column, from 1."""
        if not isinstance(value, Collection) or not value.entries:
            return [_flow(value) or "null"]
        blanks, lines = " " * (column - 1), []
        is_order_kept = self._keeps and value.column is not None
        entries = value.entries
        if isinstance(value, Mapping) and not value.is_file and not is_order_kept:
            entries = in_order(value)
        for entry in entries:
            written, before = self._entry(entry, column)
            lines += [*_indented(before, blanks), blanks + written[0], *written[1:]]
        return lines + _indented(value.tail, blanks)

    def _entry(self, entry: Entry, column: int) -> tuple[list[str], list[str]]:
        """An entry's lines, the first without what stands before it; and the lines before it."""
        before = _single(entry.before)
        if self._keeps and entry.lines and entry.column == column and is_untouched(entry):
            return entry.lines, before
        if entry.key is not None:
            return self._pair(entry, column), before
        value = entry.value
        if not isinstance(value, Collection) or self._short(value, column + 1) is not None:
            return self._behind("-", entry, column), before
        inner = value.column if self._keeps and value.column else column + _STEP
        lines = self.collection(value, inner)
        while lines and (not lines[0].strip() or lines[0].lstrip().startswith("#")):
            before.append(lines.pop(0).strip())
        if entry.after:
            before.append(entry.after)
        head = "-" + " " * (inner - column - 1)
        return [head + lines[0][inner - 1 :], *lines[1:]], _single(before)

    def _pair(self, entry: Entry, column: int) -> list[str]:
        value = entry.value
        assert entry.key is not None
        key = f"{text_written(entry.key, in_flow=True)}:"
        if isinstance(value, Leaf) or self._short(value, column + len(key)) is not None:
            return self._behind(key, entry, column)
        inner = value.column if self._keeps and value.column else column + _STEP
        head = f"{key}  {entry.after}" if entry.after else key
        return [head, *self.collection(value, inner)]

    def _short(self, value: Value, at: int) -> str | None:
        """A collection on one line, if it is of that kind and fits behind a column."""
        if not isinstance(value, Collection) or not _stands_on_one_line(value):
            return None
        written = _flow(value)
        fits = written is not None and at + len(written) <= WIDTH
        return written if fits or not value.entries else None

    def _behind(self, head: str, entry: Entry, column: int) -> list[str]:
        """What stands on one line behind a key or a hyphen; a long text goes on below."""
        written = _flow(entry.value, within=False) or "null"
        rest: list[str] = []
        text = entry.value.value if isinstance(entry.value, Leaf) else None
        if isinstance(text, str) and (
            "\n" in text or column + len(head) + 1 + len(written) - 1 > WIDTH
        ):
            wrapped = _wrapped(text, column - 1 + _STEP)
            if wrapped:
                written, *rest = wrapped
        comment = f"  {entry.after}" if entry.after else ""
        return [f"{head} {written}{comment}", *rest]


def _indented(lines: list[str], blanks: str) -> list[str]:
    return [blanks + line if line else "" for line in lines]


def _single(lines: list[str]) -> list[str]:
    """The lines without empty ones behind each other."""
    return [line for at, line in enumerate(lines) if line or not at or lines[at - 1]]
