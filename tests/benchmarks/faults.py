"""Thirty kinds of fault, each a function that damages one line of claims.

A line is damaged so that nothing else about it changes, and so that it stays one line. ``plant``
damages a share of a file's lines, every kind as often as any other, and writes beside the file
which line has which fault.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

Claim = dict[str, Any]


class Fault(NamedTuple):
    """A kind of fault."""

    name: str
    code: str
    """The code of the rule that it breaks."""
    summary: str
    damage: Callable[[bytes], bytes]
    """A line of claims, without its end, with the fault."""


class Planted(NamedTuple):
    """Where a fault is."""

    line: int
    """Counted from 1."""
    kind: str


FAULTS: dict[str, Fault] = {}
"""Name -> kind of fault."""


def _kind(code: str) -> Callable[[Callable[[bytes], bytes]], Callable[[bytes], bytes]]:
    """Register a function on bytes as a kind of fault; its docstring says what is wrong."""

    def register(damage: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
        name = damage.__name__
        FAULTS[name] = Fault(name, code, str(damage.__doc__), damage)
        return damage

    return register


def _in_claim(code: str) -> Callable[[Callable[[Claim], object]], Callable[[Claim], object]]:
    """Register a function that changes a parsed claim in place as a kind of fault."""

    def register(change: Callable[[Claim], object]) -> Callable[[Claim], object]:
        def damage(text: bytes) -> bytes:
            claim = json.loads(text)
            change(claim)
            return json.dumps(claim, ensure_ascii=False, separators=(",", ":")).encode()

        FAULTS[change.__name__] = Fault(change.__name__, code, str(change.__doc__), damage)
        return change

    return register


@_in_claim("FIELD_TYPE")
def wrong_type(claim: Claim) -> None:
    """True where a text is due."""
    claim["coder"] = True


@_in_claim("FIELD_UNKNOWN")
def unknown_field(claim: Claim) -> None:
    """A field that no claim has."""
    claim["confidence"] = "high"


@_in_claim("FIELD_UNKNOWN")
def nested_unknown_field(claim: Claim) -> None:
    """A field that no quote has."""
    claim["quotes"][0]["page"] = 3


@_in_claim("ENUM_UNKNOWN")
def unknown_code(claim: Claim) -> None:
    """A code that is not on the list."""
    claim["stance"] = "affirms"


@_in_claim("FIELD_REQUIRED")
def missing_required(claim: Claim) -> None:
    """A required field is left out."""
    del claim["proposition"]


@_in_claim("FIELD_REQUIRED")
def null_in_required(claim: Claim) -> None:
    """Null in a required field."""
    claim["proposition"] = None


@_in_claim("FIELD_REQUIRED")
def null_for_default(claim: Claim) -> None:
    """Null in a field that has a default, and is never null."""
    claim["evidence"] = None


@_in_claim("FILE_SHAPE")
def null_in_list(claim: Claim) -> None:
    """Null where a quote is due."""
    claim["quotes"].append(None)


@_in_claim("ID_FORMAT")
def bad_id(claim: Claim) -> None:
    """An id outside its form."""
    claim["id"] = claim["id"].replace("clm-", "clm_")


@_in_claim("REF_WRONG_TABLE")
def reference_to_other_table(claim: Claim) -> None:
    """A reference to a record of another table."""
    claim["proposition"] = claim["source"]


@_in_claim("FIELD_TYPE")
def number_as_text(claim: Claim) -> None:
    """A number in quotation marks."""
    claim["quotes"][0]["start"] = str(claim["quotes"][0]["start"])


@_in_claim("FIELD_TYPE")
def fraction_for_integer(claim: Claim) -> None:
    """1.5 where an integer is due."""
    claim["quotes"][0]["start"] = 1.5


@_in_claim("FIELD_RANGE")
def negative_position(claim: Claim) -> None:
    """A quote that begins before the text."""
    claim["quotes"][0]["start"] = -1


@_in_claim("FIELD_RANGE")
def huge_number(claim: Claim) -> None:
    """A number beyond 64 bits."""
    claim["quotes"][0]["end"] = 10**30


@_in_claim("QUOTE_RANGE")
def reversed_interval(claim: Claim) -> None:
    """A quote that ends before it begins."""
    quote = claim["quotes"][0]
    quote["start"], quote["end"] = quote["end"], quote["start"]


@_in_claim("NESTED_KEY")
def wrong_nested_position(claim: Claim) -> None:
    """A quote that gives itself another place than it has in the list."""
    claim["quotes"][0]["seq"] = 7


@_in_claim("SOURCE_HASH_FORMAT")
def bad_hash(claim: Claim) -> None:
    """A hash in capitals."""
    claim["quotes"][0]["sha256"] = claim["quotes"][0]["sha256"][:60] + "ABCD"


@_in_claim("TIME_INVALID")
def no_such_day(claim: Claim) -> None:
    """30 February."""
    claim["coded"] = "2025-02-30"


@_in_claim("FIELD_RANGE")
def text_too_long(claim: Claim) -> None:
    """A note of more than 10,000 characters."""
    claim["note"] = "A note without end. " * 501 + "End."


@_in_claim("TEXT_NOT_CANONICAL")
def text_not_composed(claim: Claim) -> None:
    """A text that is not in Unicode normal form C."""
    claim["note"] = "The cafe\u0301 by the bridge."


@_in_claim("TEXT_NOT_CANONICAL")
def control_character(claim: Claim) -> None:
    """An escaped control character in a text."""
    claim["note"] = "A bell\u0007 rings."


@_in_claim("TEXT_NOT_CANONICAL")
def direction_override(claim: Claim) -> None:
    """A character that shows the rest of a text in another order."""
    claim["note"] = "He is \u202ereversed."


@_kind("FILE_ENCODING")
def invalid_utf8(text: bytes) -> bytes:
    """Bytes in a text that are not UTF-8."""
    return _with_note(text, b"caf\xe9 by the bridge")


@_kind("FILE_SYNTAX")
def lone_surrogate(text: bytes) -> bytes:
    """An escape for one half of a character."""
    return _with_note(text, b"A face: \\ud83d")


@_kind("KEY_DUPLICATE")
def duplicate_key(text: bytes) -> bytes:
    """A key twice in one object."""
    return b'{"stance":"asserts",' + text[1:]


@_kind("FILE_SYNTAX")
def trailing_comma(text: bytes) -> bytes:
    """A comma behind the last field."""
    return text[:-1] + b",}"


@_kind("FILE_SYNTAX")
def two_values_on_a_line(text: bytes) -> bytes:
    """A second object on the line."""
    return text + b" " + text.replace(b'"clm-', b'"clm-again-', 1)


@_kind("FILE_SHAPE")
def null_line(text: bytes) -> bytes:
    """Null in place of an object."""
    return b"null"


@_kind("FILE_SYNTAX")
def truncated_line(text: bytes) -> bytes:
    """A line of which the last third is lost."""
    return text[: len(text) * 2 // 3].decode(errors="ignore").encode()


@_kind("FILE_SYNTAX")
def not_a_number(text: bytes) -> bytes:
    """NaN where a number is due."""
    head, key, rest = text.partition(b'"start":')
    return head + key + b"NaN" + rest[len(rest) - len(rest.lstrip(b"0123456789")) :]


def _with_note(text: bytes, note: bytes) -> bytes:
    """The line with another note, given as it is to stand in the file."""
    claim = json.loads(text)
    claim["note"] = "@@"
    changed = json.dumps(claim, ensure_ascii=False, separators=(",", ":")).encode()
    return changed.replace(b'"@@"', b'"' + note + b'"')


def plant(clean: Path, damaged: Path, rate: float, seed: int = 1) -> list[Planted]:
    """Copy a JSON Lines file of claims with faults in a share of its lines.

    Returns:
        What was planted, in the order of lines; ``<damaged>.faults.txt`` holds the same.
    """
    planted: list[Planted] = []
    random, names = Random(f"faults {seed}"), _names_in_turn(seed)
    with clean.open("rb") as lines, damaged.open("wb") as out:
        for number, text in enumerate(lines, 1):
            if random.random() < rate:
                kind = next(names)
                planted.append(Planted(number, kind))
                text = FAULTS[kind].damage(text.rstrip(b"\n")) + b"\n"
            out.write(text)
    with damaged.with_name(f"{damaged.name}.faults.txt").open("w", newline="") as file:
        csv.writer(file).writerows([Planted._fields, *planted])
    return planted


def planted_in(damaged: Path) -> list[Planted]:
    """What ``plant`` put into a file."""
    with damaged.with_name(f"{damaged.name}.faults.txt").open(newline="") as file:
        return [Planted(int(row["line"]), row["kind"]) for row in csv.DictReader(file)]


def _names_in_turn(seed: int) -> Iterator[str]:
    """All kinds in an order that the seed gives, again and again."""
    names = sorted(FAULTS)
    while True:
        Random(f"kinds {seed}").shuffle(names)
        yield from tuple(names)
