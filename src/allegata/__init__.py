"""Allegata publishes datasets of contested events and of the claims made about them."""

__version__ = "0.1.0"
