"""Releases in the formats of other tools: what one cannot express is left out, never guessed."""

from allegata.exporting.errors import ExportRefused
from allegata.exporting.exporting import Exported, export_release
from allegata.exporting.formats import FORMATS, ExportFormat

__all__ = [
    "FORMATS",
    "ExportFormat",
    "ExportRefused",
    "Exported",
    "export_release",
]
