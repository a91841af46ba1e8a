"""Verifying: whether a release is, to the byte and to the promise, what it says that it is.

A release is verified from what it holds, and from nothing else; ``allegata.verifying.verifying``
tells in which order.
"""

from allegata.verifying.finding import CODES, Finding, Verification
from allegata.verifying.verifying import verify

__all__ = ["CODES", "Finding", "Verification", "verify"]
