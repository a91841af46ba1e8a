"""Ids: what a record may be called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from allegata.schema.types import PREFIXES

_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "\u0131": "i",
}  # fmt: skip
_LEFT_OUT = {"the", "a", "an", "of", "on", "in", "at", "to", "and", "is", "that", "with", "by"}
_MOST = 60


def slug(text: str, most: int = _MOST) -> str:
    """A text as lower-case ASCII letters, digits and hyphens; empty where nothing is left.

    >>> slug("El Faro de Harl (Año 1)")
    'el-faro-de-harl-ano-1'
    """
    lower = "".join(_LETTERS.get(char, char) for char in text.lower())
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain)
    while len(words) > 1 and len("-".join(words)) > most:
        words.pop()
    return "-".join(words)[:most].strip("-")


def proposed(table: str, words: str, taken: Collection[str]) -> str:
    """An id for a record of a table that nothing is called by.

    Args:
        table: The table.
        words: What it is to be called after, such as a name.
        taken: The ids that there are, retired ones too.
    """
    prefix = next(one for one, of in PREFIXES.items() if of == table)
    kept = [word for word in slug(words, 200).split("-") if word not in _LEFT_OUT]
    base = f"{prefix}-{slug(' '.join(kept) or words) or 'new'}"
    candidate, number = base, 2
    while candidate in taken:
        candidate = f"{base}-{number}"
        number += 1
    return candidate


def numbered(prefix: str, taken: Collection[str]) -> str:
    """The next of the ids ``<prefix>-01``, ``<prefix>-02`` and so on.

    >>> numbered("clm-a", {"clm-a-01", "clm-a-02", "clm-a-7-01"})
    'clm-a-03'
    """
    pattern = re.compile(re.escape(prefix) + "-([0-9]{1,4})")
    numbers = [int(found[1]) for one in taken if (found := pattern.fullmatch(one))]
    return f"{prefix}-{max(numbers, default=0) + 1:02}"
