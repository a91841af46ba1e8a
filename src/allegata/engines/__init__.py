"""Engines: who runs the work."""

from allegata.engines.anchors import Anchors
from allegata.engines.checking import MEMORY_LIMIT, Report, check, checked
from allegata.engines.embedded import Embedded

__all__ = ["MEMORY_LIMIT", "Anchors", "Embedded", "Report", "check", "checked"]
