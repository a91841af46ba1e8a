"""Writing XML: other people's text as text, and the same bytes each time."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

# What no XML 1.0 document may hold, not even by reference (https://www.w3.org/TR/xml/#charsets).
_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(parent: ET.Element, tag: str, text: str | None = None, /, **given: str) -> ET.Element:
    """A new element in another; characters that XML cannot hold become U+FFFD."""
    made = ET.SubElement(parent, tag, {key: clean(value) for key, value in given.items()})
    made.text = clean(text) if text is not None else None
    return made


def xml_bytes(root: ET.Element) -> bytes:
    """The document, indented, in UTF-8."""
    ET.indent(root)
    written = ET.tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def clean(text: str) -> str:
    """The text, with what no XML document may hold as U+FFFD."""
    return _NEVER.sub("\ufffd", text)
