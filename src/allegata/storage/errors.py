"""What can go wrong between here and where a release lies."""

from __future__ import annotations


class StorageError(OSError):
    """A place cannot be reached, or refuses what was asked of it. The text is for people."""


class Missing(StorageError):  # noqa: N818 - named for what it says, as are those below
    """There is no file of that path."""


class Changed(StorageError):  # noqa: N818
    """There is a file of that path already, or not the one any more that was to be replaced."""


class NeedsPackage(ImportError):  # noqa: N818
    """The place can be reached only with a package that is not installed."""
