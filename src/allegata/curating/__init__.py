"""The curator's work on record files: beginning a dataset, adding, anchoring, laying out."""

from allegata.curating.anchoring import AnchoredFile, NoText, anchor_files
from allegata.curating.document import Document, NotEditable
from allegata.curating.formatting import Change, format_files
from allegata.curating.quotes import Anchored, Outcome, anchor
from allegata.curating.starting import NotBegun, init
from allegata.curating.words import Found, Span, find

__all__ = [
    "Anchored",
    "AnchoredFile",
    "Change",
    "Document",
    "Found",
    "NoText",
    "NotBegun",
    "NotEditable",
    "Outcome",
    "Span",
    "anchor",
    "anchor_files",
    "find",
    "format_files",
    "init",
]
