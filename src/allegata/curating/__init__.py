"""The curator's work on record files: beginning a dataset, adding, anchoring, laying out."""

from allegata.curating.document import Document, NotEditable

__all__ = ["Document", "NotEditable"]
