"""Showing a dataset while it is written: checked, published for a look, and served to a browser."""

from allegata.serving.preview import Outcome, Preview
from allegata.serving.server import Server, is_loopback

__all__ = ["Outcome", "Preview", "Server", "is_loopback"]
