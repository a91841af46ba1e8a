"""Why two codings cannot be compared, in words for people."""

from __future__ import annotations


class AgreementError(Exception):
    """The two codings cannot be compared as they are; the text says why and what to do."""
