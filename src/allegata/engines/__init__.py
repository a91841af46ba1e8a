"""Engines: who runs the work."""

from allegata.engines.embedded import Embedded

__all__ = ["Embedded"]
