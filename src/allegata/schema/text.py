"""The canonical text of a source, and what text in a record may hold."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u200b\u2028\u2029\ud800-\udfff]")
# Embeddings, overrides and isolates reorder what a reader sees; the plain direction marks
# (U+200E, U+200F, U+061C) do not, and right-to-left names need them.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"^\s|\s$|[^\S\n]{2,}|\t|[^\S\n]\n|\n[^\S\n]|\n{3,}")


def canonical_text(document: bytes) -> str:
    r"""The text that positions and hashes of a source refer to.

    UTF-8 decoded, Unicode normal form C, line ends LF; nothing else is changed. Positions count
    its code points.

    >>> canonical_text("cafe\u0301\r\n".encode())
    'café\n'

    Raises:
        UnicodeDecodeError: the document is not UTF-8.
    """
    text = document.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def sha256_of(text: str) -> str:
    """The SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def what_is_not_canonical(text: str, *, verbatim: bool = False) -> str | None:
    """Why ``text`` may not stand in a record as it is, or None.

    ``verbatim`` text was copied from a source, whose blanks are its own.

    >>> what_is_not_canonical("a  b")
    'has stray blanks at character 2'
    """
    if text.isascii() and text.isprintable() and (verbatim or not _BLANKS.search(text)):
        return None
    if found := _CONTROL.search(text):
        return f"has the control character U+{ord(found[0]):04X} at character {found.start() + 1}"
    if found := _BIDI.search(text):
        return (
            f"has the direction override U+{ord(found[0]):04X} at character {found.start() + 1}, "
            "which shows text in another order than it has"
        )
    if not unicodedata.is_normalized("NFC", text):
        return "is not in Unicode normal form C"
    if not verbatim and (found := _BLANKS.search(text)):
        return f"has stray blanks at character {found.start() + 1}"
    return None
