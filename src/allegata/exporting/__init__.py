"""Releases in the formats of other tools: what one cannot express is left out, never guessed."""

from allegata.exporting.errors import ExportRefused
from allegata.exporting.exporting import Exported, export_release
from allegata.exporting.formats import FORMATS, ExportFormat
from allegata.exporting.others.reading_tasks import Tasks, read_tasks

__all__ = [
    "FORMATS",
    "ExportFormat",
    "ExportRefused",
    "Exported",
    "Tasks",
    "export_release",
    "read_tasks",
]
