"""Engines: who runs the work."""

from allegata.engines.anchors import Anchors
from allegata.engines.checking import MEMORY_LIMIT, NothingByThenError, Report, check, checked
from allegata.engines.embedded import Embedded
from allegata.engines.judging import Before
from allegata.engines.quarantine_file import write_quarantine
from allegata.engines.quarantining import Intake, NotSeparable, Remainder, hold_back

__all__ = [
    "MEMORY_LIMIT",
    "Anchors",
    "Before",
    "Embedded",
    "Intake",
    "NotSeparable",
    "NothingByThenError",
    "Remainder",
    "Report",
    "check",
    "checked",
    "hold_back",
    "write_quarantine",
]
