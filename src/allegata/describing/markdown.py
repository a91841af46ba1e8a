"""Putting other people's text into Markdown as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# What CommonMark and GitHub's dialect read as markup within a line; a colon or a dot only where
# it would make a bare address into a link.
_INLINE = re.compile(r"[\\`*_\[\]<>|~&$@#^]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
_AT_START = re.compile(r"^(?:[-+=]|[0-9]+(?=[.)]))")


def escaped(text: str) -> str:
    r"""The text as Markdown that shows it, on one line and without markup.

    >>> escaped("<b>A_1</b>\n# see [x](http://y.example)")
    '\\<b\\>A\\_1\\</b\\> \\# see \\[x\\](http\\://y.example)'
    """
    line = " ".join(text.split())
    return _AT_START.sub(_marked, _without_markup(line))


def definition(text: str) -> str:
    r"""The text of a definition in the schema, where code stands between backticks.

    >>> definition("Its `merged_into` | a*b")
    'Its `merged_into` \\| a\\*b'
    """
    parts = text.split("`")
    return "`".join(part if at % 2 else _without_markup(part) for at, part in enumerate(parts))


def _without_markup(text: str) -> str:
    return _INLINE.sub(lambda found: "\\" + found[0], text)


def _marked(found: re.Match[str]) -> str:
    # A backslash has no effect before a digit, so a list number is broken behind it.
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def paragraphs(text: str) -> str:
    """A text of several paragraphs, escaped."""
    return "\n\n".join(escaped(part) for part in re.split(r"\n\s*\n", text) if part.strip())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
