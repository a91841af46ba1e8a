"""The canonical text of a source, and what text in a record may hold."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029\ud800-\udfff]")
# Embeddings, overrides and isolates reorder what a reader sees; the plain direction marks
# (U+200E, U+200F, U+061C) do not, and right-to-left names need them.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Tags and the code points around them are unseen, and can spell a text out of sight.
_TAGS = "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_NEVER = re.compile(f"[{_TAGS}{_NO_CHARACTERS}]")
# Format characters that show nothing, soft hyphens among them; fillers; the mark of a character
# that was lost; private use, which every font shows otherwise. Sources print them all the same.
# The joiners U+200C and U+200D, which change how letters are written, are not among them.
_UNSEEN = re.compile(
    "[\u00ad\u070f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\uffa0\ufff0-\ufffb\ufffd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# Variation selectors choose the form of the character before them: one each, emoji above all.
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY_SELECTOR = re.compile(f"(?:^|(?<=[\\s{_SELECTORS}]))[{_SELECTORS}]")
_SHOWS_NOTHING = re.compile(f"[\\s\u061c\u200c-\u200f{_SELECTORS}]+")
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

    ``verbatim`` text was copied from a source, whose blanks are its own, and so are its soft
    hyphens and what else it prints unseen.

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
    if found := _NEVER.search(text) or (None if verbatim else _UNSEEN.search(text)):
        return (
            f"has U+{ord(found[0]):04X} at character {found.start() + 1}, which cannot be seen "
            "or has no agreed look"
        )
    if found := _STRAY_SELECTOR.search(text):
        return f"has a stray variation selector at character {found.start() + 1}"
    if _SHOWS_NOTHING.fullmatch(text) and not text.isspace():
        return "holds nothing that can be seen"
    if not unicodedata.is_normalized("NFC", text):
        return "is not in Unicode normal form C"
    if not verbatim and (found := _BLANKS.search(text)):
        return f"has stray blanks at character {found.start() + 1}"
    return None
