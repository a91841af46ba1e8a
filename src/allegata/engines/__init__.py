"""Engines: who runs the work."""

from allegata.engines.checking import Report, check
from allegata.engines.embedded import Embedded

__all__ = ["Embedded", "Report", "check"]
