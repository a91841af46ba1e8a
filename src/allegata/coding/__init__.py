"""Coding an article in the browser: its text beside its claims, written to its record file."""

from allegata.coding.server import CodingServer
from allegata.coding.work import NotCodable, Work

__all__ = ["CodingServer", "NotCodable", "Work"]
