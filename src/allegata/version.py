"""The version of Allegata."""

__version__ = "0.1.0"
