"""What can hinder an export, in words for people."""

from __future__ import annotations


class ExportRefused(Exception):  # noqa: N818 - it names what became of the export
    """An export that cannot be made. Its text says why, and what to do."""
