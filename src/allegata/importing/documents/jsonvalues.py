"""The JSON values in a file: whole, one a line, or embedded in a page of HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from math import isfinite
from pathlib import Path
from typing import Any

from allegata.importing.running.files import TOO_LONG, blocks

LARGEST = 256 * 1024 * 1024
"""The largest file that is read as a whole, in characters."""


def text_of(path: Path, fault: Callable[[str], None]) -> str:
    """The file's text. ``fault`` is told what is wrong with it; what can be read is given."""
    found, size = [], 0
    for block in blocks(path, "utf-8", fault):
        size += len(block)
        if size > LARGEST:
            fault(f"is larger than {LARGEST:,} characters; split it")
            return ""
        found.append(block)
    text = "".join(found)
    if TOO_LONG in text:
        return (
            path.read_bytes().decode("utf-8-sig", "allegata-lost")
            if path.stat().st_size < LARGEST and path.suffix not in (".gz", ".zst")
            else text
        )
    return text


def values(path: Path, fault: Callable[[str], None]) -> Iterator[Any]:
    """Each JSON value of a file; ``fault`` is told of what is none."""
    text = text_of(path, fault)
    if not text.strip():
        fault("is empty")
        return
    if text.lstrip()[:1] == "<":
        yield from _embedded(text, fault)
        return
    try:
        yield loaded(text)
        return
    except (ValueError, RecursionError) as error:
        first = text.lstrip().split("\n", 1)[0].strip().rstrip(",")
        if not _is_json(first) and first != "[":
            pieces, end = _pieces(text)
            yield from pieces
            if end.strip():
                fault(f"is not JSON: {_shown(error)}")
            return
    for number, line in enumerate(text.split("\n"), 1):
        # A dump is an array with an entry a line.
        bare = line.strip().rstrip(",")
        if bare in ("", "[", "]"):
            continue
        try:
            yield loaded(bare)
        except (ValueError, RecursionError) as error:
            fault(f"line {number} is not JSON: {_shown(error)}")


def _pieces(text: str) -> tuple[list[Any], str]:
    """The whole objects at the top of a text that is not JSON, and what is left behind them."""
    found: list[Any] = []
    while (start := _OPENING.search(text)) is not None:
        try:
            value, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        found.append(value)
        text = text[end:].lstrip(" \t\r\n,")
        if not text.startswith("{"):
            break
    return found, text.strip(" \t\r\n,];")


def loaded(text: str) -> Any:
    """The value of a JSON text; what is no finite number comes as it is written.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deeply.
    """
    return _DECODER.decode(text)


def _finite(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def _integer(text: str) -> int | str:
    return int(text) if len(text) < 1000 else text


_DECODER = json.JSONDecoder(
    parse_constant=str, parse_float=_finite, parse_int=_integer, strict=False
)
_TRAILING = re.compile(r",(?=\s*[}\]])")
_OPENING = re.compile(r"[{]")


def _shown(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


def _is_json(text: str) -> bool:
    try:
        return isinstance(loaded(text), dict | list)
    except (ValueError, RecursionError):
        return False


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = False
        self.lang: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html" and given.get("lang"):
            self.lang = given["lang"]
        if tag == "script" and "ld+json" in given.get("type", "").lower():
            self.inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data


def _embedded(text: str, fault: Callable[[str], None]) -> Iterator[Any]:
    parser = _Scripts()
    try:
        parser.feed(text)
        parser.close()
    except (AssertionError, ValueError, RecursionError) as error:
        fault(f"is HTML that cannot be read on: {error}")
    if not parser.found:
        fault("holds no block of JSON-LD")
    for number, script in enumerate(parser.found, 1):
        bare = re.sub(
            r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>)\s*$", "", script
        )
        if not bare.strip():
            continue
        for attempt in (bare, unescape(bare), bare.rstrip().rstrip(";"), _TRAILING.sub("", bare)):
            try:
                value = loaded(attempt)
            except (ValueError, RecursionError) as error:
                reason = _shown(error)
                continue
            if parser.lang and isinstance(value, dict):
                value.setdefault("inLanguage", parser.lang)
            yield value
            break
        else:
            fault(f"block {number} of JSON-LD is not JSON: {reason}")
